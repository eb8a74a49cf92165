//! Points in time as callers give them.

use jiff::{Timestamp, civil::DateTime};
use store::systems::AcsSystem;

use crate::{Error, acs_systems};

/// A point in time as a caller gives it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// With a zone.
    Instant(Timestamp),
    /// Without one: the site decides what it means (`spec/api.md 4.15`).
    Local(DateTime),
}

impl When {
    /// The instant that is meant as a start: in the hour that repeats in autumn the earlier one (design 8).
    pub(crate) fn as_start(self, system: &AcsSystem, field: &'static str) -> Result<Timestamp, Error> {
        self.instant(system, false, field)
    }

    /// The instant that is meant as an end: in the hour that repeats in autumn the later one.
    pub(crate) fn as_end(self, system: &AcsSystem, field: &'static str) -> Result<Timestamp, Error> {
        self.instant(system, true, field)
    }

    fn instant(self, system: &AcsSystem, is_end: bool, field: &'static str) -> Result<Timestamp, Error> {
        let civil = match self {
            Self::Instant(instant) => return Ok(instant),
            Self::Local(civil) => civil,
        };
        let meant = acs_systems::zone(system).to_ambiguous_timestamp(civil);
        // Both move a time in the hour that is missing in spring forward.
        let instant = if is_end { meant.later() } else { meant.compatible() };
        instant.map_err(|_| Error::invalid(field, "the timestamp lies outside the range that can be represented"))
    }
}
