//! When each lock server last answered.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use domain::id::AcsSystemId;
use jiff::Timestamp;

/// When each lock server last answered this program. A clone notes in the same place.
#[derive(Debug, Clone, Default)]
pub struct Contacts(Arc<Mutex<BTreeMap<AcsSystemId, Timestamp>>>);

impl Contacts {
    /// Notes an answer.
    pub fn note(&self, site: AcsSystemId, at: Timestamp) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(site, at);
    }

    /// The last answer of a site's lock server; none when it has not answered since the start.
    pub fn last(&self, site: AcsSystemId) -> Option<Timestamp> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&site).copied()
    }
}
