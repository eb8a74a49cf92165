//! `GET /cards`, `GET /cards/{id}` and the card object (`spec/visionline.md` 2.4, 2.5).

use jiff::Timestamp;
use serde_json::{Value, json};

use super::super::records::{Card, Records};
use super::super::refusal::Refusal;
use super::super::{Answer, Visit};
use crate::plastic;
use crate::property::{EndpointIdSpelling, Property};
use crate::target::Target;
use crate::wall;

/// `GET /cards`: ids only, ascending. The filters look at doors, time and media, never at a card's status.
pub(crate) fn list(visit: &Visit<'_>, target: &Target) -> Result<Answer, Refusal> {
    let valid_time = match target.value("validTime") {
        None => None,
        Some(text) => match wall::parse(text) {
            Some(time) => Some(time),
            None => return Err(Refusal::Time(format!("validTime: {text:?} is not yyyyMMddTHHmm"))),
        },
    };
    let serial_number = match target.value("serialNumber") {
        None => None,
        Some(text) => match plastic::serial_number(text) {
            Some(serial) => Some(serial),
            None => return Err(Refusal::Body(format!("serialNumber: {text:?} is not up to 16 hex digits"))),
        },
    };
    let candidates: Vec<&Card> = match target.value("guestDoor") {
        None => visit.records.all().collect(),
        Some(name) => match visit.property.door(name) {
            None => Vec::new(),
            Some(door) => visit.records.at_guest_door(door.number).collect(),
        },
    };
    let fits = |card: &&&Card| {
        valid_time.is_none_or(|time| card.start <= time && time < card.expire)
            && serial_number.as_ref().is_none_or(|serial| card.serial_numbers.contains(serial))
    };
    Ok(Answer::ok(candidates.iter().filter(fits).map(|card| json!({"id": card.id.to_string()})).collect()))
}

/// `GET /cards/{id}`.
pub(crate) fn get(visit: &Visit<'_>, id: &str) -> Result<Answer, Refusal> {
    let card = id.parse().ok().and_then(|id| visit.records.card(id));
    let card = card.ok_or_else(|| Refusal::NotFound(format!("cards/{id}")))?;
    Ok(Answer::ok(card_object(visit.records, visit.property, visit.now, card)))
}

/// The card object.
pub(crate) fn card_object(records: &Records, property: &Property, now: Timestamp, card: &Card) -> Value {
    let state = records.state(card, property, now);
    let mut object = json!({
        "id": card.id.to_string(),
        "uniqueRegistrationNumber": card.id,
        "format": card.format,
        "cardHolder": card.card_holder,
        "doorOperations": card.door_operations,
        "created": wall::format(wall::at(&property.zone, card.created)),
        "startTime": wall::format(card.start),
        "expireTime": wall::format(card.expire),
        "expired": state.expired,
        "notIssued": card.not_issued,
        "numberOfIssuedCards": card.issued_cards,
        "serialNumbers": card.serial_numbers,
        "overridden": state.overridden,
        "overwritten": card.overwritten,
        "cancelled": card.cancelled.is_some(),
        "discarded": card.discarded.is_some(),
        "pendingAutoUpdate": false,
    });
    if let Some(credential_id) = card.credential_id {
        object["credentialID"] = credential_value(property, credential_id);
    }
    if let Some(endpoint_id) = &card.endpoint_id {
        let name = match property.knobs.endpoint_id_spelling {
            EndpointIdSpelling::EndPointID => "endPointID",
            EndpointIdSpelling::EndpointId => "endpointId",
        };
        object[name] = endpoint_id.as_str().into();
    }
    if let Some(encoding) = &card.encoding {
        object["encoding"] = json!({"encoder": encoding.encoder, "resultCode": encoding.result_code});
    }
    object
}

/// A number, or text where the knob wants it.
pub(crate) fn credential_value(property: &Property, credential_id: u32) -> Value {
    if property.knobs.credential_id_as_text { credential_id.to_string().into() } else { credential_id.into() }
}
