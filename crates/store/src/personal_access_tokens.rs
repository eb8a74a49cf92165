//! Personal access tokens, and the workspaces that their owners are members of.

use diesel::prelude::*;
use domain::id::{PersonalAccessTokenId, WorkspaceId, kind};
use jiff::Timestamp;

use crate::{
    Error, Tx,
    column::{IdColumn, OptionalTimeColumn, TimeColumn, microseconds},
    database::RunOn,
    schema::{memberships, personal_access_tokens, workspaces},
    workspaces::Workspace,
};

/// A token. Only a hash of its long part is kept.
#[derive(Debug, Clone, Queryable)]
pub struct PersonalAccessToken {
    /// Id.
    #[diesel(deserialize_as = IdColumn<kind::PersonalAccessToken>)]
    pub id: PersonalAccessTokenId,
    /// Whose it is: a name by which memberships are kept.
    pub owner: String,
    /// Name, for people.
    pub name: String,
    /// The part of the token by which it is found; not secret.
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

/// Adds a token.
///
/// # Errors
/// When the query fails; a short token that is taken is a unique violation.
pub fn insert(tx: &mut Tx<'_>, token: &PersonalAccessToken) -> Result<(), Error> {
    diesel::insert_into(personal_access_tokens::table)
        .values((
            personal_access_tokens::id.eq(token.id.to_string()),
            personal_access_tokens::owner.eq(&token.owner),
            personal_access_tokens::name.eq(&token.name),
            personal_access_tokens::short_token.eq(&token.short_token),
            personal_access_tokens::long_token_sha256.eq(&token.long_token_sha256),
            personal_access_tokens::created_at.eq(microseconds(token.created_at)),
            personal_access_tokens::revoked_at.eq(token.revoked_at.map(microseconds)),
        ))
        .execute_on(tx)
        .map_err(Error::during("insert a personal access token"))?;
    Ok(())
}

/// The live token with this short part.
///
/// # Errors
/// When the query fails.
pub fn by_short_token(tx: &mut Tx<'_>, short_token: &str) -> Result<Option<PersonalAccessToken>, Error> {
    personal_access_tokens::table
        .filter(personal_access_tokens::short_token.eq(short_token))
        .filter(personal_access_tokens::revoked_at.is_null())
        .get_on(tx)
        .optional()
        .map_err(Error::during("find a personal access token"))
}

/// All tokens, revoked ones included, oldest first.
///
/// # Errors
/// When the query fails.
pub fn list(tx: &mut Tx<'_>) -> Result<Vec<PersonalAccessToken>, Error> {
    personal_access_tokens::table
        .order((personal_access_tokens::created_at, personal_access_tokens::id))
        .load_on(tx)
        .map_err(Error::during("list personal access tokens"))
}

/// Revokes a token; the first time counts.
///
/// # Errors
/// When the query fails.
pub fn revoke(tx: &mut Tx<'_>, id: PersonalAccessTokenId, at: Timestamp) -> Result<(), Error> {
    diesel::update(personal_access_tokens::table.find(id.to_string()))
        .filter(personal_access_tokens::revoked_at.is_null())
        .set(personal_access_tokens::revoked_at.eq(microseconds(at)))
        .execute_on(tx)
        .map_err(Error::during("revoke a personal access token"))?;
    Ok(())
}

/// Makes an owner a member of a workspace. Doing so twice is one membership.
///
/// # Errors
/// When the query fails.
pub fn add_member(tx: &mut Tx<'_>, owner: &str, workspace_id: WorkspaceId, at: Timestamp) -> Result<(), Error> {
    diesel::insert_into(memberships::table)
        .values((
            memberships::owner.eq(owner),
            memberships::workspace_id.eq(workspace_id.to_string()),
            memberships::created_at.eq(microseconds(at)),
        ))
        .on_conflict_do_nothing()
        .execute_on(tx)
        .map_err(Error::during("add a member of a workspace"))?;
    Ok(())
}

/// The workspaces that an owner is a member of, oldest first.
///
/// # Errors
/// When the query fails.
pub fn workspaces_of(tx: &mut Tx<'_>, owner: &str) -> Result<Vec<Workspace>, Error> {
    workspaces::table
        .inner_join(memberships::table.on(memberships::workspace_id.eq(workspaces::id)))
        .filter(memberships::owner.eq(owner))
        .order((workspaces::created_at, workspaces::id))
        .select(workspaces::all_columns)
        .load_on(tx)
        .map_err(Error::during("list the workspaces of an owner"))
}
