//! The end of a connected account: everything that came with it goes, here and not in Visionline.

use domain::{Moment, id::ConnectedAccountId};
use serde_json::json;
use store::{
    Tx, connected_accounts, connections, custom_metadata, removal,
    systems::{self, AcsSystem},
};

use super::accounts::find;
use crate::{Caller, Error, encoders, event, user_identities};

/// Removes an account with its systems, doors, encoders, users and credentials, each with its event. Keys that guests
/// have stay as they are in Visionline, on phones and cards (`spec/api.md 2.11`).
///
/// # Errors
/// When there is no such account.
pub fn remove(tx: &mut Tx<'_>, moment: &mut Moment, caller: &Caller, id: ConnectedAccountId) -> Result<(), Error> {
    let mut account = find(tx, caller, id)?;
    for system in systems::of_accounts(tx, &[account.id])? {
        remove_system(tx, moment, &system)?;
    }
    account.deleted_at = Some(moment.now);
    connected_accounts::update(tx, &account)?;
    custom_metadata::remove(tx, &id.to_string())?;
    event::connected_account(tx, moment, "connected_account.deleted", &account, None, json!({}))?;
    caller.note(tx, moment, "connected_account.delete", id, json!({}))
}

fn remove_system(tx: &mut Tx<'_>, moment: &mut Moment, system: &AcsSystem) -> Result<(), Error> {
    encoders::abandon(tx, moment, system.id)?;
    for credential in removal::credentials(tx, system.id, moment.now)? {
        event::credential(tx, moment, "acs_credential.deleted", system, &credential)?;
    }
    for user in removal::users(tx, system.id, moment.now)? {
        event::user(tx, moment, "acs_user.deleted", system, &user)?;
        if let Some(identity) = user.user_identity_id {
            user_identities::finish(tx, moment, identity)?;
        }
    }
    for entrance in removal::entrances(tx, system.id, moment.now)? {
        event::entrance(tx, moment, "acs_entrance.removed", system, entrance)?;
    }
    for encoder in removal::encoders(tx, system.id, moment.now)? {
        event::encoder(tx, moment, "acs_encoder.removed", system, encoder)?;
    }
    connections::remove(tx, system.id)?;
    Ok(removal::system(tx, system.id, moment.now)?)
}
