//! The planner: from what is wanted and what is there to what must be done next.
//!
//! It is level-triggered: it reads a whole [`Scene`], keeps no memory and may be run at any time, as often as one
//! likes. The rules R1 to R4 of design 6 live in [`method`]; this file says what a scene is and what follows for keys
//! that are replaced or no longer wanted.

mod giving_way;
mod method;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

pub use self::method::{Method, Waiting, method};
use crate::{
    Window,
    id::{CarrierId, CredentialId, EntranceId, StayId},
    stay::{Opening, Rank},
};

/// Everything one decision needs: some stays, all keys of theirs, and all carriers of those keys.
#[derive(Debug, Clone)]
pub struct Scene {
    /// The instant of the decision.
    pub now: Timestamp,
    /// The stays, with the doors that live credentials hold in them and have not lost.
    pub stays: BTreeMap<StayId, Stay>,
    /// Desired: one key per phone and credential, and the cards.
    pub keys: Vec<Key>,
    /// Observed: the card records of these keys that may still be at the lock server.
    pub carriers: Vec<Carrier>,
    /// Guest doors for which a create is under way, whoever's: requests go in order per door (design 7).
    pub busy: BTreeSet<EntranceId>,
    /// Guest doors of cards for which an encoder waits for a person. A key that shares the stamp of a live carrier need
    /// not wait for that person; one that takes a new stamp must, or the two would come in the wrong order.
    pub at_encoder: BTreeSet<EntranceId>,
}

/// A stay as the planner sees it.
#[derive(Debug, Clone)]
pub struct Stay {
    /// Its place in the sequence of its doors.
    pub rank: Rank,
    /// All guest doors of the stay: those that a live credential holds.
    pub doors: BTreeMap<EntranceId, StayDoor>,
}

/// The openings at one door that matter to a stay.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StayDoor {
    /// The newest opening of this stay that the lock server confirmed.
    pub opening: Option<Opening>,
    /// The newest opening of any stay that comes earlier in the door's sequence. A key of this stay opens the door
    /// for certain only with a newer one (R4).
    pub floor: Option<Opening>,
    /// Other stays' cards at the door: left to choose, the lock server joins the newest of those that overlap.
    pub crowd: Vec<Neighbour>,
    /// The other stays that were opened at the door, still hold it and are not over.
    pub rivals: Vec<Rival>,
}

/// Another stay's card at a door.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Neighbour {
    /// Its window.
    pub window: Window,
    /// The opening that it holds there.
    pub opening: Opening,
}

/// Another stay at a door.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rival {
    /// Its place in the sequence of the door.
    pub rank: Rank,
    /// When its last member's window ends there.
    pub ends_at: Timestamp,
    /// The cards and parents that hold the door in it and that nothing has replaced.
    pub members: Vec<Member>,
}

/// A card or parent in another stay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Member {
    /// Its id.
    pub holder: CredentialId,
    /// When it was asked for.
    pub asked_at: Timestamp,
    /// The minute in which it starts.
    pub starts_at: Timestamp,
}

/// What is wanted of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wish {
    /// It should be on its phone or card.
    Have,
    /// Leave it as it is: expired, or lost at all its guest doors, or waiting to be replaced.
    Keep,
    /// It should be gone.
    Drop,
}

/// Where a key lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Medium {
    /// In a phone: the server issues it by itself.
    Phone,
    /// On plastic: somebody must put a card on an encoder.
    Card,
}

/// One key that somebody should have, or should no longer have.
#[derive(Debug, Clone)]
pub struct Key {
    /// The per-phone credential or the card credential.
    pub id: CredentialId,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// When its credential was asked for: the key on a phone that was added later is as old as the others.
    pub asked_at: Timestamp,
    /// What is wanted of it.
    pub wish: Wish,
    /// Where it lives.
    pub medium: Medium,
    /// Its window.
    pub window: Window,
    /// Rises when the key's content changes and it must be issued anew.
    pub revision: i32,
    /// The stay it belongs to at each guest door that is not lost.
    pub guest: BTreeMap<EntranceId, StayId>,
    /// Whether the lock server may choose between override and join (design 6, mixed doors).
    pub auto_join: bool,
    /// The lock server refused this revision for good; nothing is tried until it changes.
    pub refused: bool,
    /// The key that takes this one's place on the same phone.
    pub successor: Option<CredentialId>,
}

/// How far a carrier has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CarrierState {
    /// Its creation was sent or is about to be; the outcome is open.
    InFlight,
    /// The lock server confirmed it.
    Live,
    /// Its discard is under way.
    Revoking,
}

/// One card record.
#[derive(Debug, Clone)]
pub struct Carrier {
    /// Our id of it.
    pub id: CarrierId,
    /// The key it carries.
    pub key: CredentialId,
    /// The revision of the key that it carries.
    pub revision: i32,
    /// Its window.
    pub window: Window,
    /// Its guest doors, with the stay and the opening it holds there.
    pub guest: BTreeMap<EntranceId, (StayId, Opening)>,
    /// How far it has come.
    pub state: CarrierState,
    /// Whether the phone or card really has it.
    pub delivered: bool,
    /// Whether it opens a door that is nobody's room and was taken from its key. Noted only of keys that have lost their
    /// rooms: the carriers of others are made anew.
    pub has_taken_door: bool,
}

/// Something to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Make a carrier for the key.
    Issue {
        /// The key.
        key: CredentialId,
        /// How to ask the lock server for it.
        method: Method,
    },
    /// Nothing can be done for the key yet.
    Wait {
        /// The key.
        key: CredentialId,
        /// Why.
        reason: Waiting,
    },
    /// The card holds something that is no longer right: somebody must encode it again.
    EncodeAgain {
        /// The key.
        key: CredentialId,
    },
    /// Discard the carrier at the lock server.
    Discard {
        /// The carrier.
        carrier: CarrierId,
    },
    /// The key's successor has taken its place, or it never had anything to lose: it may go.
    Release {
        /// The key.
        key: CredentialId,
    },
    /// The key should be gone, and every carrier of it is.
    Finish {
        /// The key.
        key: CredentialId,
    },
}

/// Decides what to do next, in the order in which it should be done.
pub fn plan(scene: &Scene) -> Vec<Action> {
    let mut actions = Vec::new();
    for key in &scene.keys {
        match key.wish {
            Wish::Drop => drop_key(scene, key, &mut actions),
            Wish::Keep | Wish::Have => {
                release(scene, key, &mut actions);
                discard_superseded(scene, key, &mut actions);
                discard_misplaced(scene, key, &mut actions);
            }
        }
    }
    let after = scene.after(&actions);
    issue(after.as_ref().unwrap_or(scene), &mut actions);
    actions
}

impl Scene {
    /// The scene as these actions leave it, if they take anything away: nothing is planned on a card that goes.
    fn after(&self, actions: &[Action]) -> Option<Self> {
        let leaves = |action: &Action| matches!(action, Action::Release { .. } | Action::Discard { .. });
        let mut scene = actions.iter().any(leaves).then(|| self.clone())?;
        for action in actions {
            match action {
                Action::Release { key } => {
                    scene.keys.iter_mut().filter(|other| other.id == *key).for_each(|other| other.wish = Wish::Drop);
                }
                Action::Discard { carrier } => {
                    let going = scene.carriers.iter_mut().filter(|other| other.id == *carrier);
                    going.for_each(|going| going.state = CarrierState::Revoking);
                }
                _ => {}
            }
        }
        Some(scene)
    }

    /// The carriers of a key.
    pub fn carriers_of(&self, key: CredentialId) -> impl Iterator<Item = &Carrier> {
        self.carriers.iter().filter(move |carrier| carrier.key == key)
    }

    /// The carriers that others can join: live ones that are not about to be discarded.
    pub fn joinable(&self) -> impl Iterator<Item = &Carrier> {
        let is_dropped = |key: CredentialId| self.keys.iter().any(|other| other.id == key && other.wish == Wish::Drop);
        let live = self.carriers.iter().filter(|carrier| carrier.state == CarrierState::Live);
        live.filter(move |carrier| !carrier.window.is_over(self.now) && !is_dropped(carrier.key))
    }

    /// Whether the carrier's stamp at the door is the one that keys of this stay must have there now.
    pub fn stands(&self, carrier: &Carrier, door: EntranceId, stay: StayId) -> bool {
        let Some((its_stay, opening)) = carrier.guest.get(&door) else { return false };
        let Some(state) = self.stays.get(&stay).and_then(|stay| stay.doors.get(&door)) else { return false };
        *its_stay == stay && state.opening == Some(*opening) && state.floor.is_none_or(|floor| floor < *opening)
    }

    /// Whether the one carrier of the key opens whatever the other does: its stamp is at least as new at every door, and of
    /// the time that the key has it has as much, should neither have the key's present one. Of a
    /// key that has lost its doors, the one that was stamped last is the better one.
    fn outdoes(&self, key: &Key, one: &Carrier, other: &Carrier) -> bool {
        let opening = |carrier: &Carrier, door: &EntranceId| carrier.guest.get(door).map(|(_, opening)| *opening);
        let newest = |carrier: &Carrier| carrier.guest.values().map(|(_, opening)| *opening).max();
        let place = |carrier: &Carrier| (self.serves(key, carrier), carrier.delivered, carrier.revision, carrier.id);
        let (is_as_new, is_newer) = if key.guest.is_empty() {
            (newest(one) >= newest(other), newest(one) > newest(other))
        } else {
            let doors = || key.guest.keys().map(|door| (opening(one, door), opening(other, door)));
            (doors().all(|(one, other)| one >= other), doors().any(|(one, other)| one > other))
        };
        let of_key = |carrier: &Carrier| {
            let (from, to) = (key.window.starts_at, key.window.ends_at);
            (carrier.window.starts_at.clamp(from, to), carrier.window.ends_at.clamp(from, to))
        };
        let ((starts_at, ends_at), (theirs, their_end)) = (of_key(one), of_key(other));
        let is_newer_content = one.revision >= other.revision && starts_at <= theirs && their_end <= ends_at;
        one.id != other.id
            && (one.revision == key.revision || is_newer_content)
            && is_as_new
            && (is_newer || place(one) > place(other))
    }

    /// Whether the key can join the carrier without harm: at a door that belongs to another stay on the carrier, the
    /// key's own stay has the newer stamp. Of several joined cards the lock server takes the newest at each door.
    fn suits(&self, key: &Key, carrier: &Carrier) -> bool {
        key.guest.iter().all(|(door, stay)| {
            let Some((its_stay, opening)) = carrier.guest.get(door) else { return true };
            let newest = self.stays.get(stay).and_then(|stay| stay.doors.get(door)).and_then(|door| door.opening);
            its_stay == stay || newest.is_some_and(|newest| *opening < newest)
        })
    }

    /// Whether the carrier gives its key everything it should have.
    pub fn serves(&self, key: &Key, carrier: &Carrier) -> bool {
        carrier.state == CarrierState::Live
            && carrier.revision == key.revision
            && key.guest.iter().all(|(door, stay)| self.stands(carrier, *door, *stay))
    }
}

fn drop_key(scene: &Scene, key: &Key, actions: &mut Vec<Action>) {
    let mut remains = false;
    for carrier in scene.carriers_of(key.id) {
        remains = true;
        if carrier.state == CarrierState::Live {
            actions.push(Action::Discard { carrier: carrier.id });
        }
    }
    if !remains {
        actions.push(Action::Finish { key: key.id });
    }
}

/// P6: a replaced key goes only when its successor is really on the phone, and not before the successor opens a door:
/// a guest who has next week's key already still lives in this week's room. One that has not begun opens nothing yet,
/// and goes when its successor's card is made: at its start it would override the party that its holder has joined
/// since, and a phone out of contact gets the one and loses the other in the same moment.
fn release(scene: &Scene, key: &Key, actions: &mut Vec<Action>) {
    let Some(successor) = key.successor else { return };
    let Some(successor) = scene.keys.iter().find(|other| other.id == successor) else { return };
    if !successor.window.has_begun(scene.now) && !key.window.is_over(scene.now) {
        return;
    }
    let is_there = |carrier: &Carrier| carrier.delivered || !key.window.has_begun(scene.now);
    let mut made = scene.carriers_of(successor.id).filter(|carrier| scene.serves(successor, carrier));
    if made.any(is_there) || scene.carriers_of(key.id).next().is_none() {
        actions.push(Action::Release { key: key.id });
    }
}

/// P6 again: former carriers of a key go only when a better one is delivered. That need not be one that serves: a key
/// that makes room for others is not made anew meanwhile, and of two former carriers the older is of no use (P2). Nor is
/// it to one that has lost its doors: shown to a lock that has not seen the newer one yet, it would go on opening (P4).
fn discard_superseded(scene: &Scene, key: &Key, actions: &mut Vec<Action>) {
    let live = || scene.carriers_of(key.id).filter(|carrier| carrier.state == CarrierState::Live);
    for former in live() {
        if live().any(|present| present.delivered && scene.outdoes(key, present, former)) {
            actions.push(Action::Discard { carrier: former.id });
        }
    }
}

/// A stay that was moved: a carrier with no time in common with its key opens doors that the guest has no right to any
/// more (P5), and none that the guest will have. It also keeps the key from being issued with its new window, for a
/// joiner overlaps what it joins. Likewise one that was made for a longer time than its key has, when that has ended
/// before a shorter one took its place. And likewise one in a phone whose key has lost all its rooms and since then some
/// of its time or of its other doors: nothing will take its place.
fn discard_misplaced(scene: &Scene, key: &Key, actions: &mut Vec<Action>) {
    for carrier in scene.carriers_of(key.id).filter(|carrier| !carrier.window.is_over(scene.now)) {
        let is_apart = !carrier.window.overlaps(&key.window) || key.window.is_over(scene.now);
        if (is_apart || has_too_much(key, carrier))
            && carrier.state == CarrierState::Live
            && !is_going(carrier, actions)
        {
            actions.push(Action::Discard { carrier: carrier.id });
        }
    }
}

/// Whether the carrier opens what was taken from its key, which is not made anew since it has lost its rooms.
fn has_too_much(key: &Key, carrier: &Carrier) -> bool {
    let is_lost = key.wish == Wish::Keep && key.guest.is_empty() && !carrier.guest.is_empty();
    let is_within = key.window.hull(&carrier.window) == key.window;
    is_lost && key.medium == Medium::Phone && (carrier.has_taken_door || !is_within)
}

/// Whether the carrier's discard is among the actions already.
fn is_going(carrier: &Carrier, actions: &[Action]) -> bool {
    actions.iter().any(|action| matches!(action, Action::Discard { carrier: other } if *other == carrier.id))
}

/// How a card is to be asked for now that somebody wants it written: the rules for phones, at this moment.
///
/// # Errors
/// When it has to wait; [`Waiting::Busy`] ends by itself.
pub fn encode(scene: &Scene, key: &Key) -> Result<Method, Waiting> {
    if let Some(until) = giving_way::as_early_member(scene, key) {
        return Err(Waiting::GivingWay { until });
    }
    let is_held = |doors: &BTreeSet<EntranceId>| key.guest.keys().any(|door| doors.contains(door));
    let under_way = scene.carriers_of(key.id).any(|carrier| carrier.state == CarrierState::InFlight);
    if under_way || is_held(&scene.busy) {
        return Err(Waiting::Busy);
    }
    match method(scene, key)? {
        Method::Override | Method::AutoJoin if is_held(&scene.at_encoder) => Err(Waiting::Busy),
        method => Ok(method),
    }
}

/// Issues what is missing, earlier stays first: then fewer openings come out of order (R4).
fn issue(scene: &Scene, actions: &mut Vec<Action>) {
    let mut missing: Vec<&Key> = scene
        .keys
        .iter()
        .filter(|key| key.wish == Wish::Have)
        .filter(|key| !scene.carriers_of(key.id).any(|carrier| scene.serves(key, carrier)))
        .collect();
    let rank = |key: &Key| key.guest.values().filter_map(|stay| scene.stays.get(stay)).map(|stay| stay.rank).min();
    missing.sort_by_key(|key| (rank(key), key.created_at, key.id));

    let mut busy = scene.busy.clone();
    for key in missing {
        if key.medium == Medium::Card {
            if scene.carriers_of(key.id).any(|carrier| carrier.state == CarrierState::Live) {
                actions.push(Action::EncodeAgain { key: key.id });
            }
            continue;
        }
        let under_way = scene.carriers_of(key.id).any(|carrier| carrier.state == CarrierState::InFlight);
        if key.refused || under_way {
            continue;
        }
        if let Some(until) = giving_way::as_early_member(scene, key) {
            actions.push(Action::Wait { key: key.id, reason: Waiting::GivingWay { until } });
            continue;
        }
        if key.guest.keys().any(|door| busy.contains(door)) {
            actions.push(Action::Wait { key: key.id, reason: Waiting::Busy });
            continue;
        }
        let waits_for_a_person = key.guest.keys().any(|door| scene.at_encoder.contains(door));
        match method(scene, key) {
            Ok(Method::Override | Method::AutoJoin) if waits_for_a_person => {
                actions.push(Action::Wait { key: key.id, reason: Waiting::Busy });
            }
            Ok(method) => {
                busy.extend(key.guest.keys());
                actions.push(Action::Issue { key: key.id, method });
            }
            Err(reason) => {
                if reason == Waiting::FormerCards {
                    let cleared = method::cards_to_clear(scene, key).into_iter();
                    actions.extend(cleared.map(|carrier| Action::Discard { carrier }));
                }
                actions.push(Action::Wait { key: key.id, reason });
            }
        }
    }
}
