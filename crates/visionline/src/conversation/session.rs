//! The session with one lock server, and the operation that is under way in it.

use std::fmt;
use std::time::Duration;

use http::header::DATE;
use http::{HeaderMap, Method, Request, Response};
use jiff::fmt::rfc2822::DateTimeParser;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::call::{Call, OpenSession};
use super::discard::DiscardDialect;
use super::operation::{Answer, Operation};
use super::task::{Next, Task, Verdict};
use crate::error::{Effect, Error, ErrorKind, Setback, TransportFailure, Unreadable};
use crate::secret::Secret;
use crate::wire;

/// Settings of a site that shape its conversations.
#[derive(Clone, Debug)]
pub struct Options {
    /// The operation under which common doors are written on a card. Default `commonRoom`, a guess
    /// (`spec/visionline.md` 2.3).
    pub common_door_operation: String,
    /// The discard dialect to try first. Default: the likeliest.
    pub discard_dialect: Option<DiscardDialect>,
    /// How long an encoder may wait for a person to present a card. Default 90 seconds.
    pub encoder_timeout: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            common_door_operation: "commonRoom".into(),
            discard_dialect: None,
            encoder_timeout: Duration::from_secs(90),
        }
    }
}

/// What a conversation wants next.
#[must_use]
pub enum Step {
    /// Send this and hand what comes back to [`Session::reply`]. The URI is path and query; scheme and host are the
    /// transport's. Send it exactly so: the signature covers it.
    Send(Request<Vec<u8>>),
    /// The operation is over.
    Done(Result<Answer, Error>),
}

impl fmt::Debug for Step {
    /// Leaves out headers and body, which may hold secrets.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Send(request) => write!(formatter, "Send({} {})", request.method(), request.uri().path()),
            Self::Done(result) => formatter.debug_tuple("Done").field(result).finish(),
        }
    }
}

/// The conversation with one lock server.
///
/// A lock server may forget a session at any time, so no lifetime is assumed: a request that is answered with 401
/// opens one new session and is repeated once.
#[derive(Debug)]
pub struct Session {
    operator: String,
    password: Secret,
    options: Options,
    open: Option<OpenSession>,
    discard_dialect: Option<DiscardDialect>,
    server_clock_offset: Option<SignedDuration>,
    underway: Option<Underway>,
}

#[derive(Debug)]
struct Underway {
    task: Task,
    /// The request on its way is the one for a session, not one of the task.
    opening: bool,
    /// A session was opened anew because of a 401; there is no second time.
    reopened: bool,
}

impl Session {
    /// A session with the server of one site, not opened yet.
    pub fn new(operator: impl Into<String>, password: Secret, options: Options) -> Self {
        Self {
            operator: operator.into(),
            password,
            discard_dialect: options.discard_dialect,
            options,
            open: None,
            server_clock_offset: None,
            underway: None,
        }
    }

    /// The discard dialect that this server was seen to understand, or the one from the settings.
    pub fn discard_dialect(&self) -> Option<DiscardDialect> {
        self.discard_dialect
    }

    /// How far the server's clock is ahead of ours, from its last Date header; whole seconds, so up to a second off.
    pub fn server_clock_offset(&self) -> Option<SignedDuration> {
        self.server_clock_offset
    }

    /// Begins an operation. One that is still under way is given up: the caller lost its answer.
    pub fn start(&mut self, operation: Operation, now: Timestamp) -> Step {
        self.underway = None;
        let task = match operation.into_task(&self.options, self.discard_dialect) {
            Ok(task) => task,
            Err(unsendable) => return failed(ErrorKind::Unsendable(unsendable), Effect::NotDone),
        };
        let underway = Underway { task, opening: false, reopened: false };
        self.ask(underway, now)
    }

    /// Takes the answer to the request of the last [`Step::Send`], or how it got lost.
    ///
    /// # Panics
    /// If no request is under way.
    pub fn reply(&mut self, answer: Result<Response<Vec<u8>>, TransportFailure>, now: Timestamp) -> Step {
        let underway = self.underway.take().expect("a reply follows a request");
        let response = match answer {
            Ok(response) => response,
            Err(failure @ TransportFailure::NotSent(_)) => {
                return failed(ErrorKind::Unreachable(failure), underway.effect(Effect::NotDone));
            }
            Err(failure @ TransportFailure::Lost(_)) => {
                let effect = underway.effect(underway.effect_of_lost_answer());
                return failed(ErrorKind::Transient(Setback::AnswerLost(failure)), effect);
            }
        };
        self.learn_clock(response.headers(), now);
        let verdict = Verdict::of(response);
        if underway.opening {
            self.session_answered(underway, verdict, now)
        } else {
            self.task_answered(underway, verdict, now)
        }
    }

    /// Sends the task's next request, or asks for a session first.
    fn ask(&mut self, mut underway: Underway, now: Timestamp) -> Step {
        let call = match &underway.task {
            Task::Open if self.open.is_some() => return Step::Done(Ok(Answer::SessionOpened)),
            Task::Close => return self.close(underway, now),
            Task::Open => None,
            Task::Single(single) => Some(single.call.clone()),
            Task::Discard(discard) => Some(discard.call()),
        };
        let request = match (call, &self.open) {
            (Some(call), Some(open)) => call.into_request(Some(open), now),
            _ => {
                underway.opening = true;
                let body = json!({"username": self.operator, "password": self.password.expose()});
                Call::new(Method::POST, &["sessions"]).json(&body).into_request(None, now)
            }
        };
        self.underway = Some(underway);
        Step::Send(request)
    }

    /// The session counts as gone as soon as its end is asked for: whatever the answer, it must not be used again.
    fn close(&mut self, underway: Underway, now: Timestamp) -> Step {
        let Some(open) = self.open.take() else {
            return Step::Done(Ok(Answer::Closed));
        };
        self.underway = Some(underway);
        Step::Send(Call::new(Method::DELETE, &["sessions", &open.segment()]).into_request(Some(&open), now))
    }

    fn session_answered(&mut self, mut underway: Underway, verdict: Verdict, now: Timestamp) -> Step {
        let kind = match verdict {
            Verdict::Accepted { body, .. } => match read_session(&body) {
                Ok(open) => {
                    self.open = Some(open);
                    underway.opening = false;
                    return self.ask(underway, now);
                }
                Err(unreadable) => ErrorKind::Transient(Setback::Unreadable(unreadable)),
            },
            Verdict::Unauthorized(refusal) => ErrorKind::CredentialsWrong(refusal),
            // An operator without the right, or a server without the option: a person must act either way.
            Verdict::Refused { refusal, .. } if refusal.class() == 403 => ErrorKind::CredentialsWrong(refusal),
            // Says nothing about the operation, so it must not end it for good.
            Verdict::Refused { refusal, .. } => ErrorKind::Transient(Setback::ServerError(refusal)),
            Verdict::Setback(setback, _) => ErrorKind::Transient(setback),
        };
        failed(kind, underway.effect(Effect::NotDone))
    }

    fn task_answered(&mut self, mut underway: Underway, verdict: Verdict, now: Timestamp) -> Step {
        if let Task::Close = underway.task {
            return closed(verdict);
        }
        if let Verdict::Unauthorized(_) = verdict {
            self.open = None;
            if !underway.reopened {
                underway.reopened = true;
                return self.ask(underway, now);
            }
        }
        let next = match &mut underway.task {
            Task::Open | Task::Close => unreachable!("neither asks beyond its session"),
            Task::Single(single) => single.answered(verdict),
            Task::Discard(discard) => discard.answered(verdict),
        };
        match next {
            Next::Ask => self.ask(underway, now),
            Next::Done(answer) => {
                if let Task::Discard(discard) = &underway.task {
                    self.discard_dialect = discard.confirmed().or(self.discard_dialect);
                }
                Step::Done(Ok(answer))
            }
            Next::Failed(kind, effect) => failed(kind, underway.effect(effect)),
        }
    }

    fn learn_clock(&mut self, headers: &HeaderMap, now: Timestamp) {
        let date = headers.get(DATE).and_then(|date| date.to_str().ok());
        if let Some(server_now) = date.and_then(|date| DateTimeParser::new().parse_timestamp(date).ok()) {
            self.server_clock_offset = Some(server_now.duration_since(now));
        }
    }
}

impl Underway {
    /// The effect of a failure, given that of the request it came from: an earlier write of the same operation may
    /// have been done.
    fn effect(&self, of_request: Effect) -> Effect {
        match &self.task {
            Task::Discard(discard) if discard.may_have_written() => Effect::Unknown,
            _ => of_request,
        }
    }

    fn effect_of_lost_answer(&self) -> Effect {
        let write = match &self.task {
            _ if self.opening => false,
            Task::Open => false,
            Task::Close => true,
            Task::Single(single) => single.call.is_write(),
            Task::Discard(discard) => discard.call().is_write(),
        };
        if write { Effect::Unknown } else { Effect::NotDone }
    }
}

fn read_session(body: &[u8]) -> Result<OpenSession, Unreadable> {
    let (id, access_key) = wire::read_opened_session(body)?;
    OpenSession::new(id, access_key).ok_or(Unreadable::Shape { expected: "session id that fits into a header" })
}

/// Any success, 401 and 404 all mean that the session is gone (`spec/visionline.md` 7, gap 1).
fn closed(verdict: Verdict) -> Step {
    match verdict {
        Verdict::Accepted { .. } | Verdict::Unauthorized(_) => Step::Done(Ok(Answer::Closed)),
        Verdict::Refused { refusal, .. } if refusal.class() == 404 => Step::Done(Ok(Answer::Closed)),
        Verdict::Refused { refusal, .. } => failed(ErrorKind::Refused(refusal), Effect::NotDone),
        Verdict::Setback(setback, effect) => failed(ErrorKind::Transient(setback), effect),
    }
}

fn failed(kind: ErrorKind, effect: Effect) -> Step {
    Step::Done(Err(Error { kind, effect }))
}
