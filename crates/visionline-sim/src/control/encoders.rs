//! Encoders of the control interface: the person at the desk.

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use super::ControlError;
use crate::encoders::Task;
use crate::hotel::Hotel;
use crate::property::Technology;

/// `GET encoders`.
pub(super) fn list(hotel: &Hotel) -> Value {
    let ids = hotel.property.encoders.iter().map(|encoder| &encoder.id);
    json!({"encoders": ids.filter_map(|id| object(hotel, id)).collect::<Vec<_>>()})
}

/// `GET encoders/{encoder}`.
pub(super) fn get(hotel: &Hotel, encoder: &str) -> Result<Value, ControlError> {
    let id = hotel.encoder_id(encoder)?;
    object(hotel, &id).ok_or_else(|| ControlError::NotFound(format!("there is no encoder {encoder:?}")))
}

/// Body of `encoders/{encoder}/place`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Place {
    serial_number: String,
    technology: Technology,
    /// As usual for the technology if left out.
    memory_bytes: Option<u32>,
}

/// `POST encoders/{encoder}/place`.
pub(super) fn place(hotel: &mut Hotel, now: Timestamp, encoder: &str, body: &Place) -> Result<Value, ControlError> {
    hotel.place_card(now, encoder, &body.serial_number, body.technology, body.memory_bytes)?;
    get(hotel, encoder)
}

/// `POST encoders/{encoder}/remove`.
pub(super) fn remove(hotel: &mut Hotel, now: Timestamp, encoder: &str) -> Result<Value, ControlError> {
    hotel.remove_card(now, encoder)?;
    get(hotel, encoder)
}

/// Body of `encoders/{encoder}/fail`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Fail {
    result_code: u8,
}

/// `POST encoders/{encoder}/fail`: the job at hand ends with a result code of the vendor's.
pub(super) fn fail(hotel: &mut Hotel, now: Timestamp, encoder: &str, body: &Fail) -> Result<Value, ControlError> {
    if body.result_code == 0 {
        return Err(ControlError::BadRequest("result_code 0 is success".into()));
    }
    hotel.fail_encoder(now, encoder, body.result_code)?;
    get(hotel, encoder)
}

/// `POST encoders/{encoder}/offline` and `online`.
pub(super) fn set_online(
    hotel: &mut Hotel,
    now: Timestamp,
    encoder: &str,
    is_online: bool,
) -> Result<Value, ControlError> {
    hotel.set_encoder_online(now, encoder, is_online)?;
    get(hotel, encoder)
}

fn object(hotel: &Hotel, id: &str) -> Option<Value> {
    let station = hotel.encoders.station(id)?;
    let (state, job) = station.state();
    let job = job.map(|(task, deadline)| {
        let card_id = match task {
            Task::Write { card_id, .. } => Some(card_id.to_string()),
            Task::Read => None,
        };
        let kind = if card_id.is_some() { "write" } else { "read" };
        json!({"kind": kind, "card_id": card_id, "deadline": format!("{deadline:.3}")})
    });
    Some(json!({
        "encoder": id,
        "state": state,
        "online": station.is_online,
        "placed": station.placed,
        "job": job,
        "queue": station.queue_length(),
    }))
}
