//! The simulated lock server: sessions, doors and cards behind the Visionline Web API.
//!
//! It knows nothing of the locks: a card's rights travel on its image only. [`Visit`] hands each request exactly
//! what the real server has at hand, and the locks are not part of it.

mod authenticate;
mod cards;
mod doors;
mod label;
mod records;
mod refusal;
mod sessions;
mod signature;

pub(crate) use records::Records;
pub use records::{Backup, Card, CardState, DoorOperation, Format};
pub(crate) use sessions::Sessions;

use http::{Method, Request, Response};
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::exchange::respond;
use crate::phone_keys::PhoneKeys;
use crate::plastic::Plastic;
use crate::property::Property;
use crate::random::Random;
use crate::target::Target;
use refusal::Refusal;

pub(crate) use cards::view::card_object;

/// Path prefix of the Web API.
const PREFIX: &str = "/api/v1";

/// What the lock server has at hand while it works on one request.
pub(crate) struct Visit<'a> {
    pub(crate) now: Timestamp,
    pub(crate) property: &'a Property,
    pub(crate) random: &'a mut Random,
    pub(crate) records: &'a mut Records,
    pub(crate) sessions: &'a mut Sessions,
    pub(crate) phone_keys: &'a mut PhoneKeys,
    pub(crate) plastic: &'a mut Plastic,
}

/// A successful answer.
pub(crate) struct Answer {
    status: u16,
    body: Option<Value>,
}

impl Answer {
    fn ok(body: Value) -> Self {
        Self { status: 200, body: Some(body) }
    }

    fn created(body: Option<Value>) -> Self {
        Self { status: 201, body }
    }
}

/// Answers one request.
pub(crate) fn answer(visit: &mut Visit<'_>, request: &Request<Vec<u8>>) -> Response<Vec<u8>> {
    let now = visit.now;
    match route(visit, request) {
        Ok(answer) => respond(now, answer.status, answer.body.as_ref()),
        Err(refusal) => respond(now, refusal.status(), Some(&refusal.object())),
    }
}

fn route(visit: &mut Visit<'_>, request: &Request<Vec<u8>>) -> Result<Answer, Refusal> {
    let target = Target::under(PREFIX, request.uri());
    if let Some(target) = &target
        && request.method() == Method::POST
        && target.segments() == ["sessions"]
    {
        return sessions::open(visit, request);
    }
    let caller = authenticate::authenticate(visit, request)?;
    let target = target.ok_or_else(|| Refusal::NotFound(request.uri().path().to_owned()))?;
    let method = request.method();
    let writes = method != Method::GET;
    let segments = target.segments();
    if writes && segments.first() != Some(&"sessions") && !caller.may_issue {
        return Err(Refusal::NoRights);
    }
    match (method.as_str(), segments.as_slice()) {
        ("DELETE", ["sessions", id]) => sessions::close(visit, id),
        ("GET", ["doors"]) => Ok(doors::list(visit, &target)),
        ("GET", ["doors", id]) => doors::get(visit, id),
        ("POST", ["doors", id]) => doors::update(visit, id, request.body()),
        ("GET", ["cards"]) => cards::list(visit, &target),
        ("POST", ["cards"]) => cards::create(visit, &target, request.body()),
        ("GET", ["cards", id]) => cards::get(visit, id),
        ("POST" | "PUT" | "DELETE", ["cards", id]) => cards::revoke(visit, method, &target, id, request.body()),
        ("GET", ["encoders"]) => Ok(encoders(visit)),
        (_, ["sessions" | "doors" | "cards" | "encoders"] | ["sessions" | "doors" | "cards", _]) => {
            Err(Refusal::NotAllowed)
        }
        _ => Err(Refusal::NotFound(request.uri().path().to_owned())),
    }
}

/// `GET /encoders`; what they do comes with plastic cards (`spec/visionline.md` 3, 7 row 11).
fn encoders(visit: &Visit<'_>) -> Answer {
    let list = visit.property.encoders.iter();
    Answer::ok(list.map(|encoder| json!({"id": encoder.id, "name": encoder.name, "online": encoder.online})).collect())
}

/// The body as a JSON object.
fn object(body: &[u8]) -> Result<serde_json::Map<String, Value>, Refusal> {
    match serde_json::from_slice(body) {
        Ok(Value::Object(members)) => Ok(members),
        Ok(_) => Err(Refusal::Body("the body is not a JSON object".into())),
        Err(error) => Err(Refusal::Body(format!("the body is not JSON: {error}"))),
    }
}
