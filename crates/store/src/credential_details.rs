//! What is shown of credentials besides their own rows.

use diesel::prelude::*;
use domain::id::{ConnectedAccountId, CredentialId, UserIdentityId, kind};
use jiff::Timestamp;

use crate::{
    Error, Tx,
    among::among_nullable,
    column::{IdColumn, OptionalIdColumn, OptionalTimeColumn},
    entrances::Entrance,
    schema::{acs_systems, acs_users, credential_doors, credentials, entrances},
};

/// Where credentials belong: the account of the site, and the person behind the owner. One query.
///
/// # Errors
/// When the query fails.
pub fn belongings(
    tx: &mut Tx<'_>,
    ids: &[CredentialId],
) -> Result<Vec<(CredentialId, ConnectedAccountId, Option<UserIdentityId>)>, Error> {
    let query = credentials::table
        .inner_join(acs_systems::table.on(acs_systems::id.eq(credentials::acs_system_id)))
        .left_join(acs_users::table.on(acs_users::id.nullable().eq(credentials::acs_user_id)))
        .select((credentials::id, acs_systems::connected_account_id, acs_users::user_identity_id.nullable()))
        .into_boxed();
    let query = match ids {
        [] => return Ok(Vec::new()),
        // A comparison is prepared once, a list at each use.
        [only] => query.filter(credentials::id.eq(only.to_string())),
        several => query.filter(credentials::id.eq_any(several.iter().map(ToString::to_string).collect::<Vec<_>>())),
    };
    type Row = (IdColumn<kind::Credential>, IdColumn<kind::ConnectedAccount>, OptionalIdColumn<kind::UserIdentity>);
    let rows: Vec<Row> = query.load(tx.connection).map_err(Error::during("load where credentials belong"))?;
    Ok(rows.into_iter().map(|(id, account, person)| (id.into(), account.into(), person.into())).collect())
}

/// The doors of cards and parents as the API shows them, in the order in which they were named. One query.
///
/// # Errors
/// When the query fails.
pub fn entrances_of(tx: &mut Tx<'_>, ids: &[CredentialId]) -> Result<Vec<(CredentialId, Entrance)>, Error> {
    let query = credential_doors::table
        .inner_join(entrances::table.on(entrances::id.eq(credential_doors::entrance_id)))
        .select((credential_doors::credential_id, entrances::all_columns))
        .order((credential_doors::credential_id, credential_doors::position))
        .into_boxed();
    let query = match ids {
        [] => return Ok(Vec::new()),
        [only] => query.filter(credential_doors::credential_id.eq(only.to_string())),
        several => query.filter(
            credential_doors::credential_id.eq_any(several.iter().map(ToString::to_string).collect::<Vec<_>>()),
        ),
    };
    let rows: Vec<(IdColumn<kind::Credential>, Entrance)> =
        query.load(tx.connection).map_err(Error::during("load the doors of credentials"))?;
    Ok(rows.into_iter().map(|(id, entrance)| (id.into(), entrance)).collect())
}

/// What a list of credentials needs of a parent's child.
#[derive(Debug, Clone, Copy)]
pub struct Child {
    /// Id.
    pub id: CredentialId,
    /// The parent.
    pub parent_id: CredentialId,
    /// Whether its deletion was asked for.
    pub is_ending: bool,
}

/// The children of these parents that are not gone, without their details.
///
/// # Errors
/// When the query fails.
pub fn brief_children_of(tx: &mut Tx<'_>, parents: &[CredentialId]) -> Result<Vec<Child>, Error> {
    if parents.is_empty() {
        return Ok(Vec::new());
    }
    type Row = (IdColumn<kind::Credential>, OptionalIdColumn<kind::Credential>, OptionalTimeColumn);
    let rows: Vec<Row> = credentials::table
        .filter(among_nullable(credentials::parent_id, parents))
        .filter(credentials::deleted_at.is_null())
        .select((credentials::id, credentials::parent_id, credentials::deleting_at))
        .load(tx.connection)
        .map_err(Error::during("load children"))?;
    Ok(rows
        .into_iter()
        .filter_map(|(id, parent, deleting_at)| {
            let parent_id = Option::<CredentialId>::from(parent)?;
            let deleting_at: Option<Timestamp> = deleting_at.into();
            Some(Child { id: id.into(), parent_id, is_ending: deleting_at.is_some() })
        })
        .collect())
}
