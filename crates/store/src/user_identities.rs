//! People, across systems.

use diesel::prelude::*;
use domain::id::{AcsSystemId, UserIdentityId, WorkspaceId, kind};
use jiff::Timestamp;

use crate::{
    Error, Tx,
    column::{IdColumn, OptionalTimeColumn, TimeColumn, microseconds},
    database::RunOn,
    merged_user_identities,
    page::{Page, containing, lower},
    schema::{acs_users, endpoints, phones, user_identities},
    sight::Sight,
};

/// A person.
#[derive(Debug, Clone, Queryable)]
pub struct UserIdentity {
    /// Id.
    #[diesel(deserialize_as = IdColumn<kind::UserIdentity>)]
    pub id: UserIdentityId,
    /// Workspace.
    #[diesel(deserialize_as = IdColumn<kind::Workspace>)]
    pub workspace_id: WorkspaceId,
    /// The caller's own key, unique in the workspace.
    pub user_identity_key: Option<String>,
    /// Unique in the workspace.
    pub email_address: Option<String>,
    /// Unique in the workspace.
    pub phone_number: Option<String>,
    /// Name.
    pub full_name: Option<String>,
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

/// Which identities to list; the parts combine with AND.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Only these.
    pub ids: Option<Vec<UserIdentityId>>,
    /// Only those with an active endpoint at this credential manager.
    pub enrolled_at: Option<AcsSystemId>,
    /// Only those made before.
    pub created_before: Option<Timestamp>,
    /// Only those whose name, email, phone, key or id holds this text, in any letter case.
    pub search: Option<String>,
    /// Only what this sight covers.
    pub sight: Option<Sight>,
}

/// How one identity is looked for.
#[derive(Debug, Clone)]
pub enum By {
    /// By id.
    Id(UserIdentityId),
    /// By the caller's key.
    Key(String),
    /// By email address.
    Email(String),
    /// By phone number.
    Phone(String),
}

/// Adds an identity.
///
/// # Errors
/// When the query fails; a key, email or phone that is taken is a unique violation.
pub fn insert(tx: &mut Tx<'_>, identity: &UserIdentity) -> Result<(), Error> {
    diesel::insert_into(user_identities::table)
        .values((
            user_identities::id.eq(identity.id.to_string()),
            user_identities::workspace_id.eq(identity.workspace_id.to_string()),
            user_identities::user_identity_key.eq(&identity.user_identity_key),
            user_identities::email_address.eq(&identity.email_address),
            user_identities::phone_number.eq(&identity.phone_number),
            user_identities::full_name.eq(&identity.full_name),
            user_identities::created_at.eq(microseconds(identity.created_at)),
            user_identities::deleting_at.eq(identity.deleting_at.map(microseconds)),
            user_identities::deleted_at.eq(identity.deleted_at.map(microseconds)),
        ))
        .execute_on(tx)
        .map_err(Error::during("insert a user identity"))?;
    Ok(())
}

/// A live identity of the workspace. The id or key of one that was merged into it finds it as well
/// (`spec/api.md 2.7`).
///
/// # Errors
/// When the query fails.
pub fn find(tx: &mut Tx<'_>, workspace_id: WorkspaceId, by: &By) -> Result<Option<UserIdentity>, Error> {
    let query = user_identities::table
        .filter(user_identities::workspace_id.eq(workspace_id.to_string()))
        .filter(user_identities::deleted_at.is_null())
        .into_boxed();
    let query = match by {
        By::Id(id) => query.filter(user_identities::id.eq(id.to_string())),
        By::Key(key) => query.filter(user_identities::user_identity_key.eq(key)),
        By::Email(email) => query.filter(user_identities::email_address.eq(email)),
        By::Phone(phone) => query.filter(user_identities::phone_number.eq(phone)),
    };
    let found = query.get_result(tx.connection).optional().map_err(Error::during("find a user identity"))?;
    if found.is_some() {
        return Ok(found);
    }
    let Some(into) = merged_user_identities::target(tx, workspace_id, by)? else { return Ok(None) };
    by_id(tx, into).map(|target| target.filter(|target| target.deleted_at.is_none()))
}

/// A page of the workspace's identities, oldest first.
///
/// # Errors
/// When the query fails.
pub fn list(
    tx: &mut Tx<'_>,
    workspace_id: WorkspaceId,
    filter: &Filter,
    page: Page,
) -> Result<Vec<UserIdentity>, Error> {
    use user_identities::{created_at, email_address, full_name, id, phone_number, user_identity_key};
    let mut query = user_identities::table
        .filter(user_identities::workspace_id.eq(workspace_id.to_string()))
        .filter(user_identities::deleted_at.is_null())
        .order((created_at, id))
        .limit(page.limit)
        .into_boxed();
    if let Some(ids) = &filter.ids {
        query = query.filter(id.eq_any(ids.iter().map(ToString::to_string).collect::<Vec<_>>()));
    }
    if let Some(manager) = filter.enrolled_at {
        let enrolled = phones::table
            .inner_join(endpoints::table.on(endpoints::phone_id.eq(phones::id)))
            .filter(endpoints::credential_manager_id.eq(manager.to_string()))
            .filter(endpoints::is_active.eq(true))
            .select(phones::user_identity_id);
        query = query.filter(id.eq_any(enrolled));
    }
    if let Some(sight) = &filter.sight {
        let systems: Vec<String> = sight.acs_system_ids.iter().map(ToString::to_string).collect();
        let there = acs_users::table
            .filter(acs_users::acs_system_id.eq_any(systems))
            .filter(acs_users::deleted_at.is_null())
            .select(acs_users::user_identity_id);
        let own = sight.user_identity_id.map(|own| own.to_string());
        query = query.filter(id.nullable().eq(own).or(id.nullable().eq_any(there)));
    }
    if let Some(before) = filter.created_before {
        query = query.filter(created_at.lt(microseconds(before)));
    }
    if let Some(search) = &filter.search {
        let holds = || containing(search);
        query = query.filter(
            lower(id.nullable())
                .like(holds())
                .escape('\\')
                .or(lower(full_name).like(holds()).escape('\\'))
                .or(lower(email_address).like(holds()).escape('\\'))
                .or(lower(phone_number).like(holds()).escape('\\'))
                .or(lower(user_identity_key).like(holds()).escape('\\')),
        );
    }
    if let Some((after_created_at, after_id)) = page.after_columns() {
        query = query.filter(created_at.gt(after_created_at).or(created_at.eq(after_created_at).and(id.gt(after_id))));
    }
    query.load(tx.connection).map_err(Error::during("list user identities"))
}

/// Replaces what is known of a person.
///
/// # Errors
/// When the query fails; a key, email or phone that is taken is a unique violation.
pub fn update(tx: &mut Tx<'_>, identity: &UserIdentity) -> Result<(), Error> {
    diesel::update(user_identities::table.find(identity.id.to_string()))
        .set((
            user_identities::user_identity_key.eq(&identity.user_identity_key),
            user_identities::email_address.eq(&identity.email_address),
            user_identities::phone_number.eq(&identity.phone_number),
            user_identities::full_name.eq(&identity.full_name),
        ))
        .execute_on(tx)
        .map_err(Error::during("update a user identity"))?;
    Ok(())
}

/// Notes that the deletion of a person was asked for.
///
/// # Errors
/// When the query fails.
pub fn set_deleting(tx: &mut Tx<'_>, id: UserIdentityId, at: Timestamp) -> Result<(), Error> {
    diesel::update(user_identities::table.find(id.to_string()))
        .filter(user_identities::deleting_at.is_null())
        .set(user_identities::deleting_at.eq(microseconds(at)))
        .execute_on(tx)
        .map_err(Error::during("mark a user identity for deletion"))?;
    Ok(())
}

/// Notes that a person is gone. Key, email and phone are free again.
///
/// # Errors
/// When the query fails.
pub fn set_deleted(tx: &mut Tx<'_>, id: UserIdentityId, at: Timestamp) -> Result<(), Error> {
    diesel::update(user_identities::table.find(id.to_string()))
        .set(user_identities::deleted_at.eq(microseconds(at)))
        .execute_on(tx)
        .map_err(Error::during("mark a user identity deleted"))?;
    Ok(())
}

/// A person by id, gone or not, whatever the workspace: for the workers. The API uses [`find`].
///
/// # Errors
/// When the query fails.
pub fn by_id(tx: &mut Tx<'_>, id: UserIdentityId) -> Result<Option<UserIdentity>, Error> {
    user_identities::table.find(id.to_string()).get_on(tx).optional().map_err(Error::during("find a person"))
}
