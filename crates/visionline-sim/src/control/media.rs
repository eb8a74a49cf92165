//! Plastic cards of the control interface: what is on them, and writing them by hand.

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use super::ControlError;
use crate::hotel::{Hotel, Program};
use crate::plastic::Content;

/// `GET media`: all that are not blank.
pub(super) fn list(hotel: &Hotel) -> Value {
    let media = hotel.plastic.all().map(|(serial_number, content)| {
        let (card_id, function) = match content {
            Content::Image(image) => (Some(image.card_id.to_string()), json!(image.function)),
            Content::Unreadable => (None, Value::Null),
        };
        json!({"serial_number": serial_number, "card_id": card_id, "function": function})
    });
    json!({"media": media.collect::<Vec<_>>()})
}

/// Body of `media/{serial}/write`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Write {
    /// The `encryptedImage` of a create.
    image: String,
}

/// `POST media/{serial}/write`: what a client with a writer of its own does.
pub(super) fn write(hotel: &mut Hotel, serial_number: &str, body: &Write) -> Result<Value, ControlError> {
    let is_readable = hotel.write_sealed(serial_number, &body.image)?;
    Ok(json!({"serial_number": crate::plastic::serial_number(serial_number), "readable": is_readable}))
}

/// `POST media/{serial}/program`: a card that no request makes, such as staff, one time or cancel.
pub(super) fn program(
    hotel: &mut Hotel,
    now: Timestamp,
    serial_number: &str,
    body: &Program,
) -> Result<Value, ControlError> {
    let card_id = hotel.program(now, serial_number, body)?;
    Ok(json!({"serial_number": crate::plastic::serial_number(serial_number), "card_id": card_id.to_string()}))
}

/// `POST media/{serial}/erase`.
pub(super) fn erase(hotel: &mut Hotel, serial_number: &str) -> Result<Value, ControlError> {
    hotel.erase_plastic(serial_number)?;
    Ok(json!({"serial_number": crate::plastic::serial_number(serial_number), "card_id": null}))
}
