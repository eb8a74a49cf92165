//! Rooms, units, buildings and the like: only names for spaces, whose doors come from `/spaces/create` with the same
//! key (`spec/api.md 4.27`).

use domain::Moment;
use serde_json::json;
use store::{
    Tx,
    customers::{self, Name, Record},
    spaces::{self, By},
};

use super::{Outcome, own};
use crate::{Caller, Error};

/// Takes note of a place.
///
/// # Errors
/// When no space has its key: stays there could get no doors.
pub fn push_place(
    tx: &mut Tx<'_>,
    moment: &mut Moment,
    caller: &Caller,
    customer_key: &str,
    name: &Name,
) -> Result<Outcome, Error> {
    let present = own(tx, caller, customer_key, name)?;
    space_of(tx, caller, &name.key)?;
    let content = json!({ "space_key": name.key });
    match present {
        Some(record) if record.content == content && record.problem.is_none() => return Ok(Outcome::Unchanged),
        Some(record) => {
            customers::update(tx, &Record { content, problem: None, updated_at: moment.now, ..record })?;
        }
        None => {
            let record = fresh(moment, caller, customer_key, name);
            customers::insert(tx, &Record { content, ..record })?;
        }
    }
    caller.note(tx, moment, "customer.push_data", customer_key, json!({ "list": name.kind }))?;
    Ok(Outcome::Acted)
}

/// The space that a place is a name for.
pub(super) fn space_of(tx: &mut Tx<'_>, caller: &Caller, key: &str) -> Result<spaces::Space, Error> {
    spaces::find(tx, caller.workspace_id, &By::Key(key.to_owned()))?.ok_or_else(|| {
        let message =
            format!("no space has the space_key {key}; make one with its doors by /spaces/create, and push again");
        Error::invalid("space_keys", message)
    })
}

/// A record of which nothing has come yet.
pub(super) fn fresh(moment: &Moment, caller: &Caller, customer_key: &str, name: &Name) -> Record {
    Record {
        workspace_id: caller.workspace_id,
        kind: name.kind.clone(),
        record_key: name.key.clone(),
        customer_key: customer_key.to_owned(),
        content: json!({}),
        subject_id: None,
        problem: None,
        created_at: moment.now,
        updated_at: moment.now,
    }
}
