//! The command `innkeep sim`: its arguments, and what it prints.

use std::{io::Write, net::SocketAddr, path::PathBuf};

use clap::ValueEnum;

use super::{Ready, Settings};
use crate::signal;

/// The simulated hotel alone, for anybody's Visionline client.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Where to listen; port 0 picks a free one.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8443")]
    listen: SocketAddr,
    /// The hotel to simulate, as docs/simulator.md describes; without it the built-in Hotel Meridian.
    #[arg(long, value_name = "FILE")]
    property: Option<PathBuf>,
    /// HTTPS with a certificate made at start, or plain HTTP.
    #[arg(long, value_enum, default_value_t = Tls::SelfSigned)]
    tls: Tls,
    /// Whether the clock can be moved forward through the controls.
    #[arg(long, value_enum, default_value_t = ClockKind::Real)]
    clock: ClockKind,
    /// Print one line of JSON when ready, for scripts.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Tls {
    SelfSigned,
    Off,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ClockKind {
    Real,
    Virtual,
}

/// Runs the command until it is told to stop.
///
/// # Errors
/// When the property file is wrong or the address cannot be used.
pub async fn run(arguments: Arguments) -> anyhow::Result<()> {
    let settings = Settings {
        listen: arguments.listen,
        property: arguments.property,
        is_tls: arguments.tls == Tls::SelfSigned,
        is_clock_virtual: arguments.clock == ClockKind::Virtual,
    };
    let as_json = arguments.json;
    super::run(settings, signal::stop(), move |ready| {
        let text = if as_json { format!("{}\n", ready.to_json()) } else { banner(ready) };
        // Whoever started us may have closed the pipe; the hotel stays open all the same.
        let mut out = std::io::stdout().lock();
        let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    })
    .await
}

fn banner(ready: &Ready) -> String {
    let operator = match &ready.password {
        Some(password) => format!("{} (password {password})", ready.operator),
        None => ready.operator.clone(),
    };
    let certificate = match ready.fingerprint {
        Some(fingerprint) => format!("self-signed, SHA-256 {fingerprint}"),
        None => "none: plain HTTP".to_owned(),
    };
    format!(
        "\n{property} is open: a simulated Visionline with locks, encoders and phones.\n\n\
         \x20 Web API              {endpoint}/api/v1\n\
         \x20 Credential Services  {endpoint}/endpoint\n\
         \x20 Controls             {control}/doors\n\
         \x20 Operator             {operator}\n\
         \x20 Certificate          {certificate}\n\
         \x20 Ctrl-C closes the hotel.\n",
        property = ready.property,
        endpoint = ready.endpoint,
        control = ready.control,
    )
}
