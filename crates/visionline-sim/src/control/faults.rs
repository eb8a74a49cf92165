//! Faults of the control interface: bad weather at the lock server.

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use super::ControlError;
use crate::fault::{FaultKind, FaultLength};
use crate::hotel::Hotel;

/// How late a slow answer is if nothing is said.
const DEFAULT_DELAY_MS: u64 = 2_000;

/// Body of `faults`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Order {
    kind: FaultKind,
    count: Option<u64>,
    seconds: Option<u32>,
    delay_ms: Option<u64>,
    #[serde(default)]
    only_changes: bool,
}

/// `POST faults`: for a count of requests or for seconds; 0 of either lifts the faults of that kind.
pub(super) fn order(hotel: &mut Hotel, now: Timestamp, body: &Order) -> Result<Value, ControlError> {
    let length = match (body.count, body.seconds) {
        (Some(count), None) => FaultLength::Count(count),
        (None, Some(0)) => FaultLength::Count(0),
        (None, Some(seconds)) => FaultLength::seconds(now, i64::from(seconds)),
        _ => return Err(ControlError::BadRequest("give either count or seconds".into())),
    };
    let delay_ms = body.delay_ms.unwrap_or(DEFAULT_DELAY_MS);
    if body.only_changes {
        hotel.order_fault_of_changes(body.kind, length, delay_ms);
    } else {
        hotel.order_fault(body.kind, length, delay_ms);
    }
    Ok(list(hotel))
}

/// `GET faults`.
pub(super) fn list(hotel: &Hotel) -> Value {
    let faults = hotel.faults.ordered.iter().map(|fault| {
        let mut object = json!({"kind": fault.kind});
        match fault.length {
            FaultLength::Count(count) => object["count"] = count.into(),
            FaultLength::Until(end) => object["until"] = format!("{end:.3}").into(),
        }
        if fault.only_changes {
            object["only_changes"] = true.into();
        }
        if fault.kind == FaultKind::Slow {
            object["delay_ms"] = fault.delay_ms.into();
        }
        object
    });
    json!({"faults": faults.collect::<Vec<_>>()})
}
