//! Persons who were merged into others: their ids and keys keep resolving (`spec/api.md 2.7`).

use diesel::prelude::*;
use domain::id::{UserIdentityId, WorkspaceId, kind};
use jiff::Timestamp;

use crate::{
    Error, Tx,
    among::among,
    column::{IdColumn, TimeColumn, microseconds},
    database::RunOn,
    schema::merged_user_identities,
    user_identities::By,
};

/// A person who was merged into another. Nobody is merged into somebody who was merged: the target is always the last.
#[derive(Debug, Clone, Queryable)]
pub struct Merged {
    /// The person that was.
    #[diesel(deserialize_as = IdColumn<kind::UserIdentity>)]
    pub id: UserIdentityId,
    /// Workspace.
    #[diesel(deserialize_as = IdColumn<kind::Workspace>)]
    pub workspace_id: WorkspaceId,
    /// The person that is.
    #[diesel(deserialize_as = IdColumn<kind::UserIdentity>)]
    pub into_id: UserIdentityId,
    /// The key that the person had.
    pub user_identity_key: Option<String>,
    /// When they were merged.
    #[diesel(deserialize_as = TimeColumn)]
    pub merged_at: Timestamp,
}

/// Notes that a person was merged into another; whoever was merged into the former belongs to the latter now.
///
/// # Errors
/// When the query fails.
pub fn insert(tx: &mut Tx<'_>, merged: &Merged) -> Result<(), Error> {
    let target = merged_user_identities::into_id;
    diesel::update(merged_user_identities::table.filter(target.eq(merged.id.to_string())))
        .set(target.eq(merged.into_id.to_string()))
        .execute_on(tx)
        .map_err(Error::during("lead merged user identities on"))?;
    diesel::insert_into(merged_user_identities::table)
        .values((
            merged_user_identities::id.eq(merged.id.to_string()),
            merged_user_identities::workspace_id.eq(merged.workspace_id.to_string()),
            target.eq(merged.into_id.to_string()),
            merged_user_identities::user_identity_key.eq(&merged.user_identity_key),
            merged_user_identities::merged_at.eq(microseconds(merged.merged_at)),
        ))
        .execute_on(tx)
        .map_err(Error::during("note a merged user identity"))?;
    Ok(())
}

/// Whom an id or key of before the merge means now.
///
/// # Errors
/// When the query fails.
pub fn target(tx: &mut Tx<'_>, workspace_id: WorkspaceId, by: &By) -> Result<Option<UserIdentityId>, Error> {
    let query = merged_user_identities::table
        .filter(merged_user_identities::workspace_id.eq(workspace_id.to_string()))
        .select(merged_user_identities::into_id)
        .into_boxed();
    let query = match by {
        By::Id(id) => query.filter(merged_user_identities::id.eq(id.to_string())),
        By::Key(key) => query.filter(merged_user_identities::user_identity_key.eq(key)),
        By::Email(_) | By::Phone(_) => return Ok(None),
    };
    let found: Option<IdColumn<kind::UserIdentity>> =
        query.get_result(tx.connection).optional().map_err(Error::during("find whom a merged user identity became"))?;
    Ok(found.map(Into::into))
}

/// The id that a person has now: another one after a merge.
///
/// # Errors
/// When the query fails.
pub fn current(tx: &mut Tx<'_>, workspace_id: WorkspaceId, id: UserIdentityId) -> Result<UserIdentityId, Error> {
    Ok(target(tx, workspace_id, &By::Id(id))?.unwrap_or(id))
}

/// Whoever was merged into these persons, in the order of the merges.
///
/// # Errors
/// When the query fails.
pub fn into_these(tx: &mut Tx<'_>, targets: &[UserIdentityId]) -> Result<Vec<Merged>, Error> {
    if targets.is_empty() {
        return Ok(Vec::new());
    }
    merged_user_identities::table
        .filter(among(merged_user_identities::into_id, targets))
        .order((merged_user_identities::merged_at, merged_user_identities::id))
        .load_on(tx)
        .map_err(Error::during("load merged user identities"))
}

/// Forgets whoever was merged into a person: that person is gone, and the keys are free.
///
/// # Errors
/// When the query fails.
pub fn forget(tx: &mut Tx<'_>, target: UserIdentityId) -> Result<(), Error> {
    diesel::delete(merged_user_identities::table.filter(merged_user_identities::into_id.eq(target.to_string())))
        .execute_on(tx)
        .map_err(Error::during("forget merged user identities"))?;
    Ok(())
}
