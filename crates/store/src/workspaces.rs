//! Workspaces and their API keys.

use diesel::prelude::*;
use domain::id::{ApiKeyId, WorkspaceId, kind};
use jiff::Timestamp;

use crate::{
    Error, Tx,
    column::{IdColumn, JsonColumn, OptionalTimeColumn, TimeColumn, microseconds},
    database::RunOn,
    schema::{api_keys, workspaces},
};

/// A tenant.
#[derive(Debug, Clone, Queryable)]
pub struct Workspace {
    /// Id.
    #[diesel(deserialize_as = IdColumn<kind::Workspace>)]
    pub id: WorkspaceId,
    /// Name.
    pub name: String,
    /// Sandboxes talk to a simulated hotel; a workspace is one or the other for life.
    pub is_sandbox: bool,
    /// When it was made.
    #[diesel(deserialize_as = TimeColumn)]
    pub created_at: Timestamp,
    /// Name shown to people who connect an account.
    pub connect_partner_name: Option<String>,
    /// How pages for people look, a JSON object.
    #[diesel(deserialize_as = JsonColumn)]
    pub connect_webview_customization: serde_json::Value,
    /// The organization it belongs to, in its makers' words.
    pub organization_id: Option<String>,
    /// Whether its makers laid it aside.
    pub is_suspended: bool,
    /// Whether the publishable key lets anybody in.
    pub is_publishable_key_auth_enabled: bool,
    /// The key that browsers may show; none until it was wanted.
    pub publishable_key: Option<String>,
}

impl Workspace {
    /// A workspace with a name and nothing chosen.
    #[must_use]
    pub fn new(id: WorkspaceId, name: String, is_sandbox: bool, created_at: Timestamp) -> Self {
        Self {
            id,
            name,
            is_sandbox,
            created_at,
            connect_partner_name: None,
            connect_webview_customization: serde_json::json!({}),
            organization_id: None,
            is_suspended: false,
            is_publishable_key_auth_enabled: false,
            publishable_key: None,
        }
    }
}

/// An API key. Only a hash of its long part is kept.
#[derive(Debug, Clone, Queryable)]
pub struct ApiKey {
    /// Id.
    #[diesel(deserialize_as = IdColumn<kind::ApiKey>)]
    pub id: ApiKeyId,
    /// The workspace it opens.
    #[diesel(deserialize_as = IdColumn<kind::Workspace>)]
    pub workspace_id: WorkspaceId,
    /// Name, for people.
    pub name: String,
    /// The part of the key by which it is found; not secret.
    pub short_token: String,
    /// SHA-256 of the secret part, hexadecimal.
    pub long_token_sha256: String,
    /// When it was made.
    #[diesel(deserialize_as = TimeColumn)]
    pub created_at: Timestamp,
    /// When it was revoked.
    #[diesel(deserialize_as = OptionalTimeColumn)]
    pub revoked_at: Option<Timestamp>,
}

/// Adds a workspace.
///
/// # Errors
/// When the query fails.
pub fn insert(tx: &mut Tx<'_>, workspace: &Workspace) -> Result<(), Error> {
    diesel::insert_into(workspaces::table)
        .values((
            workspaces::id.eq(workspace.id.to_string()),
            workspaces::name.eq(&workspace.name),
            workspaces::is_sandbox.eq(workspace.is_sandbox),
            workspaces::created_at.eq(microseconds(workspace.created_at)),
            workspaces::connect_partner_name.eq(&workspace.connect_partner_name),
            workspaces::connect_webview_customization.eq(workspace.connect_webview_customization.to_string()),
            workspaces::organization_id.eq(&workspace.organization_id),
            workspaces::is_suspended.eq(workspace.is_suspended),
            workspaces::is_publishable_key_auth_enabled.eq(workspace.is_publishable_key_auth_enabled),
            workspaces::publishable_key.eq(&workspace.publishable_key),
        ))
        .execute_on(tx)
        .map_err(Error::during("insert a workspace"))?;
    Ok(())
}

/// A workspace by id.
///
/// # Errors
/// When the query fails.
pub fn find(tx: &mut Tx<'_>, id: WorkspaceId) -> Result<Option<Workspace>, Error> {
    workspaces::table.find(id.to_string()).get_on(tx).optional().map_err(Error::during("find a workspace"))
}

/// All workspaces, oldest first.
///
/// # Errors
/// When the query fails.
pub fn list(tx: &mut Tx<'_>) -> Result<Vec<Workspace>, Error> {
    workspaces::table
        .order((workspaces::created_at, workspaces::id))
        .load_on(tx)
        .map_err(Error::during("list workspaces"))
}

/// The workspace that this publishable key names.
///
/// # Errors
/// When the query fails.
pub fn by_publishable_key(tx: &mut Tx<'_>, key: &str) -> Result<Option<Workspace>, Error> {
    workspaces::table
        .filter(workspaces::publishable_key.eq(key))
        .get_on(tx)
        .optional()
        .map_err(Error::during("find a workspace by its publishable key"))
}

/// Replaces what can be chosen of a workspace; it stays a sandbox or a real one.
///
/// # Errors
/// When the query fails.
pub fn update(tx: &mut Tx<'_>, workspace: &Workspace) -> Result<(), Error> {
    diesel::update(workspaces::table.find(workspace.id.to_string()))
        .set((
            workspaces::name.eq(&workspace.name),
            workspaces::connect_partner_name.eq(&workspace.connect_partner_name),
            workspaces::connect_webview_customization.eq(workspace.connect_webview_customization.to_string()),
            workspaces::organization_id.eq(&workspace.organization_id),
            workspaces::is_suspended.eq(workspace.is_suspended),
            workspaces::is_publishable_key_auth_enabled.eq(workspace.is_publishable_key_auth_enabled),
            workspaces::publishable_key.eq(&workspace.publishable_key),
        ))
        .execute_on(tx)
        .map_err(Error::during("update a workspace"))?;
    Ok(())
}

/// Adds an API key.
///
/// # Errors
/// When the query fails; a short token that is taken is a unique violation.
pub fn insert_api_key(tx: &mut Tx<'_>, key: &ApiKey) -> Result<(), Error> {
    diesel::insert_into(api_keys::table)
        .values((
            api_keys::id.eq(key.id.to_string()),
            api_keys::workspace_id.eq(key.workspace_id.to_string()),
            api_keys::name.eq(&key.name),
            api_keys::short_token.eq(&key.short_token),
            api_keys::long_token_sha256.eq(&key.long_token_sha256),
            api_keys::created_at.eq(microseconds(key.created_at)),
            api_keys::revoked_at.eq(key.revoked_at.map(microseconds)),
        ))
        .execute_on(tx)
        .map_err(Error::during("insert an API key"))?;
    Ok(())
}

/// The live API key with this short token.
///
/// # Errors
/// When the query fails.
pub fn find_api_key(tx: &mut Tx<'_>, short_token: &str) -> Result<Option<ApiKey>, Error> {
    api_keys::table
        .filter(api_keys::short_token.eq(short_token))
        .filter(api_keys::revoked_at.is_null())
        .get_on(tx)
        .optional()
        .map_err(Error::during("find an API key"))
}
