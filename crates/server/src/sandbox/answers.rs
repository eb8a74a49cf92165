//! Answers of the simulated hotel that take their time: faults that delay, and requests that wait for a person at an
//! encoder or for a test that holds them back. The hotel itself never waits; it says until when to.

use std::time::Duration;

use http::{Request, Response};
use jiff::Timestamp;
use visionline_sim::Exchange;

use super::Sandbox;

/// Longest single wait; then the hotel is asked again.
const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// Why there was no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Cut {
    /// The work was done, the answer is lost.
    #[error("the simulated connection broke before the answer")]
    ReplyLost,
    /// Nothing was done.
    #[error("the simulated service is unreachable")]
    Unreachable,
}

impl Sandbox {
    /// One request to the simulated lock server, answered when the hotel is ready to.
    ///
    /// # Errors
    /// [`Cut`] when a fault wants no answer.
    pub async fn lock_server(&self, request: &Request<Vec<u8>>) -> Result<Response<Vec<u8>>, Cut> {
        let exchange = self.step(|hotel, now| hotel.lock_server(now, request));
        self.answered(exchange).await
    }

    /// One request to the simulated Credential Services.
    ///
    /// # Errors
    /// [`Cut`] when the service is cut off.
    pub async fn credential_services(&self, request: &Request<Vec<u8>>) -> Result<Response<Vec<u8>>, Cut> {
        let exchange = self.step(|hotel, now| hotel.credential_services(now, request));
        self.answered(exchange).await
    }

    async fn answered(&self, mut exchange: Exchange) -> Result<Response<Vec<u8>>, Cut> {
        loop {
            let (ticket, until) = match exchange {
                Exchange::Answered { response, delay_ms } => {
                    if delay_ms > 0 {
                        tokio::time::sleep(Duration::from_millis(delay_ms)).await;
                    }
                    return Ok(response);
                }
                Exchange::ReplyLost => return Err(Cut::ReplyLost),
                Exchange::Unreachable => return Err(Cut::Unreachable),
                Exchange::Waiting { ticket, until } => (ticket, until),
            };
            let guard = Ticket { sandbox: self, ticket };
            // Registered before the hotel is asked again, so that no change in between is missed.
            let mut changed = std::pin::pin!(self.changed.notified());
            changed.as_mut().enable();
            exchange = self.quietly(|hotel, now| hotel.resume(now, ticket));
            if matches!(&exchange, Exchange::Waiting { ticket: still, .. } if *still == ticket) {
                let wait = until.map_or(LONGEST_WAIT, |until| self.real_time_until(until));
                // Either way the hotel is asked again.
                let _ = tokio::time::timeout(wait, changed).await;
            } else {
                self.changed.notify_waiters();
            }
            guard.keep();
        }
    }

    /// A virtual clock runs at real speed, and moving it wakes all who wait.
    fn real_time_until(&self, until: Timestamp) -> Duration {
        let left = until.duration_since(self.clock.now());
        Duration::try_from(left).unwrap_or(Duration::ZERO).min(LONGEST_WAIT)
    }
}

/// Tells the hotel when the client of a waiting request has gone.
struct Ticket<'a> {
    sandbox: &'a Sandbox,
    ticket: u64,
}

impl Ticket<'_> {
    /// The request still has its client.
    fn keep(self) {
        std::mem::forget(self);
    }
}

impl Drop for Ticket<'_> {
    fn drop(&mut self) {
        self.sandbox.quietly(|hotel, _| hotel.abandon(self.ticket));
    }
}
