//! `innkeep sim`: the simulated hotel alone, for anybody's Visionline client (design 9, 13).
//!
//! One port serves everything: the Web API below `/api/v1`, Credential Services below `/endpoint`, the controls below
//! `/control/v1`. What the hotel does is `visionline-sim`; here are the sockets.

mod callbacks;
pub mod command;
mod serve;
mod tls;

use std::{net::SocketAddr, path::PathBuf, sync::Arc};

use anyhow::Context;
use serde_json::json;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use visionline::transport::Fingerprint;
use visionline_sim::Property;

use crate::{clock::Clock, sandbox::Sandbox};

/// What the simulator is started with.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where to listen; port 0 picks a free one.
    pub listen: SocketAddr,
    /// The property file; none takes the built-in hotel.
    pub property: Option<PathBuf>,
    /// Whether to serve HTTPS with a certificate made at start.
    pub is_tls: bool,
    /// Whether the clock can be moved.
    pub is_clock_virtual: bool,
}

/// Where a running simulator is reached.
#[derive(Debug, Clone)]
pub struct Ready {
    /// The hotel's name.
    pub property: String,
    /// Base address of the Web API and of Credential Services.
    pub endpoint: String,
    /// Base address of the controls.
    pub control: String,
    /// SHA-256 of the certificate.
    pub fingerprint: Option<Fingerprint>,
    /// The first operator's name.
    pub operator: String,
    /// The operator's password, if it is the one that everybody knows.
    pub password: Option<String>,
}

impl Ready {
    /// The one line of `--json`.
    pub fn to_json(&self) -> serde_json::Value {
        let mut line = json!({
            "property": self.property,
            "endpoint": self.endpoint,
            "credential_services": self.endpoint,
            "control": self.control,
            "fingerprint": self.fingerprint.map(|fingerprint| fingerprint.to_string()),
            "operator": self.operator,
        });
        if let Some(password) = &self.password {
            line["password"] = password.as_str().into();
        }
        line
    }
}

/// Starts the simulator, calls `ready` once it answers, and serves until `stop`.
///
/// # Errors
/// When the property file is wrong, naming line and remedy, or the address cannot be used.
pub async fn run(settings: Settings, stop: CancellationToken, ready: impl FnOnce(&Ready)) -> anyhow::Result<()> {
    let property = property(settings.property)?;
    let clock = if settings.is_clock_virtual { Clock::movable() } else { Clock::real() };
    let identity = settings.is_tls.then(|| tls::Identity::make(settings.listen.ip())).transpose()?;
    let listener = TcpListener::bind(settings.listen)
        .await
        .with_context(|| format!("cannot listen on {}; choose another address with --listen", settings.listen))?;
    let address = listener.local_addr().context("the listening address is unknown")?;

    let endpoint = format!("{}://{address}", if settings.is_tls { "https" } else { "http" });
    let operator = property.operators.first().context("the property has no operator")?;
    let is_well_known = operator.username == "sym" && operator.password == "sym";
    let told = Ready {
        property: property.name.clone(),
        control: format!("{endpoint}/control/v1"),
        endpoint,
        fingerprint: identity.as_ref().map(|identity| identity.fingerprint),
        operator: operator.username.clone(),
        password: is_well_known.then(|| operator.password.clone()),
    };

    let (sender, callbacks) = tokio::sync::mpsc::unbounded_channel();
    let sending = tokio::spawn(callbacks::send(callbacks));
    let sandbox = Arc::new(Sandbox::of(property, clock, sender));
    ready(&told);
    serve::serve(listener, identity.map(|identity| identity.acceptor), sandbox, stop).await;
    sending.abort();
    Ok(())
}

fn property(file: Option<PathBuf>) -> anyhow::Result<Property> {
    let Some(file) = file else { return Ok(Property::meridian()) };
    let text =
        std::fs::read_to_string(&file).with_context(|| format!("cannot read the property file {}", file.display()))?;
    Property::parse(&text).with_context(|| format!("the property file {} is wrong", file.display()))
}
