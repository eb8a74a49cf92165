//! The life of an endpoint: invited, redeemed, set up, ended (`spec/visionline.md` 5.3).

use jiff::{SignedDuration, Timestamp};

use super::{Activation, EndpointStatus, Invitation, PhoneKeys, RedeemError};
use crate::property::Knobs;
use crate::random::Random;

/// Without letters that are easily mistaken for others.
const CODE_ALPHABET: &[u8] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

impl PhoneKeys {
    /// Hands out a code; a new code replaces an older one. An active endpoint stays active.
    pub(super) fn invite(&mut self, now: Timestamp, random: &mut Random, endpoint_id: &str) -> String {
        let groups: Vec<String> = (0..4).map(|_| random.text(CODE_ALPHABET, 4)).collect();
        let code = groups.join("-");
        let endpoint = self.endpoint(endpoint_id);
        endpoint.invitation = Some(Invitation { code: code.clone(), made: now });
        if endpoint.status != EndpointStatus::Active {
            self.activations.remove(endpoint_id);
            self.set_status(endpoint_id, EndpointStatus::InvitationPending);
        }
        code
    }

    /// A phone redeems a code; tells its endpoint, which [`PhoneKeys::settle`] makes active in due time, or not if
    /// the set-up `fails`.
    pub(crate) fn redeem(
        &mut self,
        now: Timestamp,
        code: &str,
        knobs: &Knobs,
        fails: bool,
    ) -> Result<String, RedeemError> {
        let found = self
            .endpoints
            .iter_mut()
            .find(|(_, endpoint)| endpoint.invitation.as_ref().is_some_and(|invitation| invitation.code == code));
        let (endpoint_id, endpoint) = found.ok_or(RedeemError::Unknown)?;
        let endpoint_id = endpoint_id.clone();
        let made = endpoint.invitation.take().map_or(now, |invitation| invitation.made);
        if now.duration_since(made) >= SignedDuration::from_hours(knobs.invitation_hours) {
            if endpoint.status == EndpointStatus::InvitationPending {
                self.set_status(&endpoint_id, EndpointStatus::InvitationInvalid);
            }
            return Err(RedeemError::TooOld);
        }
        let wait = SignedDuration::from_secs(i64::from(knobs.activation_seconds));
        let due = now.checked_add(wait).unwrap_or(Timestamp::MAX);
        self.activations.insert(endpoint_id.clone(), Activation { due, fails });
        self.set_status(&endpoint_id, EndpointStatus::Acknowledged);
        self.set_status(&endpoint_id, EndpointStatus::Activating);
        Ok(endpoint_id)
    }

    /// Ends the set-ups that are due; tells the endpoints that are active now.
    pub(crate) fn settle(&mut self, now: Timestamp) -> Vec<String> {
        let mut active = Vec::new();
        let due = self.activations.extract_if(.., |_, activation| activation.due <= now);
        for (endpoint_id, activation) in due.collect::<Vec<_>>() {
            if activation.fails {
                self.set_status(&endpoint_id, EndpointStatus::ActivationFailure);
            } else {
                self.set_status(&endpoint_id, EndpointStatus::Active);
                active.push(endpoint_id);
            }
        }
        active
    }

    /// Makes an endpoint active without a code.
    pub(crate) fn activate(&mut self, endpoint_id: &str) {
        let endpoint = self.endpoint(endpoint_id);
        endpoint.invitation = None;
        self.activations.remove(endpoint_id);
        self.set_status(endpoint_id, EndpointStatus::Active);
    }

    /// Ends an endpoint and all its keys; `false` if it is unknown. `in_contact`: the phone can be told at once,
    /// or there is none.
    pub(crate) fn terminate(&mut self, endpoint_id: &str, in_contact: bool) -> bool {
        let Some(endpoint) = self.endpoints.get_mut(endpoint_id) else {
            return false;
        };
        endpoint.invitation = None;
        self.activations.remove(endpoint_id);
        let status = if in_contact { EndpointStatus::Terminated } else { EndpointStatus::TerminatingFailure };
        self.set_status(endpoint_id, status);
        let keys = self.keys.iter().filter(|(_, issued)| issued.endpoint_id == endpoint_id);
        let ids: Vec<u32> = keys.map(|(id, _)| *id).collect();
        for id in ids {
            self.revoke(id);
        }
        true
    }
}
