//! Looking at the certificate that a server shows, without trusting it and without asking it for anything.

use std::io;
use std::net::{TcpStream, ToSocketAddrs as _};
use std::sync::Arc;
use std::time::Duration;

use reqwest::Url;
use rustls::ClientConnection;
use rustls::pki_types::ServerName;

use super::trust::{Fingerprint, Trust, TrustError};

/// Why no certificate was seen.
#[derive(Debug, thiserror::Error)]
pub enum ProbeError {
    /// Not an https address.
    #[error("`{0}` is not the address of a lock server")]
    Address(String),
    /// The name leads nowhere.
    #[error("the name {host} could not be resolved")]
    Resolve {
        /// The name.
        host: String,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// No connection.
    #[error("no connection was made")]
    Connect(#[source] io::Error),
    /// What listens there does not speak TLS, or not ours.
    #[error("no TLS session was agreed on")]
    Handshake(#[source] io::Error),
    /// TLS could not be set up here.
    #[error("TLS could not be set up")]
    Setup(#[source] TrustError),
    /// A session without a certificate.
    #[error("the server showed no certificate")]
    NoCertificate,
}

/// The fingerprint of the certificate that the server at `https://host` or `https://host:port` shows. Blocks for up to
/// `timeout` at each address of the host and at each step of the handshake. Nothing but the handshake is sent.
///
/// # Errors
/// [`ProbeError`].
pub fn shown_certificate(base_url: &str, timeout: Duration) -> Result<Fingerprint, ProbeError> {
    let bad_address = || ProbeError::Address(base_url.into());
    let url = Url::parse(base_url).map_err(|_| bad_address())?;
    let host = url.host_str().ok_or_else(bad_address)?.trim_matches(['[', ']']).to_owned();
    let port = url.port_or_known_default().ok_or_else(bad_address)?;
    let name = ServerName::try_from(host.clone()).map_err(|_| bad_address())?;

    let mut stream = connect(&host, port, timeout)?;
    let config = Trust::InsecureAnything.silent_client_config().map_err(ProbeError::Setup)?;
    let handshake = |source: rustls::Error| ProbeError::Handshake(io::Error::other(source));
    let mut connection = ClientConnection::new(Arc::new(config), name).map_err(handshake)?;
    while connection.is_handshaking() {
        connection.complete_io(&mut stream).map_err(ProbeError::Handshake)?;
    }
    let certificate = connection.peer_certificates().and_then(<[_]>::first).ok_or(ProbeError::NoCertificate)?;
    Ok(Fingerprint::of(certificate))
}

/// The first address of the host that can be connected to.
fn connect(host: &str, port: u16, timeout: Duration) -> Result<TcpStream, ProbeError> {
    let addresses =
        (host, port).to_socket_addrs().map_err(|source| ProbeError::Resolve { host: host.into(), source })?;
    let mut last = io::Error::new(io::ErrorKind::NotFound, "the name has no address");
    for address in addresses {
        let connected = TcpStream::connect_timeout(&address, timeout).and_then(|stream| {
            stream.set_read_timeout(Some(timeout))?;
            stream.set_write_timeout(Some(timeout))?;
            Ok(stream)
        });
        match connected {
            Ok(stream) => return Ok(stream),
            Err(error) => last = error,
        }
    }
    Err(ProbeError::Connect(last))
}
