//! The lock server's database: card records, their stamps, and what has become of them (`spec/visionline.md` 4.3).

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use crate::lock::{Function, GuestDoor, Image, Medium};
use crate::property::{OverriddenAt, OverriddenRule, Property};
use crate::wall;

/// Card formats.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Format {
    /// The ordinary guest format with a small capacity.
    #[serde(rename = "rfid48")]
    Rfid48,
    /// The larger format.
    TLCode,
}

impl Format {
    /// Bytes of an image on a medium (`spec/visionline.md` 6): 24 as seen, and more than 48.
    pub(crate) fn image_bytes(self) -> u32 {
        match self {
            Self::Rfid48 => 24,
            Self::TLCode => 64,
        }
    }
}

/// One element of `doorOperations`, as it was sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DoorOperation {
    /// Door names.
    pub doors: Vec<String>,
    /// `guest`, `commonRoom` or `common`.
    pub operation: String,
}

/// Where a card stands at an encoder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Encoding {
    /// The encoder's id.
    pub encoder: String,
    /// `None` while it waits for a card; 0 when it is written, else the vendor's result code.
    pub result_code: Option<u8>,
}

/// One card record: a plastic card or the key of one phone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Card {
    /// Registration number.
    pub id: u32,
    /// Id at Credential Services; mobile keys only.
    pub credential_id: Option<u32>,
    /// The phone's endpoint; mobile keys only.
    pub endpoint_id: Option<String>,
    /// Format.
    pub format: Format,
    /// Free text on the holder.
    pub card_holder: String,
    /// The filled-in label.
    pub label: String,
    /// Free text.
    pub description: String,
    /// Doors as they were asked for.
    pub door_operations: Vec<DoorOperation>,
    /// Guest doors with the stamp of the stay at each.
    pub guest_doors: Vec<GuestDoor>,
    /// Numbers of the other doors.
    pub common_doors: Vec<u32>,
    /// What the card is for.
    pub function: Function,
    /// When it was made.
    pub created: Timestamp,
    /// Start of validity, local, included.
    pub start: DateTime,
    /// End of validity, local, excluded.
    pub expire: DateTime,
    /// No medium carries it yet.
    pub not_issued: bool,
    /// Copies made.
    pub issued_cards: u32,
    /// Media that carry it, 16 hex digits each.
    pub serial_numbers: Vec<String>,
    /// Media that its sealed image was made for; with none it fits any.
    pub sealed_for: Vec<String>,
    /// What an encoder makes of it, if one was told to.
    pub encoding: Option<Encoding>,
    /// Its medium became another card.
    pub overwritten: bool,
    /// When it was discarded.
    pub discarded: Option<Timestamp>,
    /// When it was cancelled.
    pub cancelled: Option<Timestamp>,
}

impl Card {
    /// What the card or phone carries.
    #[must_use]
    pub fn image(&self, system_id: u32) -> Image {
        Image {
            system_id,
            card_id: self.id,
            function: self.function.clone(),
            medium: if self.endpoint_id.is_some() { Medium::Phone } else { Medium::Plastic },
            user_group: 0,
            guest_doors: self.guest_doors.clone(),
            common_doors: self.common_doors.clone(),
            start: self.start,
            expire: self.expire,
            schedule: None,
            deadbolt_override: false,
        }
    }

    /// The card's stamp at a guest door; `None` if the door is not on it.
    #[must_use]
    pub fn stamp_at(&self, number: u32) -> Option<u32> {
        self.guest_doors.iter().find(|door| door.number == number).map(|door| door.stamp)
    }

    /// Whether it has left the lock server: a plastic card that no medium carries replaces nobody.
    fn is_out(&self) -> bool {
        self.endpoint_id.is_some() || !self.not_issued
    }

    /// When it was discarded or cancelled, whichever came first.
    pub(crate) fn ended(&self) -> Option<Timestamp> {
        self.discarded.into_iter().chain(self.cancelled).min()
    }
}

/// What the passing of time has made of a card, as the lock server sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CardState {
    /// The end has passed.
    pub expired: bool,
    /// The server calls it overridden.
    pub overridden: bool,
    /// Numbers of the guest doors it has lost to newer stays.
    pub lost_doors: Vec<u32>,
}

impl CardState {
    /// Judges a card. A newer stay takes a door over when its card's start is reached, unless that card was ended
    /// before, or this one had expired already.
    fn of(card: &Card, records: &Records, property: &Property, now: Timestamp) -> Self {
        let numbers = card.guest_doors.iter().map(|door| door.number);
        let at = property.knobs.overridden_at;
        let lost_doors: Vec<u32> =
            numbers.filter(|number| records.is_lost(card, *number, &property.zone, now, at)).collect();
        let overridden = match property.knobs.overridden_rule {
            OverriddenRule::AllDoors => !lost_doors.is_empty() && lost_doors.len() == card.guest_doors.len(),
            OverriddenRule::AnyDoor => !lost_doors.is_empty(),
        };
        Self { expired: wall::end_instant(&property.zone, card.expire) <= now, overridden, lost_doors }
    }
}

/// A copy of the lock server's database.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Backup(pub(crate) Records);

/// All card records and the counters behind them.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Records {
    cards: BTreeMap<u32, Card>,
    /// Card ids by guest door, ascending.
    by_guest_door: BTreeMap<u32, Vec<u32>>,
    next_card_id: u32,
    next_credential_id: u32,
    next_stamp: u32,
}

impl Default for Records {
    fn default() -> Self {
        // Card and credential ids differ on purpose: drivers must not mix them up (`spec/visionline.md` 2.4).
        Self {
            cards: BTreeMap::new(),
            by_guest_door: BTreeMap::new(),
            next_card_id: 100_001,
            next_credential_id: 5_001,
            next_stamp: 1,
        }
    }
}

impl Records {
    pub(crate) fn card(&self, id: u32) -> Option<&Card> {
        self.cards.get(&id)
    }

    pub(crate) fn card_mut(&mut self, id: u32) -> Option<&mut Card> {
        self.cards.get_mut(&id)
    }

    /// All cards, ascending by id.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Card> {
        self.cards.values()
    }

    /// The cards with guest access to a door, ascending by id.
    pub(crate) fn at_guest_door(&self, number: u32) -> impl DoubleEndedIterator<Item = &Card> {
        let ids = self.by_guest_door.get(&number).map_or(&[][..], Vec::as_slice);
        ids.iter().filter_map(|id| self.cards.get(id))
    }

    /// The medium of a card became something else.
    pub(crate) fn overwrite(&mut self, card_id: Option<u32>) {
        if let Some(card) = card_id.and_then(|id| self.cards.get_mut(&id)) {
            card.overwritten = true;
        }
    }

    /// The newest stamp given out at a guest door; 0 before the first.
    pub(crate) fn newest_stamp(&self, number: u32) -> u32 {
        self.at_guest_door(number).filter_map(|card| card.stamp_at(number)).max().unwrap_or(0)
    }

    /// Stores a new card.
    pub(crate) fn insert(&mut self, card: Card) {
        for door in &card.guest_doors {
            self.by_guest_door.entry(door.number).or_default().push(card.id);
        }
        self.cards.insert(card.id, card);
    }

    pub(crate) fn take_card_id(&mut self) -> u32 {
        take(&mut self.next_card_id)
    }

    pub(crate) fn take_credential_id(&mut self) -> u32 {
        take(&mut self.next_credential_id)
    }

    pub(crate) fn take_stamp(&mut self) -> u32 {
        take(&mut self.next_stamp)
    }

    /// Keeps the next stamp above one that a lock already knows: a restored backup would repeat stamps, and its
    /// new keys would be refused (`spec/visionline.md` 4.5).
    pub(crate) fn push_stamps_above(&mut self, stamp: u32) {
        self.next_stamp = self.next_stamp.max(stamp.saturating_add(1));
    }

    /// What has become of a card.
    pub(crate) fn state(&self, card: &Card, property: &Property, now: Timestamp) -> CardState {
        CardState::of(card, self, property, now)
    }

    /// Whether a card still stands for the stay at one of its guest doors: neither ended, overwritten nor expired,
    /// and the door not lost to a newer stay. Others can join it there.
    pub(crate) fn holds(&self, card: &Card, number: u32, zone: &TimeZone, now: Timestamp) -> bool {
        card.stamp_at(number).is_some()
            && card.ended().is_none()
            && !card.overwritten
            && wall::end_instant(zone, card.expire) > now
            && !self.is_lost(card, number, zone, now, OverriddenAt::Start)
    }

    fn is_lost(&self, card: &Card, number: u32, zone: &TimeZone, now: Timestamp, at: OverriddenAt) -> bool {
        let Some(stamp) = card.stamp_at(number) else {
            return false;
        };
        let end = wall::end_instant(zone, card.expire);
        self.at_guest_door(number).rev().any(|newer| {
            newer.stamp_at(number).is_some_and(|newer| newer > stamp) && newer.is_out() && {
                let effective = newer.created.max(wall::start_instant(zone, newer.start));
                let noticed = if at == OverriddenAt::Issue { newer.created } else { effective };
                noticed <= now && effective < end && newer.ended().is_none_or(|ended| ended >= noticed)
            }
        })
    }
}

fn take(next: &mut u32) -> u32 {
    let taken = *next;
    *next = next.saturating_add(1);
    taken
}
