//! An operation on its way: which request is next, and what an answer means for it.

use http::Response;

use super::call::Call;
use super::discard::Discard;
use super::operation::Answer;
use crate::error::{Effect, ErrorKind, Refusal, Setback, Unreadable};
use crate::wire;

/// What has to be done for an operation.
#[derive(Debug)]
pub(super) enum Task {
    /// Nothing beyond having a session.
    Open,
    /// End the session.
    Close,
    /// One request, one answer.
    Single(Single),
    /// Discard a card and make sure of it.
    Discard(Discard),
}

/// What follows from an answer.
#[derive(Debug)]
pub(super) enum Next {
    /// The task has another request to send.
    Ask,
    /// The task is done.
    Done(Answer),
    /// The task has failed.
    Failed(ErrorKind, Effect),
}

/// An answer, sorted by status (`spec/visionline.md` 1.6).
#[derive(Debug)]
pub(super) enum Verdict {
    /// A success.
    Accepted { status: u16, body: Vec<u8> },
    /// The session is not accepted.
    Unauthorized(Refusal),
    /// Refused for good, and certainly not done.
    Refused {
        refusal: Refusal,
        /// The body is of a kind that the lock server never sends, a page of a proxy for instance.
        foreign: bool,
    },
    /// Not now, and whether a write can have happened.
    Setback(Setback, Effect),
}

impl Verdict {
    pub(super) fn of(response: Response<Vec<u8>>) -> Self {
        let status = response.status().as_u16();
        let body = response.into_body();
        if (200..300).contains(&status) {
            return Self::Accepted { status, body };
        }
        if !(400..600).contains(&status) {
            return Self::Setback(Setback::Unreadable(Unreadable::Status(status)), Effect::Unknown);
        }
        let refusal = Refusal::read(status, &body);
        match refusal.class() {
            401 => Self::Unauthorized(refusal),
            429 => Self::Setback(Setback::ServerError(refusal), Effect::NotDone),
            408 | 500.. => Self::Setback(Setback::ServerError(refusal), Effect::Unknown),
            _ => {
                let foreign = !body.is_empty() && wire::read_error_object(&body).is_none();
                Self::Refused { refusal, foreign }
            }
        }
    }
}

/// A task of one request. Some have a second way of asking, for servers that refuse the first.
#[derive(Debug)]
pub(super) struct Single {
    pub(super) call: Call,
    otherwise: Option<Call>,
    read: fn(u16, &[u8]) -> Result<Answer, Unreadable>,
}

impl Single {
    pub(super) fn new(call: Call, read: fn(u16, &[u8]) -> Result<Answer, Unreadable>) -> Self {
        Self { call, otherwise: None, read }
    }

    /// Asks in this way if the first is refused as unknown.
    pub(super) fn or_else(self, call: Call) -> Self {
        Self { otherwise: Some(call), ..self }
    }

    pub(super) fn answered(&mut self, verdict: Verdict) -> Next {
        match verdict {
            Verdict::Accepted { status, body } => match (self.read)(status, &body) {
                Ok(answer) => Next::Done(answer),
                Err(unreadable) => {
                    Next::Failed(ErrorKind::Transient(Setback::Unreadable(unreadable)), self.effect(Effect::Unknown))
                }
            },
            Verdict::Refused { refusal, .. } => {
                if matches!(refusal.class(), 400 | 404 | 405)
                    && let Some(call) = self.otherwise.take()
                {
                    self.call = call;
                    return Next::Ask;
                }
                Next::Failed(ErrorKind::Refused(refusal), Effect::NotDone)
            }
            Verdict::Setback(setback, effect) => Next::Failed(ErrorKind::Transient(setback), self.effect(effect)),
            Verdict::Unauthorized(refusal) => {
                Next::Failed(ErrorKind::Transient(Setback::SessionRefused(refusal)), Effect::NotDone)
            }
        }
    }

    fn effect(&self, of_a_write: Effect) -> Effect {
        if self.call.is_write() { of_a_write } else { Effect::NotDone }
    }
}
