//! The whole simulated hotel: property, lock server, locks, phones and phone-key service under one roof.

use std::collections::BTreeMap;

use http::{Request, Response};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::exchange::{Exchange, respond};
use crate::fault::{Fault, FaultKind, FaultLength, Faults};
use crate::lock::{Image, Lock};
use crate::lock_server::{self, Backup, Card, CardState, Records, Sessions, Visit};
use crate::phone_keys::{self, Change, EndpointStatus, Phone, PhoneKey, PhoneKeys, RedeemError};
use crate::plastic::Plastic;
use crate::property::Property;
use crate::random::Random;

/// A simulated hotel. Its state is everything but the open sessions, which a restart loses as on the real server.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Hotel {
    pub(crate) property: Property,
    random: Random,
    pub(crate) records: Records,
    #[serde(skip)]
    sessions: Sessions,
    /// By door name.
    pub(crate) locks: BTreeMap<String, Lock>,
    pub(crate) phone_keys: PhoneKeys,
    /// By endpoint id.
    pub(crate) phones: BTreeMap<String, Phone>,
    pub(crate) plastic: Plastic,
    /// What lies on which encoder, by encoder id.
    pub(crate) on_encoders: BTreeMap<String, PlacedCard>,
    pub(crate) faults: Faults,
}

/// A plastic card lying on an encoder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PlacedCard {
    pub(crate) serial_number: String,
    pub(crate) technology: String,
}

impl Hotel {
    /// A hotel as its property describes it, with no card made yet. `seed` decides session ids, keys and codes.
    #[must_use]
    pub fn new(property: Property, seed: u64) -> Self {
        let lock = |door| Lock::new(property.system_id, door, &property.knobs);
        let locks = property.doors.iter().map(|door| (door.name.clone(), lock(door))).collect();
        Self {
            property,
            random: Random::new(seed),
            records: Records::default(),
            sessions: Sessions::default(),
            locks,
            phone_keys: PhoneKeys::default(),
            phones: BTreeMap::new(),
            plastic: Plastic::default(),
            on_encoders: BTreeMap::new(),
            faults: Faults::default(),
        }
    }

    /// Back to the property file: cards, sessions, phones, endpoints, lock memories and faults are gone.
    pub fn reset(&mut self) {
        // The generator goes on, so that no old session id is handed out again.
        let random = self.random.clone();
        *self = Self { random, ..Self::new(self.property.clone(), 0) };
    }

    /// One request to the Visionline Web API. The target of the request and its headers must be exactly as sent:
    /// the signature is checked over them.
    pub fn lock_server(&mut self, now: Timestamp, request: &Request<Vec<u8>>) -> Exchange {
        let weather = self.faults.strike(now, request.headers().contains_key(http::header::AUTHORIZATION));
        match weather.kind {
            Some(FaultKind::Unreachable) => return Exchange::Unreachable,
            Some(FaultKind::ServerError) => {
                let body = json!({"status": 500, "code": 50001, "resource": null, "message": "internal error",
                    "developerMessage": "a fault was ordered"});
                return Exchange::Answered { response: respond(now, 500, Some(&body)), delay_ms: weather.delay_ms };
            }
            Some(FaultKind::SessionExpired) => self.sessions.forget_caller(request),
            _ => {}
        }
        let mut visit = Visit {
            now,
            property: &self.property,
            random: &mut self.random,
            records: &mut self.records,
            sessions: &mut self.sessions,
            phone_keys: &mut self.phone_keys,
            plastic: &mut self.plastic,
        };
        let response = lock_server::answer(&mut visit, request);
        self.contact_phones();
        match weather.kind {
            Some(FaultKind::LostReply) => Exchange::ReplyLost,
            Some(FaultKind::Garbage) => {
                let mut response = respond(now, 200, Some(&json!({})));
                *response.body_mut() = b"<html>\xff\xfe{\"id\":".to_vec();
                Exchange::Answered { response, delay_ms: weather.delay_ms }
            }
            _ => Exchange::Answered { response, delay_ms: weather.delay_ms },
        }
    }

    /// One request to Credential Services.
    pub fn credential_services(&mut self, now: Timestamp, request: &Request<Vec<u8>>) -> Exchange {
        let phones = &self.phones;
        let response: Response<Vec<u8>> = phone_keys::answer(
            &mut self.phone_keys,
            now,
            &self.property.credential_services,
            &mut self.random,
            request,
            |endpoint_id| phones.get(endpoint_id).is_none_or(|phone| phone.online),
        );
        self.contact_phones();
        Exchange::Answered { response, delay_ms: 0 }
    }

    /// Sets up a phone with an active endpoint, without a code. Does nothing if it is set up already.
    pub fn enrol_phone(&mut self, endpoint_id: &str) {
        if self.phone_keys.is_active(endpoint_id) && self.phones.contains_key(endpoint_id) {
            return;
        }
        self.phone_keys.activate(endpoint_id);
        self.set_up_phone(endpoint_id);
    }

    /// A phone redeems an invitation code; tells its endpoint id.
    ///
    /// # Errors
    /// [`RedeemError`] if the code is unknown, used or too old.
    pub fn redeem(&mut self, now: Timestamp, code: &str) -> Result<String, RedeemError> {
        let endpoint_id = self.phone_keys.redeem(now, code, self.property.knobs.invitation_hours)?;
        self.set_up_phone(&endpoint_id);
        Ok(endpoint_id)
    }

    /// The app unregisters and the phone is gone, keys and all; `false` if there was none.
    pub fn remove_phone(&mut self, endpoint_id: &str) -> bool {
        let was_there = self.phones.remove(endpoint_id).is_some();
        if was_there {
            self.phone_keys.terminate(endpoint_id, true);
            self.phone_keys.contact(endpoint_id);
        }
        was_there
    }

    /// Cuts a phone off or brings it back, when it catches up at once; `false` if there is none.
    pub fn set_phone_online(&mut self, endpoint_id: &str, online: bool) -> bool {
        let Some(phone) = self.phones.get_mut(endpoint_id) else {
            return false;
        };
        phone.online = online;
        if online {
            self.contact_phone(endpoint_id);
        }
        true
    }

    /// The keys on a phone, newest first; `None` if there is no such phone.
    #[must_use]
    pub fn phone_keys(&self, endpoint_id: &str) -> Option<Vec<&PhoneKey>> {
        self.phones.get(endpoint_id).map(|phone| phone.keys.iter().rev().collect())
    }

    /// Where an endpoint stands at Credential Services; `None` if it was never heard of.
    #[must_use]
    pub fn endpoint_status(&self, endpoint_id: &str) -> Option<EndpointStatus> {
        self.phone_keys.status(endpoint_id)
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

    /// Writes an image to a plastic card by hand, as no encoder would; the card before is overwritten.
    /// `false` if the serial number is not up to 16 hex digits.
    pub fn write_plastic(&mut self, serial_number: &str, image: Image) -> bool {
        let Some(serial) = crate::plastic::serial_number(serial_number) else {
            return false;
        };
        let card_id = image.card_id;
        let before = self.plastic.write(&serial, image).filter(|before| *before != card_id);
        if let Some(before) = before.and_then(|before| self.records.card_mut(before)) {
            before.overwritten = true;
        }
        if let Some(card) = self.records.card_mut(card_id) {
            card.not_issued = false;
            card.issued_cards = card.issued_cards.saturating_add(1);
            if !card.serial_numbers.contains(&serial) {
                card.serial_numbers.push(serial);
            }
        }
        true
    }

    /// Orders a fault at the lock server. `delay_ms` matters to [`FaultKind::Slow`] only; a count of 0 lifts all
    /// faults of the kind.
    pub fn order_fault(&mut self, kind: FaultKind, length: FaultLength, delay_ms: u64) {
        self.faults.order(Fault { kind, length, delay_ms });
    }

    /// Lifts all faults.
    pub fn lift_faults(&mut self) {
        self.faults = Faults::default();
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

    /// A phone that was set up before under this endpoint keeps what was not revoked meanwhile. Setting up needs
    /// the internet, so the phone is in contact afterwards.
    fn set_up_phone(&mut self, endpoint_id: &str) {
        self.phones.entry(endpoint_id.to_owned()).or_insert_with(Phone::new).online = true;
        self.contact_phone(endpoint_id);
    }

    fn contact_phones(&mut self) {
        for endpoint_id in self.phone_keys.waiting() {
            if self.phones.get(&endpoint_id).is_some_and(|phone| phone.online) {
                self.contact_phone(&endpoint_id);
            }
        }
    }

    /// Push and pull in one: the phone takes its news, and the lock server hears which keys have arrived.
    fn contact_phone(&mut self, endpoint_id: &str) {
        let Some(phone) = self.phones.get_mut(endpoint_id) else {
            return;
        };
        for change in self.phone_keys.contact(endpoint_id) {
            if let Change::New(key) = &change
                && let Some(card) = self.records.card_mut(key.image.card_id)
            {
                card.not_issued = false;
                card.issued_cards = 1;
            }
            phone.take(change);
        }
    }
}
