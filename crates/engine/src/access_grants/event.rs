//! The events of grants and methods (`spec/api.md 5.2`).

use domain::{
    Moment,
    id::{AccessMethodId, EntranceId},
};
use serde_json::{Value, json};
use store::{
    Tx,
    access_grants::AccessGrant,
    events::{self, Event},
};

use crate::Error;

/// Reports something of a grant.
pub(super) fn grant(
    tx: &mut Tx<'_>,
    moment: &mut Moment,
    event_type: &str,
    grant: &AccessGrant,
    detail: Value,
) -> Result<(), Error> {
    let event = Event { detail, ..about(moment, event_type, grant) };
    Ok(events::insert(tx, &event)?)
}

/// Reports something of a grant's door.
pub(super) fn door(
    tx: &mut Tx<'_>,
    moment: &mut Moment,
    event_type: &str,
    grant: &AccessGrant,
    door: EntranceId,
) -> Result<(), Error> {
    let event = Event { acs_entrance_id: Some(door), ..about(moment, event_type, grant) };
    Ok(events::insert(tx, &event)?)
}

/// Reports something of a method. Such events name the grant in lists, since the API that we copy lets grants share
/// methods.
pub(super) fn method(
    tx: &mut Tx<'_>,
    moment: &mut Moment,
    event_type: &str,
    grant: &AccessGrant,
    method: AccessMethodId,
    more: Value,
) -> Result<(), Error> {
    let mut detail = json!({
        "access_grant_ids": [grant.id],
        "access_grant_keys": grant.access_grant_key.iter().collect::<Vec<_>>(),
    });
    if let (Value::Object(detail), Value::Object(more)) = (&mut detail, more) {
        detail.extend(more);
    }
    let event =
        Event { access_grant_id: None, access_method_id: Some(method), detail, ..about(moment, event_type, grant) };
    Ok(events::insert(tx, &event)?)
}

fn about(moment: &mut Moment, event_type: &str, grant: &AccessGrant) -> Event {
    Event {
        access_grant_id: Some(grant.id),
        customer_key: grant.customer_key.clone(),
        ..Event::new(moment, grant.workspace_id, event_type)
    }
}
