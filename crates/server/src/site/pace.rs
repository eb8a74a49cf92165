//! A site that is to be worked, and how.

use std::time::Duration;

use domain::id::AcsSystemId;
use jiff::{SignedDuration, tz::TimeZone};
use visionline::Client;

use super::{desk::DeskSettings, job};

/// A site that is to be worked.
pub struct Site {
    /// The site.
    pub system_id: AcsSystemId,
    /// Its zone.
    pub zone: TimeZone,
    /// Its lock server, once for each request that may be under way at a time.
    pub clients: Vec<Client>,
    /// How it is worked.
    pub pace: Pace,
    /// Whether no other program can be using the database, so that a lease found there is a dead one's.
    pub is_alone: bool,
    /// Its encoders.
    pub desk: DeskSettings,
}

/// How a site is worked.
#[derive(Debug, Clone)]
pub struct Pace {
    /// How long the lease lasts without being renewed: how long the site rests when its program dies.
    pub lease: Duration,
    /// How long the lock server may take for an answer.
    pub answer_within: Duration,
    /// How often doors and encoders are read.
    pub lists_every: Duration,
    /// Whether the lock server's encoders are read: their wire form is not confirmed (`spec/visionline.md` 7, row 11).
    pub lists_encoders: bool,
    /// How long a look at the cards of all guest doors takes; none to never look.
    pub surveys_within: Option<Duration>,
}

impl Pace {
    /// How long a step may take as a whole: two answers, as a session may have to be opened first.
    pub(super) fn step_within(&self) -> Duration {
        self.answer_within * 2
    }

    /// How long after it was handed out the outcome of a step is looked for: later than it can end.
    pub(super) fn outcome_within(&self) -> SignedDuration {
        let whole = job::BEGIN_WITHIN + self.step_within() + self.answer_within / 2;
        SignedDuration::try_from(whole).unwrap_or(SignedDuration::MAX)
    }
}
