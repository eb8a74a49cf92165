//! `cargo xtask bench`: the server's two benchmarks. Their budgets and what they print are theirs.

use std::path::Path;

use crate::step;

/// Runs both benchmarks one after the other, so that neither disturbs the other's figures.
pub fn run(root: &Path) -> anyhow::Result<()> {
    for bench in ["creates", "reads"] {
        let mut command = step::cargo(root);
        command.args(["bench", "--package", "innkeep-server", "--bench", bench]);
        step::run(&format!("bench {bench}"), command)?;
    }
    Ok(())
}
