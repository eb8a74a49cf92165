//! Spaces: rooms, suites, floors and the like under a name of the caller's own. What belongs to them is in
//! [`space_members`](crate::space_members).

use diesel::prelude::*;
use domain::id::{ConnectedAccountId, SpaceId, WorkspaceId, kind};
use jiff::Timestamp;

use crate::{
    Error, Tx,
    among::among,
    column::{IdColumn, JsonColumn, OptionalIdColumn, OptionalTimeColumn, TimeColumn, microseconds},
    database::RunOn,
    page::{Page, containing, lower},
    schema::{acs_systems, entrances, space_connected_accounts, space_entrances, spaces},
};

/// A space.
#[derive(Debug, Clone, Queryable)]
pub struct Space {
    /// Id.
    #[diesel(deserialize_as = IdColumn<kind::Space>)]
    pub id: SpaceId,
    /// Workspace.
    #[diesel(deserialize_as = IdColumn<kind::Workspace>)]
    pub workspace_id: WorkspaceId,
    /// The caller's own key, unique in the workspace.
    pub space_key: Option<String>,
    /// Name.
    pub name: String,
    /// The customer it belongs to, by the caller's key.
    pub customer_key: Option<String>,
    /// The space that it is a part of.
    #[diesel(deserialize_as = OptionalIdColumn<kind::Space>)]
    pub parent_id: Option<SpaceId>,
    /// Address, usual times and zone, a JSON object.
    #[diesel(deserialize_as = JsonColumn)]
    pub customer_data: serde_json::Value,
    /// When it was made.
    #[diesel(deserialize_as = TimeColumn)]
    pub created_at: Timestamp,
    /// When it was deleted.
    #[diesel(deserialize_as = OptionalTimeColumn)]
    pub deleted_at: Option<Timestamp>,
}

/// How one space is looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum By {
    /// By id.
    Id(SpaceId),
    /// By the caller's key.
    Key(String),
}

/// Which spaces to list; the parts combine with AND.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Only those with this account, or with a door of it.
    pub connected_account_id: Option<ConnectedAccountId>,
    /// Only this customer's.
    pub customer_key: Option<String>,
    /// Only the parts of this one.
    pub parent_id: Option<SpaceId>,
    /// Only the one with this key.
    pub space_key: Option<String>,
    /// Only those whose name, key or id holds this text, in any letter case.
    pub search: Option<String>,
}

/// Adds a space.
///
/// # Errors
/// When the query fails; a key that is taken is a unique violation.
pub fn insert(tx: &mut Tx<'_>, space: &Space) -> Result<(), Error> {
    diesel::insert_into(spaces::table)
        .values((
            spaces::id.eq(space.id.to_string()),
            spaces::workspace_id.eq(space.workspace_id.to_string()),
            spaces::space_key.eq(&space.space_key),
            spaces::name.eq(&space.name),
            spaces::customer_key.eq(&space.customer_key),
            spaces::parent_id.eq(space.parent_id.map(|id| id.to_string())),
            spaces::customer_data.eq(space.customer_data.to_string()),
            spaces::created_at.eq(microseconds(space.created_at)),
            spaces::deleted_at.eq(space.deleted_at.map(microseconds)),
        ))
        .execute_on(tx)
        .map_err(Error::during("insert a space"))?;
    Ok(())
}

/// A space of the workspace that is there.
///
/// # Errors
/// When the query fails.
pub fn find(tx: &mut Tx<'_>, workspace_id: WorkspaceId, by: &By) -> Result<Option<Space>, Error> {
    let there =
        spaces::table.filter(spaces::workspace_id.eq(workspace_id.to_string())).filter(spaces::deleted_at.is_null());
    match by {
        By::Id(id) => there.filter(spaces::id.eq(id.to_string())).get_on(tx),
        By::Key(key) => there.filter(spaces::space_key.eq(key)).get_on(tx),
    }
    .optional()
    .map_err(Error::during("find a space"))
}

/// The spaces of the workspace that are there and have one of these ids, oldest first; unknown ids are left out.
///
/// # Errors
/// When the query fails.
pub fn by_ids(tx: &mut Tx<'_>, workspace_id: WorkspaceId, ids: &[SpaceId]) -> Result<Vec<Space>, Error> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    spaces::table
        .filter(spaces::workspace_id.eq(workspace_id.to_string()))
        .filter(spaces::deleted_at.is_null())
        .filter(among(spaces::id, ids))
        .order((spaces::created_at, spaces::id))
        .load_on(tx)
        .map_err(Error::during("load spaces"))
}

/// The spaces of the workspace that are there and have one of these keys, oldest first; unknown keys are left out.
///
/// # Errors
/// When the query fails.
pub fn by_keys(tx: &mut Tx<'_>, workspace_id: WorkspaceId, keys: &[String]) -> Result<Vec<Space>, Error> {
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    spaces::table
        .filter(spaces::workspace_id.eq(workspace_id.to_string()))
        .filter(spaces::deleted_at.is_null())
        .filter(among(spaces::space_key, keys))
        .order((spaces::created_at, spaces::id))
        .load_on(tx)
        .map_err(Error::during("load spaces by their keys"))
}

/// A page of the workspace's spaces, oldest first.
///
/// # Errors
/// When the query fails.
pub fn list(tx: &mut Tx<'_>, workspace_id: WorkspaceId, filter: &Filter, page: Page) -> Result<Vec<Space>, Error> {
    use spaces::{created_at, id, name, space_key};
    let mut query = spaces::table
        .filter(spaces::workspace_id.eq(workspace_id.to_string()))
        .filter(spaces::deleted_at.is_null())
        .order((created_at, id))
        .limit(page.limit)
        .into_boxed();
    if let Some(account) = filter.connected_account_id {
        let named = space_connected_accounts::table
            .filter(space_connected_accounts::connected_account_id.eq(account.to_string()))
            .select(space_connected_accounts::space_id);
        let with_a_door = space_entrances::table
            .inner_join(entrances::table.on(entrances::id.eq(space_entrances::entrance_id)))
            .inner_join(acs_systems::table.on(acs_systems::id.eq(entrances::acs_system_id)))
            .filter(acs_systems::connected_account_id.eq(account.to_string()))
            .filter(entrances::removed_at.is_null())
            .select(space_entrances::space_id);
        query = query.filter(id.eq_any(named).or(id.eq_any(with_a_door)));
    }
    if let Some(customer) = &filter.customer_key {
        query = query.filter(spaces::customer_key.eq(customer.clone()));
    }
    if let Some(parent) = filter.parent_id {
        query = query.filter(spaces::parent_id.eq(parent.to_string()));
    }
    if let Some(key) = &filter.space_key {
        query = query.filter(space_key.eq(key.clone()));
    }
    if let Some(search) = &filter.search {
        let holds = || containing(search);
        query = query.filter(
            lower(id.nullable())
                .like(holds())
                .escape('\\')
                .or(lower(name.nullable()).like(holds()).escape('\\'))
                .or(lower(space_key).like(holds()).escape('\\')),
        );
    }
    if let Some((after_created_at, after_id)) = page.after_columns() {
        query = query.filter(created_at.gt(after_created_at).or(created_at.eq(after_created_at).and(id.gt(after_id))));
    }
    query.load(tx.connection).map_err(Error::during("list spaces"))
}

/// Replaces what is known of a space.
///
/// # Errors
/// When the query fails; a key that is taken is a unique violation.
pub fn update(tx: &mut Tx<'_>, space: &Space) -> Result<(), Error> {
    diesel::update(spaces::table.find(space.id.to_string()))
        .set((
            spaces::space_key.eq(&space.space_key),
            spaces::name.eq(&space.name),
            spaces::customer_key.eq(&space.customer_key),
            spaces::parent_id.eq(space.parent_id.map(|id| id.to_string())),
            spaces::customer_data.eq(space.customer_data.to_string()),
        ))
        .execute_on(tx)
        .map_err(Error::during("update a space"))?;
    Ok(())
}

/// Notes that a space is gone. Its key is free again, and its parts stand alone.
///
/// # Errors
/// When the query fails.
pub fn set_deleted(tx: &mut Tx<'_>, id: SpaceId, at: Timestamp) -> Result<(), Error> {
    diesel::update(spaces::table.find(id.to_string()))
        .set(spaces::deleted_at.eq(microseconds(at)))
        .execute_on(tx)
        .map_err(Error::during("mark a space deleted"))?;
    diesel::update(spaces::table.filter(spaces::parent_id.eq(id.to_string())))
        .set(spaces::parent_id.eq(None::<String>))
        .execute_on(tx)
        .map_err(Error::during("release the parts of a space"))?;
    Ok(())
}
