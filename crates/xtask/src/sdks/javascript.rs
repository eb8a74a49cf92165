//! Both generations of the JavaScript SDK, side by side in one `node_modules`.

use std::{ffi::OsString, fs, path::Path, process::Command};

use anyhow::Context;

use super::{Prepared, output};

const REMEDY: &str = "install Node.js 18 or newer with npm, on Debian with `apt-get install nodejs npm`";

/// Installs what `scripts/package.json` names; returns where Node.js and the packages are.
pub fn prepare(scripts: &Path, target: &Path) -> anyhow::Result<Vec<(&'static str, OsString)>> {
    let version = output(Command::new("node").arg("--version")).with_context(|| format!("no Node.js; {REMEDY}"))?;
    let manifest = fs::read_to_string(scripts.join("package.json")).context("cannot read the flows' package.json")?;
    let folder = target.join("javascript");
    let modules = folder.join("node_modules");
    Prepared::new(folder, format!("{version}{manifest}")).ensure(|folder| {
        fs::write(folder.join("package.json"), &manifest).context("cannot copy package.json")?;
        // A lock file would name the registry's host; scripts of packages have no business here.
        output(Command::new("npm").current_dir(folder).args([
            "install",
            "--no-package-lock",
            "--ignore-scripts",
            "--no-audit",
            "--no-fund",
            "--loglevel=error",
        ]))
        .with_context(|| format!("cannot install the packages; {REMEDY}"))?;
        Ok(())
    })?;
    Ok(vec![("INNKEEP_TEST_NODE", "node".into()), ("INNKEEP_TEST_NODE_MODULES", modules.into_os_string())])
}
