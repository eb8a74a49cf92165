//! Holding the lease of a site, so that of several programs on one database only one works there (style 3.6).

use std::time::Duration;

use jiff::SignedDuration;

/// How long a lease lasts without being renewed: how long a site rests when its program dies.
pub const LEASE: SignedDuration = SignedDuration::from_secs(30);
/// How often a held lease is renewed.
pub const RENEWAL: Duration = Duration::from_secs(10);
/// How often a lease that another program holds is asked for.
pub const RETRY: Duration = Duration::from_secs(5);

/// A lease that this program holds.
#[derive(Debug, Clone, Copy)]
pub struct Held {
    /// Named with everything that is written under it.
    pub epoch: i64,
    /// When it was taken or renewed, on the monotonic clock.
    pub renewed_at: Duration,
}

impl Held {
    /// Whether it must be renewed.
    pub fn is_due(&self, now: Duration) -> bool {
        now.saturating_sub(self.renewed_at) >= RENEWAL
    }
}
