//! Forgetting old events (`spec/api.md 5.2`), a little at a time.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use store::Store;
use tokio_util::sync::CancellationToken;

use crate::{background, clock::Clock, site::chain};

/// How often it is looked whether there is something to forget.
const EVERY: SignedDuration = SignedDuration::from_hours(1);
/// How often the clock is looked at: a virtual one may be moved.
const LOOK: Duration = Duration::from_secs(10);
/// The pause between two transactions, so that others come between.
const PAUSE: Duration = Duration::from_millis(50);

/// How long events are kept when the operator does not say.
pub const USUAL: SignedDuration = SignedDuration::from_hours(90 * 24);

/// Forgets events that are older than `kept`, until `stop`. Several programs on one database may do so at once.
pub async fn run(store: Store, clock: Clock, kept: SignedDuration, stop: CancellationToken) {
    let mut next = Timestamp::MIN;
    loop {
        if clock.now() >= next {
            next = clock.now().saturating_add(EVERY).unwrap_or(Timestamp::MAX);
            tokio::select! {
                () = stop.cancelled() => return,
                () = forget(&store, &clock, kept) => {}
            }
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(LOOK) => {}
        }
    }
}

async fn forget(store: &Store, clock: &Clock, kept: SignedDuration) {
    loop {
        let pruned = background::write(store, clock, "event.prune", move |tx, moment| {
            engine::retention::prune(tx, moment.now, kept)
        });
        match pruned.await {
            Ok(true) => tokio::time::sleep(PAUSE).await,
            Ok(false) => return,
            Err(error) => return tracing::error!(error = %chain(&error), "old events could not be forgotten"),
        }
    }
}
