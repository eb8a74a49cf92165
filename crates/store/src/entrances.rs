//! Doors, as the API shows them.

use diesel::prelude::*;
use domain::{
    DoorCategory,
    id::{AcsSystemId, EntranceId, SpaceId, WorkspaceId, kind},
};
use jiff::Timestamp;

use crate::{
    Error, Tx,
    among::among,
    column::{IdColumn, JsonColumn, OptionalTimeColumn, TimeColumn, microseconds},
    database::RunOn,
    page::{Page, containing, lower},
    schema::{entrances, space_entrances, spaces},
    sight::Sight,
    systems::systems_of_customer,
};

/// A door.
#[derive(Debug, Clone, Queryable)]
pub struct Entrance {
    /// Id.
    #[diesel(deserialize_as = IdColumn<kind::Entrance>)]
    pub id: EntranceId,
    /// Workspace.
    #[diesel(deserialize_as = IdColumn<kind::Workspace>)]
    pub workspace_id: WorkspaceId,
    /// Site.
    #[diesel(deserialize_as = IdColumn<kind::AcsSystem>)]
    pub acs_system_id: AcsSystemId,
    /// Name at the lock server, the key by which it is addressed there.
    pub door_name: String,
    /// Category in the lock server's words; see [`Entrance::category`].
    pub door_category: String,
    /// Place in the site's room order: rooms next to each other have successive numbers.
    pub room_order: i32,
    /// Door profiles, a JSON array.
    #[diesel(deserialize_as = JsonColumn)]
    pub profiles: serde_json::Value,
    /// When it was first seen.
    #[diesel(deserialize_as = TimeColumn)]
    pub created_at: Timestamp,
    /// When it vanished from the lock server.
    #[diesel(deserialize_as = OptionalTimeColumn)]
    pub removed_at: Option<Timestamp>,
}

impl Entrance {
    /// The category.
    pub fn category(&self) -> DoorCategory {
        DoorCategory::parse(&self.door_category)
    }
}

/// Which doors to list; the parts combine with AND.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Only this site's.
    pub acs_system_id: Option<AcsSystemId>,
    /// Only these.
    pub ids: Option<Vec<EntranceId>>,
    /// Only those whose name holds this text, in any letter case.
    pub search: Option<String>,
    /// Only those of this space; inner none: of no space.
    pub space_id: Option<Option<SpaceId>>,
    /// Only those of a space or of an account of this customer.
    pub customer_key: Option<String>,
    /// Only what this sight covers.
    pub sight: Option<Sight>,
}

/// Adds a door.
///
/// # Errors
/// When the query fails.
pub fn insert(tx: &mut Tx<'_>, entrance: &Entrance) -> Result<(), Error> {
    diesel::insert_into(entrances::table)
        .values((
            entrances::id.eq(entrance.id.to_string()),
            entrances::workspace_id.eq(entrance.workspace_id.to_string()),
            entrances::acs_system_id.eq(entrance.acs_system_id.to_string()),
            entrances::door_name.eq(&entrance.door_name),
            entrances::door_category.eq(&entrance.door_category),
            entrances::room_order.eq(entrance.room_order),
            entrances::profiles.eq(entrance.profiles.to_string()),
            entrances::created_at.eq(microseconds(entrance.created_at)),
            entrances::removed_at.eq(entrance.removed_at.map(microseconds)),
        ))
        .execute_on(tx)
        .map_err(Error::during("insert a door"))?;
    Ok(())
}

/// A door of the workspace.
///
/// # Errors
/// When the query fails.
pub fn find(tx: &mut Tx<'_>, workspace_id: WorkspaceId, id: EntranceId) -> Result<Option<Entrance>, Error> {
    entrances::table
        .find(id.to_string())
        .filter(entrances::workspace_id.eq(workspace_id.to_string()))
        .filter(entrances::removed_at.is_null())
        .get_on(tx)
        .optional()
        .map_err(Error::during("find a door"))
}

/// Doors by id, in no particular order; unknown ids are left out.
///
/// # Errors
/// When the query fails.
pub fn by_ids(tx: &mut Tx<'_>, ids: &[EntranceId]) -> Result<Vec<Entrance>, Error> {
    match ids {
        [] => return Ok(Vec::new()),
        // A comparison is found by its type, a list by its text.
        [only] => entrances::table.find(only.to_string()).load_on(tx),
        several => entrances::table.filter(among(entrances::id, several)).load_on(tx),
    }
    .map_err(Error::during("load doors"))
}

/// All doors the site has or had.
///
/// # Errors
/// When the query fails.
pub fn of_system(tx: &mut Tx<'_>, acs_system_id: AcsSystemId) -> Result<Vec<Entrance>, Error> {
    entrances::table
        .filter(entrances::acs_system_id.eq(acs_system_id.to_string()))
        .order((entrances::created_at, entrances::id))
        .load_on(tx)
        .map_err(Error::during("load a site's doors"))
}

/// A page of the workspace's doors, oldest first.
///
/// # Errors
/// When the query fails.
pub fn list(tx: &mut Tx<'_>, workspace_id: WorkspaceId, filter: &Filter, page: Page) -> Result<Vec<Entrance>, Error> {
    let mut query = entrances::table
        .filter(entrances::workspace_id.eq(workspace_id.to_string()))
        .filter(entrances::removed_at.is_null())
        .order((entrances::created_at, entrances::id))
        .limit(page.limit)
        .into_boxed();
    if let Some(id) = filter.acs_system_id {
        query = query.filter(entrances::acs_system_id.eq(id.to_string()));
    }
    if let Some(ids) = &filter.ids {
        query = query.filter(entrances::id.eq_any(ids.iter().map(ToString::to_string).collect::<Vec<_>>()));
    }
    if let Some(sight) = &filter.sight {
        let systems: Vec<String> = sight.acs_system_ids.iter().map(ToString::to_string).collect();
        let doors: Vec<String> = sight.acs_entrance_ids.iter().map(ToString::to_string).collect();
        query = query.filter(entrances::acs_system_id.eq_any(systems).or(entrances::id.eq_any(doors)));
    }
    if let Some(search) = &filter.search {
        query = query.filter(lower(entrances::door_name.nullable()).like(containing(search)).escape('\\'));
    }
    let in_spaces = || {
        space_entrances::table
            .inner_join(spaces::table.on(spaces::id.eq(space_entrances::space_id)))
            .filter(spaces::deleted_at.is_null())
    };
    match filter.space_id {
        None => {}
        Some(Some(space)) => {
            let of_it = in_spaces().filter(spaces::id.eq(space.to_string())).select(space_entrances::entrance_id);
            query = query.filter(entrances::id.eq_any(of_it));
        }
        Some(None) => query = query.filter(entrances::id.ne_all(in_spaces().select(space_entrances::entrance_id))),
    }
    if let Some(customer) = &filter.customer_key {
        let of_it = in_spaces().filter(spaces::customer_key.eq(customer.clone())).select(space_entrances::entrance_id);
        let systems = systems_of_customer(customer.clone());
        query = query.filter(entrances::id.eq_any(of_it).or(entrances::acs_system_id.eq_any(systems)));
    }
    if let Some((created_at, id)) = page.after_columns() {
        query = query.filter(
            entrances::created_at.gt(created_at).or(entrances::created_at.eq(created_at).and(entrances::id.gt(id))),
        );
    }
    query.load(tx.connection).map_err(Error::during("list doors"))
}

/// Notes that a door vanished from the lock server, or came back.
///
/// # Errors
/// When the query fails.
pub fn set_removed(tx: &mut Tx<'_>, id: EntranceId, removed_at: Option<Timestamp>) -> Result<(), Error> {
    diesel::update(entrances::table.find(id.to_string()))
        .set(entrances::removed_at.eq(removed_at.map(microseconds)))
        .execute_on(tx)
        .map_err(Error::during("update a door"))?;
    Ok(())
}

/// Notes another category or other profiles of a door.
///
/// # Errors
/// When the query fails.
pub fn set_details(
    tx: &mut Tx<'_>,
    id: EntranceId,
    door_category: &str,
    profiles: &serde_json::Value,
) -> Result<(), Error> {
    diesel::update(entrances::table.find(id.to_string()))
        .set((entrances::door_category.eq(door_category), entrances::profiles.eq(profiles.to_string())))
        .execute(tx.connection)
        .map_err(Error::during("update a door's details"))?;
    Ok(())
}
