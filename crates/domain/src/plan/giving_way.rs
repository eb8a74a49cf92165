//! Keys that get nothing new for a time, because it would evict a party that asked for the door after them.
//!
//! Stays are ranked by their start, and a key made anew has the newest stamp of its stay. Two kinds of keys rank before
//! a party at the lock although their stay ranks after it (docs/decisions/0003).

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::{Key, Rival, Scene, StayDoor};
use crate::{id::StayId, stay::Rank};

/// A key that joined a later stay before its start keeps what it has, and is not made anew, while another party holds
/// the door for a time before that start: it came first, and the newer request wins (P4). With the stay's new stamp it
/// would take the room back. Its stay takes over at its start, and the key with it.
///
/// Answers when to look again.
pub(super) fn as_early_member(scene: &Scene, key: &Key) -> Option<Timestamp> {
    doors(scene, key)
        .filter(|(rank, _)| scene.now < rank.starts_at && key.window.starts_at < rank.starts_at)
        .flat_map(|(rank, door)| {
            let before = door.rivals.iter().filter(move |rival| rival.rank < rank);
            let rivals = before.filter(|rival| asked_later(rival, key) && rival.ends_at > key.window.starts_at);
            rivals.map(move |rival| rank.starts_at.min(rival.ends_at))
        })
        .min()
}

/// A key that comes before a stay at one door and after it at another cannot be made with a new stamp: the stay would
/// have to be made anew after it, and it after the stay, for ever. The stay's start ends it: then one of the two has
/// lost the door at which it comes before.
///
/// Answers when to look again.
pub(super) fn in_a_tangle(scene: &Scene, key: &Key) -> Option<Timestamp> {
    let before: BTreeSet<StayId> = doors(scene, key)
        .flat_map(|(rank, door)| door.rivals.iter().filter(move |rival| rank < rival.rank))
        .map(|rival| rival.rank.stay)
        .collect();
    doors(scene, key)
        .flat_map(|(rank, door)| door.rivals.iter().filter(move |rival| rival.rank < rank))
        .filter(|rival| before.contains(&rival.rank.stay) && asked_later(rival, key))
        .map(|rival| rival.rank.starts_at)
        .filter(|starts_at| scene.now < *starts_at)
        .min()
}

fn asked_later(rival: &Rival, key: &Key) -> bool {
    rival.rank.created_at > key.asked_at
}

/// The key's guest doors, each with the rank of its stay.
fn doors<'a>(scene: &'a Scene, key: &'a Key) -> impl Iterator<Item = (Rank, &'a StayDoor)> {
    key.guest.iter().filter_map(|(door, stay)| {
        let stay = scene.stays.get(stay)?;
        Some((stay.rank, stay.doors.get(door)?))
    })
}
