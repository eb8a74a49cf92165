//! Credential Services: endpoints, invitations, and keys on their way to phones (`spec/visionline.md` 5).
//!
//! The phones themselves, and when they are in contact, belong to [`crate::Hotel`].

mod api;
mod endpoint;
mod phone;

pub(crate) use api::answer;
pub use phone::PhoneKey;
pub(crate) use phone::{Change, Phone};

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::callbacks::News;
use crate::lock::Image;

/// The life of an endpoint (`spec/visionline.md` 5.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum EndpointStatus {
    /// A code was handed out.
    InvitationPending,
    /// The code was redeemed too late.
    InvitationInvalid,
    /// The code was redeemed.
    Acknowledged,
    /// The phone is being set up.
    Activating,
    /// Setting the phone up failed; a new code is needed.
    ActivationFailure,
    /// In use.
    Active,
    /// Ended.
    Terminated,
    /// To be ended, but the phone cannot be reached.
    TerminatingFailure,
}

/// Why a code was not redeemed; the phone's SDK calls all of these error 901.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RedeemError {
    /// Never handed out, replaced by a newer one, or used.
    #[error("the invitation code is unknown or was used")]
    Unknown,
    /// Handed out too long ago.
    #[error("the invitation code is too old")]
    TooOld,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Invitation {
    code: String,
    made: Timestamp,
}

/// A phone on its way from a redeemed code to an active endpoint.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Activation {
    due: Timestamp,
    fails: bool,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Endpoint {
    status: EndpointStatus,
    invitation: Option<Invitation>,
    /// Number of the endpoint in the vendor's trusted service manager.
    tsm_endpoint_id: u32,
}

/// A key to be delivered.
pub(crate) struct NewKey {
    pub(crate) credential_id: u32,
    pub(crate) label: String,
    pub(crate) description: String,
    pub(crate) image: Image,
}

/// `credentialStatus` of a key; a revoked one is forgotten once the phone has dropped it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum KeyStatus {
    Issuing,
    Issued,
    Revoking,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct IssuedKey {
    endpoint_id: String,
    status: KeyStatus,
    key: PhoneKey,
}

/// Everything the phone-key service knows.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct PhoneKeys {
    endpoints: BTreeMap<String, Endpoint>,
    /// Phones being set up, by endpoint.
    activations: BTreeMap<String, Activation>,
    keys: BTreeMap<u32, IssuedKey>,
    /// Credential ids with news for a phone, by endpoint.
    waiting: BTreeMap<String, BTreeSet<u32>>,
    next_tsm_endpoint_id: u32,
    #[serde(skip)]
    news: Vec<News>,
}

impl PhoneKeys {
    /// Whether keys can be issued to an endpoint.
    pub(crate) fn is_active(&self, endpoint_id: &str) -> bool {
        self.status(endpoint_id) == Some(EndpointStatus::Active)
    }

    /// Where an endpoint stands; `None` if it was never heard of.
    pub(crate) fn status(&self, endpoint_id: &str) -> Option<EndpointStatus> {
        self.endpoints.get(endpoint_id).map(|endpoint| endpoint.status)
    }

    /// What there is to tell since the last time.
    pub(crate) fn take_news(&mut self) -> Vec<News> {
        std::mem::take(&mut self.news)
    }

    /// Takes a key on for delivery.
    pub(crate) fn issue(&mut self, endpoint_id: &str, new: NewKey) {
        let id = new.credential_id;
        let key = PhoneKey { credential_id: id, label: new.label, description: new.description, image: new.image };
        self.tell_key(endpoint_id, "ISSUING", &key);
        self.keys.insert(id, IssuedKey { endpoint_id: endpoint_id.to_owned(), status: KeyStatus::Issuing, key });
        self.waiting.entry(endpoint_id.to_owned()).or_default().insert(id);
    }

    /// Revokes a key: at once if no phone has it yet, else at the phone's next contact.
    pub(crate) fn revoke(&mut self, credential_id: u32) {
        let Some(issued) = self.keys.get_mut(&credential_id) else {
            return;
        };
        let waiting = self.waiting.entry(issued.endpoint_id.clone()).or_default();
        let (endpoint_id, key) = (issued.endpoint_id.clone(), issued.key.clone());
        match issued.status {
            KeyStatus::Issuing => {
                waiting.remove(&credential_id);
                self.keys.remove(&credential_id);
                self.tell_key(&endpoint_id, "REVOKED", &key);
            }
            KeyStatus::Issued => {
                issued.status = KeyStatus::Revoking;
                waiting.insert(credential_id);
                self.tell_key(&endpoint_id, "REVOKING", &key);
            }
            KeyStatus::Revoking => {}
        }
    }

    /// The endpoints with news.
    pub(crate) fn waiting(&self) -> Vec<String> {
        let news = self.waiting.iter().filter(|(_, ids)| !ids.is_empty());
        news.map(|(endpoint_id, _)| endpoint_id.clone()).collect()
    }

    /// A phone is in contact: hands over its news. New keys wait until the endpoint is active.
    pub(crate) fn contact(&mut self, endpoint_id: &str) -> Vec<Change> {
        let active = self.is_active(endpoint_id);
        let ids = self.waiting.remove(endpoint_id).unwrap_or_default();
        let mut left = BTreeSet::new();
        let mut changes = Vec::new();
        for id in ids {
            match self.keys.get_mut(&id) {
                Some(issued) if issued.status == KeyStatus::Issuing && active => {
                    issued.status = KeyStatus::Issued;
                    let key = issued.key.clone();
                    self.tell_key(endpoint_id, "ISSUED", &key);
                    changes.push(Change::New(Box::new(key)));
                }
                Some(issued) if issued.status == KeyStatus::Issuing => {
                    left.insert(id);
                }
                Some(issued) if issued.status == KeyStatus::Revoking => {
                    let key = issued.key.clone();
                    self.keys.remove(&id);
                    self.tell_key(endpoint_id, "REVOKED", &key);
                    changes.push(Change::Revoked(id));
                }
                _ => {}
            }
        }
        if !left.is_empty() {
            self.waiting.insert(endpoint_id.to_owned(), left);
        }
        if self.status(endpoint_id) == Some(EndpointStatus::TerminatingFailure) {
            self.set_status(endpoint_id, EndpointStatus::Terminated);
        }
        changes
    }

    fn set_status(&mut self, endpoint_id: &str, status: EndpointStatus) {
        if let Some(endpoint) = self.endpoints.get_mut(endpoint_id) {
            endpoint.status = status;
            self.news.push(News::Endpoint { endpoint_id: endpoint_id.to_owned(), status });
        }
    }

    fn tell_key(&mut self, endpoint_id: &str, status: &'static str, key: &PhoneKey) {
        let key = Box::new(key.clone());
        self.news.push(News::Credential { endpoint_id: endpoint_id.to_owned(), status, key });
    }

    fn endpoint(&mut self, endpoint_id: &str) -> &mut Endpoint {
        if !self.endpoints.contains_key(endpoint_id) {
            self.next_tsm_endpoint_id += 1;
        }
        let tsm_endpoint_id = 7_000 + self.next_tsm_endpoint_id;
        self.endpoints.entry(endpoint_id.to_owned()).or_insert(Endpoint {
            status: EndpointStatus::InvitationPending,
            invitation: None,
            tsm_endpoint_id,
        })
    }
}
