//! The command `innkeep serve`: its arguments, and what it prints.

use std::{
    io::{IsTerminal, Write},
    path::PathBuf,
};

use super::Ready;
use crate::{config::Config, signal};

/// Serves the API for the hotels of a configuration file.
#[derive(clap::Args)]
pub struct Arguments {
    /// The configuration file.
    #[arg(long, value_name = "FILE")]
    config: PathBuf,
    /// Print one line of JSON when ready, for scripts; at the first start with the first API key.
    #[arg(long)]
    json: bool,
}

/// Runs the command until it is told to stop.
///
/// # Errors
/// When the configuration, the database or the address cannot be used.
pub async fn run(arguments: Arguments) -> anyhow::Result<()> {
    let config = Config::load(&arguments.config)?;
    let as_json = arguments.json;
    // A key must not end up in the log of a service manager: there it is made with `innkeep keys create`.
    let makes_first_key = as_json || std::io::stdout().is_terminal();
    let file = arguments.config.display().to_string();
    super::run(config, makes_first_key, signal::stop(), move |ready| {
        let text = if as_json { format!("{}\n", ready.to_json()) } else { banner(ready, &file) };
        // Whoever started us may have closed the pipe; the server goes on all the same.
        let mut out = std::io::stdout().lock();
        let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    })
    .await
}

fn banner(ready: &Ready, file: &str) -> String {
    let key = match &ready.api_key {
        Some(key) => format!("  API key  {key}\n           This is the only time it is shown.\n"),
        None if ready.has_keys => String::new(),
        None => format!("  There is no API key yet: innkeep keys create --config {file}\n"),
    };
    format!("Innkeep serves {} site(s).\n  API      {}\n{key}", ready.sites.len(), ready.endpoint)
}
