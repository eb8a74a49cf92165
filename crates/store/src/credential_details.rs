//! What is shown of credentials besides their own rows.

use diesel::prelude::*;
use domain::{
    DoorCategory,
    id::{ConnectedAccountId, CredentialId, EntranceId, UserIdentityId, WorkspaceId, kind},
};
use jiff::Timestamp;

use crate::{
    Error, Tx,
    among::among,
    column::{IdColumn, OptionalIdColumn, OptionalTimeColumn},
    credentials::Credential,
    database::RunOn,
    entrances::Entrance,
    schema::{acs_systems, acs_users, credential_doors, credentials, entrances},
};

/// A credential of the workspace that is not gone, with the account of its site and the person behind its owner.
///
/// # Errors
/// When the query fails.
pub fn find(
    tx: &mut Tx<'_>,
    workspace_id: WorkspaceId,
    id: CredentialId,
) -> Result<Option<(Credential, ConnectedAccountId, Option<UserIdentityId>)>, Error> {
    type Row = (Credential, IdColumn<kind::ConnectedAccount>, OptionalIdColumn<kind::UserIdentity>);
    let row: Option<Row> = credentials::table
        .inner_join(acs_systems::table.on(acs_systems::id.eq(credentials::acs_system_id)))
        .left_join(acs_users::table.on(acs_users::id.nullable().eq(credentials::acs_user_id)))
        .filter(credentials::id.eq(id.to_string()))
        .filter(credentials::workspace_id.eq(workspace_id.to_string()))
        .filter(credentials::deleted_at.is_null())
        .select((credentials::all_columns, acs_systems::connected_account_id, acs_users::user_identity_id.nullable()))
        .get_on(tx)
        .optional()
        .map_err(Error::during("find a credential and where it belongs"))?;
    Ok(row.map(|(credential, account, person)| (credential, account.into(), person.into())))
}

/// What is shown of a credential's door.
#[derive(Debug, Clone, Queryable)]
pub struct ShownDoor {
    /// Id.
    #[diesel(deserialize_as = IdColumn<kind::Entrance>)]
    pub id: EntranceId,
    /// Name at the lock server.
    pub name: String,
    /// Category in the lock server's words.
    category: String,
}

impl ShownDoor {
    /// Whether it is a guest door.
    pub fn is_guest(&self) -> bool {
        DoorCategory::parse(&self.category).is_guest()
    }
}

impl From<Entrance> for ShownDoor {
    fn from(entrance: Entrance) -> Self {
        Self { id: entrance.id, name: entrance.door_name, category: entrance.door_category }
    }
}

/// Where credentials belong: the account of the site, and the person behind the owner. One query.
///
/// # Errors
/// When the query fails.
pub fn belongings(
    tx: &mut Tx<'_>,
    ids: &[CredentialId],
) -> Result<Vec<(CredentialId, ConnectedAccountId, Option<UserIdentityId>)>, Error> {
    type Row = (IdColumn<kind::Credential>, IdColumn<kind::ConnectedAccount>, OptionalIdColumn<kind::UserIdentity>);
    let query = credentials::table
        .inner_join(acs_systems::table.on(acs_systems::id.eq(credentials::acs_system_id)))
        .left_join(acs_users::table.on(acs_users::id.nullable().eq(credentials::acs_user_id)))
        .select((credentials::id, acs_systems::connected_account_id, acs_users::user_identity_id.nullable()));
    let rows: Vec<Row> = match ids {
        [] => return Ok(Vec::new()),
        // A comparison is found by its type, a list by its text.
        [only] => query.filter(credentials::id.eq(only.to_string())).load_on(tx),
        several => query.filter(among(credentials::id, several)).load_on(tx),
    }
    .map_err(Error::during("load where credentials belong"))?;
    Ok(rows.into_iter().map(|(id, account, person)| (id.into(), account.into(), person.into())).collect())
}

/// The doors of cards and parents as the API shows them, those of each in the order in which they were named. One query.
///
/// # Errors
/// When the query fails.
pub fn doors_of(tx: &mut Tx<'_>, ids: &[CredentialId]) -> Result<Vec<(CredentialId, ShownDoor)>, Error> {
    type Row = (IdColumn<kind::Credential>, i32, ShownDoor);
    let query = credential_doors::table
        .inner_join(entrances::table.on(entrances::id.eq(credential_doors::entrance_id)))
        .select((
            credential_doors::credential_id,
            credential_doors::position,
            (entrances::id, entrances::door_name, entrances::door_category),
        ));
    let mut rows: Vec<Row> = match ids {
        [] => return Ok(Vec::new()),
        [only] => query.filter(credential_doors::credential_id.eq(only.to_string())).load_on(tx),
        several => query.filter(among(credential_doors::credential_id, several)).load_on(tx),
    }
    .map_err(Error::during("load the doors of credentials"))?;
    // Most credentials have one door or two, for which the database would set up a sorter all the same.
    rows.sort_by_key(|(_, position, _)| *position);
    Ok(rows.into_iter().map(|(id, _, door)| (id.into(), door)).collect())
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
    type Row = (IdColumn<kind::Credential>, OptionalIdColumn<kind::Credential>, OptionalTimeColumn);
    let query = credentials::table.filter(credentials::deleted_at.is_null()).select((
        credentials::id,
        credentials::parent_id,
        credentials::deleting_at,
    ));
    let rows: Vec<Row> = match parents {
        [] => return Ok(Vec::new()),
        [only] => query.filter(credentials::parent_id.eq(only.to_string())).load_on(tx),
        several => query.filter(among(credentials::parent_id, several)).load_on(tx),
    }
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
