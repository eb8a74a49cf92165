//! The command `innkeep doctor`: its arguments, and what it prints.

use std::{fmt::Write, path::PathBuf};

use anyhow::bail;

use super::{Finding, Report, Verdict};
use crate::{config::Config, terminal};

/// Goes to every configured lock server and says what is wrong and what to do.
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
/// When the configuration cannot be read, or anything that was examined does not work.
pub async fn run(arguments: Arguments) -> anyhow::Result<()> {
    let config = Config::load(&arguments.config)?;
    let report = super::examine(&config).await;
    if arguments.json {
        terminal::json(&serde_json::to_value(&report)?)?;
    } else {
        terminal::say(&text(&report))?;
    }
    if !report.ok {
        bail!("something has to be mended; see above");
    }
    Ok(())
}

fn text(report: &Report) -> String {
    let mut text = String::new();
    line(&mut text, "", &report.database);
    line(&mut text, "", &report.secret_key);
    for site in &report.sites {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "site {} at {}", site.site, site.url);
        for finding in &site.findings {
            line(&mut text, "  ", finding);
        }
    }
    text
}

fn line(text: &mut String, indent: &str, finding: &Finding) {
    let word = match finding.verdict {
        Verdict::Ok => "ok     ",
        Verdict::Warning => "warning",
        Verdict::Failed => "FAILED ",
    };
    let _ = writeln!(text, "{indent}{word}  {}: {}", finding.step, finding.message);
}
