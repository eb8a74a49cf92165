//! How a key is asked of the lock server: the rules R1 to R4 of design 6.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::{Carrier, CarrierState, Key, Medium, Scene, Wish, giving_way};
use crate::id::{CarrierId, CredentialId, EntranceId, StayId};

/// The request that makes a carrier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Method {
    /// Opens or re-opens the key's stays with a new stamp (R1, R3).
    Override,
    /// Shares the stamps of these carriers (R2).
    Join(Vec<CarrierId>),
    /// Lets the lock server join where a key is current and open where none is.
    AutoJoin,
    /// No guest doors: there is no stamp to open or to share.
    Plain,
}

/// Why a key cannot be asked for yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Waiting {
    /// Another create for one of its doors is under way.
    Busy,
    /// The stay has doors that this key lacks, so another key must open it: the lock server lets a joiner have the
    /// same or fewer doors than its target, never more (R1).
    Opening,
    /// The live keys of the stay do not overlap this key in time, and an override would evict them.
    Apart,
    /// Some doors could be had only by evicting the party at another of its doors.
    OtherParty,
    /// The lock server can be left to choose only when former cards of the key's stays are gone.
    FormerCards,
    /// A new key would evict a party that asked for a door after this one did. To be looked at again then.
    GivingWay {
        /// When that can be over.
        until: Timestamp,
    },
}

/// Decides how to ask for the key, from the keys of its stays that are live now.
///
/// # Errors
/// When it has to wait.
pub fn method(scene: &Scene, key: &Key) -> Result<Method, Waiting> {
    if key.guest.is_empty() {
        return Ok(Method::Plain);
    }
    let ways = Ways::of(scene, key);
    if ways.joinable_doors == key.guest.len() {
        return Ok(Method::Join(targets(scene, key, &ways.joinable)));
    }
    ways.refuse_eviction(key)?;
    if ways.closed(key).iter().any(|stay| !may_open(scene, key, *stay)) {
        return Err(Waiting::Opening);
    }
    if let Some(until) = giving_way::in_a_tangle(scene, key) {
        return Err(Waiting::GivingWay { until });
    }
    opening(scene, key, &ways)
}

/// What the live carriers give a key.
struct Ways<'a> {
    /// Those that it could join.
    joinable: Vec<&'a Carrier>,
    /// How many of its doors these hold.
    joinable_doors: usize,
    /// How many of its doors are held by carriers at its time.
    meeting_doors: usize,
    /// Its doors that any of its stays' carriers holds.
    held: BTreeSet<EntranceId>,
}

impl<'a> Ways<'a> {
    fn of(scene: &'a Scene, key: &Key) -> Self {
        let live: Vec<&Carrier> = scene.joinable().collect();
        let held = doors_held(scene, key, &live);
        let meeting: Vec<&Carrier> = live.into_iter().filter(|carrier| carrier.window.overlaps(&key.window)).collect();
        let joinable: Vec<&Carrier> = meeting.iter().copied().filter(|carrier| scene.suits(key, carrier)).collect();
        let joinable_doors = doors_held(scene, key, &joinable).len();
        Self { joinable_doors, meeting_doors: doors_held(scene, key, &meeting).len(), joinable, held }
    }

    /// A stay that others hold and that the key cannot join is not opened anew by it.
    fn refuse_eviction(&self, key: &Key) -> Result<(), Waiting> {
        if self.joinable_doors == key.guest.len() {
            Ok(())
        } else if self.meeting_doors < self.held.len() {
            Err(Waiting::Apart)
        } else if self.joinable_doors < self.held.len() {
            Err(Waiting::OtherParty)
        } else {
            Ok(())
        }
    }

    /// The key's stays that have a door which nobody holds.
    fn closed(&self, key: &Key) -> BTreeSet<StayId> {
        key.guest.iter().filter(|(door, _)| !self.held.contains(door)).map(|(_, stay)| *stay).collect()
    }

    /// The key's stays that have a door which somebody holds.
    fn open(&self, key: &Key) -> BTreeSet<StayId> {
        key.guest.iter().filter(|(door, _)| self.held.contains(door)).map(|(_, stay)| *stay).collect()
    }
}

/// How a key that cannot join at every door opens those that are left.
fn opening(scene: &Scene, key: &Key, ways: &Ways<'_>) -> Result<Method, Waiting> {
    let held = &ways.held;
    if ways.open(key).is_subset(&ways.closed(key)) || is_alone(scene, key) {
        return Ok(Method::Override);
    }
    if key.auto_join && may_choose(scene, key, held) {
        let former = former_cards(scene, key, held);
        if former.is_empty() {
            return Ok(Method::AutoJoin);
        }
        let may_go = |carrier: &&Carrier| {
            let of = scene.keys.iter().find(|other| other.id == carrier.key);
            let stays = of.map_or(0, |key| key.guest.values().collect::<BTreeSet<_>>().len());
            carrier.state != CarrierState::InFlight && scene.now < carrier.window.starts_at && stays > 1
        };
        if former.iter().all(may_go) {
            return Err(Waiting::FormerCards);
        }
    }
    if can_be_followed(scene, key) { Ok(Method::Override) } else { Err(Waiting::OtherParty) }
}

/// Whether the key is kept from a new card by the party at another of its doors.
fn is_kept_by_others(scene: &Scene, key: &Key) -> bool {
    let ways = Ways::of(scene, key);
    let may_join = ways.joinable_doors == key.guest.len();
    let made = ways.refuse_eviction(key).and_then(|()| opening(scene, key, &ways));
    !may_join && made == Err(Waiting::OtherParty)
}

/// Whether the lock server, left to choose, does what is wanted: it joins no other stay's card where the key opens its
/// stay, and none with a newer stamp where it joins.
fn may_choose(scene: &Scene, key: &Key, held: &BTreeSet<EntranceId>) -> bool {
    let minutes = key.window.in_minutes();
    key.guest.iter().all(|(door, stay)| {
        let Some(state) = scene.stays.get(stay).and_then(|stay| stay.doors.get(door)) else { return false };
        let mut meeting = state.crowd.iter().filter(|other| other.window.in_minutes().overlaps(&minutes));
        meeting.all(|other| held.contains(door) && Some(other.opening) < state.opening)
    })
}

/// The cards of the key's stays at doors where none of them stands: left to choose, the lock server would join them,
/// and the key would have a stamp that opens nothing.
fn former_cards<'a>(scene: &'a Scene, key: &Key, held: &BTreeSet<EntranceId>) -> Vec<&'a Carrier> {
    let is_former = |carrier: &&Carrier| {
        let mut free = key.guest.iter().filter(|(door, _)| !held.contains(door));
        let is_there = |(door, stay): (&EntranceId, &StayId)| carrier.guest.get(door).is_some_and(|(of, _)| of == stay);
        carrier.window.overlaps(&key.window) && free.any(is_there)
    };
    scene.carriers.iter().filter(is_former).collect()
}

/// The cards that have to go before the lock server can be left to choose ([`Waiting::FormerCards`]). None of them has
/// begun, so their holders miss nothing meanwhile (P6).
pub(super) fn cards_to_clear(scene: &Scene, key: &Key) -> Vec<CarrierId> {
    let live: Vec<&Carrier> = scene.joinable().collect();
    let former = former_cards(scene, key, &doors_held(scene, key, &live));
    former.into_iter().filter(|carrier| carrier.state == CarrierState::Live).map(|carrier| carrier.id).collect()
}

/// Whether nobody else's key has the stamp of the key's stays at its doors: a new stamp then evicts nobody. A key that
/// only waits for this one to take its place on the same phone is nobody else's: locks go on believing it until the new
/// one is used (P6).
fn is_alone(scene: &Scene, key: &Key) -> bool {
    let is_own = |id: CredentialId| {
        let replaced = |other: &Key| other.id == id && other.wish == Wish::Keep && other.successor == Some(key.id);
        id == key.id || scene.keys.iter().any(replaced)
    };
    scene
        .carriers
        .iter()
        .filter(|carrier| !is_own(carrier.key) && !carrier.window.is_over(scene.now))
        .all(|carrier| key.guest.iter().all(|(door, stay)| !scene.stands(carrier, *door, *stay)))
}

/// Whether the key may open its stays anew although others hold some of them. Nobody who shares a stamp with it has begun,
/// so nobody is locked out, and each is made anew after it: on a phone, at a time they share, and without coming after it
/// at another door, or the two would overtake each other for ever.
fn can_be_followed(scene: &Scene, key: &Key) -> bool {
    let rank = |stay: &StayId| scene.stays.get(stay).map(|stay| stay.rank);
    let shares = |other: &Key| key.guest.iter().any(|(door, stay)| other.guest.get(door) == Some(stay));
    let comes_after = |other: &Key| {
        let theirs = |door: &EntranceId| other.guest.get(door).and_then(rank);
        key.guest.iter().any(|(door, stay)| theirs(door) > rank(stay))
    };
    let has_stamp = |other: &Key| {
        let mut carriers = scene.carriers_of(other.id).filter(|carrier| !carrier.window.is_over(scene.now));
        carriers.any(|carrier| key.guest.iter().any(|(door, stay)| scene.stands(carrier, *door, *stay)))
    };
    let can_follow = |other: &Key| {
        other.wish == Wish::Have
            && other.medium == Medium::Phone
            && !other.refused
            && !other.window.has_begun(scene.now)
            && other.window.overlaps(&key.window)
            && giving_way::as_early_member(scene, other).is_none()
    };
    let mut sharing = scene.keys.iter().filter(|other| other.id != key.id && other.wish != Wish::Drop && shares(other));
    !key.window.has_begun(scene.now)
        && sharing.all(|other| !comes_after(other) && (can_follow(other) || !has_stamp(other)))
}

/// The doors of the key at which one of the carriers has the stamp of the key's stay.
fn doors_held(scene: &Scene, key: &Key, carriers: &[&Carrier]) -> BTreeSet<EntranceId> {
    key.guest
        .iter()
        .filter(|(door, stay)| carriers.iter().any(|carrier| scene.stands(carrier, **door, **stay)))
        .map(|(door, _)| *door)
        .collect()
}

/// R1 and R3: a key may open a stay when it holds all its doors. A stay that was open before and that nobody else
/// could re-open may be re-opened by a key with fewer: its holder had a working key and must get it back (P3).
fn may_open(scene: &Scene, key: &Key, stay: StayId) -> bool {
    let Some(state) = scene.stays.get(&stay) else { return false };
    let holds_all = |key: &Key| state.doors.keys().all(|door| key.guest.get(door) == Some(&stay));
    if holds_all(key) {
        return true;
    }
    let was_open = state.doors.values().any(|door| door.opening.is_some());
    let another_can = scene.keys.iter().any(|other| {
        let may = other.wish == Wish::Have && other.medium == Medium::Phone && !other.refused;
        may && holds_all(other)
            && giving_way::as_early_member(scene, other).is_none()
            && !is_kept_by_others(scene, other)
    });
    was_open && !another_can
}

/// The fewest carriers that together hold all doors of the key; delivered ones are preferred, as the lock server is
/// sure of them.
fn targets(scene: &Scene, key: &Key, joinable: &[&Carrier]) -> Vec<CarrierId> {
    let mut open: BTreeMap<EntranceId, StayId> = key.guest.clone();
    let mut chosen = Vec::new();
    while !open.is_empty() {
        let shared =
            |carrier: &Carrier| open.iter().filter(|(door, stay)| scene.stands(carrier, **door, **stay)).count();
        let best = joinable
            .iter()
            .max_by_key(|carrier| (shared(carrier), carrier.delivered, std::cmp::Reverse(carrier.id)))
            .filter(|carrier| shared(carrier) > 0);
        let Some(best) = best else { break };
        open.retain(|door, stay| !scene.stands(best, *door, *stay));
        chosen.push(best.id);
    }
    chosen
}
