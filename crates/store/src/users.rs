//! Users of one access system.

use diesel::prelude::*;
use domain::id::{AcsSystemId, AcsUserId, EntranceId, UserIdentityId, WorkspaceId, kind};
use jiff::Timestamp;

use crate::{
    Error, Tx,
    among::among,
    column::{IdColumn, OptionalIdColumn, OptionalTimeColumn, TimeColumn, microseconds},
    database::RunOn,
    merged_user_identities,
    page::{Page, containing, lower},
    schema::{acs_systems, acs_users, standing_grants, user_identities},
    sight::Sight,
    systems::AcsSystem,
};

/// A user of a site.
#[derive(Debug, Clone, Queryable)]
pub struct AcsUser {
    /// Id.
    #[diesel(deserialize_as = IdColumn<kind::AcsUser>)]
    pub id: AcsUserId,
    /// Workspace.
    #[diesel(deserialize_as = IdColumn<kind::Workspace>)]
    pub workspace_id: WorkspaceId,
    /// Site.
    #[diesel(deserialize_as = IdColumn<kind::AcsSystem>)]
    pub acs_system_id: AcsSystemId,
    /// The person, when known. One user per person and site.
    #[diesel(deserialize_as = OptionalIdColumn<kind::UserIdentity>)]
    pub user_identity_id: Option<UserIdentityId>,
    /// Name.
    pub full_name: Option<String>,
    /// Email address.
    pub email_address: Option<String>,
    /// Phone number.
    pub phone_number: Option<String>,
    /// Start of the access schedule, when there is one.
    #[diesel(deserialize_as = OptionalTimeColumn)]
    pub access_starts_at: Option<Timestamp>,
    /// End of the access schedule; none is open-ended.
    #[diesel(deserialize_as = OptionalTimeColumn)]
    pub access_ends_at: Option<Timestamp>,
    /// Whether the user's access is suspended.
    pub is_suspended: bool,
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

/// Which users to list; the parts combine with AND.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Only this site's.
    pub acs_system_id: Option<AcsSystemId>,
    /// Only this person's.
    pub user_identity_id: Option<UserIdentityId>,
    /// Only those whose person has this email address; inner none: whose person has none.
    pub identity_email: Option<Option<String>>,
    /// Only those whose person has this phone number; inner none: whose person has none.
    pub identity_phone: Option<Option<String>>,
    /// Only those made before.
    pub created_before: Option<Timestamp>,
    /// Only those whose name, email, phone or id holds this text, in any letter case.
    pub search: Option<String>,
    /// Only what this sight covers.
    pub sight: Option<Sight>,
}

/// Adds a user.
///
/// # Errors
/// When the query fails; a second user of one person at one site is a unique violation.
pub fn insert(tx: &mut Tx<'_>, user: &AcsUser) -> Result<(), Error> {
    diesel::insert_into(acs_users::table)
        .values((
            acs_users::id.eq(user.id.to_string()),
            acs_users::workspace_id.eq(user.workspace_id.to_string()),
            acs_users::acs_system_id.eq(user.acs_system_id.to_string()),
            acs_users::user_identity_id.eq(user.user_identity_id.map(|id| id.to_string())),
            acs_users::full_name.eq(&user.full_name),
            acs_users::email_address.eq(&user.email_address),
            acs_users::phone_number.eq(&user.phone_number),
            acs_users::access_starts_at.eq(user.access_starts_at.map(microseconds)),
            acs_users::access_ends_at.eq(user.access_ends_at.map(microseconds)),
            acs_users::is_suspended.eq(user.is_suspended),
            acs_users::created_at.eq(microseconds(user.created_at)),
            acs_users::deleting_at.eq(user.deleting_at.map(microseconds)),
            acs_users::deleted_at.eq(user.deleted_at.map(microseconds)),
        ))
        .execute_on(tx)
        .map_err(Error::during("insert a user"))?;
    Ok(())
}

/// A live user of the workspace.
///
/// # Errors
/// When the query fails.
pub fn find(tx: &mut Tx<'_>, workspace_id: WorkspaceId, id: AcsUserId) -> Result<Option<AcsUser>, Error> {
    acs_users::table
        .find(id.to_string())
        .filter(acs_users::workspace_id.eq(workspace_id.to_string()))
        .filter(acs_users::deleted_at.is_null())
        .get_on(tx)
        .optional()
        .map_err(Error::during("find a user"))
}

/// A live user of the workspace, with the user's system.
///
/// # Errors
/// When the query fails.
pub fn find_with_system(
    tx: &mut Tx<'_>,
    workspace_id: WorkspaceId,
    id: AcsUserId,
) -> Result<Option<(AcsUser, AcsSystem)>, Error> {
    acs_users::table
        .inner_join(acs_systems::table.on(acs_systems::id.eq(acs_users::acs_system_id)))
        .filter(acs_users::id.eq(id.to_string()))
        .filter(acs_users::workspace_id.eq(workspace_id.to_string()))
        .filter(acs_users::deleted_at.is_null())
        .select((acs_users::all_columns, acs_systems::all_columns))
        .get_on(tx)
        .optional()
        .map_err(Error::during("find a user and the user's system"))
}

/// The oldest live user of the workspace, or of one of its sites, with this email address.
///
/// # Errors
/// When the query fails.
pub fn by_email(
    tx: &mut Tx<'_>,
    workspace_id: WorkspaceId,
    email_address: &str,
    acs_system_id: Option<AcsSystemId>,
) -> Result<Option<AcsUser>, Error> {
    let mut query = acs_users::table
        .filter(acs_users::workspace_id.eq(workspace_id.to_string()))
        .filter(acs_users::deleted_at.is_null())
        .filter(acs_users::email_address.eq(email_address))
        .order((acs_users::created_at, acs_users::id))
        .into_boxed();
    if let Some(system) = acs_system_id {
        query = query.filter(acs_users::acs_system_id.eq(system.to_string()));
    }
    query.first(tx.connection).optional().map_err(Error::during("find a user by email address"))
}

/// The live users of a person, oldest first.
///
/// # Errors
/// When the query fails.
pub fn of_identity(tx: &mut Tx<'_>, identity_id: UserIdentityId) -> Result<Vec<AcsUser>, Error> {
    acs_users::table
        .filter(acs_users::user_identity_id.eq(identity_id.to_string()))
        .filter(acs_users::deleted_at.is_null())
        .order((acs_users::created_at, acs_users::id))
        .load_on(tx)
        .map_err(Error::during("load a person's users"))
}

/// The live users of several persons, oldest first.
///
/// # Errors
/// When the query fails.
pub fn of_identities(tx: &mut Tx<'_>, identity_ids: &[UserIdentityId]) -> Result<Vec<AcsUser>, Error> {
    if identity_ids.is_empty() {
        return Ok(Vec::new());
    }
    acs_users::table
        .filter(among(acs_users::user_identity_id, identity_ids))
        .filter(acs_users::deleted_at.is_null())
        .order((acs_users::created_at, acs_users::id))
        .load_on(tx)
        .map_err(Error::during("load persons' users"))
}

/// A user of the site with this email address or phone number who has no person yet and is not about to go.
///
/// # Errors
/// When the query fails.
pub fn unlinked_match(
    tx: &mut Tx<'_>,
    acs_system_id: AcsSystemId,
    email_address: Option<&str>,
    phone_number: Option<&str>,
) -> Result<Option<AcsUser>, Error> {
    if email_address.is_none() && phone_number.is_none() {
        return Ok(None);
    }
    acs_users::table
        .filter(acs_users::acs_system_id.eq(acs_system_id.to_string()))
        .filter(acs_users::deleting_at.is_null())
        .filter(acs_users::deleted_at.is_null())
        .filter(acs_users::user_identity_id.is_null())
        .filter(acs_users::email_address.eq(email_address).or(acs_users::phone_number.eq(phone_number)))
        .order((acs_users::created_at, acs_users::id))
        .first(tx.connection)
        .optional()
        .map_err(Error::during("match a user"))
}

/// Links a user to a person, or takes the link away.
///
/// # Errors
/// When the query fails; a second user of one person at one site is a unique violation.
pub fn set_identity(tx: &mut Tx<'_>, id: AcsUserId, identity_id: Option<UserIdentityId>) -> Result<(), Error> {
    diesel::update(acs_users::table.find(id.to_string()))
        .set(acs_users::user_identity_id.eq(identity_id.map(|id| id.to_string())))
        .execute_on(tx)
        .map_err(Error::during("link a user"))?;
    Ok(())
}

/// A page of the workspace's users, oldest first.
///
/// # Errors
/// When the query fails.
pub fn list(tx: &mut Tx<'_>, workspace_id: WorkspaceId, filter: &Filter, page: Page) -> Result<Vec<AcsUser>, Error> {
    use acs_users::{created_at, email_address, full_name, id, phone_number, user_identity_id};
    let mut query = acs_users::table
        .filter(acs_users::workspace_id.eq(workspace_id.to_string()))
        .filter(acs_users::deleted_at.is_null())
        .order((created_at, id))
        .limit(page.limit)
        .into_boxed();
    if let Some(system) = filter.acs_system_id {
        query = query.filter(acs_users::acs_system_id.eq(system.to_string()));
    }
    if let Some(identity) = filter.user_identity_id {
        let identity = merged_user_identities::current(tx, workspace_id, identity)?;
        query = query.filter(user_identity_id.eq(identity.to_string()));
    }
    if let Some(sight) = &filter.sight {
        let systems: Vec<String> = sight.acs_system_ids.iter().map(ToString::to_string).collect();
        let own: Vec<String> = sight.acs_user_ids.iter().map(ToString::to_string).collect();
        query = query.filter(acs_users::acs_system_id.eq_any(systems).or(id.eq_any(own)));
    }
    let persons = || user_identities::table.select(user_identities::id.nullable());
    match &filter.identity_email {
        None => {}
        Some(Some(email)) => {
            let with = persons().filter(user_identities::email_address.eq(email));
            query = query.filter(user_identity_id.eq_any(with));
        }
        Some(None) => {
            let without = persons().filter(user_identities::email_address.is_null());
            query = query.filter(user_identity_id.eq_any(without));
        }
    }
    match &filter.identity_phone {
        None => {}
        Some(Some(phone)) => {
            let with = persons().filter(user_identities::phone_number.eq(phone));
            query = query.filter(user_identity_id.eq_any(with));
        }
        Some(None) => {
            let without = persons().filter(user_identities::phone_number.is_null());
            query = query.filter(user_identity_id.eq_any(without));
        }
    }
    if let Some(before) = filter.created_before {
        query = query.filter(created_at.lt(microseconds(before)));
    }
    if let Some(search) = &filter.search {
        let holds = || containing(search);
        let of_persons = persons().filter(
            lower(user_identities::full_name)
                .like(holds())
                .escape('\\')
                .or(lower(user_identities::phone_number).like(holds()).escape('\\')),
        );
        query = query.filter(
            user_identity_id
                .eq_any(of_persons)
                .or(lower(user_identity_id).like(holds()).escape('\\'))
                .or(lower(id.nullable()).like(holds()).escape('\\'))
                .or(lower(full_name).like(holds()).escape('\\'))
                .or(lower(email_address).like(holds()).escape('\\'))
                .or(lower(phone_number).like(holds()).escape('\\')),
        );
    }
    if let Some((after_created_at, after_id)) = page.after_columns() {
        query = query.filter(created_at.gt(after_created_at).or(created_at.eq(after_created_at).and(id.gt(after_id))));
    }
    query.load(tx.connection).map_err(Error::during("list users"))
}

/// The doors granted to a user beforehand, oldest grant first.
///
/// # Errors
/// When the query fails.
pub fn standing_grants(tx: &mut Tx<'_>, id: AcsUserId) -> Result<Vec<EntranceId>, Error> {
    let ids: Vec<IdColumn<kind::Entrance>> = standing_grants::table
        .filter(standing_grants::acs_user_id.eq(id.to_string()))
        .order((standing_grants::created_at, standing_grants::entrance_id))
        .select(standing_grants::entrance_id)
        .load_on(tx)
        .map_err(Error::during("load standing grants"))?;
    Ok(ids.into_iter().map(Into::into).collect())
}

/// Those of these users who are suspended.
///
/// # Errors
/// When the query fails.
pub fn suspended(tx: &mut Tx<'_>, ids: &[AcsUserId]) -> Result<Vec<AcsUserId>, Error> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let suspended: Vec<IdColumn<kind::AcsUser>> = acs_users::table
        .filter(among(acs_users::id, ids))
        .filter(acs_users::is_suspended.eq(true))
        .select(acs_users::id)
        .load_on(tx)
        .map_err(Error::during("find suspended users"))?;
    Ok(suspended.into_iter().map(Into::into).collect())
}

/// Replaces what is known of a user: name, email, phone, schedule, and whether it is suspended.
///
/// # Errors
/// When the query fails.
pub fn update(tx: &mut Tx<'_>, user: &AcsUser) -> Result<(), Error> {
    diesel::update(acs_users::table.find(user.id.to_string()))
        .set((
            acs_users::full_name.eq(&user.full_name),
            acs_users::email_address.eq(&user.email_address),
            acs_users::phone_number.eq(&user.phone_number),
            acs_users::access_starts_at.eq(user.access_starts_at.map(microseconds)),
            acs_users::access_ends_at.eq(user.access_ends_at.map(microseconds)),
            acs_users::is_suspended.eq(user.is_suspended),
        ))
        .execute_on(tx)
        .map_err(Error::during("update a user"))?;
    Ok(())
}

/// Notes that the deletion of a user was asked for.
///
/// # Errors
/// When the query fails.
pub fn set_deleting(tx: &mut Tx<'_>, id: AcsUserId, at: Timestamp) -> Result<(), Error> {
    diesel::update(acs_users::table.find(id.to_string()))
        .filter(acs_users::deleting_at.is_null())
        .set(acs_users::deleting_at.eq(microseconds(at)))
        .execute_on(tx)
        .map_err(Error::during("mark a user for deletion"))?;
    Ok(())
}

/// Notes that a user is gone.
///
/// # Errors
/// When the query fails.
pub fn set_deleted(tx: &mut Tx<'_>, id: AcsUserId, at: Timestamp) -> Result<(), Error> {
    diesel::update(acs_users::table.find(id.to_string()))
        .set(acs_users::deleted_at.eq(microseconds(at)))
        .execute_on(tx)
        .map_err(Error::during("mark a user deleted"))?;
    Ok(())
}

/// Grants a door to a user beforehand. Granting twice is one grant.
///
/// # Errors
/// When the query fails.
pub fn grant(tx: &mut Tx<'_>, id: AcsUserId, entrance_id: EntranceId, at: Timestamp) -> Result<(), Error> {
    let is_granted: bool =
        diesel::select(diesel::dsl::exists(standing_grants::table.find((id.to_string(), entrance_id.to_string()))))
            .get_on(tx)
            .map_err(Error::during("look for a standing grant"))?;
    if !is_granted {
        diesel::insert_into(standing_grants::table)
            .values((
                standing_grants::acs_user_id.eq(id.to_string()),
                standing_grants::entrance_id.eq(entrance_id.to_string()),
                standing_grants::created_at.eq(microseconds(at)),
            ))
            .execute_on(tx)
            .map_err(Error::during("insert a standing grant"))?;
    }
    Ok(())
}

/// Takes all grants from a user.
///
/// # Errors
/// When the query fails.
pub fn revoke_grants(tx: &mut Tx<'_>, id: AcsUserId) -> Result<(), Error> {
    diesel::delete(standing_grants::table.filter(standing_grants::acs_user_id.eq(id.to_string())))
        .execute_on(tx)
        .map_err(Error::during("delete standing grants"))?;
    Ok(())
}

/// A user by id, gone or not, whatever its workspace: for the workers. The API uses [`find`].
///
/// # Errors
/// When the query fails.
pub fn by_id(tx: &mut Tx<'_>, id: AcsUserId) -> Result<Option<AcsUser>, Error> {
    acs_users::table.find(id.to_string()).get_on(tx).optional().map_err(Error::during("find a user"))
}
