//! The changes of a credential's state, one statement each.

use diesel::prelude::*;
use domain::{
    Window,
    id::{AcsUserId, CredentialId},
};
use jiff::Timestamp;

use crate::{Error, Tx, column::microseconds, database::RunOn, schema::credentials};

/// Notes that the first carrier was delivered.
///
/// # Errors
/// When the query fails.
pub fn set_issued(tx: &mut Tx<'_>, id: CredentialId, at: Timestamp) -> Result<(), Error> {
    diesel::update(credentials::table.find(id.to_string()))
        .set(credentials::issued_at.eq(microseconds(at)))
        .execute_on(tx)
        .map_err(Error::during("mark a credential issued"))?;
    Ok(())
}

/// Notes that no carrier is left: the credential waits to be issued again.
///
/// # Errors
/// When the query fails.
pub fn set_unissued(tx: &mut Tx<'_>, id: CredentialId) -> Result<(), Error> {
    diesel::update(credentials::table.find(id.to_string()))
        .set(credentials::issued_at.eq(None::<i64>))
        .execute_on(tx)
        .map_err(Error::during("mark a credential not issued"))?;
    Ok(())
}

/// Notes that the credential is valid at none of its guest doors any more.
///
/// # Errors
/// When the query fails.
pub fn set_invalidated(tx: &mut Tx<'_>, id: CredentialId, at: Timestamp) -> Result<(), Error> {
    diesel::update(credentials::table.find(id.to_string()))
        .set(credentials::invalidated_at.eq(microseconds(at)))
        .execute_on(tx)
        .map_err(Error::during("mark a credential invalid"))?;
    Ok(())
}

/// Notes that the card must be encoded again, or no longer.
///
/// # Errors
/// When the query fails.
pub fn set_needs_reissue(tx: &mut Tx<'_>, id: CredentialId, since: Option<Timestamp>) -> Result<(), Error> {
    diesel::update(credentials::table.find(id.to_string()))
        .set(credentials::needs_reissue_at.eq(since.map(microseconds)))
        .execute_on(tx)
        .map_err(Error::during("mark a card for encoding"))?;
    Ok(())
}

/// Notes why the lock server refused the credential for good, or that it no longer does.
///
/// # Errors
/// When the query fails.
pub fn set_refused(tx: &mut Tx<'_>, id: CredentialId, refused: Option<&serde_json::Value>) -> Result<(), Error> {
    diesel::update(credentials::table.find(id.to_string()))
        .set(credentials::refused.eq(refused.map(ToString::to_string)))
        .execute_on(tx)
        .map_err(Error::during("mark a credential refused"))?;
    Ok(())
}

/// Notes which parent takes this parent's place.
///
/// # Errors
/// When the query fails.
pub fn set_replaced_by(tx: &mut Tx<'_>, id: CredentialId, successor: CredentialId) -> Result<(), Error> {
    diesel::update(credentials::table.find(id.to_string()))
        .set(credentials::replaced_by.eq(successor.to_string()))
        .execute_on(tx)
        .map_err(Error::during("mark a credential replaced"))?;
    Ok(())
}

/// Notes that the deletion was asked for; the first time counts.
///
/// # Errors
/// When the query fails.
pub fn set_deleting(tx: &mut Tx<'_>, id: CredentialId, at: Timestamp) -> Result<(), Error> {
    diesel::update(credentials::table.find(id.to_string()))
        .filter(credentials::deleting_at.is_null())
        .set(credentials::deleting_at.eq(microseconds(at)))
        .execute_on(tx)
        .map_err(Error::during("mark a credential for deletion"))?;
    Ok(())
}

/// Notes that the credential is gone.
///
/// # Errors
/// When the query fails.
pub fn set_deleted(tx: &mut Tx<'_>, id: CredentialId, at: Timestamp) -> Result<(), Error> {
    diesel::update(credentials::table.find(id.to_string()))
        .set(credentials::deleted_at.eq(microseconds(at)))
        .execute_on(tx)
        .map_err(Error::during("mark a credential deleted"))?;
    Ok(())
}

/// Notes that the owner's access was revoked: the keys go, the record stays.
///
/// # Errors
/// When the query fails.
pub fn set_revoked(tx: &mut Tx<'_>, id: CredentialId, at: Timestamp) -> Result<(), Error> {
    diesel::update(credentials::table.find(id.to_string()))
        .filter(credentials::revoked_at.is_null())
        .set(credentials::revoked_at.eq(microseconds(at)))
        .execute_on(tx)
        .map_err(Error::during("mark a credential revoked"))?;
    Ok(())
}

/// Sets another window; keys must then be issued anew, so the revision rises and a refusal is forgotten.
///
/// # Errors
/// When the query fails.
pub fn set_window(tx: &mut Tx<'_>, id: CredentialId, window: Window) -> Result<(), Error> {
    diesel::update(credentials::table.find(id.to_string()))
        .set((
            credentials::starts_at.eq(microseconds(window.starts_at)),
            credentials::ends_at.eq(microseconds(window.ends_at)),
            credentials::revision.eq(credentials::revision + 1),
            credentials::refused.eq(None::<String>),
        ))
        .execute_on(tx)
        .map_err(Error::during("change a credential's window"))?;
    Ok(())
}

/// Says that keys must be issued anew with other doors: the revision rises and a refusal is forgotten.
///
/// # Errors
/// When the query fails.
pub fn set_revised(tx: &mut Tx<'_>, id: CredentialId) -> Result<(), Error> {
    diesel::update(credentials::table.find(id.to_string()))
        .set((credentials::revision.eq(credentials::revision + 1), credentials::refused.eq(None::<String>)))
        .execute_on(tx)
        .map_err(Error::during("change a credential's doors"))?;
    Ok(())
}

/// Sets or takes away the owner.
///
/// # Errors
/// When the query fails.
pub fn set_owner(tx: &mut Tx<'_>, id: CredentialId, owner: Option<AcsUserId>) -> Result<(), Error> {
    diesel::update(credentials::table.find(id.to_string()))
        .set(credentials::acs_user_id.eq(owner.map(|owner| owner.to_string())))
        .execute_on(tx)
        .map_err(Error::during("assign a credential"))?;
    Ok(())
}

/// Forgets on which endpoints former children of the parent were, so that the endpoints can get new ones.
///
/// # Errors
/// When the query fails.
pub fn forget_endpoints(tx: &mut Tx<'_>, parent: CredentialId) -> Result<(), Error> {
    diesel::update(credentials::table.filter(credentials::parent_id.eq(parent.to_string())))
        .filter(credentials::deleting_at.is_not_null())
        .set(credentials::endpoint_id.eq(None::<String>))
        .execute_on(tx)
        .map_err(Error::during("forget the endpoints of former children"))?;
    Ok(())
}
