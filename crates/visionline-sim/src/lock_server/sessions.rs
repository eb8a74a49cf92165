//! Sessions of the Web API (`spec/visionline.md` 1.2). They do not survive a restart.

use std::collections::BTreeMap;

use http::Request;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::refusal::Refusal;
use super::{Answer, Visit, object, signature};
use crate::property::Knobs;

/// Looks like base64 and must not be decoded: the key is the text (`spec/visionline.md` 1.2).
const KEY_ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// One open session.
#[derive(Clone, Debug)]
pub(crate) struct Session {
    pub(super) access_key: String,
    pub(super) last_used: Timestamp,
    pub(super) may_issue: bool,
}

/// All open sessions by id.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sessions {
    open: BTreeMap<String, Session>,
}

impl Sessions {
    /// The session, if it is known and was used recently enough.
    pub(super) fn live(&mut self, now: Timestamp, id: &str, knobs: &Knobs) -> Option<&mut Session> {
        self.open.get_mut(id).filter(|session| !is_idle(session, now, knobs))
    }

    /// Forgets the session a request names.
    pub(crate) fn forget_caller(&mut self, request: &Request<Vec<u8>>) {
        if let Some((id, _)) = super::authenticate::credentials(request) {
            self.open.remove(id);
        }
    }

    /// How many are open, the idle ones that nobody has swept up yet included.
    pub(crate) fn count(&self) -> usize {
        self.open.len()
    }

    /// Opens a session with a given id and key.
    pub(crate) fn insert(&mut self, now: Timestamp, id: String, access_key: String, may_issue: bool) {
        self.open.insert(id, Session { access_key, last_used: now, may_issue });
    }
}

fn is_idle(session: &Session, now: Timestamp, knobs: &Knobs) -> bool {
    now.as_second() - session.last_used.as_second() >= knobs.session_idle_timeout_seconds
}

/// `POST /sessions`: unsigned, but with the digest of its body.
pub(super) fn open(visit: &mut Visit<'_>, request: &Request<Vec<u8>>) -> Result<Answer, Refusal> {
    if visit.property.knobs.check_content_md5 && !signature::md5_is_right(request) {
        return Err(Refusal::Md5);
    }
    let body = object(visit, request.body(), &["username", "password"])?;
    let text = |name: &str| {
        body.get(name).and_then(Value::as_str).ok_or_else(|| Refusal::Body(format!("{name} is missing or not text")))
    };
    let (username, password) = (text("username")?, text("password")?);
    let operator = visit
        .property
        .operators
        .iter()
        .find(|operator| operator.username == username && operator.password == password)
        .ok_or(Refusal::Operator)?;
    // Some clients never close their sessions (S2): those that are idle go when the next one comes.
    let (now, knobs) = (visit.now, &visit.property.knobs);
    visit.sessions.open.retain(|_, session| !is_idle(session, now, knobs));
    if knobs.max_sessions.is_some_and(|most| visit.sessions.open.len() >= most) {
        return Err(Refusal::Sessions);
    }
    let id = format!("{:016x}", visit.random.next());
    let access_key = visit.random.text(KEY_ALPHABET, 40);
    visit.sessions.insert(now, id.clone(), access_key.clone(), operator.may_issue);
    Ok(Answer::created(Some(json!({"id": id, "accessKey": access_key}))))
}

/// `DELETE /sessions/{id}`: 201 without a body unless the knob says otherwise; S1 and S3 insist on it.
pub(super) fn close(visit: &mut Visit<'_>, id: &str) -> Result<Answer, Refusal> {
    match visit.sessions.open.remove(id) {
        Some(_) => Ok(Answer { status: visit.property.knobs.closed_session_status, body: None }),
        None => Err(Refusal::NotFound(format!("sessions/{id}"))),
    }
}
