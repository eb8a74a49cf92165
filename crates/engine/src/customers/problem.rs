//! Records that could not be acted on: kept with the reason, told as an event, never passed over in silence.

use domain::Moment;
use serde_json::json;
use store::{
    Tx,
    customers::{self, Name, Record},
    events::{self, Event},
};

use super::{PEOPLE, is_among, places::fresh};
use crate::{Caller, Error, Noun};

/// Type of the event; one of ours.
const EVENT_TYPE: &str = "innkeep.customer_record_not_acted_on";

/// The code of a record whose key stands again later in the same push.
const SUPERSEDED: &str = "superseded";

/// Why a record was not acted on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// For programs.
    pub code: &'static str,
    /// For people: what is wrong and what to do.
    pub reason: String,
}

impl Problem {
    /// The record itself cannot be read.
    pub fn unreadable(reason: impl Into<String>) -> Self {
        Self { code: "invalid_record", reason: reason.into() }
    }

    /// The same key stands again further on in the same push.
    pub fn superseded() -> Self {
        let reason = "the same key stands again later in this push, and the last one counts".to_owned();
        Self { code: SUPERSEDED, reason }
    }

    /// Why a record of this list was refused; none when it is not the record's fault.
    pub fn of(kind: &str, error: &Error) -> Option<Self> {
        let code = match error {
            Error::Store(store::Error::Constraint { .. }) | Error::Conflict { .. } if is_among(&PEOPLE, kind) => {
                "user_identity_email_or_phone_conflict"
            }
            Error::Store(store::Error::Constraint { .. }) => "conflict",
            Error::Store(_) => return None,
            Error::Invalid { field: "space_keys", .. } => "space_not_found",
            Error::Invalid { field: "guest_key", .. } => "guest_not_found",
            Error::NotFound { noun: Noun::AcsEntrance, .. } => "acs_entrance_not_found",
            Error::Invalid { .. } => "invalid_record",
            Error::NotSupported { .. } | Error::NotSandbox => "not_supported",
            _ => "conflict",
        };
        let reason = match error {
            Error::Store(_) => "another request changed the same thing at this moment; push it again".to_owned(),
            other => other.to_string(),
        };
        Some(Self { code, reason })
    }
}

/// Keeps why a record was not acted on, and tells it unless it was told before. A record without a key is told each
/// time.
///
/// # Errors
/// When storage fails.
pub fn report(
    tx: &mut Tx<'_>,
    moment: &mut Moment,
    caller: &Caller,
    customer_key: &str,
    kind: &str,
    key: Option<&str>,
    problem: &Problem,
) -> Result<(), Error> {
    // The record that counts was acted on, whatever became of its double.
    if let Some(key) = key.filter(|_| problem.code != SUPERSEDED) {
        let name = Name { kind: kind.to_owned(), key: key.to_owned() };
        let text = Some(problem.reason.clone());
        match customers::find(tx, caller.workspace_id, &name)? {
            Some(record) if record.customer_key == customer_key => {
                if record.problem == text {
                    return Ok(());
                }
                customers::update(tx, &Record { problem: text, updated_at: moment.now, ..record })?;
            }
            Some(_) => {}
            None => {
                let record = fresh(moment, caller, customer_key, &name);
                customers::insert(tx, &Record { problem: text, ..record })?;
            }
        }
    }
    let detail = json!({ "innkeep": {
        "list": kind,
        "key": key,
        "reason_code": problem.code,
        "reason": problem.reason,
    } });
    caller.note(tx, moment, "customer.report", customer_key, json!({ "list": kind, "reason_code": problem.code }))?;
    let event = Event {
        customer_key: Some(customer_key.to_owned()),
        detail,
        ..Event::new(moment, caller.workspace_id, EVENT_TYPE)
    };
    Ok(events::insert(tx, &event)?)
}
