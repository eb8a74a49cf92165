//! Credential Services: endpoints, invitations, and keys on their way to phones (`spec/visionline.md` 5).
//!
//! The phones themselves, and when they are in contact, belong to [`crate::Hotel`].

mod api;
mod phone;

pub(crate) use api::answer;
pub use phone::PhoneKey;
pub(crate) use phone::{Change, Phone};

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::lock::Image;
use crate::random::Random;

/// Without letters that are easily mistaken for others.
const CODE_ALPHABET: &[u8] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/// The life of an endpoint (`spec/visionline.md` 5.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum EndpointStatus {
    /// A code was handed out.
    InvitationPending,
    /// The code was redeemed too late.
    InvitationInvalid,
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
    keys: BTreeMap<u32, IssuedKey>,
    /// Credential ids with news for a phone, by endpoint.
    waiting: BTreeMap<String, BTreeSet<u32>>,
    next_tsm_endpoint_id: u32,
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

    /// Hands out a code; a new code replaces an older one. An active endpoint stays active.
    fn invite(&mut self, now: Timestamp, random: &mut Random, endpoint_id: &str) -> String {
        let groups: Vec<String> = (0..4).map(|_| random.text(CODE_ALPHABET, 4)).collect();
        let code = groups.join("-");
        let endpoint = self.endpoint(endpoint_id);
        endpoint.invitation = Some(Invitation { code: code.clone(), made: now });
        if endpoint.status != EndpointStatus::Active {
            endpoint.status = EndpointStatus::InvitationPending;
        }
        code
    }

    /// A phone redeems a code; tells the endpoint that is active now.
    pub(crate) fn redeem(&mut self, now: Timestamp, code: &str, hours: i64) -> Result<String, RedeemError> {
        let found = self
            .endpoints
            .iter_mut()
            .find(|(_, endpoint)| endpoint.invitation.as_ref().is_some_and(|invitation| invitation.code == code));
        let (endpoint_id, endpoint) = found.ok_or(RedeemError::Unknown)?;
        let made = endpoint.invitation.take().map_or(now, |invitation| invitation.made);
        if now.duration_since(made) >= SignedDuration::from_hours(hours) {
            if endpoint.status == EndpointStatus::InvitationPending {
                endpoint.status = EndpointStatus::InvitationInvalid;
            }
            return Err(RedeemError::TooOld);
        }
        endpoint.status = EndpointStatus::Active;
        Ok(endpoint_id.clone())
    }

    /// Makes an endpoint active without a code.
    pub(crate) fn activate(&mut self, endpoint_id: &str) {
        let endpoint = self.endpoint(endpoint_id);
        endpoint.status = EndpointStatus::Active;
        endpoint.invitation = None;
    }

    /// Ends an endpoint and all its keys; `false` if it is unknown. `in_contact`: the phone can be told at once,
    /// or there is none.
    pub(crate) fn terminate(&mut self, endpoint_id: &str, in_contact: bool) -> bool {
        let Some(endpoint) = self.endpoints.get_mut(endpoint_id) else {
            return false;
        };
        endpoint.invitation = None;
        endpoint.status = if in_contact { EndpointStatus::Terminated } else { EndpointStatus::TerminatingFailure };
        let keys = self.keys.iter().filter(|(_, issued)| issued.endpoint_id == endpoint_id);
        let ids: Vec<u32> = keys.map(|(id, _)| *id).collect();
        for id in ids {
            self.revoke(id);
        }
        true
    }

    /// Takes a key on for delivery.
    pub(crate) fn issue(&mut self, endpoint_id: &str, new: NewKey) {
        let id = new.credential_id;
        let key = PhoneKey { credential_id: id, label: new.label, description: new.description, image: new.image };
        self.keys.insert(id, IssuedKey { endpoint_id: endpoint_id.to_owned(), status: KeyStatus::Issuing, key });
        self.waiting.entry(endpoint_id.to_owned()).or_default().insert(id);
    }

    /// Revokes a key: at once if no phone has it yet, else at the phone's next contact.
    pub(crate) fn revoke(&mut self, credential_id: u32) {
        let Some(issued) = self.keys.get_mut(&credential_id) else {
            return;
        };
        let waiting = self.waiting.entry(issued.endpoint_id.clone()).or_default();
        if issued.status == KeyStatus::Issuing {
            waiting.remove(&credential_id);
            self.keys.remove(&credential_id);
        } else {
            issued.status = KeyStatus::Revoking;
            waiting.insert(credential_id);
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
                    changes.push(Change::New(Box::new(issued.key.clone())));
                }
                Some(issued) if issued.status == KeyStatus::Issuing => {
                    left.insert(id);
                }
                Some(issued) if issued.status == KeyStatus::Revoking => {
                    self.keys.remove(&id);
                    changes.push(Change::Revoked(id));
                }
                _ => {}
            }
        }
        if !left.is_empty() {
            self.waiting.insert(endpoint_id.to_owned(), left);
        }
        if let Some(endpoint) = self.endpoints.get_mut(endpoint_id)
            && endpoint.status == EndpointStatus::TerminatingFailure
        {
            endpoint.status = EndpointStatus::Terminated;
        }
        changes
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
