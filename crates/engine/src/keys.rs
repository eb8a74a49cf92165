//! API keys, as the operator makes and revokes them.

use domain::{
    Moment,
    id::{ApiKeyId, WorkspaceId},
};
use serde_json::json;
use store::{
    Tx, configuration,
    workspaces::{self, ApiKey, Workspace},
};

use crate::{Caller, Error, sites::NewApiKey};

/// The workspace of this database. There is one; it is made when the program is first started.
///
/// # Errors
/// When there is none yet, or storage fails.
pub fn workspace(tx: &mut Tx<'_>) -> Result<Workspace, Error> {
    workspaces::list(tx)?.into_iter().next().ok_or_else(|| Error::Conflict {
        message: "the database has no workspace yet; start the server once".to_owned(),
    })
}

/// Stores a new key.
///
/// # Errors
/// When its short part is taken, or storage fails.
pub fn create(
    tx: &mut Tx<'_>,
    moment: &mut Moment,
    workspace_id: WorkspaceId,
    name: &str,
    key: &NewApiKey,
) -> Result<ApiKey, Error> {
    let key = ApiKey {
        id: moment.id(),
        workspace_id,
        name: name.to_owned(),
        short_token: key.short_token.clone(),
        long_token_sha256: key.long_token_sha256.clone(),
        created_at: moment.now,
        revoked_at: None,
    };
    workspaces::insert_api_key(tx, &key)?;
    note_created(tx, moment, &key)?;
    Ok(key)
}

/// Writes the making of a key to the audit log.
pub(crate) fn note_created(tx: &mut Tx<'_>, moment: &mut Moment, key: &ApiKey) -> Result<(), Error> {
    let after = json!({ "name": key.name, "short_token": key.short_token });
    Caller::operator(key.workspace_id).note(tx, moment, "api_key.create", key.id, json!({ "after": after }))
}

/// The keys of the workspace, revoked ones included, oldest first.
///
/// # Errors
/// When storage fails.
pub fn list(tx: &mut Tx<'_>, workspace_id: WorkspaceId) -> Result<Vec<ApiKey>, Error> {
    Ok(configuration::api_keys_of(tx, workspace_id)?)
}

/// Revokes the key with this id, or with this short part. Doing so twice is harmless.
///
/// # Errors
/// When there is no such key, or storage fails.
pub fn revoke(tx: &mut Tx<'_>, moment: &mut Moment, workspace_id: WorkspaceId, named: &str) -> Result<ApiKey, Error> {
    let keys = configuration::api_keys_of(tx, workspace_id)?;
    let id: Option<ApiKeyId> = named.parse().ok();
    let found = keys.into_iter().find(|key| Some(key.id) == id || key.short_token == named);
    let key = found.ok_or_else(|| Error::Conflict {
        message: format!("there is no API key {named}; innkeep keys list shows those that are there"),
    })?;
    configuration::revoke_api_key(tx, key.id, moment.now)?;
    if key.revoked_at.is_none() {
        let (before, after) = (json!({ "is_revoked": false }), json!({ "is_revoked": true }));
        Caller::operator(workspace_id).note_change(tx, moment, "api_key.revoke", key.id, before, after)?;
    }
    Ok(ApiKey { revoked_at: key.revoked_at.or(Some(moment.now)), ..key })
}
