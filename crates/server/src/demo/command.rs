//! The command `innkeep demo`: its arguments, and what it prints.

use std::{io::Write, net::SocketAddr, path::PathBuf};

use clap::ValueEnum;

use super::{Ready, Settings};
use crate::signal;

/// A sandbox workspace with a simulated hotel, ready to use.
#[derive(clap::Args)]
pub struct Arguments {
    /// Where to listen; port 0 picks a free one.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// Folder to keep everything in; without it everything is in memory.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// The API key to accept; without it one is made.
    #[arg(long, value_name = "KEY")]
    api_key: Option<String>,
    /// Whether the clock can be moved forward through the controls.
    #[arg(long, value_enum, default_value_t = ClockKind::Real)]
    clock: ClockKind,
    /// Print one line of JSON when ready, for scripts.
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ClockKind {
    Real,
    Virtual,
}

/// Runs the command until it is told to stop.
///
/// # Errors
/// When the data folder or the address cannot be used.
pub async fn run(arguments: Arguments) -> anyhow::Result<()> {
    let settings = Settings {
        listen: arguments.listen,
        data: arguments.data,
        api_key: arguments.api_key,
        is_clock_virtual: arguments.clock == ClockKind::Virtual,
    };
    let as_json = arguments.json;
    super::run(settings, signal::stop(), move |ready| {
        let text = if as_json { format!("{}\n", ready.to_json()) } else { banner(ready) };
        // Whoever started us may have closed the pipe; the demonstration goes on all the same.
        let mut out = std::io::stdout().lock();
        let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    })
    .await
}

/// Where the hotel is, and three lines to paste: they use nothing but the official Python SDK's package.
fn banner(ready: &Ready) -> String {
    format!(
        "\nHotel Meridian is open: a sandbox with a simulated Visionline, locks and phones.\n\n\
         \x20 API      {endpoint}\n\
         \x20 API key  {key}\n\
         \x20 Doors    {control}/doors\n\
         \x20 Ctrl-C closes the hotel.\n\n\
         Paste this into another terminal:\n\n\
         python3 -m venv /tmp/hotel && /tmp/hotel/bin/pip -q install seam\n\
         export SEAM_ENDPOINT={endpoint} SEAM_API_KEY={key}\n\
         /tmp/hotel/bin/python -c 'from seam import Seam; \
         print([door.display_name for door in Seam().acs.entrances.list()])'\n",
        endpoint = ready.endpoint,
        key = ready.api_key,
        control = ready.control,
    )
}
