//! Guests' phones: set up, cut off, brought back, gone; and how their keys reach them (`spec/visionline.md` 5).

use jiff::Timestamp;

use super::Hotel;
use crate::phone_keys::{Change, EndpointStatus, Phone, PhoneKey, RedeemError};
use crate::property::Delivery;

impl Hotel {
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
        self.redeem_on(now, code, false)
    }

    /// The same, on a phone whose set-up may fail.
    ///
    /// # Errors
    /// As [`Hotel::redeem`]; a set-up that fails is no error but a state of the endpoint.
    pub fn redeem_on(&mut self, now: Timestamp, code: &str, set_up_fails: bool) -> Result<String, RedeemError> {
        self.settle(now);
        let redeemed = self.phone_keys.redeem(now, code, &self.property.knobs, set_up_fails);
        if let Ok(endpoint_id) = &redeemed {
            self.set_up_phone(endpoint_id);
        }
        // With nothing to wait for it is active now.
        self.settle(now);
        redeemed
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

    /// Cuts a phone off or brings it back, when it catches up at once unless it waits for a pull; `false` if there is
    /// none.
    pub fn set_phone_online(&mut self, endpoint_id: &str, online: bool) -> bool {
        let Some(phone) = self.phones.get_mut(endpoint_id) else {
            return false;
        };
        phone.online = online;
        if online && self.property.knobs.delivery == Delivery::AtOnce {
            self.contact_phone(endpoint_id);
        }
        true
    }

    /// The app updates its keys, if the phone is in contact; `false` if there is no such phone.
    pub fn pull(&mut self, endpoint_id: &str) -> bool {
        let Some(phone) = self.phones.get(endpoint_id) else {
            return false;
        };
        if phone.online {
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

    /// A phone that was set up before under this endpoint keeps what was not revoked meanwhile. Setting up needs
    /// the internet, so the phone is in contact afterwards.
    fn set_up_phone(&mut self, endpoint_id: &str) {
        self.phones.entry(endpoint_id.to_owned()).or_insert_with(Phone::new).online = true;
        self.contact_phone(endpoint_id);
    }

    /// What a push does: every phone in contact that has news takes them.
    pub(super) fn contact_phones(&mut self) {
        if self.property.knobs.delivery == Delivery::OnPull {
            return;
        }
        for endpoint_id in self.phone_keys.waiting() {
            if self.phones.get(&endpoint_id).is_some_and(|phone| phone.online) {
                self.contact_phone(&endpoint_id);
            }
        }
    }

    /// The phone takes its news, and the lock server hears which keys have arrived.
    pub(super) fn contact_phone(&mut self, endpoint_id: &str) {
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
