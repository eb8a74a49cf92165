//! Holding the lease of a site, so that of several programs on one database only one works there (style 3.6).

use std::time::Duration;

/// A lease that this program holds.
#[derive(Debug, Clone, Copy)]
pub struct Held {
    /// Named with everything that is written under it.
    pub epoch: i64,
    /// When it was taken or renewed, on the monotonic clock.
    pub renewed_at: Duration,
}

impl Held {
    /// Whether a lease of this length must be renewed.
    pub fn is_due(&self, now: Duration, length: Duration) -> bool {
        now.saturating_sub(self.renewed_at) >= length / 3
    }
}

/// How often a lease of this length that another program holds is asked for.
pub fn retry(length: Duration) -> Duration {
    length / 6
}
