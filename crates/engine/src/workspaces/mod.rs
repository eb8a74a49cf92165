//! Workspaces as their members see them, and personal access tokens (`spec/api.md 1.9`).

mod reset;

pub use reset::{require_sandbox, reset_sandbox};

use domain::{
    Moment,
    id::{PersonalAccessTokenId, WorkspaceId},
};
use serde_json::{Value, json};
use store::{
    Tx,
    personal_access_tokens::{self as tokens, PersonalAccessToken},
    workspaces::{self, Workspace},
};

use crate::{Caller, Error, Noun, caller::Request, idempotency, sites::NewApiKey};

/// A workspace to be made.
#[derive(Debug, Clone)]
pub struct Create {
    /// Name.
    pub name: String,
    /// Whether it is for trials.
    pub is_sandbox: bool,
    /// Name shown to people who connect an account.
    pub connect_partner_name: Option<String>,
    /// How pages for people look, a JSON object.
    pub connect_webview_customization: Option<Value>,
    /// The organization it belongs to.
    pub organization_id: Option<String>,
}

/// Makes a workspace; the owner of the token becomes its first member.
///
/// # Errors
/// When storage fails, or the token was revoked meanwhile.
pub fn create(
    tx: &mut Tx<'_>,
    moment: &mut Moment,
    token: PersonalAccessTokenId,
    request: &Request,
    asked: &Create,
) -> Result<Workspace, Error> {
    let owner = owner_of(tx, token)?;
    let mut workspace = Workspace::new(moment.id(), asked.name.clone(), asked.is_sandbox, moment.now);
    workspace.connect_partner_name.clone_from(&asked.connect_partner_name);
    workspace.organization_id.clone_from(&asked.organization_id);
    if let Some(looks) = &asked.connect_webview_customization {
        workspace.connect_webview_customization.clone_from(looks);
    }
    workspaces::insert(tx, &workspace)?;
    tokens::add_member(tx, &owner, workspace.id, moment.now)?;
    let caller = Caller::of_workspace(workspace.id, format!("personal_access_token:{token}"));
    let caller = Caller { request: Some(request.clone()), ..caller };
    caller.note(tx, moment, "workspace.create", workspace.id, json!({ "after": shown(&workspace) }))?;
    idempotency::remember(tx, moment, &caller)?;
    Ok(workspace)
}

/// A workspace as the audit log has it.
fn shown(workspace: &Workspace) -> Value {
    json!({
        "name": workspace.name,
        "is_sandbox": workspace.is_sandbox,
        "connect_partner_name": workspace.connect_partner_name,
        "organization_id": workspace.organization_id,
        "is_publishable_key_auth_enabled": workspace.is_publishable_key_auth_enabled,
        "is_suspended": workspace.is_suspended,
    })
}

/// The workspaces that the owner of a token is a member of, oldest first.
///
/// # Errors
/// When storage fails, or the token was revoked meanwhile.
pub fn of_token(tx: &mut Tx<'_>, token: PersonalAccessTokenId) -> Result<Vec<Workspace>, Error> {
    let owner = owner_of(tx, token)?;
    Ok(tokens::workspaces_of(tx, &owner)?)
}

fn owner_of(tx: &mut Tx<'_>, token: PersonalAccessTokenId) -> Result<String, Error> {
    let known = tokens::list(tx)?.into_iter().find(|known| known.id == token && known.revoked_at.is_none());
    known.map(|known| known.owner).ok_or_else(|| Error::Conflict { message: "the token was revoked".to_owned() })
}

/// What is to be changed; none stays.
#[derive(Debug, Clone, Default)]
pub struct Update {
    /// Name.
    pub name: Option<String>,
    /// Name shown to people who connect an account; inner none clears.
    pub connect_partner_name: Option<Option<String>>,
    /// How pages for people look: these members take the place of the former ones.
    pub connect_webview_customization: Option<Value>,
    /// Whether the publishable key lets anybody in.
    pub is_publishable_key_auth_enabled: Option<bool>,
    /// Whether it is laid aside.
    pub is_suspended: Option<bool>,
    /// The organization it belongs to; inner none clears.
    pub organization_id: Option<Option<String>>,
}

/// Changes the caller's workspace. `publishable_key` is the key that it gets if it has none and one is wanted.
///
/// # Errors
/// When storage fails.
pub fn update(
    tx: &mut Tx<'_>,
    moment: &mut Moment,
    caller: &Caller,
    asked: &Update,
    publishable_key: &str,
) -> Result<Workspace, Error> {
    let mut workspace = workspaces::find(tx, caller.workspace_id)?
        .ok_or_else(|| Error::not_found(Noun::Workspace, caller.workspace_id))?;
    let before = shown(&workspace);
    if let Some(name) = &asked.name {
        workspace.name.clone_from(name);
    }
    if let Some(name) = &asked.connect_partner_name {
        workspace.connect_partner_name.clone_from(name);
    }
    if let Some(id) = &asked.organization_id {
        workspace.organization_id.clone_from(id);
    }
    if let (Some(Value::Object(new)), Value::Object(present)) =
        (&asked.connect_webview_customization, &mut workspace.connect_webview_customization)
    {
        present.extend(new.clone());
    }
    if let Some(is_suspended) = asked.is_suspended {
        workspace.is_suspended = is_suspended;
    }
    if let Some(is_enabled) = asked.is_publishable_key_auth_enabled {
        workspace.is_publishable_key_auth_enabled = is_enabled;
        if is_enabled && workspace.publishable_key.is_none() {
            workspace.publishable_key = Some(publishable_key.to_owned());
        }
    }
    workspaces::update(tx, &workspace)?;
    caller.note_change(tx, moment, "workspace.update", workspace.id, before, shown(&workspace))?;
    Ok(workspace)
}

/// Stores a new personal access token, and makes its owner a member of the workspace.
///
/// # Errors
/// When its short part is taken, or storage fails.
pub fn create_token(
    tx: &mut Tx<'_>,
    moment: &mut Moment,
    workspace_id: WorkspaceId,
    owner: &str,
    name: &str,
    token: &NewApiKey,
) -> Result<PersonalAccessToken, Error> {
    let token = PersonalAccessToken {
        id: moment.id(),
        owner: owner.to_owned(),
        name: name.to_owned(),
        short_token: token.short_token.clone(),
        long_token_sha256: token.long_token_sha256.clone(),
        created_at: moment.now,
        revoked_at: None,
    };
    tokens::insert(tx, &token)?;
    tokens::add_member(tx, owner, workspace_id, moment.now)?;
    let after = json!({ "name": token.name, "short_token": token.short_token });
    let operator = Caller::operator(workspace_id);
    operator.note(tx, moment, "personal_access_token.create", token.id, json!({ "after": after }))?;
    Ok(token)
}

/// Revokes the personal access token with this id, or with this short part; none when there is no such token. Doing so
/// twice is harmless.
///
/// # Errors
/// When storage fails.
pub fn revoke_token(tx: &mut Tx<'_>, moment: &mut Moment, named: &str) -> Result<Option<PersonalAccessToken>, Error> {
    let id: Option<PersonalAccessTokenId> = named.parse().ok();
    let found = tokens::list(tx)?.into_iter().find(|token| Some(token.id) == id || token.short_token == named);
    let Some(token) = found else { return Ok(None) };
    tokens::revoke(tx, token.id, moment.now)?;
    if token.revoked_at.is_none() {
        for workspace in tokens::workspaces_of(tx, &token.owner)? {
            let (before, after) = (json!({ "is_revoked": false }), json!({ "is_revoked": true }));
            let operator = Caller::operator(workspace.id);
            operator.note_change(tx, moment, "personal_access_token.revoke", token.id, before, after)?;
        }
    }
    Ok(Some(PersonalAccessToken { revoked_at: token.revoked_at.or(Some(moment.now)), ..token }))
}
