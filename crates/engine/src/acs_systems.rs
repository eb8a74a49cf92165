//! What a hotel may set for its system; additions of ours, which the API that we copy leaves to its makers.

use domain::{Moment, id::AcsSystemId};
use jiff::{SignedDuration, tz::TimeZone};
use serde_json::{Map, Value, json};
use store::{
    Tx,
    systems::{self, AcsSystem, VISIONLINE},
};

use crate::{Caller, Error, Noun};

const TIMESTAMPS_WITHOUT_ZONE: &str = "timestamps_without_zone";
const DEFAULT_STAY_HOURS: &str = "default_stay_hours";
pub(crate) const DOUBLE_BOOKINGS: &str = "double_bookings";

/// How long a credential without an end lasts, until the hotel says otherwise (`spec/api.md` open question 9).
const ONE_DAY_HOURS: u16 = 24;

/// How a timestamp without a zone is read (`spec/api.md 4.15`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WithoutZone {
    /// In UTC.
    Utc,
    /// On the hotel's own clocks.
    Local,
}

impl WithoutZone {
    /// The word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Utc => "utc",
            Self::Local => "local",
        }
    }
}

/// What becomes of a new stay at a door that another party has for the same time (design 6).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DoubleBookings {
    /// It is booked, and reported.
    Allow,
    /// It is refused.
    Refuse,
}

impl DoubleBookings {
    /// The word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::Refuse => "refuse",
        }
    }
}

/// The settings of a system.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    /// How timestamps without a zone are read.
    pub timestamps_without_zone: WithoutZone,
    /// Hours that a credential without an end lasts.
    pub default_stay_hours: u16,
    /// What becomes of double bookings.
    pub double_bookings: DoubleBookings,
}

impl Settings {
    /// The settings that hold for a system; what was never set has its default.
    pub fn of(system: &AcsSystem) -> Self {
        let is_local = system.settings.get(TIMESTAMPS_WITHOUT_ZONE).is_some_and(|word| word == "local");
        let refuses = system.settings.get(DOUBLE_BOOKINGS).is_some_and(|word| word == DoubleBookings::Refuse.as_str());
        let hours = system.settings.get(DEFAULT_STAY_HOURS).and_then(Value::as_u64);
        Self {
            timestamps_without_zone: if is_local { WithoutZone::Local } else { WithoutZone::Utc },
            default_stay_hours: hours.and_then(|hours| hours.try_into().ok()).unwrap_or(ONE_DAY_HOURS),
            double_bookings: if refuses { DoubleBookings::Refuse } else { DoubleBookings::Allow },
        }
    }

    /// How long a credential without an end lasts.
    pub fn default_stay(&self) -> SignedDuration {
        SignedDuration::from_hours(self.default_stay_hours.into())
    }
}

/// The zone in which timestamps without one are read at a system.
pub(crate) fn zone(system: &AcsSystem) -> TimeZone {
    match Settings::of(system).timestamps_without_zone {
        WithoutZone::Utc => TimeZone::UTC,
        // Refused below where there is none, so the last resort is for zones that a later release does not know.
        WithoutZone::Local => own_zone(system).unwrap_or(TimeZone::UTC),
    }
}

fn own_zone(system: &AcsSystem) -> Option<TimeZone> {
    system.time_zone.as_deref().and_then(|name| TimeZone::get(name).ok())
}

/// What is to be changed; outer none stays, inner none is the default again.
#[derive(Debug, Clone, Copy, Default)]
pub struct Update {
    /// How timestamps without a zone are read.
    pub timestamps_without_zone: Option<Option<WithoutZone>>,
    /// Hours that a credential without an end lasts.
    pub default_stay_hours: Option<Option<u16>>,
    /// What becomes of double bookings.
    pub double_bookings: Option<Option<DoubleBookings>>,
}

/// Changes the settings of a hotel's system. What was created before stays as it is.
///
/// # Errors
/// When there is no such system, it is no hotel's, or a setting cannot hold there.
pub fn update(
    tx: &mut Tx<'_>,
    moment: &mut Moment,
    caller: &Caller,
    id: AcsSystemId,
    asked: &Update,
) -> Result<AcsSystem, Error> {
    let mut system =
        systems::find(tx, caller.workspace_id, id)?.ok_or_else(|| Error::not_found(Noun::AcsSystem, id))?;
    if system.kind != VISIONLINE {
        let message = "only Visionline systems have settings; name the system of the hotel";
        return Err(Error::invalid("acs_system_id", message));
    }
    if asked.timestamps_without_zone == Some(Some(WithoutZone::Local)) && own_zone(&system).is_none() {
        let message = "the system has no time zone that is known here, so its local time is not known either; use utc";
        return Err(Error::invalid(TIMESTAMPS_WITHOUT_ZONE, message));
    }
    let mut changed = system.settings.as_object().cloned().unwrap_or_default();
    let word = asked.timestamps_without_zone.map(|choice| choice.map(|choice| json!(choice.as_str())));
    set(&mut changed, TIMESTAMPS_WITHOUT_ZONE, word);
    set(&mut changed, DEFAULT_STAY_HOURS, asked.default_stay_hours.map(|hours| hours.map(|hours| json!(hours))));
    let word = asked.double_bookings.map(|choice| choice.map(|choice| json!(choice.as_str())));
    set(&mut changed, DOUBLE_BOOKINGS, word);
    let changed = Value::Object(changed);
    if changed != system.settings {
        systems::set_settings(tx, id, &changed)?;
        caller.note_change(tx, moment, "acs_system.update", id, system.settings.clone(), changed.clone())?;
        system.settings = changed;
    }
    Ok(system)
}

fn set(settings: &mut Map<String, Value>, name: &str, change: Option<Option<Value>>) {
    match change {
        None => {}
        Some(None) => {
            settings.remove(name);
        }
        Some(Some(value)) => {
            settings.insert(name.to_owned(), value);
        }
    }
}
