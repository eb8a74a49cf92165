//! The control interface of the sandbox (design 9): everything that people and things do in a hotel.
//!
//! The virtual clock belongs to the shell, which answers `/control/v1/clock` itself.

mod doors;
mod faults;
mod phones;

use http::{Request, Response};
use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::exchange::respond;
use crate::hotel::{Hotel, PlacedCard};
use crate::lock_server::card_object;
use crate::target::Target;

const PREFIX: &str = "/control/v1";

/// Why the control interface refused a request.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
enum ControlError {
    #[error("{0}")]
    BadRequest(String),
    #[error("{0}")]
    NotFound(String),
    #[error("this resource does not take {0}")]
    NotAllowed(String),
}

impl ControlError {
    fn status(&self) -> (u16, &'static str) {
        match self {
            Self::BadRequest(_) => (400, "bad_request"),
            Self::NotFound(_) => (404, "not_found"),
            Self::NotAllowed(_) => (405, "method_not_allowed"),
        }
    }
}

impl Hotel {
    /// One request to the control interface. Bad input is answered with a 4xx status and
    /// `{"error": {"type", "message"}}`.
    pub fn control(&mut self, now: Timestamp, request: &Request<Vec<u8>>) -> Response<Vec<u8>> {
        match route(self, now, request) {
            Ok(body) => respond(now, 200, Some(&body)),
            Err(error) => {
                let (status, kind) = error.status();
                respond(now, status, Some(&json!({"error": {"type": kind, "message": error.to_string()}})))
            }
        }
    }
}

fn route(hotel: &mut Hotel, now: Timestamp, request: &Request<Vec<u8>>) -> Result<Value, ControlError> {
    let nowhere = || ControlError::NotFound(format!("there is no {}", request.uri().path()));
    let target = Target::under(PREFIX, request.uri()).ok_or_else(nowhere)?;
    let body = request.body();
    match (request.method().as_str(), target.segments().as_slice()) {
        ("GET", ["doors"]) => Ok(doors::list(hotel, now)),
        ("GET", ["doors", door]) => doors::get(hotel, now, door),
        ("POST", ["doors", door, "present"]) => doors::present(hotel, now, door, &read(body)?),
        ("POST", ["doors", door, "condition"]) => doors::set_condition(hotel, now, door, read(body)?),
        ("GET", ["cards"]) => Ok(cards(hotel, now)),
        ("GET", ["phones"]) => Ok(phones::list(hotel)),
        ("POST", ["phones", "redeem"]) => phones::redeem(hotel, now, &read(body)?),
        ("GET", ["phones", endpoint_id, "keys"]) => phones::keys(hotel, endpoint_id),
        ("POST", ["phones", endpoint_id, "offline"]) => phones::set_online(hotel, endpoint_id, false),
        ("POST", ["phones", endpoint_id, "online"]) => phones::set_online(hotel, endpoint_id, true),
        ("POST", ["encoders", encoder, "place"]) => place(hotel, encoder, read(body)?),
        ("POST", ["encoders", encoder, "remove"]) => remove(hotel, encoder),
        ("GET", ["faults"]) => Ok(faults::list(hotel)),
        ("POST", ["faults"]) => faults::order(hotel, now, &read(body)?),
        ("DELETE", ["faults"]) => {
            hotel.lift_faults();
            Ok(faults::list(hotel))
        }
        ("POST", ["reset"]) => {
            hotel.reset();
            Ok(json!({"reset": true}))
        }
        (method, ["doors" | "cards" | "phones" | "faults" | "reset"] | ["doors", _])
        | (method, ["doors", _, "present" | "condition"] | ["phones", "redeem"])
        | (method, ["phones", _, "keys" | "offline" | "online"] | ["encoders", _, "place" | "remove"]) => {
            Err(ControlError::NotAllowed(method.to_owned()))
        }
        _ => Err(nowhere()),
    }
}

fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, ControlError> {
    serde_json::from_slice(body).map_err(|error| ControlError::BadRequest(format!("the body cannot be read: {error}")))
}

/// `GET cards`: the lock server's card objects, with what only its database knows.
fn cards(hotel: &Hotel, now: Timestamp) -> Value {
    let name = |number: u32| hotel.property.door_numbered(number).map(|door| door.name.as_str());
    let cards = hotel.records.all().map(|card| {
        let state = hotel.records.state(card, &hotel.property, now);
        let stamps = card.guest_doors.iter().map(|door| json!({"door": name(door.number), "stamp": door.stamp}));
        let lost: Vec<_> = state.lost_doors.iter().map(|number| name(*number)).collect();
        let mut object = card_object(&hotel.records, &hotel.property, now, card);
        object["label"] = card.label.as_str().into();
        object["description"] = card.description.as_str().into();
        object["stamps"] = stamps.collect();
        object["lostDoors"] = json!(lost);
        object
    });
    json!({"cards": cards.collect::<Vec<_>>()})
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Place {
    serial_number: String,
    technology: String,
}

fn place(hotel: &mut Hotel, encoder: &str, place: Place) -> Result<Value, ControlError> {
    let id = encoder_id(hotel, encoder)?;
    let serial_number = crate::plastic::serial_number(&place.serial_number)
        .ok_or_else(|| ControlError::BadRequest("serial_number is not up to 16 hex digits".into()))?;
    let placed = PlacedCard { serial_number, technology: place.technology };
    let answer = json!({"encoder": id, "placed": placed});
    hotel.on_encoders.insert(id, placed);
    Ok(answer)
}

fn remove(hotel: &mut Hotel, encoder: &str) -> Result<Value, ControlError> {
    let id = encoder_id(hotel, encoder)?;
    hotel.on_encoders.remove(&id);
    Ok(json!({"encoder": id, "placed": null}))
}

fn encoder_id(hotel: &Hotel, encoder: &str) -> Result<String, ControlError> {
    let known = hotel.property.encoder(encoder).map(|encoder| encoder.id.clone());
    known.ok_or_else(|| ControlError::NotFound(format!("there is no encoder {encoder:?}")))
}
