//! A guest's phone: the keys it holds, and whether it is in contact.

use serde::{Deserialize, Serialize};

use crate::lock::Image;

/// One key on a phone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PhoneKey {
    /// Its id at Credential Services; newer keys have higher ids.
    pub credential_id: u32,
    /// Text shown to the guest.
    pub label: String,
    /// Free text.
    pub description: String,
    /// What the phone shows to a lock.
    pub image: Image,
}

/// News for a phone.
pub(crate) enum Change {
    New(Box<PhoneKey>),
    Revoked(u32),
}

/// A phone with the vendor's SDK.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Phone {
    pub(crate) online: bool,
    /// Oldest first.
    pub(crate) keys: Vec<PhoneKey>,
}

impl Phone {
    pub(crate) fn new() -> Self {
        Self { online: true, keys: Vec::new() }
    }

    pub(crate) fn take(&mut self, change: Change) {
        match change {
            Change::New(key) => self.keys.push(*key),
            Change::Revoked(credential_id) => self.keys.retain(|key| key.credential_id != credential_id),
        }
    }
}
