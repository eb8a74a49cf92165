//! Whether this machine has the small programs that an example needs.

use anyhow::bail;

/// What `examples/visionline_client.sh` is written in.
const TOOLS: [&str; 3] = ["bash", "openssl", "curl"];

/// Fails, naming the remedy, when the example could not run.
pub fn check() -> anyhow::Result<()> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let is_there = |tool: &&str| std::env::split_paths(&path).any(|folder| folder.join(tool).is_file());
    let missing: Vec<&str> = TOOLS.into_iter().filter(|tool| !is_there(tool)).collect();
    if !missing.is_empty() {
        let missing = missing.join(" ");
        bail!("not in PATH: {missing}; install it, on Debian with `apt-get install {missing}`");
    }
    Ok(())
}
