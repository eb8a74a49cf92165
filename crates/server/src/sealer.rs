//! Seals the audit log in the background, so that no change waits for it (docs/decisions/0018-audit-log.md).

use std::time::Duration;

use store::Store;
use tokio_util::sync::CancellationToken;

/// How long a line of the log stands unsealed at most.
const EVERY: Duration = Duration::from_secs(1);

/// Lines sealed in one transaction: few enough that changes hardly wait behind it.
const BATCH: u32 = 256;

/// Transactions in a round: more changes in a second than any hotel has, and a bound on what a flood of changes pays.
const BATCHES: usize = 4;

/// Seals what is written, until `stop`. What is left then is for [`finish`].
pub async fn run(store: Store, stop: CancellationToken) {
    let mut looked_at = None;
    while stop.run_until_cancelled(tokio::time::sleep(EVERY)).await.is_some() {
        let commits = store.counts().commits;
        if looked_at == Some(commits) {
            continue;
        }
        let store = store.clone();
        // A panic in there is logged by the store, and the next round begins anew.
        if tokio::task::spawn_blocking(move || seal(&store, BATCHES)).await.is_ok_and(|is_done| is_done) {
            looked_at = Some(commits);
        }
    }
}

/// Seals the rest, when nobody writes any more.
pub async fn finish(store: &Store) {
    let store = store.clone();
    if tokio::task::spawn_blocking(move || seal(&store, usize::MAX)).await.is_err() {
        tracing::error!("the last lines of the audit log were not sealed; they are at the next start");
    }
}

/// Answers whether everything is sealed.
fn seal(store: &Store, batches: usize) -> bool {
    for _ in 0..batches {
        match seal_some(store) {
            Ok(true) => {}
            Ok(false) => return true,
            Err(error) => {
                tracing::warn!(%error, "lines of the audit log could not be sealed; this is tried again");
                return false;
            }
        }
    }
    false
}

/// Answers whether there may be more.
fn seal_some(store: &Store) -> Result<bool, engine::Error> {
    // A look is cheaper than a commit, and most often there is nothing.
    if store.read("audit.unsealed", |tx| store::audit::unsealed(tx, 1))?.is_empty() {
        return Ok(false);
    }
    let sealed = store.write("audit.seal", |tx| engine::audit::seal(tx, BATCH))?;
    Ok(sealed >= usize::try_from(BATCH).unwrap_or(usize::MAX))
}
