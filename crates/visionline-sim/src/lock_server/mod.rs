//! The simulated lock server: sessions, doors and cards behind the Visionline Web API.
//!
//! It knows nothing of the locks: a card's rights travel on its image only. [`Visit`] hands each request exactly
//! what the real server has at hand, and the locks are not part of it.

mod authenticate;
mod cards;
mod doors;
mod encoders;
mod label;
mod records;
mod refusal;
mod sessions;
mod signature;

pub(crate) use records::Records;
pub use records::{Backup, Card, CardState, DoorOperation, Encoding, Format};
pub(crate) use sessions::Sessions;

use http::header::{HeaderValue, RETRY_AFTER};
use http::{Method, Request, Response};
use jiff::Timestamp;
use serde_json::{Map, Value};

use crate::callbacks::News;
use crate::encoders::{Encoders, End, Task};
use crate::exchange::respond;
use crate::online::Commands;
use crate::phone_keys::PhoneKeys;
use crate::plastic::Plastic;
use crate::property::{Property, UnknownMembers};
use crate::random::Random;
use crate::rate::Rate;
use crate::target::Target;
use refusal::Refusal;

pub(crate) use cards::view::card_object;

/// Path prefix of the Web API.
pub(crate) const PREFIX: &str = "/api/v1";

/// What the lock server has at hand while it works on one request.
pub(crate) struct Visit<'a> {
    pub(crate) now: Timestamp,
    pub(crate) property: &'a Property,
    pub(crate) random: &'a mut Random,
    pub(crate) records: &'a mut Records,
    pub(crate) sessions: &'a mut Sessions,
    pub(crate) phone_keys: &'a mut PhoneKeys,
    pub(crate) plastic: &'a mut Plastic,
    pub(crate) encoders: &'a mut Encoders,
    pub(crate) commands: &'a mut Commands,
    pub(crate) rate: &'a mut Rate,
    pub(crate) news: &'a mut Vec<News>,
    /// Whether Credential Services can be reached.
    pub(crate) are_services_online: bool,
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

/// What the lock server has to say to a request.
pub(crate) enum Reply {
    Answered(Response<Vec<u8>>),
    /// An encoder was given this job; the answer is made of its end by [`encoded`].
    AtEncoder(u64),
}

/// A reply before it is written down.
enum Outcome {
    Answer(Answer),
    AtEncoder(u64),
}

impl From<Answer> for Outcome {
    fn from(answer: Answer) -> Self {
        Self::Answer(answer)
    }
}

/// Answers one request.
pub(crate) fn answer(visit: &mut Visit<'_>, request: &Request<Vec<u8>>) -> Reply {
    let now = visit.now;
    match route(visit, request) {
        Ok(Outcome::Answer(answer)) => Reply::Answered(written(now, Ok(answer))),
        Ok(Outcome::AtEncoder(job)) => Reply::AtEncoder(job),
        Err(refusal) => Reply::Answered(written(now, Err(refusal))),
    }
}

/// The answer to the request that gave an encoder a job, once the job has ended.
pub(crate) fn encoded(visit: &Visit<'_>, encoder: &str, task: &Task, end: &End) -> Response<Vec<u8>> {
    written(visit.now, encoders::ended(visit, encoder, task, end))
}

fn written(now: Timestamp, answer: Result<Answer, Refusal>) -> Response<Vec<u8>> {
    match answer {
        Ok(answer) => respond(now, answer.status, answer.body.as_ref()),
        Err(refusal) => {
            let mut response = respond(now, refusal.status(), Some(&refusal.object()));
            if let Some(seconds) = refusal.retry_after_seconds() {
                response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
            }
            response
        }
    }
}

fn route(visit: &mut Visit<'_>, request: &Request<Vec<u8>>) -> Result<Outcome, Refusal> {
    let knobs = &visit.property.knobs;
    if let Some(after_seconds) = visit.rate.excess(visit.now, knobs.requests_per_minute) {
        return Err(Refusal::Rate { status: knobs.rate_limit_status, after_seconds });
    }
    let target = Target::under(PREFIX, request.uri());
    if let Some(target) = &target
        && request.method() == Method::POST
        && target.segments() == ["sessions"]
    {
        return sessions::open(visit, request).map(Outcome::from);
    }
    let caller = authenticate::authenticate(visit, request)?;
    let target = target.ok_or_else(|| Refusal::NotFound(request.uri().path().to_owned()))?;
    let method = request.method();
    let writes = method != Method::GET;
    let segments = target.segments();
    if writes && segments.first() != Some(&"sessions") && !caller.may_issue {
        return Err(Refusal::NoRights);
    }
    let answer = match (method.as_str(), segments.as_slice()) {
        ("DELETE", ["sessions", id]) => sessions::close(visit, id)?,
        ("GET", ["doors"]) => doors::list(visit, &target),
        ("GET", ["doors", id]) => doors::get(visit, id)?,
        ("POST", ["doors", id]) => doors::update(visit, id, request.body())?,
        ("GET", ["cards"]) => cards::list(visit, &target)?,
        ("POST", ["cards"]) => return cards::create(visit, &target, request.body()),
        ("GET", ["cards", id]) => cards::get(visit, id)?,
        ("POST" | "PUT" | "DELETE", ["cards", id]) => cards::revoke(visit, method, &target, id, request.body())?,
        ("GET", ["encoders"]) => encoders::list(visit)?,
        ("GET", ["encoders", id, "card"]) => return encoders::read(visit, id).map(Outcome::AtEncoder),
        (_, ["sessions" | "doors" | "cards" | "encoders"] | ["sessions" | "doors" | "cards", _])
        | (_, ["encoders", _, "card"]) => return Err(Refusal::NotAllowed),
        _ => return Err(Refusal::NotFound(request.uri().path().to_owned())),
    };
    Ok(Outcome::Answer(answer))
}

/// The body as a JSON object. `known` are the members that mean something here.
fn object(visit: &Visit<'_>, body: &[u8], known: &[&str]) -> Result<Map<String, Value>, Refusal> {
    let members = match serde_json::from_slice(body) {
        Ok(Value::Object(members)) => members,
        Ok(_) => return Err(Refusal::Body("the body is not a JSON object".into())),
        Err(error) => return Err(Refusal::Body(format!("the body is not JSON: {error}"))),
    };
    let unknown = members.keys().find(|name| !known.contains(&name.as_str()));
    match unknown {
        Some(name) if visit.property.knobs.unknown_members == UnknownMembers::Refuse => {
            Err(Refusal::Body(format!("{name} is not known here")))
        }
        _ => Ok(members),
    }
}
