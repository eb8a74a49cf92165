//! `/innkeep/acs_systems/update`

use domain::id::AcsSystemId;
use engine::acs_systems::{self, WithoutZone};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    adapter::{
        Call, Error,
        field::{Id, Nullable},
    },
    api::{
        acs::systems::resource::{self, AcsSystem},
        id,
    },
    app::App,
};

/// Longest default stay: a year.
const MOST_HOURS: u16 = 8_784;

/// Changes the settings of a hotel's system. What is absent stays as it is, `null` is the default again; credentials
/// that are there keep their times.
#[derive(Deserialize, JsonSchema)]
pub struct Update {
    /// ID of the access system: a hotel's, not a credential manager's.
    acs_system_id: Id,
    /// How `starts_at` and `ends_at` of credentials and access schedules are read when they name no zone: in UTC, which
    /// is the default, or as local time of the hotel.
    #[serde(default)]
    timestamps_without_zone: Nullable<Zone>,
    /// Hours that a credential lasts when it is created without an end; 24 by default.
    #[serde(default)]
    #[schemars(range(min = 1, max = MOST_HOURS))]
    default_stay_hours: Nullable<u16>,
    /// What becomes of a new stay at a guest door that another party has for the same time: it is allowed and reported,
    /// which is the default, or refused with 409 `conflict`. Who joins a stay is never refused.
    #[serde(default)]
    double_bookings: Nullable<DoubleBookings>,
}

/// What becomes of double bookings.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum DoubleBookings {
    /// They are allowed and reported.
    Allow,
    /// They are refused.
    Refuse,
}

/// How a timestamp without a zone is read.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Zone {
    /// In UTC.
    Utc,
    /// On the hotel's clocks.
    Local,
}

/// What is answered.
#[derive(Serialize, JsonSchema)]
pub struct Answer {
    acs_system: AcsSystem,
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, request: Update) -> Result<Answer, Error> {
    let id: AcsSystemId = id::of(&request.acs_system_id)?;
    let zone = request.timestamps_without_zone.map(|zone| match zone {
        Zone::Utc => WithoutZone::Utc,
        Zone::Local => WithoutZone::Local,
    });
    let double_bookings = request.double_bookings.map(|choice| match choice {
        DoubleBookings::Allow => acs_systems::DoubleBookings::Allow,
        DoubleBookings::Refuse => acs_systems::DoubleBookings::Refuse,
    });
    let asked = acs_systems::Update {
        timestamps_without_zone: zone.into_change(),
        default_stay_hours: request.default_stay_hours.into_change(),
        double_bookings: double_bookings.into_change(),
    };
    let acs_system = App::change(call, "acs_system.update", move |tx, moment, caller| {
        let system = acs_systems::update(tx, moment, caller, id, &asked)?;
        resource::shown(tx, system)
    })?;
    Ok(Answer { acs_system })
}
