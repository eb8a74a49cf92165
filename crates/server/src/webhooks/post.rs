//! One request to a webhook: to an address that is allowed, within a limit, and without following or reading anything
//! that the other side says beyond its status.

use std::{error::Error, net::SocketAddr, time::Duration};

use http::HeaderMap;
use reqwest::{
    Client, Url,
    dns::{Name, Resolve, Resolving},
    redirect,
};

use super::policy::{Policy, not_public};
use crate::site::chain;

/// How long a webhook may take to answer (`spec/api.md 5.3`).
pub const ANSWER_WITHIN: Duration = Duration::from_secs(15);

/// Sends to webhooks.
pub struct Post {
    policy: Policy,
    live: Result<Client, String>,
    sandbox: Result<Client, String>,
}

impl Post {
    /// A sender that keeps to this policy.
    pub fn new(policy: Policy) -> Self {
        // Whoever came first has set the same; a second time is refused and changes nothing.
        let _ = rustls::crypto::ring::default_provider().install_default();
        Self { live: client(&policy, false), sandbox: client(&policy, true), policy }
    }

    /// Posts a body; answers the status.
    ///
    /// # Errors
    /// What went wrong, in words that hold neither the URL nor an address.
    pub async fn send(&self, url: &str, is_sandbox: bool, headers: HeaderMap, body: Vec<u8>) -> Result<u16, String> {
        // An address in the URL is connected to without asking the resolver below.
        let url = self.policy.parse(url, is_sandbox).map_err(|refused| format!("the URL {refused}"))?;
        let url = Url::parse(url.as_str()).map_err(|error| format!("the URL cannot be used: {error}"))?;
        let client = if is_sandbox { &self.sandbox } else { &self.live };
        let client = client.as_ref().map_err(Clone::clone)?;
        let answer = client.post(url).headers(headers).body(body).send().await;
        // The body of the answer is never read: it may have no end.
        answer.map(|answer| answer.status().as_u16()).map_err(told)
    }
}

fn client(policy: &Policy, is_sandbox: bool) -> Result<Client, String> {
    let resolver = Guarded { policy: policy.clone(), is_sandbox };
    let built = Client::builder()
        .dns_resolver(resolver)
        // A redirect would lead past the check of the URL.
        .redirect(redirect::Policy::none())
        // A proxy would connect for us, past the check of the address.
        .no_proxy()
        // When to repeat is decided by the engine.
        .retry(reqwest::retry::never())
        // Each attempt looks its name up and connects anew.
        .pool_max_idle_per_host(0)
        .timeout(ANSWER_WITHIN)
        .user_agent(concat!("Innkeep/", env!("CARGO_PKG_VERSION")))
        .build();
    built.map_err(|error| format!("the server cannot send to webhooks: {}", chain(&error)))
}

fn told(error: reqwest::Error) -> String {
    if error.is_timeout() {
        return format!("no answer within {} seconds", ANSWER_WITHIN.as_secs());
    }
    let error = error.without_url();
    // The innermost cause says what happened; what is around it names the host.
    let mut innermost: &dyn Error = &error;
    while let Some(cause) = innermost.source() {
        innermost = cause;
    }
    let place = if error.is_connect() { "no connection" } else { "the request failed" };
    format!("{place}: {innermost}")
}

/// Leads names only to addresses that are allowed. It decides at the moment of connecting, on the very addresses that
/// are connected to, so a name that changes between check and use gains nothing.
struct Guarded {
    policy: Policy,
    is_sandbox: bool,
}

impl Resolve for Guarded {
    fn resolve(&self, name: Name) -> Resolving {
        let (policy, is_sandbox) = (self.policy.clone(), self.is_sandbox);
        Box::pin(async move {
            let names = policy.names.clone();
            let found = tokio::task::spawn_blocking(move || names.look_up(name.as_str())).await??;
            if found.is_empty() {
                return Err("the name leads nowhere".into());
            }
            // One that is not allowed spoils the rest: an honest name has none.
            if found.iter().any(|address| !policy.accepts(*address, is_sandbox)) {
                return Err(format!("the name {}", not_public()).into());
            }
            let addresses: reqwest::dns::Addrs = Box::new(found.into_iter().map(|address| SocketAddr::new(address, 0)));
            Ok(addresses)
        })
    }
}
