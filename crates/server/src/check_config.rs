//! `innkeep check-config`: whether a configuration file can be used, without doing anything.

use std::path::PathBuf;

use serde_json::json;

use crate::{config::Config, terminal};

/// Checks a configuration file, without connecting anywhere.
#[derive(clap::Args)]
pub struct Arguments {
    /// The configuration file.
    #[arg(long, value_name = "FILE")]
    config: PathBuf,
    /// Print JSON, for scripts.
    #[arg(long)]
    json: bool,
}

/// Runs the command.
///
/// # Errors
/// When the file cannot be used: the message says where and why.
pub fn run(arguments: Arguments) -> anyhow::Result<()> {
    let checked = Config::load(&arguments.config).and_then(|config| config.require_trust().map(|()| config));
    if !arguments.json {
        let config = checked?;
        let sites = config.sites.iter().map(|site| format!("  {}  {}  {}\n", site.key, site.name, site.url));
        let warnings = config.warnings().into_iter().map(|warning| format!("warning: {warning}\n"));
        return terminal::say(&format!(
            "The configuration can be used. {} site(s):\n{}{}",
            config.sites.len(),
            sites.collect::<String>(),
            warnings.collect::<String>()
        ));
    }
    match checked {
        Ok(config) => {
            let sites: Vec<&str> = config.sites.iter().map(|site| site.key.as_str()).collect();
            terminal::json(&json!({ "ok": true, "sites": sites, "warnings": config.warnings() }))
        }
        Err(error) => {
            terminal::json(&json!({ "ok": false, "error": error.to_string() }))?;
            Err(error.into())
        }
    }
}
