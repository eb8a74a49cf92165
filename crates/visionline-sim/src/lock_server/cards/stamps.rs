//! Which stay a new card enters at each of its guest doors: joining, auto-join, override.
//!
//! The stamp is decided door by door (design 12): a joiner takes at each door the stamp of the joined card that
//! still holds that door, and a new stay opens with a new stamp for all its doors.

use super::super::Visit;
use super::super::records::Card;
use super::super::refusal::Refusal;
use super::order::Mode;
use crate::lock::GuestDoor;
use crate::property::{Door, PerDoorStamps};
use jiff::civil::DateTime;

/// The window of a new card, local; start included, end excluded.
#[derive(Clone, Copy, Debug)]
pub(super) struct Window {
    pub(super) start: DateTime,
    pub(super) expire: DateTime,
}

impl Window {
    fn overlaps(self, card: &Card) -> bool {
        card.start < self.expire && self.start < card.expire
    }
}

/// Decides the stamps of a new card's guest doors. Takes a new stamp only if nothing is refused.
pub(super) fn decide(
    visit: &mut Visit<'_>,
    mode: &Mode,
    doors: &[&Door],
    window: Window,
) -> Result<Vec<GuestDoor>, Refusal> {
    // `None` stands for the new stay's stamp, which is the same at all doors.
    let known: Vec<Option<u32>> = match mode {
        Mode::Override => vec![None; doors.len()],
        Mode::AutoJoin => doors.iter().map(|door| in_force(visit, door, window)).collect(),
        Mode::Plain => {
            if let Some(door) = doors.iter().find(|door| in_force(visit, door, window).is_some()) {
                return Err(Refusal::DoorTaken(door.name.clone()));
            }
            vec![None; doors.len()]
        }
        Mode::Join(ids) => {
            let joined = joined(visit, ids, window)?;
            let stamps = doors.iter().map(|door| stamp_of(visit, &joined, door).map(Some));
            stamps.collect::<Result<_, _>>()?
        }
    };
    let one_stamp = known.windows(2).all(|pair| pair[0] == pair[1]);
    if !one_stamp && visit.property.knobs.per_door_stamps == PerDoorStamps::Refuse {
        return Err(Refusal::NotJoinable("the guest doors belong to different stays".into()));
    }
    let new_stamp = if known.contains(&None) { visit.records.take_stamp() } else { 0 };
    let pairs = doors.iter().zip(known);
    Ok(pairs.map(|(door, known)| GuestDoor { number: door.number, stamp: known.unwrap_or(new_stamp) }).collect())
}

/// The stamp in force at a door for a window: that of the newest stay with a valid card there.
fn in_force(visit: &Visit<'_>, door: &Door, window: Window) -> Option<u32> {
    let cards = visit.records.at_guest_door(door.number).filter(|card| window.overlaps(card));
    let holding = cards.filter(|card| visit.records.holds(card, door.number, &visit.property.zone, visit.now));
    holding.filter_map(|card| card.stamp_at(door.number)).max()
}

/// The cards to join, each of which must be valid and share some time with the window.
fn joined<'a>(visit: &'a Visit<'_>, ids: &[String], window: Window) -> Result<Vec<&'a Card>, Refusal> {
    let mut cards = Vec::new();
    for id in ids {
        let card = id.parse().ok().and_then(|id| visit.records.card(id));
        let card = card.ok_or_else(|| Refusal::NotFound(format!("cards/{id}")))?;
        let state = visit.records.state(card, visit.property, visit.now);
        let wrong = if card.discarded.is_some() {
            Some("discarded")
        } else if card.cancelled.is_some() {
            Some("cancelled")
        } else if card.overwritten {
            Some("overwritten")
        } else if state.expired {
            Some("expired")
        } else if state.overridden {
            Some("overridden")
        } else if !window.overlaps(card) {
            Some("valid at other times only")
        } else {
            None
        };
        if let Some(wrong) = wrong {
            return Err(Refusal::NotJoinable(format!("card {id} is {wrong}")));
        }
        cards.push(card);
    }
    Ok(cards)
}

/// The newest stamp among the joined cards that still hold the door.
fn stamp_of(visit: &Visit<'_>, joined: &[&Card], door: &Door) -> Result<u32, Refusal> {
    let holding = joined.iter().filter(|card| visit.records.holds(card, door.number, &visit.property.zone, visit.now));
    holding
        .filter_map(|card| card.stamp_at(door.number))
        .max()
        .ok_or_else(|| Refusal::NotJoinable(format!("no joined card holds guest door {}", door.name)))
}
