//! The control interface of the sandbox (design 9): everything that people and things do in a hotel.
//!
//! The virtual clock belongs to the shell, which answers `/control/v1/clock` itself.

mod doors;
mod encoders;
mod faults;
mod media;
mod phones;
mod requests;

use http::{Request, Response};
use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::exchange::respond;
use crate::hotel::{Hotel, MediumError};
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

impl From<MediumError> for ControlError {
    fn from(error: MediumError) -> Self {
        match error {
            MediumError::UnknownEncoder(_) | MediumError::UnknownDoor(_) => Self::NotFound(error.to_string()),
            _ => Self::BadRequest(error.to_string()),
        }
    }
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
    let method = request.method().as_str();
    let segments = target.segments();
    hotel.settle(now);
    match (method, segments.as_slice()) {
        ("GET", ["doors"]) => Ok(doors::list(hotel, now)),
        ("GET", ["doors", door]) => doors::get(hotel, now, door),
        ("POST", ["doors", door, "present"]) => doors::present(hotel, now, door, &read(body)?),
        ("POST", ["doors", door, "condition"]) => doors::set_condition(hotel, now, door, read(body)?),
        ("GET", ["cards"]) => Ok(cards(hotel, now)),
        ("GET", ["phones"]) => Ok(phones::list(hotel)),
        ("POST", ["phones"]) => phones::enrol(hotel, &read(body)?),
        ("POST", ["phones", "redeem"]) => phones::redeem(hotel, now, &read(body)?),
        ("DELETE", ["phones", endpoint_id]) => phones::remove(hotel, endpoint_id),
        ("GET", ["phones", endpoint_id, "keys"]) => phones::keys(hotel, endpoint_id),
        ("POST", ["phones", endpoint_id, "pull"]) => phones::pull(hotel, endpoint_id),
        ("POST", ["phones", endpoint_id, "offline"]) => phones::set_online(hotel, endpoint_id, false),
        ("POST", ["phones", endpoint_id, "online"]) => phones::set_online(hotel, endpoint_id, true),
        ("GET", ["encoders"]) => Ok(encoders::list(hotel)),
        ("GET", ["encoders", encoder]) => encoders::get(hotel, encoder),
        ("POST", ["encoders", encoder, "place"]) => encoders::place(hotel, now, encoder, &read(body)?),
        ("POST", ["encoders", encoder, "remove"]) => encoders::remove(hotel, now, encoder),
        ("POST", ["encoders", encoder, "fail"]) => encoders::fail(hotel, now, encoder, &read(body)?),
        ("POST", ["encoders", encoder, "offline"]) => encoders::set_online(hotel, now, encoder, false),
        ("POST", ["encoders", encoder, "online"]) => encoders::set_online(hotel, now, encoder, true),
        ("GET", ["media"]) => Ok(media::list(hotel)),
        ("POST", ["media", serial_number, "write"]) => media::write(hotel, serial_number, &read(body)?),
        ("POST", ["media", serial_number, "program"]) => media::program(hotel, now, serial_number, &read(body)?),
        ("POST", ["media", serial_number, "erase"]) => media::erase(hotel, serial_number),
        ("GET", ["faults"]) => Ok(faults::list(hotel)),
        ("POST", ["faults"]) => faults::order(hotel, now, &read(body)?),
        ("DELETE", ["faults"]) => {
            hotel.lift_faults();
            Ok(faults::list(hotel))
        }
        ("GET", ["requests"]) => Ok(requests::counts(hotel)),
        ("DELETE", ["requests"]) => Ok(requests::count_anew(hotel)),
        ("GET", ["answers"]) => Ok(requests::answers(hotel)),
        ("POST", ["answers"]) => Ok(requests::hold(hotel, &read(body)?)),
        ("POST", ["answers", "release"]) => Ok(requests::release(hotel, &read(body)?)),
        ("GET", ["callbacks"]) => Ok(requests::callbacks(hotel)),
        ("POST", ["credential-services", "offline"]) => Ok(requests::set_services_offline(hotel, true)),
        ("POST", ["credential-services", "online"]) => Ok(requests::set_services_offline(hotel, false)),
        ("POST", ["reset"]) => {
            hotel.reset();
            Ok(json!({"reset": true}))
        }
        (method, segments) if exists(segments) => Err(ControlError::NotAllowed(method.to_owned())),
        _ => Err(nowhere()),
    }
}

/// Whether there is such a resource under some other method.
fn exists(segments: &[&str]) -> bool {
    matches!(
        segments,
        ["doors"
            | "cards"
            | "phones"
            | "encoders"
            | "media"
            | "faults"
            | "requests"
            | "answers"
            | "callbacks"
            | "reset"]
            | ["doors" | "phones" | "encoders", _]
            | ["doors", _, "present" | "condition"]
            | ["phones", _, "keys" | "pull" | "offline" | "online"]
            | ["encoders", _, "place" | "remove" | "fail" | "offline" | "online"]
            | ["media", _, "write" | "program" | "erase"]
            | ["answers", "release"]
            | ["credential-services", "offline" | "online"]
    )
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
