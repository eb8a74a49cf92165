//! Transactions of what runs beside the API, without a thread that waits for each.

use domain::Moment;
use store::{Store, Tx};
use tokio::sync::oneshot;

use crate::{clock::Clock, entropy};

/// Runs a transaction at the present moment.
///
/// # Errors
/// The work's own, or that the store is closed.
pub async fn write<T: Send + 'static>(
    store: &Store,
    clock: &Clock,
    name: &'static str,
    mut work: impl FnMut(&mut Tx<'_>, &mut Moment) -> Result<T, engine::Error> + Send + 'static,
) -> Result<T, engine::Error> {
    let moment = Moment::new(clock.now(), entropy::seed());
    let (sender, receiver) = oneshot::channel();
    store.write_then(
        name,
        // A repeated transaction starts from the same moment, so it makes the same ids.
        move |tx| work(tx, &mut moment.clone()),
        move |done| {
            // Whoever asked may have been stopped; the outcome stands in the database.
            let _ = sender.send(done);
        },
    );
    receiver.await.unwrap_or_else(|_| Err(store::Error::Closed.into()))
}
