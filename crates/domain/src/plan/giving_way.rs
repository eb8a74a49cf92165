//! Keys that get nothing new for a time, because it would evict a party that asked for the door after them.
//!
//! Stays are ranked by their start, and a key made anew has the newest stamp of its stay. Two kinds of keys rank before
//! a party at the lock although their stay ranks after it (docs/decisions/0003).

use std::{cmp::Reverse, collections::BTreeMap};

use jiff::Timestamp;

use super::{Key, Rival, Scene, StayDoor};
use crate::{id::CredentialId, stay::Rank, window::minute};

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

/// Two credentials of which each comes before the other at one of their doors: of two new stamps one is wrong at both
/// doors, whichever is made last, and each would be made anew after the other for ever. That ends when the first of them
/// takes a door from the other's stay. Until then the other keeps what it has; of two that take a door in the same minute
/// the one that was asked for first.
///
/// Answers when to look again.
pub(super) fn in_a_tangle(scene: &Scene, key: &Key) -> Option<Timestamp> {
    let mut taken_at: BTreeMap<CredentialId, Timestamp> = BTreeMap::new();
    let mut takes_at: BTreeMap<CredentialId, Timestamp> = BTreeMap::new();
    let mut asked_at: BTreeMap<CredentialId, Timestamp> = BTreeMap::new();
    let note = |noted: &mut BTreeMap<_, Timestamp>, holder, at: Timestamp| {
        noted.entry(holder).and_modify(|first| *first = at.min(*first)).or_insert(at);
    };
    for (rank, door) in doors(scene, key) {
        for rival in &door.rivals {
            for member in &rival.members {
                asked_at.insert(member.holder, member.asked_at);
                if rank < rival.rank {
                    let at = taking(rival.rank, member.asked_at, rank).max(member.starts_at);
                    note(&mut taken_at, member.holder, at);
                } else {
                    let at = taking(rank, key.asked_at, rival.rank).max(minute(key.window.starts_at));
                    note(&mut takes_at, member.holder, at);
                }
            }
        }
    }
    let comes_later = |holder: &CredentialId, at: Timestamp| {
        let theirs = (at, Reverse(asked_at.get(holder).copied()));
        takes_at.get(holder).is_some_and(|own| theirs <= (*own, Reverse(Some(key.asked_at))))
    };
    taken_at.iter().filter(|(holder, at)| scene.now < **at && comes_later(holder, **at)).map(|(_, at)| *at).min()
}

/// From when on a member of the later stay takes a door from the earlier one: from its stay's start, or at once where it
/// was asked for after the other stay ([`crate::stay::Claim::takes_from`]).
fn taking(later: Rank, asked_at: Timestamp, earlier: Rank) -> Timestamp {
    if earlier.created_at < asked_at { Timestamp::MIN } else { later.starts_at }
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
