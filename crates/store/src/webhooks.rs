//! Webhooks: where a workspace wants its events to be sent.

use diesel::prelude::*;
use domain::id::{WebhookId, WorkspaceId, kind};
use jiff::Timestamp;

use crate::{
    Error, Tx,
    column::{IdColumn, JsonColumn, OptionalTimeColumn, TimeColumn, microseconds},
    database::RunOn,
    schema::webhooks,
};

/// Stands for every type of event.
pub const EVERY_TYPE: &str = "*";

/// A webhook. Its secret is sealed.
#[derive(Debug, Clone, Queryable)]
pub struct Webhook {
    /// Id.
    #[diesel(deserialize_as = IdColumn<kind::Webhook>)]
    pub id: WebhookId,
    /// The workspace whose events it gets.
    #[diesel(deserialize_as = IdColumn<kind::Workspace>)]
    pub workspace_id: WorkspaceId,
    /// Where they are sent.
    pub url: String,
    /// The types of event it wants, a JSON array; [`EVERY_TYPE`] stands for all.
    #[diesel(deserialize_as = JsonColumn)]
    pub event_types: serde_json::Value,
    /// The secret that signs, sealed.
    pub sealed_secret: String,
    /// When it was made.
    #[diesel(deserialize_as = TimeColumn)]
    pub created_at: Timestamp,
    /// When it was removed.
    #[diesel(deserialize_as = OptionalTimeColumn)]
    pub deleted_at: Option<Timestamp>,
}

impl Webhook {
    /// The types of event it wants.
    pub fn event_types(&self) -> Vec<String> {
        let types = self.event_types.as_array().map(Vec::as_slice).unwrap_or_default();
        types.iter().filter_map(|name| name.as_str().map(str::to_owned)).collect()
    }
}

/// Whether a webhook that wants these types (a JSON array) wants this one.
pub(crate) fn wants(event_types: &serde_json::Value, event_type: &str) -> bool {
    let types = event_types.as_array().map(Vec::as_slice).unwrap_or_default();
    types.iter().any(|name| name == EVERY_TYPE || name == event_type)
}

/// Adds a webhook.
///
/// # Errors
/// When the query fails.
pub fn insert(tx: &mut Tx<'_>, webhook: &Webhook) -> Result<(), Error> {
    diesel::insert_into(webhooks::table)
        .values((
            webhooks::id.eq(webhook.id.to_string()),
            webhooks::workspace_id.eq(webhook.workspace_id.to_string()),
            webhooks::url.eq(&webhook.url),
            webhooks::event_types.eq(webhook.event_types.to_string()),
            webhooks::sealed_secret.eq(&webhook.sealed_secret),
            webhooks::created_at.eq(microseconds(webhook.created_at)),
            webhooks::deleted_at.eq(webhook.deleted_at.map(microseconds)),
        ))
        .execute_on(tx)
        .map_err(Error::during("insert a webhook"))?;
    Ok(())
}

/// A webhook of the workspace that was not removed.
///
/// # Errors
/// When the query fails.
pub fn find(tx: &mut Tx<'_>, workspace_id: WorkspaceId, id: WebhookId) -> Result<Option<Webhook>, Error> {
    webhooks::table
        .find(id.to_string())
        .filter(webhooks::workspace_id.eq(workspace_id.to_string()))
        .filter(webhooks::deleted_at.is_null())
        .get_on(tx)
        .optional()
        .map_err(Error::during("find a webhook"))
}

/// Whether there is a webhook of this id, removed or not.
///
/// # Errors
/// When the query fails.
pub fn is_known(tx: &mut Tx<'_>, id: WebhookId) -> Result<bool, Error> {
    let found: Vec<String> = webhooks::table
        .filter(webhooks::id.eq(id.to_string()))
        .select(webhooks::id)
        .load_on(tx)
        .map_err(Error::during("look for a webhook"))?;
    Ok(!found.is_empty())
}

/// The workspace's webhooks, oldest first.
///
/// # Errors
/// When the query fails.
pub fn list(tx: &mut Tx<'_>, workspace_id: WorkspaceId) -> Result<Vec<Webhook>, Error> {
    webhooks::table
        .filter(webhooks::workspace_id.eq(workspace_id.to_string()))
        .filter(webhooks::deleted_at.is_null())
        .order((webhooks::created_at, webhooks::id))
        .load_on(tx)
        .map_err(Error::during("list webhooks"))
}

/// The webhooks of all workspaces.
///
/// # Errors
/// When the query fails.
pub fn of_everybody(tx: &mut Tx<'_>) -> Result<Vec<Webhook>, Error> {
    webhooks::table
        .filter(webhooks::deleted_at.is_null())
        .order((webhooks::created_at, webhooks::id))
        .load_on(tx)
        .map_err(Error::during("list all webhooks"))
}

/// The ids of the workspace's webhooks that want this type of event. Asked with every event, so it reads no more than
/// it needs: without any webhook it is one look into an index.
pub(crate) fn that_want(tx: &mut Tx<'_>, workspace_id: WorkspaceId, event_type: &str) -> Result<Vec<WebhookId>, Error> {
    let found: Vec<(IdColumn<kind::Webhook>, JsonColumn)> = webhooks::table
        .filter(webhooks::workspace_id.eq(workspace_id.to_string()))
        .filter(webhooks::deleted_at.is_null())
        .select((webhooks::id, webhooks::event_types))
        .load_on(tx)
        .map_err(Error::during("find the webhooks of an event"))?;
    let wanting = found.into_iter().filter(|(_, types)| wants(types.value(), event_type));
    Ok(wanting.map(|(id, _)| id.into()).collect())
}

/// Changes the types of event that a webhook wants.
///
/// # Errors
/// When the query fails.
pub fn set_event_types(tx: &mut Tx<'_>, id: WebhookId, event_types: &serde_json::Value) -> Result<(), Error> {
    diesel::update(webhooks::table.find(id.to_string()))
        .set(webhooks::event_types.eq(event_types.to_string()))
        .execute_on(tx)
        .map_err(Error::during("change a webhook"))?;
    Ok(())
}

/// Gives a webhook another secret, sealed.
///
/// # Errors
/// When the query fails.
pub fn set_sealed_secret(tx: &mut Tx<'_>, id: WebhookId, sealed_secret: &str) -> Result<(), Error> {
    diesel::update(webhooks::table.find(id.to_string()))
        .set(webhooks::sealed_secret.eq(sealed_secret))
        .execute_on(tx)
        .map_err(Error::during("change the secret of a webhook"))?;
    Ok(())
}

/// Removes a webhook: nothing more is sent to it. Its attempts stay visible.
///
/// # Errors
/// When the query fails.
pub fn set_deleted(tx: &mut Tx<'_>, id: WebhookId, at: Timestamp) -> Result<(), Error> {
    diesel::update(webhooks::table.find(id.to_string()))
        .set(webhooks::deleted_at.eq(Some(microseconds(at))))
        .execute_on(tx)
        .map_err(Error::during("remove a webhook"))?;
    Ok(())
}
