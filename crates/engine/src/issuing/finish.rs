//! The end of credentials: released when replaced, gone when every carrier is.

use domain::{Moment, Stage, id::CredentialId};
use jiff::Timestamp;
use serde_json::json;
use store::{
    Tx, carriers, credential_state,
    credentials::{self, CARD, Credential},
    systems::AcsSystem,
};

use super::scene::Surroundings;
use crate::{Caller, Error, credentials::refit, event, users};

/// A replaced key may go: its successor has taken its place.
pub(super) fn release(tx: &mut Tx<'_>, moment: &Moment, key: CredentialId) -> Result<(), Error> {
    Ok(credential_state::set_deleting(tx, key, moment.now)?)
}

/// A key that should be gone is: it disappears, with its event. Answers whether it did; a suspended user's key stays
/// and waits for its owner.
pub(super) fn finish_key(
    tx: &mut Tx<'_>,
    moment: &mut Moment,
    system: &AcsSystem,
    around: &Surroundings,
    key: CredentialId,
) -> Result<bool, Error> {
    let Some(row) = around.key_row(key).filter(|_| around.ending.contains(&key)) else { return Ok(false) };
    gone(tx, moment, system, row)?;
    let Some(parent) = row.parent_id.and_then(|parent| around.holders.get(&parent)) else { return Ok(true) };
    let siblings = credentials::children_of(tx, &[parent.id])?;
    if siblings.is_empty() && parent.issued_at.is_some() {
        credential_state::set_unissued(tx, parent.id)?;
    }
    Ok(true)
}

/// Parents that should be gone and have no children left disappear, after their children (P7).
pub(super) fn finish_parents(
    tx: &mut Tx<'_>,
    moment: &mut Moment,
    system: &AcsSystem,
    around: &Surroundings,
) -> Result<bool, Error> {
    let mut finished = false;
    for parent in around.holders.values().filter(|holder| holder.is_multi_phone) {
        let should_go = parent.deleting_at.is_some() || parent.replaced_by.is_some();
        let has_children = around.children.values().any(|child| child.parent_id == Some(parent.id));
        if should_go && !has_children {
            gone(tx, moment, system, parent)?;
            finished = true;
        }
    }
    Ok(finished)
}

/// Until when a plastic card may still open an offline lock although its credential is gone; keys leave phones.
fn opens_until(tx: &mut Tx<'_>, moment: &Moment, credential: &Credential) -> Result<Option<Timestamp>, Error> {
    if credential.access_method != CARD || credential.issued_at.is_none() {
        return Ok(None);
    }
    let written = carriers::of_credentials(tx, &[credential.id])?;
    let on_plastic = written.iter().filter(|carrier| carrier.delivered_at.is_some() && carrier.stage() != Stage::Gone);
    Ok(on_plastic.map(|carrier| carrier.ends_at).max().filter(|end| *end > moment.now))
}

fn gone(tx: &mut Tx<'_>, moment: &mut Moment, system: &AcsSystem, credential: &Credential) -> Result<(), Error> {
    credential_state::set_deleted(tx, credential.id, moment.now)?;
    Caller::program(system.workspace_id).note(tx, moment, "acs_credential.gone", credential.id, json!({}))?;
    let may_open_until = opens_until(tx, moment, credential)?;
    event::deleted(tx, moment, system, credential, may_open_until)?;
    if credential.parent_id.is_some() {
        return Ok(());
    }
    refit(tx, credential.id, moment.now)?;
    match credential.acs_user_id {
        Some(owner) => users::finish(tx, moment, owner),
        None => Ok(()),
    }
}
