//! The end of grants and of their methods.

use domain::{Moment, id::AccessMethodId};
use serde_json::json;
use store::{
    Tx,
    access_grants::{self, AccessGrant, By, Change},
    access_methods::{self, AccessMethod},
    credentials,
};

use super::{settle::settle_grant, view::named};
use crate::{Caller, Error};

/// Asks for the end of a grant and of all its methods. It is gone when the lock server has confirmed each discard;
/// asking again meanwhile is fine.
///
/// # Errors
/// When there is no such grant, or storage fails.
pub fn delete(tx: &mut Tx<'_>, moment: &mut Moment, caller: &Caller, by: &By) -> Result<(), Error> {
    let grant = named(tx, caller, by)?;
    if grant.deleting_at.is_none() {
        caller.note(tx, moment, "access_grant.delete", grant.id, json!({}))?;
        end(tx, moment, caller, &grant)?;
    }
    Ok(())
}

/// Marks a grant and ends its methods. One without any goes at once.
pub(crate) fn end(tx: &mut Tx<'_>, moment: &mut Moment, caller: &Caller, grant: &AccessGrant) -> Result<(), Error> {
    access_grants::change(tx, grant.id, Change { deleting_at: Some(moment.now), ..Change::default() })?;
    for method in access_methods::of_grants(tx, &[grant.id])? {
        mark(tx, moment, caller, &method)?;
    }
    settle_grant(tx, moment, grant.id)
}

/// Ends one method; the others of its grant stay.
pub(crate) fn end_method(
    tx: &mut Tx<'_>,
    moment: &mut Moment,
    caller: &Caller,
    method: &AccessMethod,
) -> Result<(), Error> {
    mark(tx, moment, caller, method)?;
    settle_grant(tx, moment, method.access_grant_id)
}

fn mark(tx: &mut Tx<'_>, moment: &mut Moment, caller: &Caller, method: &AccessMethod) -> Result<(), Error> {
    if method.deleting_at.is_some() {
        return Ok(());
    }
    access_methods::update(tx, &AccessMethod { deleting_at: Some(moment.now), ..method.clone() })?;
    if let Some(link) = method.instant_key_id
        && store::instant_keys::find(tx, caller.workspace_id, link)?.is_some()
    {
        crate::instant_keys::delete(tx, moment, &caller.at_large(), link)?;
    }
    let ids: Vec<_> = of(tx, method.id)?;
    for credential in credentials::by_ids(tx, &ids)? {
        if credential.deleting_at.or(credential.deleted_at).is_none() {
            crate::credentials::end(tx, moment, &credential)?;
        }
    }
    Ok(())
}

fn of(tx: &mut Tx<'_>, method: AccessMethodId) -> Result<Vec<domain::id::CredentialId>, Error> {
    Ok(access_methods::credentials_of(tx, &[method])?.into_iter().map(|(_, credential)| credential).collect())
}
