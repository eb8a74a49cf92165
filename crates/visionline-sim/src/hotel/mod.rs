//! The whole simulated hotel: property, lock server, locks, phones and phone-key service under one roof.
//!
//! The services' requests come in through `requests`, what people do through `phones`, `media` and
//! [`Hotel::present`]; `settle` lets time pass.

mod media;
mod phones;
mod requests;
mod settle;

pub use media::{MediumError, Program, ProgramFunction};

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::callbacks::{Callback, Callbacks};
use crate::counts::Counts;
use crate::encoders::Encoders;
use crate::fault::{Fault, FaultKind, FaultLength, Faults};
use crate::lock::Lock;
use crate::lock_server::{Backup, Card, CardState, Records, Sessions};
use crate::online::Commands;
use crate::parked::Waiting;
use crate::phone_keys::{Phone, PhoneKeys};
use crate::plastic::Plastic;
use crate::property::Property;
use crate::random::Random;
use crate::rate::Rate;

/// A simulated hotel. Its state is everything but what a restart loses on the real server too: open sessions, waiting
/// requests, counters.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Hotel {
    pub(crate) property: Property,
    random: Random,
    pub(crate) records: Records,
    #[serde(skip)]
    pub(crate) sessions: Sessions,
    /// By door name.
    pub(crate) locks: BTreeMap<String, Lock>,
    pub(crate) phone_keys: PhoneKeys,
    /// By endpoint id.
    pub(crate) phones: BTreeMap<String, Phone>,
    pub(crate) plastic: Plastic,
    pub(crate) encoders: Encoders,
    pub(crate) commands: Commands,
    pub(crate) faults: Faults,
    pub(crate) are_services_offline: bool,
    #[serde(skip)]
    pub(crate) waiting: Waiting,
    #[serde(skip)]
    pub(crate) counts: Counts,
    #[serde(skip)]
    rate: Rate,
    #[serde(skip)]
    pub(crate) callbacks: Callbacks,
}

impl Hotel {
    /// A hotel as its property describes it, with no card made yet. `seed` decides session ids, keys and codes.
    #[must_use]
    pub fn new(property: Property, seed: u64) -> Self {
        let lock = |door| Lock::new(property.system_id, door, &property.knobs);
        let locks = property.doors.iter().map(|door| (door.name.clone(), lock(door))).collect();
        let encoders = Encoders::new(&property);
        Self {
            property,
            random: Random::new(seed),
            records: Records::default(),
            sessions: Sessions::default(),
            locks,
            phone_keys: PhoneKeys::default(),
            phones: BTreeMap::new(),
            plastic: Plastic::default(),
            encoders,
            commands: Commands::default(),
            faults: Faults::default(),
            are_services_offline: false,
            waiting: Waiting::default(),
            counts: Counts::default(),
            rate: Rate::default(),
            callbacks: Callbacks::default(),
        }
    }

    /// Back to the property file: cards, sessions, phones, endpoints, lock memories and faults are gone. Requests that
    /// wait for an answer go on waiting.
    pub fn reset(&mut self) {
        // The generator goes on, so that no old session id is handed out again.
        let random = self.random.clone();
        let mut waiting = std::mem::take(&mut self.waiting);
        waiting.set_holding(false);
        *self = Self { random, waiting, ..Self::new(self.property.clone(), 0) };
    }

    /// The property.
    #[must_use]
    pub fn property(&self) -> &Property {
        &self.property
    }

    /// All card records, ascending by id.
    pub fn cards(&self) -> impl Iterator<Item = &Card> {
        self.records.all()
    }

    /// What has become of a card in the eyes of the lock server; `None` if there is no such card.
    #[must_use]
    pub fn card_state(&self, now: Timestamp, card_id: u32) -> Option<CardState> {
        self.records.card(card_id).map(|card| self.records.state(card, &self.property, now))
    }

    /// The lock of a door.
    #[must_use]
    pub fn lock(&self, door: &str) -> Option<&Lock> {
        self.locks.get(door)
    }

    /// The lock of a door, to throw its bolt or set its clock.
    pub fn lock_mut(&mut self, door: &str) -> Option<&mut Lock> {
        self.locks.get_mut(door)
    }

    /// Orders a fault at the lock server. `delay_ms` matters to [`FaultKind::Slow`] only; a count of 0 lifts all
    /// faults of the kind.
    pub fn order_fault(&mut self, kind: FaultKind, length: FaultLength, delay_ms: u64) {
        self.faults.order(Fault { kind, length, delay_ms, only_changes: false });
    }

    /// [`Self::order_fault`] for requests that change something; those that only read are passed over.
    pub fn order_fault_of_changes(&mut self, kind: FaultKind, length: FaultLength, delay_ms: u64) {
        self.faults.order(Fault { kind, length, delay_ms, only_changes: true });
    }

    /// Lifts all faults.
    pub fn lift_faults(&mut self) {
        self.faults = Faults::default();
    }

    /// What the services want to tell by now, to be sent in this order and each once. Empty unless the property file
    /// names an address.
    #[must_use]
    pub fn take_callbacks(&mut self) -> Vec<Callback> {
        self.callbacks.take()
    }

    /// A copy of the lock server's database.
    #[must_use]
    pub fn backup(&self) -> Backup {
        Backup(self.records.clone())
    }

    /// Puts a copy of the lock server's database back; sessions are lost, and new stamps stay above all that the
    /// locks have seen (real sites program their locks anew).
    pub fn restore(&mut self, backup: Backup) {
        self.records = backup.0;
        self.sessions = Sessions::default();
        for lock in self.locks.values() {
            self.records.push_stamps_above(lock.last_stamp());
        }
    }

    /// Opens a session of a given id and key, to replay a captured exchange under the key it was signed with.
    pub fn adopt_session(&mut self, now: Timestamp, id: &str, access_key: &str) {
        self.sessions.insert(now, id.to_owned(), access_key.to_owned(), true);
    }
}
