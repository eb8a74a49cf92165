//! How requests reach a lock server: over HTTPS, or inside this process.

mod https;
mod probe;
mod trust;

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

use http::{Request, Response};

pub use https::{Https, HttpsOptions, HttpsSetupError};
pub use probe::{ProbeError, shown_certificate};
pub use trust::{Fingerprint, Trust, TrustError};

use crate::error::TransportFailure;

/// What comes back from a transport.
pub type Delivery = Result<Response<Vec<u8>>, TransportFailure>;

/// A server inside this process.
pub type InProcess = Arc<dyn Fn(Request<Vec<u8>>) -> Pin<Box<dyn Future<Output = Delivery> + Send>> + Send + Sync>;

/// The way to a lock server.
#[derive(Clone)]
pub enum Transport {
    /// Over the network.
    Https(Https),
    /// A function of this process, for the sandbox. It sees the same signed bytes.
    InProcess(InProcess),
}

impl Transport {
    /// Wraps an asynchronous function as a server.
    pub fn in_process<F, Answering>(server: F) -> Self
    where
        F: Fn(Request<Vec<u8>>) -> Answering + Send + Sync + 'static,
        Answering: Future<Output = Delivery> + Send + 'static,
    {
        Self::InProcess(Arc::new(move |request| Box::pin(server(request))))
    }

    /// Sends a request and waits for the whole answer.
    ///
    /// # Errors
    /// [`TransportFailure::NotSent`] only if certainly nothing was sent; [`TransportFailure::Lost`] otherwise.
    pub async fn send(&self, request: Request<Vec<u8>>) -> Delivery {
        match self {
            Self::Https(https) => https.send(request).await,
            Self::InProcess(server) => server(request).await,
        }
    }
}

impl fmt::Debug for Transport {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Https(https) => https.fmt(formatter),
            Self::InProcess(_) => formatter.write_str("InProcess"),
        }
    }
}
