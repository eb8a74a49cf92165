//! A property: the hotel that is simulated, as its file describes it.
//!
//! [`Property::parse`] reads the TOML file; the built-in [`Property::meridian`] comes from such a file too. Door
//! ranges are already single doors here, room intervals already door numbers.

mod choices;
mod document;
mod error;
mod knobs;
mod nearest;

pub use choices::{
    CreateAnswer, Delivery, DoorIds, EncodeAnswer, EndpointIdSpelling, InactiveEndpoint, OverriddenAt, OverriddenRule,
    PendingImageWrite, PerDoorStamps, RevokeDialect, Takeover, Technology, UnknownMembers,
};
pub use error::PropertyError;
pub use knobs::Knobs;

use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use crate::lock::{Interval, OpeningHours};

/// The category of a door, in the vendor's spelling (`spec/visionline.md` 2.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Category {
    /// A guest room.
    #[serde(rename = "guest")]
    Guest,
    /// Opens for every guest of its room interval.
    #[serde(rename = "entrance")]
    Entrance,
    /// Granted by name.
    #[serde(rename = "common")]
    Common,
    /// Granted by name, numbered for a PMS.
    #[serde(rename = "common (PMS)")]
    CommonPms,
    /// Opens for every guest of its room interval, or by name.
    #[serde(rename = "elevator reader")]
    ElevatorReader,
}

impl Category {
    /// The vendor's literal text.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Guest => "guest",
            Self::Entrance => "entrance",
            Self::Common => "common",
            Self::CommonPms => "common (PMS)",
            Self::ElevatorReader => "elevator reader",
        }
    }
}

/// One door.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Door {
    /// Its number in Visionline's order; consecutive rooms have consecutive numbers.
    pub number: u32,
    /// Its name, which is also its id in the Web API.
    pub name: String,
    /// What kind of door it is.
    pub category: Category,
    /// Door group, for the `doorGroup` filter.
    pub group: String,
    /// Lock profiles, such as `BLE`.
    pub profiles: Vec<String>,
    /// Rooms whose guests may pass, for entrances, elevator readers and the outer door of a suite.
    pub rooms: Option<Interval>,
    /// The suite the door belongs to.
    pub suite: Option<String>,
    /// Hours of the day in which the door opens for anybody.
    pub opening_hours: Option<OpeningHours>,
    /// Staff groups with rights here.
    pub staff_groups: Vec<u32>,
    /// Seconds by which the lock's clock is ahead (positive) or behind (negative).
    pub clock_drift_seconds: i64,
    /// Whether the lock hears from the server (`spec/visionline.md` 4.8).
    pub online: bool,
    /// Seconds until an online lock has heard.
    pub online_delay_seconds: u32,
}

/// A Visionline operator.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Operator {
    /// Login name.
    pub username: String,
    /// Password.
    pub password: String,
    /// Whether the operator may change anything; otherwise only look.
    #[serde(default = "yes")]
    pub may_issue: bool,
}

/// The tenant account at Credential Services.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Account {
    /// Login name.
    pub username: String,
    /// Password.
    pub password: String,
}

/// An encoder at a desk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Encoder {
    /// Its id in the Web API.
    pub id: String,
    /// Its name on the desk.
    pub name: String,
    /// Whether the lock server reaches it.
    #[serde(default = "yes")]
    pub online: bool,
}

/// A whole hotel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Property {
    /// Name of the hotel.
    pub name: String,
    /// System number on cards and in locks.
    pub system_id: u32,
    /// "Mobile Access UUID": the lock service code phones scan for.
    pub mobile_access_uuid: u32,
    /// Zone of the lock server's and the locks' wall clocks.
    #[serde(with = "jiff::fmt::serde::tz::required")]
    pub zone: TimeZone,
    /// Operators of the Web API.
    pub operators: Vec<Operator>,
    /// Tenant account at Credential Services.
    pub credential_services: Account,
    /// Doors, in the order of the file.
    pub doors: Vec<Door>,
    /// Encoders, in the order of the file.
    pub encoders: Vec<Encoder>,
    /// Behaviour nobody outside knows for sure.
    pub knobs: Knobs,
}

impl Property {
    /// The built-in property, "Hotel Meridian" (design 13).
    ///
    /// # Panics
    /// Never: the file is part of this crate and read in its tests.
    #[must_use]
    pub fn meridian() -> Self {
        Self::parse(include_str!("meridian.toml")).expect("the built-in property is read in the tests of this crate")
    }

    /// Reads a property file.
    ///
    /// # Errors
    /// [`PropertyError`] with the line and a remedy; unknown keys are refused.
    pub fn parse(text: &str) -> Result<Self, PropertyError> {
        document::parse(text)
    }

    /// The door of a name.
    #[must_use]
    pub fn door(&self, name: &str) -> Option<&Door> {
        self.doors.iter().find(|door| door.name == name)
    }

    /// The door of a number.
    #[must_use]
    pub fn door_numbered(&self, number: u32) -> Option<&Door> {
        self.doors.iter().find(|door| door.number == number)
    }

    /// The encoder of an id or a name.
    #[must_use]
    pub fn encoder(&self, id_or_name: &str) -> Option<&Encoder> {
        self.encoders.iter().find(|encoder| encoder.id == id_or_name || encoder.name == id_or_name)
    }
}

fn yes() -> bool {
    true
}
