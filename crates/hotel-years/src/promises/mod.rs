//! The promises of design 2, checked against the simulated locks.
//!
//! Doors are tried on copies of their locks, so that checking changes nothing. What is expected comes from the
//! [`Model`]; what is there from the locks, the phones and the lock server's records. [`settled`] is for times when
//! nothing is due; [`Protected`] holds at every single exchange with the lock server.

mod expected;
mod records;
mod settled;

use std::collections::BTreeSet;

use domain::Window;
use jiff::{Timestamp, civil::DateTime};
use visionline_sim::{Image, Lock};

pub use self::settled::{settled, update};
use crate::{
    model::{GrantIndex, Model, PhoneIndex, ROOMS},
    world::{World, WorldError},
};

/// A promise that was broken, or a story that could not go on.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{promise}: {what}")]
pub struct Broken {
    /// Which promise of design 2, or rule of design 6.
    pub promise: &'static str,
    /// Expected and seen.
    pub what: String,
}

impl Broken {
    /// A broken promise.
    pub fn new(promise: &'static str, what: impl Into<String>) -> Self {
        Self { promise, what: what.into() }
    }
}

impl From<WorldError> for Broken {
    fn from(error: WorldError) -> Self {
        let promise = if matches!(error, WorldError::Unsettled(_)) { "P9" } else { "engine" };
        Self::new(promise, error.to_string())
    }
}

/// A key on a phone.
#[derive(Debug, Clone)]
pub struct Held {
    /// The phone.
    pub phone: PhoneIndex,
    /// The grant that it was made for.
    pub grant: GrantIndex,
    /// What it shows to a lock.
    pub image: Image,
    /// The window that it was made for: not that of its grant while this was changed and the key not made anew yet.
    pub window: Window,
}

impl Held {
    /// The stamp that it shows at a room.
    pub fn stamp(&self, world: &World, room: &str) -> Option<u32> {
        self.image.stamp_at(world.hotel.property().door(room)?.number)
    }
}

/// Whether a key of an earlier party was made at the room after this one, so that a lock would refuse this one (R4).
pub fn stale_at(world: &World, model: &Model, held: &[Held], key: &Held, room: &'static str) -> bool {
    expected::Scene::new(world, model, held).is_stale(key, room)
}

/// What worked at the last check, by phone, grant and door.
pub type Worked = BTreeSet<(PhoneIndex, GrantIndex, &'static str)>;

/// The keys on all phones, per phone the newest first.
pub fn held(world: &World, model: &Model) -> Vec<Held> {
    let mut held = Vec::new();
    for (index, phone) in model.phones.iter().enumerate() {
        for key in world.hotel.phone_keys(&phone.endpoint).into_iter().flatten() {
            if let Some(grant) = model.made_for(world, &key.label, key.image.card_id) {
                let image = key.image.clone();
                let window = model.grants[grant].window_on(image.start, image.expire, &world.zone);
                held.push(Held { phone: index, grant, image, window });
            }
        }
    }
    held
}

/// A copy of a door's lock.
fn copy_of_lock(world: &World, door: &str) -> Option<Lock> {
    world.hotel.lock(door).cloned()
}

/// What the wall clocks of the hotel show.
fn clock(world: &World) -> DateTime {
    world.zone.to_datetime(world.now)
}

/// Whether the key alone opens the door now.
fn key_opens(world: &World, door: &str, image: &Image) -> bool {
    copy_of_lock(world, door).is_some_and(|mut lock| lock.present(image, clock(world)).opened())
}

/// Whether the phone opens the lock now with any of its keys; the copy of the lock remembers.
fn phone_opens(world: &World, lock: &mut Lock, held: &[Held], phone: PhoneIndex) -> bool {
    let now = clock(world);
    held.iter().filter(|key| key.phone == phone).any(|key| lock.present(&key.image, now).opened())
}

/// Why a phone does not open a door, in the lock's words.
fn refusals(world: &World, door: &str, held: &[Held], phone: PhoneIndex) -> String {
    let mut said = Vec::new();
    for key in held.iter().filter(|key| key.phone == phone) {
        let Some(mut lock) = copy_of_lock(world, door) else { continue };
        said.push(format!("G{} {}", key.grant, lock.present(&key.image, clock(world)).reason()));
    }
    if said.is_empty() { "the phone holds no key".to_owned() } else { said.join(", ") }
}

/// Doors that must go on opening whatever is sent to the lock server: locks change by use only, so a key that works
/// and is still wanted must stay until its place is taken (P3, P6).
#[derive(Debug, Clone, Default)]
pub struct Protected {
    /// With the end of the key that opens the door.
    doors: Vec<(PhoneIndex, GrantIndex, &'static str, Timestamp)>,
}

impl Protected {
    /// What works now and must go on.
    pub fn now(world: &World, model: &Model) -> Self {
        let held = held(world, model);
        let mut doors = Vec::new();
        for key in &held {
            for room in ROOMS {
                if must_stay(world, model, key, room) && key_opens(world, room, &key.image) {
                    doors.push((key.phone, key.grant, room, key.window.ends_at));
                }
            }
        }
        Self { doors }
    }

    /// Whether it still works, after any exchange.
    ///
    /// # Errors
    /// When a guest stands outside.
    pub fn check(&self, world: &World, model: &Model) -> Result<(), Broken> {
        if self.doors.is_empty() {
            return Ok(());
        }
        let held = held(world, model);
        for (phone, grant, room, ends_at) in &self.doors {
            let granted = &model.grants[*grant];
            // A key that was given a later end goes on until its former one; from then on it needs the new card.
            if !granted.is_in_force(world.now, &world.zone) || *ends_at <= world.now {
                continue;
            }
            let opens = copy_of_lock(world, room).is_some_and(|mut lock| phone_opens(world, &mut lock, &held, *phone));
            // A later party that was made meanwhile takes the room; what is issued then leaves it out (P4).
            let taken = || {
                let lost = settled::lost_now(world, model);
                let next = granted.successor.map(|successor| &model.grants[successor]);
                let parties = [Some(granted), next].into_iter().flatten().filter_map(|grant| grant.rooms.get(room));
                parties.into_iter().any(|party| lost.contains(&(*room, *party)))
            };
            if !opens && !taken() {
                let replaced = model.grants[*grant].successor.is_some();
                return Err(Broken::new(
                    if replaced { "P6" } else { "P3" },
                    format!(
                        "{} opened {room} with G{grant} and does not any more after an exchange with the lock server: {}",
                        name_of(model, *phone),
                        refusals(world, room, &held, *phone)
                    ),
                ));
            }
        }
        Ok(())
    }
}

/// Whether nobody may take this key's door from its holder now.
fn must_stay(world: &World, model: &Model, key: &Held, room: &'static str) -> bool {
    let grant = &model.grants[key.grant];
    let Some(party) = grant.rooms.get(room) else { return false };
    let kept_by_successor = grant.successor.is_none_or(|successor| {
        let next = &model.grants[successor];
        // A newer grant that is over already, or cannot come, ends this one all the same.
        model.belongs(key.phone, successor)
            && next.ends_at > world.now
            && next.rooms.get(room).is_some_and(|party| !model.has_lost(room, *party))
    });
    model.belongs(key.phone, key.grant)
        && grant.is_in_force(world.now, &world.zone)
        && !model.has_lost(room, *party)
        && !model.is_displaced(key.grant, world.now)
        && grant.successor.is_none_or(|successor| !model.is_displaced(successor, world.now))
        && kept_by_successor
}

/// A phone as stories call it.
pub fn name_of(model: &Model, phone: PhoneIndex) -> String {
    let guest = model.phones[phone].guest;
    let place = model.phones_of(guest).position(|other| other == phone).unwrap_or(0) + 1;
    format!("{}'s phone {place}", model.guests[guest].name)
}
