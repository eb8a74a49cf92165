//! Doors of the control interface: look at a lock, show it a key, throw its bolt.

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use super::ControlError;
use crate::hotel::Hotel;
use crate::lock::{Condition, Verdict};
use crate::present::{PresentError, Presented};
use crate::property::Door;
use crate::wall;

/// `GET doors`.
pub(super) fn list(hotel: &Hotel, now: Timestamp) -> Value {
    let doors: Vec<Value> = hotel.property.doors.iter().map(|door| door_object(hotel, now, door)).collect();
    json!({"doors": doors})
}

/// `GET doors/{door}`.
pub(super) fn get(hotel: &Hotel, now: Timestamp, name: &str) -> Result<Value, ControlError> {
    let door = hotel.property.door(name).ok_or_else(|| unknown(name))?;
    Ok(door_object(hotel, now, door))
}

/// Body of `doors/{door}/present`: one of the three.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Present {
    card_id: Option<Value>,
    serial_number: Option<String>,
    endpoint_id: Option<String>,
}

/// `POST doors/{door}/present`.
pub(super) fn present(hotel: &mut Hotel, now: Timestamp, name: &str, body: &Present) -> Result<Value, ControlError> {
    let presented = match (&body.card_id, &body.serial_number, &body.endpoint_id) {
        (Some(card_id), None, None) => Presented::Card(number(card_id)?),
        (None, Some(serial_number), None) => Presented::Serial(serial_number),
        (None, None, Some(endpoint_id)) => Presented::Endpoint(endpoint_id),
        _ => return Err(ControlError::BadRequest("give one of card_id, serial_number and endpoint_id".into())),
    };
    let verdict = hotel.present(now, name, presented).map_err(|error| match error {
        PresentError::UnknownDoor(_)
        | PresentError::UnknownEndpoint(_)
        | PresentError::UnknownCard(_)
        | PresentError::UnknownSerial(_) => ControlError::NotFound(error.to_string()),
    })?;
    Ok(json!({
        "opened": verdict.opened(),
        "reason": verdict.reason(),
        "code": verdict.code(),
        "at": format!("{now:.3}"),
        "card_id": verdict.card_id.map(|id| id.to_string()),
        "payload": payload(hotel, name, &verdict),
    }))
}

/// What a phone would be told over BLE, in hex digits.
fn payload(hotel: &Hotel, door: &str, verdict: &Verdict) -> Option<String> {
    let payload = hotel.lock(door)?.payload(verdict)?;
    Some(payload.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// `POST doors/{door}/condition`: members left out go back to their ordinary state.
pub(super) fn set_condition(
    hotel: &mut Hotel,
    now: Timestamp,
    name: &str,
    condition: Condition,
) -> Result<Value, ControlError> {
    hotel.lock_mut(name).ok_or_else(|| unknown(name))?.set_condition(condition);
    get(hotel, now, name)
}

/// Card ids are text at the lock server, but look like numbers: both are taken.
fn number(card_id: &Value) -> Result<u32, ControlError> {
    let number = match card_id {
        Value::String(text) => text.parse().ok(),
        Value::Number(number) => number.as_u64().and_then(|number| u32::try_from(number).ok()),
        _ => None,
    };
    number.ok_or_else(|| ControlError::BadRequest(format!("card_id {card_id} is not a registration number")))
}

fn door_object(hotel: &Hotel, now: Timestamp, door: &Door) -> Value {
    let local_now = wall::at(&hotel.property.zone, now);
    let lock = hotel.lock(&door.name);
    json!({
        "name": door.name,
        "number": door.number,
        "category": door.category.as_str(),
        "stamp": lock.map(|lock| lock.last_stamp()),
        "clock": lock.map(|lock| lock.clock(local_now).to_string()),
        "condition": lock.map(|lock| lock.condition()),
        "online": door.online,
        "pending_commands": hotel.commands.pending(&door.name),
        "stands_open": lock.map(|lock| lock.stands_open()),
        "last_verdicts": lock.map(|lock| lock.log().map(verdict_object).collect::<Vec<_>>()),
    })
}

fn verdict_object(verdict: &Verdict) -> Value {
    json!({
        "opened": verdict.opened(),
        "reason": verdict.reason(),
        "code": verdict.code(),
        "lock_clock": verdict.lock_clock.to_string(),
        "card_id": verdict.card_id.map(|id| id.to_string()),
    })
}

fn unknown(name: &str) -> ControlError {
    ControlError::NotFound(format!("there is no door {name:?}"))
}
