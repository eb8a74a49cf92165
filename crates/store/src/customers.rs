//! What property systems push: places, people and stays by the caller's keys, and the grants that came of them.

use diesel::prelude::*;
use domain::id::{AccessGrantId, UserIdentityId, WorkspaceId, kind};
use jiff::Timestamp;

use crate::{
    Error, Tx,
    column::{IdColumn, JsonColumn, OptionalIdColumn, TimeColumn, microseconds},
    database::RunOn,
    schema::{customer_grants, customer_record_places, customer_records},
};

/// What names a record in a workspace.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Name {
    /// The list in which it is pushed, such as `reservations`.
    pub kind: String,
    /// The caller's key.
    pub key: String,
}

/// A record as it was last acted on.
#[derive(Debug, Clone, Queryable)]
pub struct Record {
    /// Workspace.
    #[diesel(deserialize_as = IdColumn<kind::Workspace>)]
    pub workspace_id: WorkspaceId,
    /// The list in which it is pushed.
    pub kind: String,
    /// The caller's key.
    pub record_key: String,
    /// The customer who pushes it.
    pub customer_key: String,
    /// What was last acted on, a JSON object; empty while nothing was.
    #[diesel(deserialize_as = JsonColumn)]
    pub content: serde_json::Value,
    /// The person of a record about one.
    #[diesel(deserialize_as = OptionalIdColumn<kind::UserIdentity>)]
    pub subject_id: Option<UserIdentityId>,
    /// Why the last push came to nothing.
    pub problem: Option<String>,
    /// When it was first pushed.
    #[diesel(deserialize_as = TimeColumn)]
    pub created_at: Timestamp,
    /// When it last changed.
    #[diesel(deserialize_as = TimeColumn)]
    pub updated_at: Timestamp,
}

impl Record {
    /// What names it.
    pub fn name(&self) -> Name {
        Name { kind: self.kind.clone(), key: self.record_key.clone() }
    }
}

/// The record of this name.
///
/// # Errors
/// When the query fails.
pub fn find(tx: &mut Tx<'_>, workspace_id: WorkspaceId, name: &Name) -> Result<Option<Record>, Error> {
    customer_records::table
        .find((workspace_id.to_string(), &name.kind, &name.key))
        .get_on(tx)
        .optional()
        .map_err(Error::during("find a pushed record"))
}

/// The names of everything that a customer pushed.
///
/// # Errors
/// When the query fails.
pub fn of_customer(tx: &mut Tx<'_>, workspace_id: WorkspaceId, customer_key: &str) -> Result<Vec<Name>, Error> {
    let names: Vec<(String, String)> = customer_records::table
        .filter(customer_records::workspace_id.eq(workspace_id.to_string()))
        .filter(customer_records::customer_key.eq(customer_key))
        .order((customer_records::kind, customer_records::record_key))
        .select((customer_records::kind, customer_records::record_key))
        .load_on(tx)
        .map_err(Error::during("list a customer's records"))?;
    Ok(names.into_iter().map(|(kind, key)| Name { kind, key }).collect())
}

/// Whether a person came with a push of the customer.
///
/// # Errors
/// When the query fails.
pub fn has_pushed(
    tx: &mut Tx<'_>,
    workspace_id: WorkspaceId,
    customer_key: &str,
    person: UserIdentityId,
) -> Result<bool, Error> {
    let found: Option<String> = customer_records::table
        .filter(customer_records::workspace_id.eq(workspace_id.to_string()))
        .filter(customer_records::customer_key.eq(customer_key))
        .filter(customer_records::subject_id.eq(person.to_string()))
        .select(customer_records::record_key)
        .limit(1)
        .get_on(tx)
        .optional()
        .map_err(Error::during("look for a pushed person"))?;
    Ok(found.is_some())
}

/// Adds a record.
///
/// # Errors
/// When the query fails.
pub fn insert(tx: &mut Tx<'_>, record: &Record) -> Result<(), Error> {
    diesel::insert_into(customer_records::table)
        .values((
            customer_records::workspace_id.eq(record.workspace_id.to_string()),
            customer_records::kind.eq(&record.kind),
            customer_records::record_key.eq(&record.record_key),
            customer_records::customer_key.eq(&record.customer_key),
            customer_records::content.eq(record.content.to_string()),
            customer_records::subject_id.eq(record.subject_id.map(|id| id.to_string())),
            customer_records::problem.eq(&record.problem),
            customer_records::created_at.eq(microseconds(record.created_at)),
            customer_records::updated_at.eq(microseconds(record.updated_at)),
        ))
        .execute_on(tx)
        .map_err(Error::during("insert a pushed record"))?;
    Ok(())
}

/// Replaces what is known of a record.
///
/// # Errors
/// When the query fails.
pub fn update(tx: &mut Tx<'_>, record: &Record) -> Result<(), Error> {
    diesel::update(customer_records::table.find((record.workspace_id.to_string(), &record.kind, &record.record_key)))
        .set((
            customer_records::content.eq(record.content.to_string()),
            customer_records::subject_id.eq(record.subject_id.map(|id| id.to_string())),
            customer_records::problem.eq(&record.problem),
            customer_records::updated_at.eq(microseconds(record.updated_at)),
        ))
        .execute_on(tx)
        .map_err(Error::during("update a pushed record"))?;
    Ok(())
}

/// Forgets a record and the places that it named. Its grants are remembered as long as they are there.
///
/// # Errors
/// When the query fails.
pub fn delete(tx: &mut Tx<'_>, workspace_id: WorkspaceId, name: &Name) -> Result<(), Error> {
    set_places(tx, workspace_id, name, &[])?;
    diesel::delete(customer_records::table.find((workspace_id.to_string(), &name.kind, &name.key)))
        .execute_on(tx)
        .map_err(Error::during("delete a pushed record"))?;
    Ok(())
}

/// Notes which places a stay names, by the keys of their spaces.
///
/// # Errors
/// When the query fails.
pub fn set_places(tx: &mut Tx<'_>, workspace_id: WorkspaceId, name: &Name, keys: &[String]) -> Result<(), Error> {
    let own = customer_record_places::table
        .filter(customer_record_places::workspace_id.eq(workspace_id.to_string()))
        .filter(customer_record_places::kind.eq(&name.kind))
        .filter(customer_record_places::record_key.eq(&name.key));
    diesel::delete(own).execute_on(tx).map_err(Error::during("forget the places of a stay"))?;
    for key in keys {
        diesel::insert_into(customer_record_places::table)
            .values((
                customer_record_places::workspace_id.eq(workspace_id.to_string()),
                customer_record_places::kind.eq(&name.kind),
                customer_record_places::record_key.eq(&name.key),
                customer_record_places::space_key.eq(key),
            ))
            .execute_on(tx)
            .map_err(Error::during("note the place of a stay"))?;
    }
    Ok(())
}

/// The stays that name a place.
///
/// # Errors
/// When the query fails.
pub fn naming(tx: &mut Tx<'_>, workspace_id: WorkspaceId, space_key: &str) -> Result<Vec<Name>, Error> {
    let names: Vec<(String, String)> = customer_record_places::table
        .filter(customer_record_places::workspace_id.eq(workspace_id.to_string()))
        .filter(customer_record_places::space_key.eq(space_key))
        .order((customer_record_places::kind, customer_record_places::record_key))
        .select((customer_record_places::kind, customer_record_places::record_key))
        .load_on(tx)
        .map_err(Error::during("find the stays at a place"))?;
    Ok(names.into_iter().map(|(kind, key)| Name { kind, key }).collect())
}

/// Notes the grant that a person of a stay got.
///
/// # Errors
/// When the query fails.
pub fn add_grant(
    tx: &mut Tx<'_>,
    workspace_id: WorkspaceId,
    name: &Name,
    person: UserIdentityId,
    grant: AccessGrantId,
) -> Result<(), Error> {
    diesel::insert_into(customer_grants::table)
        .values((
            customer_grants::access_grant_id.eq(grant.to_string()),
            customer_grants::workspace_id.eq(workspace_id.to_string()),
            customer_grants::kind.eq(&name.kind),
            customer_grants::record_key.eq(&name.key),
            customer_grants::user_identity_id.eq(person.to_string()),
        ))
        .execute_on(tx)
        .map_err(Error::during("note the grant of a stay"))?;
    Ok(())
}

/// The grants of a stay, each with its person.
///
/// # Errors
/// When the query fails.
pub fn grants_of(
    tx: &mut Tx<'_>,
    workspace_id: WorkspaceId,
    name: &Name,
) -> Result<Vec<(UserIdentityId, AccessGrantId)>, Error> {
    let pairs: Vec<(IdColumn<kind::UserIdentity>, IdColumn<kind::AccessGrant>)> = customer_grants::table
        .filter(customer_grants::workspace_id.eq(workspace_id.to_string()))
        .filter(customer_grants::kind.eq(&name.kind))
        .filter(customer_grants::record_key.eq(&name.key))
        .order(customer_grants::access_grant_id)
        .select((customer_grants::user_identity_id, customer_grants::access_grant_id))
        .load_on(tx)
        .map_err(Error::during("load the grants of a stay"))?;
    Ok(pairs.into_iter().map(|(person, grant)| (person.into(), grant.into())).collect())
}

/// The grants that a person got by pushed stays.
///
/// # Errors
/// When the query fails.
pub fn grants_of_person(tx: &mut Tx<'_>, person: UserIdentityId) -> Result<Vec<AccessGrantId>, Error> {
    let grants: Vec<IdColumn<kind::AccessGrant>> = customer_grants::table
        .filter(customer_grants::user_identity_id.eq(person.to_string()))
        .order(customer_grants::access_grant_id)
        .select(customer_grants::access_grant_id)
        .load_on(tx)
        .map_err(Error::during("load a person's pushed grants"))?;
    Ok(grants.into_iter().map(Into::into).collect())
}

/// Forgets that a grant came of a stay: another one takes its place, or none.
///
/// # Errors
/// When the query fails.
pub fn forget_grant(tx: &mut Tx<'_>, grant: AccessGrantId) -> Result<(), Error> {
    diesel::delete(customer_grants::table.find(grant.to_string()))
        .execute_on(tx)
        .map_err(Error::during("forget the grant of a stay"))?;
    Ok(())
}
