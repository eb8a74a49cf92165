//! Phones and their endpoints: registrations at a credential manager.

use diesel::prelude::*;
use domain::id::{AcsSystemId, EndpointId, PhoneId, UserIdentityId, WorkspaceId, kind};
use jiff::Timestamp;

use crate::{
    Error, Tx,
    among::among,
    column::{IdColumn, JsonColumn, OptionalTimeColumn, TimeColumn, microseconds},
    database::RunOn,
    merged_user_identities,
    schema::{endpoints, phones},
};

/// A phone.
#[derive(Debug, Clone, Queryable)]
pub struct Phone {
    /// Id; `device_id` on the wire.
    #[diesel(deserialize_as = IdColumn<kind::Phone>)]
    pub id: PhoneId,
    /// Workspace.
    #[diesel(deserialize_as = IdColumn<kind::Workspace>)]
    pub workspace_id: WorkspaceId,
    /// Whose it is.
    #[diesel(deserialize_as = IdColumn<kind::UserIdentity>)]
    pub user_identity_id: UserIdentityId,
    /// `ios_phone` or `android_phone`.
    pub device_type: String,
    /// Model, for people.
    pub display_name: String,
    /// What else is known of it, a JSON object.
    #[diesel(deserialize_as = JsonColumn)]
    pub detail: serde_json::Value,
    /// When it was first seen.
    #[diesel(deserialize_as = TimeColumn)]
    pub created_at: Timestamp,
    /// When it was deactivated.
    #[diesel(deserialize_as = OptionalTimeColumn)]
    pub deactivated_at: Option<Timestamp>,
    /// What people call it.
    pub nickname: Option<String>,
}

/// A phone's registration at a credential manager.
#[derive(Debug, Clone, Queryable)]
pub struct Endpoint {
    /// Id, as the credential manager knows it.
    #[diesel(deserialize_as = IdColumn<kind::Endpoint>)]
    pub id: EndpointId,
    /// Workspace.
    #[diesel(deserialize_as = IdColumn<kind::Workspace>)]
    pub workspace_id: WorkspaceId,
    /// The phone.
    #[diesel(deserialize_as = IdColumn<kind::Phone>)]
    pub phone_id: PhoneId,
    /// Where it is registered.
    #[diesel(deserialize_as = IdColumn<kind::AcsSystem>)]
    pub credential_manager_id: AcsSystemId,
    /// Whether keys can be delivered to it.
    pub is_active: bool,
    /// When it was registered.
    #[diesel(deserialize_as = TimeColumn)]
    pub created_at: Timestamp,
}

/// Adds a phone.
///
/// # Errors
/// When the query fails.
pub fn insert(tx: &mut Tx<'_>, phone: &Phone) -> Result<(), Error> {
    diesel::insert_into(phones::table)
        .values((
            phones::id.eq(phone.id.to_string()),
            phones::workspace_id.eq(phone.workspace_id.to_string()),
            phones::user_identity_id.eq(phone.user_identity_id.to_string()),
            phones::device_type.eq(&phone.device_type),
            phones::display_name.eq(&phone.display_name),
            phones::detail.eq(phone.detail.to_string()),
            phones::created_at.eq(microseconds(phone.created_at)),
            phones::deactivated_at.eq(phone.deactivated_at.map(microseconds)),
            phones::nickname.eq(&phone.nickname),
        ))
        .execute_on(tx)
        .map_err(Error::during("insert a phone"))?;
    Ok(())
}

/// Adds an endpoint.
///
/// # Errors
/// When the query fails.
pub fn insert_endpoint(tx: &mut Tx<'_>, endpoint: &Endpoint) -> Result<(), Error> {
    diesel::insert_into(endpoints::table)
        .values((
            endpoints::id.eq(endpoint.id.to_string()),
            endpoints::workspace_id.eq(endpoint.workspace_id.to_string()),
            endpoints::phone_id.eq(endpoint.phone_id.to_string()),
            endpoints::credential_manager_id.eq(endpoint.credential_manager_id.to_string()),
            endpoints::is_active.eq(endpoint.is_active),
            endpoints::created_at.eq(microseconds(endpoint.created_at)),
        ))
        .execute_on(tx)
        .map_err(Error::during("insert an endpoint"))?;
    Ok(())
}

/// A live phone of the workspace.
///
/// # Errors
/// When the query fails.
pub fn find(tx: &mut Tx<'_>, workspace_id: WorkspaceId, id: PhoneId) -> Result<Option<Phone>, Error> {
    phones::table
        .find(id.to_string())
        .filter(phones::workspace_id.eq(workspace_id.to_string()))
        .filter(phones::deactivated_at.is_null())
        .get_on(tx)
        .optional()
        .map_err(Error::during("find a phone"))
}

/// Live phones of the workspace, oldest first.
///
/// # Errors
/// When the query fails.
pub fn list(
    tx: &mut Tx<'_>,
    workspace_id: WorkspaceId,
    owner: Option<UserIdentityId>,
    ids: Option<&[PhoneId]>,
) -> Result<Vec<Phone>, Error> {
    let mut query = phones::table
        .filter(phones::workspace_id.eq(workspace_id.to_string()))
        .filter(phones::deactivated_at.is_null())
        .order((phones::created_at, phones::id))
        .into_boxed();
    if let Some(owner) = owner {
        let owner = merged_user_identities::current(tx, workspace_id, owner)?;
        query = query.filter(phones::user_identity_id.eq(owner.to_string()));
    }
    if let Some(ids) = ids {
        query = query.filter(phones::id.eq_any(ids.iter().map(ToString::to_string).collect::<Vec<_>>()));
    }
    query.load(tx.connection).map_err(Error::during("list phones"))
}

/// The oldest live phone of the workspace that people call this.
///
/// # Errors
/// When the query fails.
pub fn called(tx: &mut Tx<'_>, workspace_id: WorkspaceId, nickname: &str) -> Result<Option<Phone>, Error> {
    phones::table
        .filter(phones::workspace_id.eq(workspace_id.to_string()))
        .filter(phones::deactivated_at.is_null())
        .filter(phones::nickname.eq(nickname))
        .order((phones::created_at, phones::id))
        .first(tx.connection)
        .optional()
        .map_err(Error::during("find a phone by nickname"))
}

/// Says what people call a phone; none takes the name away.
///
/// # Errors
/// When the query fails.
pub fn set_nickname(tx: &mut Tx<'_>, id: PhoneId, nickname: Option<&str>) -> Result<(), Error> {
    diesel::update(phones::table.find(id.to_string()))
        .set(phones::nickname.eq(nickname))
        .execute_on(tx)
        .map_err(Error::during("name a phone"))?;
    Ok(())
}

/// Gives a person's phones to another.
///
/// # Errors
/// When the query fails.
pub fn hand_over(tx: &mut Tx<'_>, from: UserIdentityId, to: UserIdentityId) -> Result<(), Error> {
    diesel::update(phones::table.filter(phones::user_identity_id.eq(from.to_string())))
        .set(phones::user_identity_id.eq(to.to_string()))
        .execute_on(tx)
        .map_err(Error::during("hand phones over"))?;
    Ok(())
}

/// The endpoints of these phones, oldest first.
///
/// # Errors
/// When the query fails.
pub fn endpoints_of(tx: &mut Tx<'_>, phone_ids: &[PhoneId]) -> Result<Vec<Endpoint>, Error> {
    if phone_ids.is_empty() {
        return Ok(Vec::new());
    }
    endpoints::table
        .filter(among(endpoints::phone_id, phone_ids))
        .order((endpoints::created_at, endpoints::id))
        .load_on(tx)
        .map_err(Error::during("load endpoints"))
}

/// An endpoint by id.
///
/// # Errors
/// When the query fails.
pub fn endpoint(tx: &mut Tx<'_>, id: EndpointId) -> Result<Option<Endpoint>, Error> {
    endpoints::table.find(id.to_string()).get_on(tx).optional().map_err(Error::during("find an endpoint"))
}

/// The active endpoints of a person's live phones at a credential manager, oldest phone first.
///
/// # Errors
/// When the query fails.
pub fn active_endpoints(
    tx: &mut Tx<'_>,
    identity_id: UserIdentityId,
    credential_manager_id: AcsSystemId,
) -> Result<Vec<Endpoint>, Error> {
    endpoints::table
        .inner_join(phones::table.on(phones::id.eq(endpoints::phone_id)))
        .filter(phones::user_identity_id.eq(identity_id.to_string()))
        .filter(phones::deactivated_at.is_null())
        .filter(endpoints::credential_manager_id.eq(credential_manager_id.to_string()))
        .filter(endpoints::is_active.eq(true))
        .order((phones::created_at, phones::id))
        .select(endpoints::all_columns)
        .load_on(tx)
        .map_err(Error::during("load active endpoints"))
}

/// Deactivates a phone and its endpoints.
///
/// # Errors
/// When the query fails.
pub fn deactivate(tx: &mut Tx<'_>, id: PhoneId, at: Timestamp) -> Result<(), Error> {
    diesel::update(phones::table.find(id.to_string()))
        .set(phones::deactivated_at.eq(microseconds(at)))
        .execute_on(tx)
        .map_err(Error::during("deactivate a phone"))?;
    diesel::update(endpoints::table.filter(endpoints::phone_id.eq(id.to_string())))
        .set(endpoints::is_active.eq(false))
        .execute_on(tx)
        .map_err(Error::during("deactivate endpoints"))?;
    Ok(())
}

/// Those of these endpoints that are active.
///
/// # Errors
/// When the query fails.
pub fn active_among(tx: &mut Tx<'_>, ids: &[EndpointId]) -> Result<Vec<EndpointId>, Error> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let active: Vec<IdColumn<kind::Endpoint>> = endpoints::table
        .filter(among(endpoints::id, ids))
        .filter(endpoints::is_active.eq(true))
        .select(endpoints::id)
        .load_on(tx)
        .map_err(Error::during("find active endpoints"))?;
    Ok(active.into_iter().map(Into::into).collect())
}
