//! `innkeep secret-key`: makes the key with which secrets are sealed.

use std::path::PathBuf;

use super::key_file;
use crate::terminal;

/// Makes the key with which secrets are sealed in the database.
#[derive(clap::Args)]
pub struct Arguments {
    /// The new file; `secret_key_file` in the configuration names it.
    #[arg(long, value_name = "FILE")]
    file: PathBuf,
}

/// Runs the command.
///
/// # Errors
/// When there is a file already, or it cannot be written.
pub fn run(arguments: &Arguments) -> anyhow::Result<()> {
    key_file::make(&arguments.file)?;
    terminal::say(&format!(
        "{file} holds a new key. Keep a copy apart from the copies of the database: without it what it sealed is \
         lost.\nWrite into the configuration: secret_key_file = \"{file}\"\n",
        file = arguments.file.display()
    ))
}
