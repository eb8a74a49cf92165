//! Instant keys: links that show a guest's keys in a browser, and the browsers that have opened them.

use std::collections::BTreeMap;

use diesel::{dsl::count_star, prelude::*};
use domain::id::{ClientSessionId, InstantKeyId, UserIdentityId, WorkspaceId, kind};
use jiff::Timestamp;

use crate::{
    Error, Tx,
    among::among,
    column::{IdColumn, OptionalTimeColumn, TimeColumn, microseconds},
    database::RunOn,
    schema::{acs_users, credentials, instant_key_uses, instant_keys},
};

/// A link.
#[derive(Debug, Clone, Queryable)]
pub struct InstantKey {
    /// Id.
    #[diesel(deserialize_as = IdColumn<kind::InstantKey>)]
    pub id: InstantKeyId,
    /// Workspace.
    #[diesel(deserialize_as = IdColumn<kind::Workspace>)]
    pub workspace_id: WorkspaceId,
    /// Whose keys it shows.
    #[diesel(deserialize_as = IdColumn<kind::UserIdentity>)]
    pub user_identity_id: UserIdentityId,
    /// The session that was made with it.
    #[diesel(deserialize_as = IdColumn<kind::ClientSession>)]
    pub client_session_id: ClientSessionId,
    /// Hash of its code, hexadecimal.
    pub code_sha256: String,
    /// The code, sealed.
    pub sealed_code: String,
    /// How its page is to look, in the caller's words.
    pub customization_profile_id: Option<String>,
    /// How many browsers may open it.
    pub max_use_count: i32,
    /// When it was made.
    #[diesel(deserialize_as = TimeColumn)]
    pub created_at: Timestamp,
    /// When it ends if its guest has no mobile key.
    #[diesel(deserialize_as = TimeColumn)]
    pub expires_at: Timestamp,
    /// When it was deleted.
    #[diesel(deserialize_as = OptionalTimeColumn)]
    pub deleted_at: Option<Timestamp>,
}

/// Gives a person's links to another.
///
/// # Errors
/// When the query fails.
pub fn hand_over(tx: &mut Tx<'_>, from: UserIdentityId, to: UserIdentityId) -> Result<(), Error> {
    diesel::update(instant_keys::table.filter(instant_keys::user_identity_id.eq(from.to_string())))
        .set(instant_keys::user_identity_id.eq(to.to_string()))
        .execute_on(tx)
        .map_err(Error::during("hand instant keys over"))?;
    Ok(())
}

/// Adds a link.
///
/// # Errors
/// When the query fails.
pub fn insert(tx: &mut Tx<'_>, key: &InstantKey) -> Result<(), Error> {
    diesel::insert_into(instant_keys::table)
        .values((
            instant_keys::id.eq(key.id.to_string()),
            instant_keys::workspace_id.eq(key.workspace_id.to_string()),
            instant_keys::user_identity_id.eq(key.user_identity_id.to_string()),
            instant_keys::client_session_id.eq(key.client_session_id.to_string()),
            instant_keys::code_sha256.eq(&key.code_sha256),
            instant_keys::sealed_code.eq(&key.sealed_code),
            instant_keys::customization_profile_id.eq(&key.customization_profile_id),
            instant_keys::max_use_count.eq(key.max_use_count),
            instant_keys::created_at.eq(microseconds(key.created_at)),
            instant_keys::expires_at.eq(microseconds(key.expires_at)),
            instant_keys::deleted_at.eq(key.deleted_at.map(microseconds)),
        ))
        .execute_on(tx)
        .map_err(Error::during("insert an instant key"))?;
    Ok(())
}

/// A link of the workspace that is not deleted.
///
/// # Errors
/// When the query fails.
pub fn find(tx: &mut Tx<'_>, workspace_id: WorkspaceId, id: InstantKeyId) -> Result<Option<InstantKey>, Error> {
    instant_keys::table
        .find(id.to_string())
        .filter(instant_keys::workspace_id.eq(workspace_id.to_string()))
        .filter(instant_keys::deleted_at.is_null())
        .get_on(tx)
        .optional()
        .map_err(Error::during("find an instant key"))
}

/// The link with this code, deleted or not, whatever the workspace: for whoever holds it.
///
/// # Errors
/// When the query fails.
pub fn by_code(tx: &mut Tx<'_>, code_sha256: &str) -> Result<Option<InstantKey>, Error> {
    instant_keys::table
        .filter(instant_keys::code_sha256.eq(code_sha256))
        .get_on(tx)
        .optional()
        .map_err(Error::during("find an instant key by its code"))
}

/// The links of the workspace that are not deleted, oldest first; of one person if one is named.
///
/// # Errors
/// When the query fails.
pub fn list(
    tx: &mut Tx<'_>,
    workspace_id: WorkspaceId,
    person: Option<UserIdentityId>,
) -> Result<Vec<InstantKey>, Error> {
    let live = instant_keys::table
        .filter(instant_keys::workspace_id.eq(workspace_id.to_string()))
        .filter(instant_keys::deleted_at.is_null())
        .order((instant_keys::created_at, instant_keys::id));
    match person {
        None => live.load_on(tx),
        Some(person) => live.filter(instant_keys::user_identity_id.eq(person.to_string())).load_on(tx),
    }
    .map_err(Error::during("list instant keys"))
}

/// Notes that a link is deleted.
///
/// # Errors
/// When the query fails.
pub fn set_deleted(tx: &mut Tx<'_>, id: InstantKeyId, at: Timestamp) -> Result<(), Error> {
    diesel::update(instant_keys::table.find(id.to_string()))
        .set(instant_keys::deleted_at.eq(microseconds(at)))
        .execute_on(tx)
        .map_err(Error::during("mark an instant key deleted"))?;
    Ok(())
}

/// How many browsers have opened each of these links; those that none has opened are left out.
///
/// # Errors
/// When the query fails.
pub fn use_counts(tx: &mut Tx<'_>, ids: &[InstantKeyId]) -> Result<BTreeMap<InstantKeyId, i64>, Error> {
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let counts: Vec<(IdColumn<kind::InstantKey>, i64)> = instant_key_uses::table
        .filter(among(instant_key_uses::instant_key_id, ids))
        .group_by(instant_key_uses::instant_key_id)
        .select((instant_key_uses::instant_key_id, count_star()))
        .load_on(tx)
        .map_err(Error::during("count the uses of instant keys"))?;
    Ok(counts.into_iter().map(|(id, count)| (id.into(), count)).collect())
}

/// Whether the browser has opened the link.
///
/// # Errors
/// When the query fails.
pub fn was_opened_by(tx: &mut Tx<'_>, id: InstantKeyId, browser_sha256: &str) -> Result<bool, Error> {
    let found: Option<String> = instant_key_uses::table
        .find((id.to_string(), browser_sha256))
        .select(instant_key_uses::browser_sha256)
        .get_on(tx)
        .optional()
        .map_err(Error::during("look for a browser"))?;
    Ok(found.is_some())
}

/// Notes that a browser has opened the link.
///
/// # Errors
/// When the query fails.
pub fn add_use(tx: &mut Tx<'_>, id: InstantKeyId, browser_sha256: &str, at: Timestamp) -> Result<(), Error> {
    diesel::insert_into(instant_key_uses::table)
        .values((
            instant_key_uses::instant_key_id.eq(id.to_string()),
            instant_key_uses::browser_sha256.eq(browser_sha256),
            instant_key_uses::used_at.eq(microseconds(at)),
        ))
        .execute_on(tx)
        .map_err(Error::during("note the use of an instant key"))?;
    Ok(())
}

/// The latest end of the mobile keys that each of these persons has; persons without any are left out.
///
/// # Errors
/// When the query fails.
pub fn latest_ends(
    tx: &mut Tx<'_>,
    persons: &[UserIdentityId],
    access_method: &str,
) -> Result<BTreeMap<UserIdentityId, Timestamp>, Error> {
    if persons.is_empty() {
        return Ok(BTreeMap::new());
    }
    let ends: Vec<(IdColumn<kind::UserIdentity>, TimeColumn)> = credentials::table
        .inner_join(acs_users::table.on(credentials::acs_user_id.eq(acs_users::id.nullable())))
        .filter(among(acs_users::user_identity_id, persons))
        // A user that is gone has no keys left; users are found by their person while they are there.
        .filter(acs_users::deleted_at.is_null())
        .filter(credentials::access_method.eq(access_method))
        .filter(credentials::deleting_at.is_null())
        .filter(credentials::deleted_at.is_null())
        .select((acs_users::user_identity_id.assume_not_null(), credentials::ends_at))
        .load_on(tx)
        .map_err(Error::during("find the ends of persons' mobile keys"))?;
    let mut latest: BTreeMap<UserIdentityId, Timestamp> = BTreeMap::new();
    for (person, end) in ends {
        let end: Timestamp = end.into();
        latest.entry(person.into()).and_modify(|known| *known = end.max(*known)).or_insert(end);
    }
    Ok(latest)
}
