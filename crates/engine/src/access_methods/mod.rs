//! The cards and phone keys of access grants, each by itself (`spec/api.md 4.20`).

mod view;

use domain::{
    Moment,
    id::{AccessMethodId, CredentialId, EncoderId},
};
use serde_json::json;
use store::{
    Tx,
    access_grants::By,
    access_methods::{self, AccessMethod},
    action_attempts::ActionAttempt,
    credentials::{self, CARD},
    encoders,
};

pub use store::access_methods::Filter;
pub use view::{View, find, list, views};

use crate::{Caller, Error, Noun, access_grants};

/// What names methods that are to go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Which {
    /// One.
    Method(AccessMethodId),
    /// All of a grant.
    Grant(domain::id::AccessGrantId),
    /// All of a reservation.
    Reservation(String),
}

/// A method of the caller's workspace, as a row.
///
/// # Errors
/// When there is none, or storage fails.
pub fn named(tx: &mut Tx<'_>, caller: &Caller, id: AccessMethodId) -> Result<AccessMethod, Error> {
    let method =
        access_methods::find(tx, caller.workspace_id, id)?.ok_or_else(|| Error::not_found(Noun::AccessMethod, id))?;
    let grants = store::access_grants::by_ids(tx, &[method.access_grant_id])?;
    if grants.iter().all(|grant| caller.sees_grant(grant)) {
        Ok(method)
    } else {
        Err(Error::not_found(Noun::AccessMethod, id))
    }
}

/// The card that carries a method at the site of an encoder.
///
/// # Errors
/// When either is unknown, the method is no card, or it has none at that site.
pub fn card_at(
    tx: &mut Tx<'_>,
    caller: &Caller,
    id: AccessMethodId,
    encoder_id: EncoderId,
) -> Result<CredentialId, Error> {
    const FIELD: &str = "access_method_id";
    let method = named(tx, caller, id)?;
    let encoder = encoders::find(tx, caller.workspace_id, encoder_id)?
        .ok_or_else(|| Error::not_found(Noun::AcsEncoder, encoder_id))?;
    if method.mode != CARD {
        let message = "only access methods of mode card are encoded; a mobile key is delivered to the guest's phones by \
                       itself";
        return Err(Error::invalid(FIELD, message));
    }
    let ids: Vec<CredentialId> =
        access_methods::credentials_of(tx, &[id])?.into_iter().map(|(_, credential)| credential).collect();
    let card = credentials::by_ids(tx, &ids)?.into_iter().find(|card| card.acs_system_id == encoder.acs_system_id);
    card.map(|card| card.id).ok_or_else(|| {
        let message = "the encoder belongs to another access system; name one of the access method's system";
        Error::invalid("acs_encoder_id", message)
    })
}

/// Asks for the card of a method to be written on the next card at an encoder.
///
/// # Errors
/// When either is unknown, or they do not fit.
pub fn encode(
    tx: &mut Tx<'_>,
    moment: &mut Moment,
    caller: &Caller,
    encoder_id: EncoderId,
    id: AccessMethodId,
) -> Result<ActionAttempt, Error> {
    let card = card_at(tx, caller, id, encoder_id)?;
    crate::encoders::encode(tx, moment, caller, encoder_id, card)
}

/// Asks for the end of methods; the grants and their other methods stay. Asking again meanwhile is fine.
///
/// # Errors
/// When what is named is unknown, or storage fails.
pub fn delete(tx: &mut Tx<'_>, moment: &mut Moment, caller: &Caller, which: &Which) -> Result<(), Error> {
    let methods = match which {
        Which::Method(id) => vec![named(tx, caller, *id)?],
        Which::Grant(id) => {
            let grant = access_grants::named(tx, caller, &By::Id(*id))?;
            access_methods::of_grants(tx, &[grant.id])?
        }
        Which::Reservation(key) => {
            let grants = access_grants::of_reservation(tx, caller, key)?;
            if grants.is_empty() {
                return Err(Error::not_found(Noun::AccessGrant, key));
            }
            access_methods::of_grants(tx, &grants.iter().map(|grant| grant.id).collect::<Vec<_>>())?
        }
    };
    for method in methods {
        if method.deleting_at.is_none() {
            caller.note(tx, moment, "access_method.delete", method.id, json!({}))?;
            access_grants::end_method(tx, moment, caller, &method)?;
        }
    }
    Ok(())
}
