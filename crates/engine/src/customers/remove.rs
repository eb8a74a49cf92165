//! Taking back what was pushed: the records go, and access with them, at once (`spec/api.md 4.27`).

use domain::{
    Moment,
    id::{AccessGrantId, EndpointId},
};
use serde_json::json;
use store::{
    Tx, access_grants as grants,
    customers::{self, Name, Record},
};

use super::{PEOPLE, PLACES, is_among};
use crate::{
    Caller, Error,
    access_grants::{self, By},
    user_identities,
};

/// What came of removing a record.
#[derive(Debug, Clone, Default)]
pub struct Removed {
    /// Whether there was such a record.
    pub was_there: bool,
    /// Endpoints of phones that went with a person, which the shell ends at the credential manager.
    pub endpoints: Vec<EndpointId>,
}

/// Everything that a customer pushed, in the order in which it is best removed.
///
/// # Errors
/// When storage fails.
pub fn everything_of(tx: &mut Tx<'_>, caller: &Caller, customer_key: &str) -> Result<Vec<Name>, Error> {
    if !caller.sees_customer(Some(customer_key)) {
        return Ok(Vec::new());
    }
    let mut names = customers::of_customer(tx, caller.workspace_id, customer_key)?;
    names.sort_by_key(|name| (is_among(&PLACES, &name.kind), is_among(&PEOPLE, &name.kind)));
    Ok(names)
}

/// Removes a record. A stay loses its grants; a person loses the grants of pushed stays, and goes if it was made by a
/// push; with a place all stays that name it lose their grants.
///
/// # Errors
/// When storage fails.
pub fn remove(tx: &mut Tx<'_>, moment: &mut Moment, caller: &Caller, name: &Name) -> Result<Removed, Error> {
    let found = customers::find(tx, caller.workspace_id, name)?;
    let Some(record) = found.filter(|record| caller.sees_customer(Some(&record.customer_key))) else {
        return Ok(Removed::default());
    };
    let mut removed = Removed { was_there: true, endpoints: Vec::new() };
    if is_among(&PLACES, &name.kind) {
        for stay in customers::naming(tx, caller.workspace_id, &name.key)? {
            end_stay(tx, moment, caller, &stay)?;
        }
    } else if is_among(&PEOPLE, &name.kind) {
        removed.endpoints = end_person(tx, moment, caller, &record)?;
    } else {
        end_stay(tx, moment, caller, name)?;
    }
    customers::delete(tx, caller.workspace_id, name)?;
    let detail = json!({ "list": name.kind });
    caller.note(tx, moment, "customer.delete_data", &record.customer_key, detail)?;
    Ok(removed)
}

/// Ends the grants of a stay. Pushed again it acts anew.
fn end_stay(tx: &mut Tx<'_>, moment: &mut Moment, caller: &Caller, name: &Name) -> Result<(), Error> {
    for (_, grant) in customers::grants_of(tx, caller.workspace_id, name)? {
        end(tx, moment, caller, grant)?;
    }
    if let Some(record) = customers::find(tx, caller.workspace_id, name)? {
        customers::update(tx, &Record { content: json!({}), updated_at: moment.now, ..record })?;
    }
    Ok(())
}

fn end_person(
    tx: &mut Tx<'_>,
    moment: &mut Moment,
    caller: &Caller,
    record: &Record,
) -> Result<Vec<EndpointId>, Error> {
    let Some(person) = record.subject_id else { return Ok(Vec::new()) };
    for grant in customers::grants_of_person(tx, person)? {
        end(tx, moment, caller, grant)?;
    }
    if record.content["made"] != true {
        return Ok(Vec::new());
    }
    match user_identities::delete(tx, moment, &caller.at_large(), person) {
        // Somebody was faster.
        Err(Error::NotFound { .. }) => Ok(Vec::new()),
        deleted => deleted,
    }
}

fn end(tx: &mut Tx<'_>, moment: &mut Moment, caller: &Caller, grant: AccessGrantId) -> Result<(), Error> {
    customers::forget_grant(tx, grant)?;
    let row = grants::by_ids(tx, &[grant])?.pop();
    if row.is_some_and(|row| row.deleting_at.or(row.deleted_at).is_none()) {
        access_grants::delete(tx, moment, &caller.at_large(), &By::Id(grant))?;
    }
    Ok(())
}
