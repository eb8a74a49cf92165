//! Access grants: what a guest was granted, at which doors, for which reservation.

use diesel::prelude::*;
use domain::{
    id::{AccessGrantId, AcsSystemId, EntranceId, SpaceId, UserIdentityId, WorkspaceId, kind},
    reservation::Period,
};
use jiff::Timestamp;

use crate::{
    Error, Tx,
    among::among,
    column::{IdColumn, JsonColumn, OptionalJsonColumn, OptionalTimeColumn, TimeColumn, microseconds},
    database::RunOn,
    page::Page,
    schema::{access_grant_doors, access_grant_spaces, access_grants, entrances},
    sight::Sight,
};

/// A grant.
#[derive(Debug, Clone, Queryable)]
pub struct AccessGrant {
    /// Id.
    #[diesel(deserialize_as = IdColumn<kind::AccessGrant>)]
    pub id: AccessGrantId,
    /// Workspace.
    #[diesel(deserialize_as = IdColumn<kind::Workspace>)]
    pub workspace_id: WorkspaceId,
    /// Whose it is.
    #[diesel(deserialize_as = IdColumn<kind::UserIdentity>)]
    pub user_identity_id: UserIdentityId,
    /// The caller's own key of it; of the grants that are not being deleted one has it.
    pub access_grant_key: Option<String>,
    /// The reservation: grants with one key are one party.
    pub reservation_key: Option<String>,
    /// The customer it came with.
    pub customer_key: Option<String>,
    /// Name, for people.
    pub name: Option<String>,
    /// Start, as it was asked for.
    #[diesel(deserialize_as = TimeColumn)]
    pub starts_at: Timestamp,
    /// End; none when it is open.
    #[diesel(deserialize_as = OptionalTimeColumn)]
    pub ends_at: Option<Timestamp>,
    /// Echoed as it was given.
    pub customization_profile_id: Option<String>,
    /// What was asked for and what came of it, a JSON array.
    #[diesel(deserialize_as = JsonColumn)]
    pub requested: serde_json::Value,
    /// The former and the new times of the last change, a JSON object.
    #[diesel(deserialize_as = OptionalJsonColumn)]
    pub times_changed: Option<serde_json::Value>,
    /// Since when some method opens each of its doors.
    #[diesel(deserialize_as = OptionalTimeColumn)]
    pub complete_at: Option<Timestamp>,
    /// When it was made.
    #[diesel(deserialize_as = TimeColumn)]
    pub created_at: Timestamp,
    /// When its deletion was asked for.
    #[diesel(deserialize_as = OptionalTimeColumn)]
    pub deleting_at: Option<Timestamp>,
    /// When it was gone.
    #[diesel(deserialize_as = OptionalTimeColumn)]
    pub deleted_at: Option<Timestamp>,
}

impl AccessGrant {
    /// When it is in force.
    pub fn period(&self) -> Period {
        Period { starts_at: self.starts_at, ends_at: self.ends_at }
    }
}

/// A door of a grant.
#[derive(Debug, Clone, Queryable)]
pub struct GrantDoor {
    /// The grant.
    #[diesel(deserialize_as = IdColumn<kind::AccessGrant>)]
    pub access_grant_id: AccessGrantId,
    /// The door.
    #[diesel(deserialize_as = IdColumn<kind::Entrance>)]
    pub entrance_id: EntranceId,
    /// Place in the order in which the doors were named.
    pub position: i32,
    /// Since when a method of the grant opens it.
    #[diesel(deserialize_as = OptionalTimeColumn)]
    pub granted_at: Option<Timestamp>,
    /// Since when none does any more.
    #[diesel(deserialize_as = OptionalTimeColumn)]
    pub lost_at: Option<Timestamp>,
}

/// What names a grant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum By {
    /// Our id.
    Id(AccessGrantId),
    /// The caller's key.
    Key(String),
}

/// Which grants to list; the parts combine with AND.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Only these.
    pub ids: Option<Vec<AccessGrantId>>,
    /// Only the one with this key; inner none: only those without one.
    pub access_grant_key: Option<Option<String>>,
    /// Only this reservation's.
    pub reservation_key: Option<String>,
    /// Only this person's.
    pub user_identity_id: Option<UserIdentityId>,
    /// Only those with a door of this site.
    pub acs_system_id: Option<AcsSystemId>,
    /// Only those with this door.
    pub acs_entrance_id: Option<EntranceId>,
    /// Only those with all of these spaces.
    pub space_ids: Vec<SpaceId>,
    /// Only this customer's.
    pub customer_key: Option<String>,
    /// Only what this sight covers.
    pub sight: Option<Sight>,
}

/// Adds a grant.
///
/// # Errors
/// When the query fails; a key that is taken is a unique violation.
pub fn insert(tx: &mut Tx<'_>, grant: &AccessGrant) -> Result<(), Error> {
    diesel::insert_into(access_grants::table)
        .values((
            access_grants::id.eq(grant.id.to_string()),
            access_grants::workspace_id.eq(grant.workspace_id.to_string()),
            access_grants::user_identity_id.eq(grant.user_identity_id.to_string()),
            access_grants::access_grant_key.eq(&grant.access_grant_key),
            access_grants::reservation_key.eq(&grant.reservation_key),
            access_grants::customer_key.eq(&grant.customer_key),
            access_grants::name.eq(&grant.name),
            access_grants::starts_at.eq(microseconds(grant.starts_at)),
            access_grants::ends_at.eq(grant.ends_at.map(microseconds)),
            access_grants::customization_profile_id.eq(&grant.customization_profile_id),
            access_grants::requested.eq(grant.requested.to_string()),
            access_grants::times_changed.eq(grant.times_changed.as_ref().map(ToString::to_string)),
            access_grants::complete_at.eq(grant.complete_at.map(microseconds)),
            access_grants::created_at.eq(microseconds(grant.created_at)),
            access_grants::deleting_at.eq(grant.deleting_at.map(microseconds)),
            access_grants::deleted_at.eq(grant.deleted_at.map(microseconds)),
        ))
        .execute_on(tx)
        .map_err(Error::during("insert an access grant"))?;
    Ok(())
}

/// Adds a door to a grant, which no method opens yet.
///
/// # Errors
/// When the query fails.
pub fn insert_door(tx: &mut Tx<'_>, grant: AccessGrantId, door: EntranceId, position: i32) -> Result<(), Error> {
    diesel::insert_into(access_grant_doors::table)
        .values((
            access_grant_doors::access_grant_id.eq(grant.to_string()),
            access_grant_doors::entrance_id.eq(door.to_string()),
            access_grant_doors::position.eq(position),
        ))
        .execute_on(tx)
        .map_err(Error::during("insert a door of an access grant"))?;
    Ok(())
}

/// Takes a door from a grant.
///
/// # Errors
/// When the query fails.
pub fn remove_door(tx: &mut Tx<'_>, grant: AccessGrantId, door: EntranceId) -> Result<(), Error> {
    diesel::delete(access_grant_doors::table.find((grant.to_string(), door.to_string())))
        .execute_on(tx)
        .map_err(Error::during("take a door from an access grant"))?;
    Ok(())
}

/// Forgets the spaces that were named for a grant.
///
/// # Errors
/// When the query fails.
pub fn remove_spaces(tx: &mut Tx<'_>, grant: AccessGrantId) -> Result<(), Error> {
    let own = access_grant_spaces::table.filter(access_grant_spaces::access_grant_id.eq(grant.to_string()));
    diesel::delete(own).execute_on(tx).map_err(Error::during("forget the spaces of an access grant"))?;
    Ok(())
}

/// Notes a space that was named for a grant.
///
/// # Errors
/// When the query fails.
pub fn insert_space(tx: &mut Tx<'_>, grant: AccessGrantId, space: SpaceId) -> Result<(), Error> {
    diesel::insert_into(access_grant_spaces::table)
        .values((
            access_grant_spaces::access_grant_id.eq(grant.to_string()),
            access_grant_spaces::space_id.eq(space.to_string()),
        ))
        .execute_on(tx)
        .map_err(Error::during("insert a space of an access grant"))?;
    Ok(())
}

/// A grant of the workspace that is not gone. A key names the one that is not being deleted, if there is one.
///
/// # Errors
/// When the query fails.
pub fn find(tx: &mut Tx<'_>, workspace_id: WorkspaceId, by: &By) -> Result<Option<AccessGrant>, Error> {
    let query = access_grants::table
        .filter(access_grants::workspace_id.eq(workspace_id.to_string()))
        .filter(access_grants::deleted_at.is_null());
    match by {
        By::Id(id) => query.filter(access_grants::id.eq(id.to_string())).get_on(tx).optional(),
        By::Key(key) => query
            .filter(access_grants::access_grant_key.eq(key))
            .order((access_grants::deleting_at.is_not_null(), access_grants::created_at.desc()))
            .limit(1)
            .get_on(tx)
            .optional(),
    }
    .map_err(Error::during("find an access grant"))
}

/// Grants by id, those that are gone included, oldest first.
///
/// # Errors
/// When the query fails.
pub fn by_ids(tx: &mut Tx<'_>, ids: &[AccessGrantId]) -> Result<Vec<AccessGrant>, Error> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    access_grants::table
        .filter(among(access_grants::id, ids))
        .order((access_grants::created_at, access_grants::id))
        .load_on(tx)
        .map_err(Error::during("load access grants"))
}

/// A page of the workspace's grants that are not gone, oldest first.
///
/// # Errors
/// When the query fails.
pub fn list(
    tx: &mut Tx<'_>,
    workspace_id: WorkspaceId,
    filter: &Filter,
    page: Page,
) -> Result<Vec<AccessGrant>, Error> {
    use access_grants::{access_grant_key, created_at, id};
    let mut query = access_grants::table
        .filter(access_grants::workspace_id.eq(workspace_id.to_string()))
        .filter(access_grants::deleted_at.is_null())
        .order((created_at, id))
        .limit(page.limit)
        .into_boxed();
    if let Some(ids) = &filter.ids {
        query = query.filter(id.eq_any(ids.iter().map(ToString::to_string).collect::<Vec<_>>()));
    }
    match &filter.access_grant_key {
        Some(Some(key)) => query = query.filter(access_grant_key.eq(key.clone())),
        Some(None) => query = query.filter(access_grant_key.is_null()),
        None => {}
    }
    if let Some(key) = &filter.reservation_key {
        query = query.filter(access_grants::reservation_key.eq(key.clone()));
    }
    if let Some(person) = filter.user_identity_id {
        query = query.filter(access_grants::user_identity_id.eq(person.to_string()));
    }
    if let Some(key) = &filter.customer_key {
        query = query.filter(access_grants::customer_key.eq(key.clone()));
    }
    if let Some(door) = filter.acs_entrance_id {
        let holders = access_grant_doors::table
            .filter(access_grant_doors::entrance_id.eq(door.to_string()))
            .select(access_grant_doors::access_grant_id);
        query = query.filter(id.eq_any(holders));
    }
    if let Some(system) = filter.acs_system_id {
        let holders = access_grant_doors::table
            .inner_join(entrances::table.on(entrances::id.eq(access_grant_doors::entrance_id)))
            .filter(entrances::acs_system_id.eq(system.to_string()))
            .select(access_grant_doors::access_grant_id);
        query = query.filter(id.eq_any(holders));
    }
    if let Some(sight) = &filter.sight {
        let person = sight.user_identity_id.map(|person| person.to_string());
        query = query.filter(
            access_grants::user_identity_id
                .nullable()
                .eq(person)
                .or(access_grants::customer_key.eq(sight.customer_key.clone())),
        );
    }
    for space in &filter.space_ids {
        let holders = access_grant_spaces::table
            .filter(access_grant_spaces::space_id.eq(space.to_string()))
            .select(access_grant_spaces::access_grant_id);
        query = query.filter(id.eq_any(holders));
    }
    if let Some((after_created_at, after_id)) = page.after_columns() {
        query = query.filter(created_at.gt(after_created_at).or(created_at.eq(after_created_at).and(id.gt(after_id))));
    }
    query.load(tx.connection).map_err(Error::during("list access grants"))
}

/// The grants of a reservation that are not being deleted, oldest first.
///
/// # Errors
/// When the query fails.
pub fn of_reservation(tx: &mut Tx<'_>, workspace_id: WorkspaceId, key: &str) -> Result<Vec<AccessGrant>, Error> {
    access_grants::table
        .filter(access_grants::workspace_id.eq(workspace_id.to_string()))
        .filter(access_grants::reservation_key.eq(key))
        .filter(access_grants::deleted_at.is_null())
        .filter(access_grants::deleting_at.is_null())
        .order((access_grants::created_at, access_grants::id))
        .load_on(tx)
        .map_err(Error::during("load the access grants of a reservation"))
}

/// A person's grants that are not being deleted, oldest first.
///
/// # Errors
/// When the query fails.
pub fn of_identity(tx: &mut Tx<'_>, person: UserIdentityId) -> Result<Vec<AccessGrant>, Error> {
    access_grants::table
        .filter(access_grants::user_identity_id.eq(person.to_string()))
        .filter(access_grants::deleting_at.is_null())
        .order((access_grants::created_at, access_grants::id))
        .load_on(tx)
        .map_err(Error::during("load a person's access grants"))
}

/// The doors of grants, those of each in the order in which they were named.
///
/// # Errors
/// When the query fails.
pub fn doors_of(tx: &mut Tx<'_>, ids: &[AccessGrantId]) -> Result<Vec<GrantDoor>, Error> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    access_grant_doors::table
        .filter(among(access_grant_doors::access_grant_id, ids))
        .order((access_grant_doors::access_grant_id, access_grant_doors::position))
        .load_on(tx)
        .map_err(Error::during("load the doors of access grants"))
}

/// The spaces that were named for grants.
///
/// # Errors
/// When the query fails.
pub fn spaces_of(tx: &mut Tx<'_>, ids: &[AccessGrantId]) -> Result<Vec<(AccessGrantId, SpaceId)>, Error> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<(IdColumn<kind::AccessGrant>, IdColumn<kind::Space>)> = access_grant_spaces::table
        .filter(among(access_grant_spaces::access_grant_id, ids))
        .order((access_grant_spaces::access_grant_id, access_grant_spaces::space_id))
        .load_on(tx)
        .map_err(Error::during("load the spaces of access grants"))?;
    Ok(rows.into_iter().map(|(grant, space)| (grant.into(), space.into())).collect())
}

/// Gives a person's grants to another one.
///
/// # Errors
/// When the query fails.
pub fn hand_over(tx: &mut Tx<'_>, from: UserIdentityId, to: UserIdentityId) -> Result<(), Error> {
    diesel::update(access_grants::table.filter(access_grants::user_identity_id.eq(from.to_string())))
        .set(access_grants::user_identity_id.eq(to.to_string()))
        .execute_on(tx)
        .map_err(Error::during("hand access grants over"))?;
    Ok(())
}

/// What changed of a grant; the parts that are none stay as they are.
#[derive(Debug, Clone, Default)]
pub struct Change {
    /// The name: inner none takes it away.
    pub name: Option<Option<String>>,
    /// The caller's key.
    pub access_grant_key: Option<String>,
    /// Start.
    pub starts_at: Option<Timestamp>,
    /// End: inner none opens it.
    pub ends_at: Option<Option<Timestamp>>,
    /// What was asked for and what came of it.
    pub requested: Option<serde_json::Value>,
    /// The former and the new times.
    pub times_changed: Option<serde_json::Value>,
    /// Since when some method opens each of its doors.
    pub complete_at: Option<Option<Timestamp>>,
    /// When its deletion was asked for.
    pub deleting_at: Option<Timestamp>,
    /// When it was gone.
    pub deleted_at: Option<Timestamp>,
}

#[derive(AsChangeset)]
#[diesel(table_name = access_grants)]
struct Changes {
    name: Option<Option<String>>,
    access_grant_key: Option<String>,
    starts_at: Option<i64>,
    ends_at: Option<Option<i64>>,
    requested: Option<String>,
    times_changed: Option<String>,
    complete_at: Option<Option<i64>>,
    deleting_at: Option<i64>,
    deleted_at: Option<i64>,
}

/// Changes a grant. A change without any part is refused by the database layer, so give at least one.
///
/// # Errors
/// When the query fails.
pub fn change(tx: &mut Tx<'_>, id: AccessGrantId, change: Change) -> Result<(), Error> {
    diesel::update(access_grants::table.find(id.to_string()))
        .set(Changes {
            name: change.name,
            access_grant_key: change.access_grant_key,
            starts_at: change.starts_at.map(microseconds),
            ends_at: change.ends_at.map(|end| end.map(microseconds)),
            requested: change.requested.map(|requested| requested.to_string()),
            times_changed: change.times_changed.map(|times| times.to_string()),
            complete_at: change.complete_at.map(|at| at.map(microseconds)),
            deleting_at: change.deleting_at.map(microseconds),
            deleted_at: change.deleted_at.map(microseconds),
        })
        .execute_on(tx)
        .map_err(Error::during("change an access grant"))?;
    Ok(())
}

/// Notes since when a method of the grant opens the door, or since when none does any more.
///
/// # Errors
/// When the query fails.
pub fn set_door(
    tx: &mut Tx<'_>,
    grant: AccessGrantId,
    door: EntranceId,
    granted_at: Option<Timestamp>,
    lost_at: Option<Timestamp>,
) -> Result<(), Error> {
    diesel::update(access_grant_doors::table.find((grant.to_string(), door.to_string())))
        .set((
            access_grant_doors::granted_at.eq(granted_at.map(microseconds)),
            access_grant_doors::lost_at.eq(lost_at.map(microseconds)),
        ))
        .execute_on(tx)
        .map_err(Error::during("note the state of a granted door"))?;
    Ok(())
}
