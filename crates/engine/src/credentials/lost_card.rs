//! A lost card: made useless for the price of issuing the other keys of its stay anew.
//!
//! A lock is offline and knows stamps alone, so one card of a stay cannot be called back by itself. Its stay can take a
//! new stamp: as soon as a key with the new one was used at a door, the lost card is refused there as overridden. The
//! new stamp is a number that no key has yet; from then on no key of the stay stands at its doors, and the rules R1 to
//! R3 of design 6 do the rest: phones get new keys by themselves, cards must be encoded again.

use std::collections::BTreeSet;

use domain::{
    Moment,
    id::{CredentialId, StayId},
};
use jiff::Timestamp;
use serde_json::json;
use store::{
    Tx, carriers, credential_state,
    credentials::{self, CARD},
    stays, systems, tasks,
};

use super::delete::end;
use crate::{Caller, Error, Noun};

/// What follows from a lost card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LostCard {
    /// The other cards of the stay: each must be encoded again.
    pub to_encode_again: Vec<CredentialId>,
    /// Until when the card opens a door at which no key with the new stamp has been used.
    pub may_open_until: Timestamp,
}

/// Deletes the credential of a lost card and gives its stays a new stamp at its doors.
///
/// # Errors
/// When there is no such credential, it is no card, or no card was written for it.
pub fn void_lost_card(
    tx: &mut Tx<'_>,
    moment: &mut Moment,
    caller: &Caller,
    id: CredentialId,
) -> Result<LostCard, Error> {
    const FIELD: &str = "acs_credential_id";
    let card =
        credentials::find(tx, caller.workspace_id, id)?.ok_or_else(|| Error::not_found(Noun::AcsCredential, id))?;
    if card.access_method != CARD {
        let message = "not a card; deactivate a lost phone with /phones/deactivate, or delete the credential";
        return Err(Error::invalid(FIELD, message));
    }
    let written: Vec<carriers::Carrier> = carriers::of_credentials(tx, &[id])?
        .into_iter()
        .filter(|carrier| carrier.delivered_at.is_some() && carrier.ends_at > moment.now)
        .collect();
    let Some(may_open_until) = written.iter().map(|carrier| carrier.ends_at).max() else {
        let message = "no card that could still open a door was written for this credential; delete it instead";
        return Err(Error::invalid(FIELD, message));
    };

    let ids: Vec<_> = written.iter().map(|carrier| carrier.id).collect();
    let held = carriers::doors_of(tx, &ids)?;
    let stay_ids: Vec<StayId> = held.iter().map(|door| door.stay_id).collect::<BTreeSet<_>>().into_iter().collect();
    let mut fresh = None;
    for tenancy in stays::tenancies_of(tx, &stay_ids)? {
        let stamp = held
            .iter()
            .filter(|door| door.stay_id == tenancy.stay_id && door.entrance_id == tenancy.entrance_id)
            .map(|door| door.opening)
            .max();
        // Where the stay has a newer stamp already, the card is refused without more ado.
        let is_current = stamp.is_some() && stamp >= tenancy.opening;
        if !is_current || tenancy.lost_at.is_some() {
            continue;
        }
        let opening = match fresh {
            Some(opening) => opening,
            None => *fresh.insert(systems::take_opening(tx, card.acs_system_id)?),
        };
        stays::set_opening(tx, tenancy.stay_id, tenancy.entrance_id, opening)?;
    }
    if card.deleting_at.is_none() {
        end(tx, moment, &card)?;
    }

    let mut to_encode_again = Vec::new();
    for member in credentials::in_stays(tx, &stay_ids)? {
        tasks::add(tx, moment, member.acs_system_id, member.id, moment.now)?;
        let is_other_card = member.id != id
            && member.access_method == CARD
            && member.deleting_at.is_none()
            && member.ends_at > moment.now;
        if fresh.is_none() || !is_other_card {
            continue;
        }
        if carriers::of_credentials(tx, &[member.id])?.iter().any(|carrier| carrier.stage().is_live()) {
            if member.needs_reissue_at.is_none() {
                credential_state::set_needs_reissue(tx, member.id, Some(moment.now))?;
            }
            to_encode_again.push(member.id);
        }
    }
    let detail = json!({ "acs_credential_ids_to_encode_again": to_encode_again });
    caller.note(tx, moment, "acs_credential.void_lost_card", id, detail)?;
    Ok(LostCard { to_encode_again, may_open_until })
}
