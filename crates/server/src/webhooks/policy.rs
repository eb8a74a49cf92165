//! Where webhooks may lead: to public servers, and to what the operator allows besides (design 11).
//!
//! A URL is checked when a webhook is made, and the address that is really connected to is checked at each attempt: a
//! name may lead elsewhere tomorrow.

use std::{
    fmt, io,
    net::{IpAddr, ToSocketAddrs},
    sync::{Arc, mpsc},
    thread,
    time::Duration,
};

use domain::address::{Network, is_public};
use url::{Host, Url};

/// How long a name may take when a webhook is made. One that takes longer is looked up again at each attempt.
const LOOK_UP_WITHIN: Duration = Duration::from_secs(3);
/// Longest URL in bytes.
const LONGEST_URL: usize = 2000;

/// Why a webhook may not lead there. Says nothing of what a name leads to: whoever may name webhooks need not learn
/// the hotel's network from it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Refused(String);

/// What a name leads to.
#[derive(Clone)]
pub struct Names(Arc<LookUp>);

type LookUp = dyn Fn(&str) -> io::Result<Vec<IpAddr>> + Send + Sync;

impl Names {
    /// As the machine finds them.
    pub fn of_the_machine() -> Self {
        Self::of(|name| Ok((name, 0).to_socket_addrs()?.map(|found| found.ip()).collect()))
    }

    /// As this function finds them. It may block.
    pub fn of(look_up: impl Fn(&str) -> io::Result<Vec<IpAddr>> + Send + Sync + 'static) -> Self {
        Self(Arc::new(look_up))
    }

    /// The addresses of a name. Blocks.
    pub fn look_up(&self, name: &str) -> io::Result<Vec<IpAddr>> {
        (self.0)(name)
    }
}

impl fmt::Debug for Names {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Names(..)")
    }
}

/// Where webhooks may lead. A sandbox may also use this machine itself, and plain HTTP.
#[derive(Debug, Clone)]
pub struct Policy {
    /// Networks that are allowed though they are not public.
    pub allowed_networks: Vec<Network>,
    /// Whether plain HTTP is allowed.
    pub allows_http: bool,
    /// What a name leads to.
    pub names: Names,
}

impl Default for Policy {
    fn default() -> Self {
        Self { allowed_networks: Vec::new(), allows_http: false, names: Names::of_the_machine() }
    }
}

impl Policy {
    /// Whether something may be sent to this address.
    pub fn accepts(&self, address: IpAddr, is_sandbox: bool) -> bool {
        is_public(address)
            || (is_sandbox && address.is_loopback())
            || self.allowed_networks.iter().any(|network| network.contains(address))
    }

    /// The URL of a webhook to be made: its form, and what its host leads to now. Blocks while a name is looked up; a
    /// name that leads nowhere at the moment is accepted, as the hotel may just be cut off.
    ///
    /// # Errors
    /// When webhooks may not lead there.
    pub fn check(&self, url: &str, is_sandbox: bool) -> Result<(), Refused> {
        let parsed = self.parse(url, is_sandbox)?;
        let Some(Host::Domain(name)) = parsed.host() else { return Ok(()) };
        let (sender, receiver) = mpsc::channel();
        let (names, name) = (self.names.clone(), name.to_owned());
        // A look-up cannot be interrupted, so it has a thread to itself.
        thread::spawn(move || sender.send(names.look_up(&name)));
        match receiver.recv_timeout(LOOK_UP_WITHIN) {
            Ok(Ok(found)) if found.iter().any(|address| !self.accepts(*address, is_sandbox)) => Err(not_public()),
            _ => Ok(()),
        }
    }

    /// A URL whose form is right and whose host, where it is an address, is accepted.
    ///
    /// # Errors
    /// When webhooks may not lead there.
    pub fn parse(&self, url: &str, is_sandbox: bool) -> Result<Url, Refused> {
        let refused = |problem: &str| Err(Refused(problem.to_owned()));
        if url.len() > LONGEST_URL {
            return Err(Refused(format!("is longer than {LONGEST_URL} bytes")));
        }
        // The parser would silently take them out.
        if url.chars().any(|character| character.is_control() || character.is_whitespace()) {
            return refused("has blanks or control characters");
        }
        let Ok(parsed) = Url::parse(url) else {
            return refused("is no address; write one like https://example.org/webhook");
        };
        match parsed.scheme() {
            "https" => {}
            "http" if is_sandbox || self.allows_http => {}
            "http" => return refused("must begin with https: events would be readable on their way"),
            _ => return refused("must begin with https"),
        }
        if !parsed.username().is_empty() || parsed.password().is_some() {
            return refused("must not hold a name or password; events are signed instead");
        }
        if parsed.port() == Some(0) {
            return refused("has a port that nobody can listen at");
        }
        let address = match parsed.host() {
            None => return refused("names no host"),
            Some(Host::Domain(_)) => return Ok(parsed),
            Some(Host::Ipv4(address)) => IpAddr::V4(address),
            Some(Host::Ipv6(address)) => IpAddr::V6(address),
        };
        if self.accepts(address, is_sandbox) { Ok(parsed) } else { Err(not_public()) }
    }
}

/// The refusal of an address.
pub(super) fn not_public() -> Refused {
    Refused(
        "leads to an address that is not public; webhooks of the hotel's own network are allowed by allowed_networks \
         in the server's configuration"
            .to_owned(),
    )
}
