//! The command `innkeep`.

use std::{io::Write, net::SocketAddr, path::PathBuf};

use anyhow::Context;
use clap::{Parser, Subcommand, ValueEnum};
use innkeep_server::demo::{self, Ready, Settings};
use tokio_util::sync::CancellationToken;
use tracing_subscriber::EnvFilter;

/// Issues, shares, replaces and revokes hotel room keys on ASSA ABLOY Visionline, compatible with the Seam API.
#[derive(Parser)]
#[command(name = "innkeep", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// A sandbox workspace with a simulated hotel, ready to use.
    Demo(Demo),
}

#[derive(clap::Args)]
struct Demo {
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

fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let filter = EnvFilter::try_from_env("INNKEEP_LOG").unwrap_or_else(|_| EnvFilter::new("warn"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("cannot start the asynchronous runtime")?;
    match arguments.command {
        Command::Demo(demo) => runtime.block_on(run_demo(demo)),
    }
}

async fn run_demo(arguments: Demo) -> anyhow::Result<()> {
    let stop = CancellationToken::new();
    tokio::spawn(cancel_on_signal(stop.clone()));
    let settings = Settings {
        listen: arguments.listen,
        data: arguments.data,
        api_key: arguments.api_key,
        is_clock_virtual: arguments.clock == ClockKind::Virtual,
    };
    let as_json = arguments.json;
    demo::run(settings, stop, move |ready| {
        let text = if as_json { format!("{}\n", ready.to_json()) } else { banner(ready) };
        // Whoever started us may have closed the pipe; the demonstration goes on all the same.
        let mut out = std::io::stdout().lock();
        let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    })
    .await
}

/// Stops at Ctrl-C, and at the signal by which services are stopped.
async fn cancel_on_signal(stop: CancellationToken) {
    let interrupted = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        let terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate());
        if let Ok(mut terminate) = terminate {
            tokio::select! {
                _ = interrupted => {}
                _ = terminate.recv() => {}
            }
            stop.cancel();
            return;
        }
        let _ = tokio::signal::ctrl_c().await;
    }
    #[cfg(not(unix))]
    let _ = interrupted.await;
    stop.cancel();
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
