//! Ending a credential: `spec/api.md 4.11`, promise P7.

use domain::{Moment, id::CredentialId};
use serde_json::json;
use store::{
    Tx, credential_state,
    credentials::{self, Credential},
    tasks,
};

use crate::{Caller, Error, Noun};

/// Asks for the end of a credential and everything under it. It is gone when the lock server has confirmed each
/// discard; asking again meanwhile is fine.
///
/// # Errors
/// When there is no such credential, or storage fails.
pub fn delete(tx: &mut Tx<'_>, moment: &mut Moment, caller: &Caller, id: CredentialId) -> Result<(), Error> {
    let credential =
        credentials::find(tx, caller.workspace_id, id)?.ok_or_else(|| Error::not_found(Noun::AcsCredential, id))?;
    if credential.deleting_at.is_none() {
        end(tx, moment, &credential)?;
        let before = json!({ "starts_at": credential.starts_at, "ends_at": credential.ends_at });
        let after = json!({ "deleting_at": moment.now });
        caller.note_change(tx, moment, "acs_credential.delete", id, before, after)?;
    }
    Ok(())
}

/// Marks the credential, its children, and whatever it was about to replace: a guest whose new key is deleted must not
/// be left with the old one.
pub(crate) fn end(tx: &mut Tx<'_>, moment: &mut Moment, credential: &Credential) -> Result<(), Error> {
    let mut ending = vec![credential.clone()];
    if credential.is_multi_phone {
        ending.extend(credentials::replaced_by(tx, &[credential.id])?);
    }
    let parents: Vec<CredentialId> = ending.iter().filter(|row| row.parent_id.is_none()).map(|row| row.id).collect();
    ending.extend(credentials::children_of(tx, &parents)?);
    for row in &ending {
        credential_state::set_deleting(tx, row.id, moment.now)?;
    }
    for holder in parents {
        super::refit(tx, holder, moment.now)?;
    }
    tasks::add(tx, moment, credential.acs_system_id, credential.id, moment.now)?;
    Ok(())
}
