//! What is written on a card or into a phone key (`spec/visionline.md` 4.4).
//!
//! The vendor's layout is secret; this is the information a lock must find there, and all it may use.

use jiff::civil::{DateTime, Time};
use serde::{Deserialize, Serialize};

/// What a card is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Function {
    /// A guest's card.
    Guest,
    /// A guest's card for several doors of one suite.
    Suite,
    /// A guest's card issued before its start.
    FutureArrival,
    /// Opens each door once.
    OneTime,
    /// Staff; rights by user group.
    Staff,
    /// Carries card ids into the lock's cancel list, each with the wall time at which that card ends anyway.
    Cancel(Vec<(u32, DateTime)>),
    /// Toggles stand open.
    StandOpen,
}

/// What carries the image.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Medium {
    /// A card.
    Plastic,
    /// A phone.
    Phone,
}

/// One guest door on an image, with the stamp of the stay at that door (design 12: a stamp per guest door).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GuestDoor {
    /// Door number.
    pub number: u32,
    /// The stay's stamp at this door; newer stays have higher stamps.
    pub stamp: u32,
}

/// Hours of a day, `from` included, `until` excluded; past midnight when `until` is not after `from`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpeningHours {
    /// First moment.
    pub from: Time,
    /// First moment after.
    pub until: Time,
}

impl OpeningHours {
    /// Whether a time of day lies within.
    #[must_use]
    pub fn contains(self, time: Time) -> bool {
        if self.from < self.until {
            self.from <= time && time < self.until
        } else {
            self.from <= time || time < self.until
        }
    }
}

/// A card image.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Image {
    /// The property it was made for.
    pub system_id: u32,
    /// Registration number of the card.
    pub card_id: u32,
    /// What it is for.
    pub function: Function,
    /// What carries it.
    pub medium: Medium,
    /// User group; 0 for guests.
    pub user_group: u32,
    /// Guest doors with their stamps.
    pub guest_doors: Vec<GuestDoor>,
    /// Numbers of common doors granted by name.
    pub common_doors: Vec<u32>,
    /// Start of validity, local, included.
    pub start: DateTime,
    /// End of validity, local, excluded.
    pub expire: DateTime,
    /// Hours of the day in which it is valid; `None` for all.
    pub schedule: Option<OpeningHours>,
    /// Opens a deadbolted door, and one with privacy set.
    pub deadbolt_override: bool,
}

impl Image {
    /// The stamp for a guest door; `None` if the door is not on the image.
    #[must_use]
    pub fn stamp_at(&self, number: u32) -> Option<u32> {
        self.guest_doors.iter().find(|door| door.number == number).map(|door| door.stamp)
    }
}
