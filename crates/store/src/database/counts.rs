//! What the store has done since it was opened, for metrics: by transaction name, and commits.

use std::collections::BTreeMap;
use std::sync::Mutex;

use super::job::lock;

/// What a store has done since it was opened. Writes only.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts {
    /// Commits that were made durable. On SQLite fewer than committed transactions: several share one.
    pub commits: u64,
    /// By name of the transaction.
    pub transactions: BTreeMap<&'static str, TransactionCounts>,
}

/// How often the transactions of one name ended which way.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TransactionCounts {
    /// Committed and answered.
    pub committed: u64,
    /// Rolled back because the closure answered `Err`.
    pub refused: u64,
    /// Rolled back because of the engine, the connection or a panic.
    pub failed: u64,
    /// Run once more after being overtaken or losing the connection.
    pub retried: u64,
}

/// The counts while they are being made.
#[derive(Default)]
pub(super) struct Tally(Mutex<Counts>);

impl Tally {
    pub(super) fn commit(&self) {
        lock(&self.0).commits += 1;
    }

    pub(super) fn add(&self, name: &'static str, count: impl FnOnce(&mut TransactionCounts)) {
        count(lock(&self.0).transactions.entry(name).or_default());
    }

    pub(super) fn so_far(&self) -> Counts {
        lock(&self.0).clone()
    }
}
