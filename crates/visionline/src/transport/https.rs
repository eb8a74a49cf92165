//! Requests over HTTPS.

use std::fmt;
use std::time::Duration;

use http::{Request, Response};
use reqwest::redirect::Policy;
use reqwest::{Client, Url};

use super::Delivery;
use super::trust::{Trust, TrustError};
use crate::conversation::AnswerWithin;
use crate::error::TransportFailure;

/// Idle connections are given up well before a server does so: a request that meets a connection just being closed
/// is one whose outcome is unknown.
const IDLE_CONNECTION: Duration = Duration::from_secs(20);

/// Where a lock server is and how to talk to it.
#[derive(Clone, Debug)]
pub struct HttpsOptions {
    /// `https://host` or `https://host:port`, without a path.
    pub base_url: String,
    /// Which certificate it may show.
    pub trust: Trust,
    /// Limit for making a connection. Default 10 seconds.
    pub connect_timeout: Duration,
    /// Limit for the whole answer, where the request sets none of its own. Default 60 seconds, as in the field
    /// (`spec/visionline.md` 6).
    pub answer_timeout: Duration,
    /// Largest body of an answer in bytes. Default 8 MiB.
    pub answer_limit_bytes: usize,
}

impl HttpsOptions {
    /// The usual limits for this address and certificate.
    pub fn new(base_url: impl Into<String>, trust: Trust) -> Self {
        Self {
            base_url: base_url.into(),
            trust,
            connect_timeout: Duration::from_secs(10),
            answer_timeout: Duration::from_secs(60),
            answer_limit_bytes: 8 * 1024 * 1024,
        }
    }
}

/// Why these options make no transport.
#[derive(Debug, thiserror::Error)]
pub enum HttpsSetupError {
    /// Not an https address of a host alone.
    #[error("`{0}` is not the address of a lock server: expected https://host or https://host:port")]
    Address(String),
    /// The certificate setting is of no use.
    #[error("could not use the certificate setting of the lock server")]
    Trust(#[source] TrustError),
    /// The HTTP client could not be made.
    #[error("could not make an HTTPS client")]
    Client(#[source] reqwest::Error),
}

/// A client of one lock server. Clones share its connections.
#[derive(Clone)]
pub struct Https {
    client: Client,
    /// Scheme, host and port, without a slash at the end.
    origin: String,
    connect_timeout: Duration,
    answer_timeout: Duration,
    answer_limit_bytes: usize,
}

impl Https {
    /// Makes a client; nothing is sent yet.
    ///
    /// # Errors
    /// [`HttpsSetupError`] for options that cannot work.
    pub fn new(options: &HttpsOptions) -> Result<Self, HttpsSetupError> {
        let origin = origin(&options.base_url).ok_or_else(|| HttpsSetupError::Address(options.base_url.clone()))?;
        let tls = options.trust.client_config().map_err(HttpsSetupError::Trust)?;
        let client = Client::builder()
            .tls_backend_preconfigured(tls)
            .https_only(true)
            // A redirect would carry a signed request to somebody else.
            .redirect(Policy::none())
            // Whether to repeat is decided by whoever knows what is being repeated (promise P2).
            .retry(reqwest::retry::never())
            // Lock servers are on the hotel's own network.
            .no_proxy()
            .connect_timeout(options.connect_timeout)
            .pool_idle_timeout(IDLE_CONNECTION)
            .build()
            .map_err(HttpsSetupError::Client)?;
        Ok(Self {
            client,
            origin,
            connect_timeout: options.connect_timeout,
            answer_timeout: options.answer_timeout,
            answer_limit_bytes: options.answer_limit_bytes,
        })
    }

    pub(super) async fn send(&self, request: Request<Vec<u8>>) -> Delivery {
        let request = self.outgoing(request).map_err(|source| TransportFailure::NotSent(source.into()))?;
        let mut answer = self.client.execute(request).await.map_err(sort_failure)?;
        let mut body = Vec::new();
        while let Some(chunk) = answer.chunk().await.map_err(sort_failure)? {
            if body.len() + chunk.len() > self.answer_limit_bytes {
                let limit_bytes = self.answer_limit_bytes;
                return Err(TransportFailure::Lost(Unsuitable::TooLarge { limit_bytes }.into()));
            }
            body.extend_from_slice(&chunk);
        }
        let mut response = Response::new(body);
        *response.status_mut() = answer.status();
        *response.headers_mut() = std::mem::take(answer.headers_mut());
        Ok(response)
    }

    fn outgoing(&self, request: Request<Vec<u8>>) -> Result<reqwest::Request, Unsuitable> {
        let (parts, body) = request.into_parts();
        let target = parts.uri.to_string();
        let url = Url::parse(&format!("{}{target}", self.origin)).map_err(|_| Unsuitable::Target)?;
        // The signature covers the target as it was written, so a URL that would be sent differently must not leave.
        let sent = url.query().map_or_else(|| url.path().into(), |query| format!("{}?{query}", url.path()));
        if sent != target {
            return Err(Unsuitable::Target);
        }
        let answer_within = parts.extensions.get::<AnswerWithin>().map_or(self.answer_timeout, |limit| limit.0);
        let mut outgoing = reqwest::Request::new(parts.method, url);
        *outgoing.headers_mut() = parts.headers;
        *outgoing.timeout_mut() = Some(self.connect_timeout + answer_within);
        if !body.is_empty() {
            *outgoing.body_mut() = Some(body.into());
        }
        Ok(outgoing)
    }
}

impl fmt::Debug for Https {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Https").field(&self.origin).finish()
    }
}

/// Requests and answers that this transport does not carry.
#[derive(Debug, thiserror::Error)]
enum Unsuitable {
    #[error("the request's path would not be sent as it was signed")]
    Target,
    #[error("the answer is larger than {limit_bytes} bytes")]
    TooLarge { limit_bytes: usize },
}

/// `https://host:port` of an address, None if it is more or less than that.
fn origin(base_url: &str) -> Option<String> {
    let url = Url::parse(base_url).ok()?;
    let bare = url.path() == "/"
        && url.query().is_none()
        && url.fragment().is_none()
        && url.username().is_empty()
        && url.password().is_none();
    (bare && url.scheme() == "https" && url.has_host()).then(|| url.origin().ascii_serialization())
}

/// Only a failure to connect proves that nothing was sent; everything else may have happened after the last byte.
fn sort_failure(failure: reqwest::Error) -> TransportFailure {
    if failure.is_connect() || failure.is_builder() {
        TransportFailure::NotSent(failure.without_url().into())
    } else {
        TransportFailure::Lost(failure.without_url().into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_bare_https_address_is_taken() {
        assert_eq!(origin("https://Lock.Hotel").as_deref(), Some("https://lock.hotel"));
        assert_eq!(origin("https://10.0.0.5:8443/").as_deref(), Some("https://10.0.0.5:8443"));
        for refused in [
            "http://lock.hotel",
            "https://lock.hotel/api",
            "https://sym:sym@lock.hotel",
            "https://lock.hotel?a",
            "lock.hotel",
            "",
        ] {
            assert_eq!(origin(refused), None, "{refused}");
        }
    }

    #[test]
    fn a_target_that_a_url_library_would_rewrite_never_leaves() {
        let options = HttpsOptions::new("https://lock.hotel", Trust::InsecureAnything);
        let https = Https::new(&options).unwrap();
        let outgoing = |target: &str| https.outgoing(Request::get(target).body(Vec::new()).unwrap());
        assert!(outgoing("/api/v1/cards/%2E%2E/sessions").is_err());
        let kept = outgoing("/api/v1/doors/G%C3%A4st%2F1?guestDoor=a%20b").unwrap();
        assert_eq!(kept.url().as_str(), "https://lock.hotel/api/v1/doors/G%C3%A4st%2F1?guestDoor=a%20b");
    }

    #[test]
    fn a_request_for_an_encoder_brings_its_own_patience() {
        let mut options = HttpsOptions::new("https://lock.hotel", Trust::InsecureAnything);
        options.connect_timeout = Duration::from_secs(1);
        options.answer_timeout = Duration::from_secs(2);
        let https = Https::new(&options).unwrap();
        let usual = https.outgoing(Request::get("/api/v1/doors").body(Vec::new()).unwrap()).unwrap();
        assert_eq!(usual.timeout(), Some(&Duration::from_secs(3)));
        let patient = Request::get("/api/v1/doors").extension(AnswerWithin(Duration::from_secs(90)));
        let patient = https.outgoing(patient.body(Vec::new()).unwrap()).unwrap();
        assert_eq!(patient.timeout(), Some(&Duration::from_secs(91)));
    }
}
