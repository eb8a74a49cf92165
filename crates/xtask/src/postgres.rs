//! Whether this machine has PostgreSQL's programs. The tests make their own private cluster from them; nothing is
//! started here.

use std::path::{Path, PathBuf};

use anyhow::bail;

/// The program every cluster starts with.
const INITDB: &str = "initdb";

/// Fails, naming the remedy, when the tests would find no PostgreSQL to run.
pub fn check() -> anyhow::Result<()> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders: Vec<PathBuf> =
        std::env::split_paths(&path).chain(debian_folders(Path::new("/usr/lib/postgresql"))).collect();
    if !folders.iter().any(|folder| folder.join(INITDB).is_file()) {
        bail!(
            "no PostgreSQL: {INITDB} is neither in PATH nor in /usr/lib/postgresql/*/bin; \
             install it, on Debian with `apt-get install postgresql`"
        );
    }
    Ok(())
}

/// Debian keeps the server's programs out of PATH, one folder per major version.
fn debian_folders(root: &Path) -> Vec<PathBuf> {
    std::fs::read_dir(root)
        .map_or_else(|_| Vec::new(), |versions| versions.flatten().map(|version| version.path().join("bin")).collect())
}
