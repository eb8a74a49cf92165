//! The asynchronous shell around a [`Session`]: one operation at a time, over one transport.

use std::sync::Arc;

use http::Method;
use jiff::{SignedDuration, Timestamp};
use tokio::sync::Mutex;

use crate::conversation::{Answer, DiscardDialect, Operation, Options, Session, Step};
use crate::error::Error;
use crate::secret::Secret;
use crate::transport::{Delivery, Transport};

/// Tells the time. The sandbox shares a virtual one with its lock server.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// A client of one site's lock server.
///
/// Operations wait for each other, because a real server's limits are unknown and one request at a time is the
/// careful default (`spec/visionline.md` 7, gap 25). Dropping an operation's future gives it up; a write among its
/// requests may still have been done.
pub struct Client {
    transport: Transport,
    clock: Clock,
    session: Mutex<Session>,
}

impl Client {
    /// A client; nothing is sent yet.
    pub fn new(
        transport: Transport,
        operator: impl Into<String>,
        password: Secret,
        options: Options,
        clock: Clock,
    ) -> Self {
        Self { transport, clock, session: Mutex::new(Session::new(operator, password, options)) }
    }

    /// Carries an operation out, after those that came before it. Opens a session where none is open.
    ///
    /// # Errors
    /// [`Error`], which says whether a write can have happened.
    pub async fn run(&self, operation: Operation) -> Result<Answer, Error> {
        let mut session = self.session.lock().await;
        let mut step = session.start(operation, (self.clock)());
        loop {
            match step {
                Step::Done(result) => return result,
                Step::Send(request) => {
                    let method = request.method().clone();
                    let path = loggable_path(request.uri().path()).to_string();
                    let sent_at = (self.clock)();
                    let delivery = self.transport.send(request).await;
                    let now = (self.clock)();
                    log_exchange(&method, &path, &delivery, now.duration_since(sent_at));
                    step = session.reply(delivery, now);
                }
            }
        }
    }

    /// Ends the session on the lock server, if one is open. Call it on shutdown; a later operation opens a new one.
    ///
    /// # Errors
    /// [`Error`] if the lock server did not confirm. The session is not used again either way.
    pub async fn close(&self) -> Result<(), Error> {
        self.run(Operation::Close).await.map(|_| ())
    }

    /// See [`Session::server_clock_offset`]. Waits for the operation under way.
    pub async fn server_clock_offset(&self) -> Option<SignedDuration> {
        self.session.lock().await.server_clock_offset()
    }

    /// See [`Session::discard_dialect`]. Waits for the operation under way.
    pub async fn discard_dialect(&self) -> Option<DiscardDialect> {
        self.session.lock().await.discard_dialect()
    }
}

/// A path as it may stand in a log: without the id of a session.
fn loggable_path(path: &str) -> &str {
    match path.find("/sessions/") {
        Some(start) => &path[..start + "/sessions/".len()],
        None => path,
    }
}

fn log_exchange(method: &Method, path: &str, delivery: &Delivery, duration: SignedDuration) {
    let duration_ms = duration.as_millis();
    match delivery {
        Ok(response) => {
            tracing::debug!(%method, path, status = response.status().as_u16(), duration_ms, "lock server answered");
        }
        Err(failure) => tracing::debug!(%method, path, duration_ms, %failure, "lock server did not answer"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_id_of_a_session_is_not_logged() {
        assert_eq!(loggable_path("/api/v1/sessions/7f3a"), "/api/v1/sessions/");
        assert_eq!(loggable_path("/api/v1/sessions"), "/api/v1/sessions");
        assert_eq!(loggable_path("/api/v1/doors/101"), "/api/v1/doors/101");
    }
}
