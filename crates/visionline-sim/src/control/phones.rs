//! Phones of the control interface: what they hold, and whether they are in contact.

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use super::ControlError;
use crate::hotel::Hotel;
use crate::phone_keys::PhoneKey;
use crate::wall;

/// `GET phones`.
pub(super) fn list(hotel: &Hotel) -> Value {
    let phones: Vec<Value> = hotel.phones.keys().filter_map(|endpoint_id| phone_object(hotel, endpoint_id)).collect();
    json!({"phones": phones})
}

/// Body of `phones/redeem`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Redeem {
    invitation_code: String,
    /// The set-up of the phone fails.
    #[serde(default)]
    fails: bool,
}

/// Body of `POST phones`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Enrol {
    endpoint_id: String,
}

/// `POST phones`: a phone with an active endpoint, without any code.
pub(super) fn enrol(hotel: &mut Hotel, body: &Enrol) -> Result<Value, ControlError> {
    if body.endpoint_id.is_empty() {
        return Err(ControlError::BadRequest("endpoint_id is empty".into()));
    }
    hotel.enrol_phone(&body.endpoint_id);
    phone_object(hotel, &body.endpoint_id).ok_or_else(|| unknown(&body.endpoint_id))
}

/// `DELETE phones/{endpoint_id}`: the app unregisters.
pub(super) fn remove(hotel: &mut Hotel, endpoint_id: &str) -> Result<Value, ControlError> {
    if !hotel.remove_phone(endpoint_id) {
        return Err(unknown(endpoint_id));
    }
    Ok(json!({"endpoint_id": endpoint_id, "status": hotel.endpoint_status(endpoint_id)}))
}

/// `POST phones/{endpoint_id}/pull`: the app updates its keys.
pub(super) fn pull(hotel: &mut Hotel, endpoint_id: &str) -> Result<Value, ControlError> {
    hotel.pull(endpoint_id);
    phone_object(hotel, endpoint_id).ok_or_else(|| unknown(endpoint_id))
}

/// `POST phones/redeem`: what the app does with a code a guest types in.
pub(super) fn redeem(hotel: &mut Hotel, now: Timestamp, body: &Redeem) -> Result<Value, ControlError> {
    let redeemed = hotel.redeem_on(now, body.invitation_code.trim(), body.fails);
    let endpoint_id = redeemed.map_err(|error| ControlError::BadRequest(format!("SDK error 901: {error}")))?;
    phone_object(hotel, &endpoint_id).ok_or_else(|| unknown(&endpoint_id))
}

/// `GET phones/{endpoint_id}/keys`: newest first.
pub(super) fn keys(hotel: &Hotel, endpoint_id: &str) -> Result<Value, ControlError> {
    let keys = hotel.phone_keys(endpoint_id).ok_or_else(|| unknown(endpoint_id))?;
    let keys: Vec<Value> = keys.into_iter().map(|key| key_object(hotel, key)).collect();
    Ok(json!({"keys": keys}))
}

/// `POST phones/{endpoint_id}/offline` and `online`.
pub(super) fn set_online(hotel: &mut Hotel, endpoint_id: &str, online: bool) -> Result<Value, ControlError> {
    hotel.set_phone_online(endpoint_id, online);
    phone_object(hotel, endpoint_id).ok_or_else(|| unknown(endpoint_id))
}

fn phone_object(hotel: &Hotel, endpoint_id: &str) -> Option<Value> {
    let phone = hotel.phones.get(endpoint_id)?;
    Some(json!({
        "endpoint_id": endpoint_id,
        "status": hotel.endpoint_status(endpoint_id),
        "online": phone.online,
        "keys": phone.keys.len(),
    }))
}

fn key_object(hotel: &Hotel, key: &PhoneKey) -> Value {
    let names = |numbers: &mut dyn Iterator<Item = u32>| -> Vec<String> {
        numbers.filter_map(|number| hotel.property.door_numbered(number)).map(|door| door.name.clone()).collect()
    };
    json!({
        "card_id": key.image.card_id.to_string(),
        "credential_id": key.credential_id,
        "label": key.label,
        "description": key.description,
        "start_time": wall::format(key.image.start),
        "expire_time": wall::format(key.image.expire),
        "guest_doors": names(&mut key.image.guest_doors.iter().map(|door| door.number)),
        "common_doors": names(&mut key.image.common_doors.iter().copied()),
    })
}

fn unknown(endpoint_id: &str) -> ControlError {
    ControlError::NotFound(format!("there is no phone with endpoint {endpoint_id:?}"))
}
