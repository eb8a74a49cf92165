//! Discarding a card: the wire form is not public, so the likely ones are tried in turn and the card is looked at
//! after each (`spec/visionline.md` 2.6).

use http::Method;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::call::{Call, path_segment};
use super::operation::{Answer, card_record, read_card_object};
use super::task::{Next, Verdict};
use crate::error::{Effect, ErrorKind, Refusal, Setback, Unsendable};

/// A wire form of "discard this card".
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DiscardDialect {
    /// `POST /cards/{id}` with `{"discarded":true}`, like the check-out of a door.
    PostFlag,
    /// `PUT /cards/{id}` with the same body.
    PutFlag,
    /// `POST /cards/{id}?action=discard` without a body.
    PostAction,
    /// `DELETE /cards/{id}`.
    Delete,
}

impl DiscardDialect {
    /// The likeliest first, the one that might remove the record last.
    const IN_ORDER: [Self; 4] = [Self::PostFlag, Self::PutFlag, Self::PostAction, Self::Delete];

    fn call(self, path: &[&str]) -> Call {
        let flag = json!({"discarded": true});
        match self {
            Self::PostFlag => Call::new(Method::POST, path).json(&flag),
            Self::PutFlag => Call::new(Method::PUT, path).json(&flag),
            Self::PostAction => Call::new(Method::POST, path).query(&[("action", "discard")]),
            Self::Delete => Call::new(Method::DELETE, path),
        }
    }
}

/// The discard of one card.
#[derive(Debug)]
pub(super) struct Discard {
    /// The card's id as a path segment.
    segment: String,
    look: Call,
    /// The dialect in use.
    dialect: DiscardDialect,
    /// Dialects not tried yet, next one last.
    remaining: Vec<DiscardDialect>,
    /// None while writing; what the write brought while looking.
    written: Option<Written>,
    /// True once a write was acknowledged: from then on the card may be discarded whatever comes.
    acknowledged: bool,
}

#[derive(Clone, Debug)]
enum Written {
    /// The server took the write.
    Acknowledged,
    /// It does not know the card, or this way of asking.
    NotFound(Refusal),
    /// It refuses, perhaps because the card is discarded already.
    Conflict(Refusal),
}

impl Discard {
    pub(super) fn new(card: &str, confirmed: Option<DiscardDialect>) -> Result<Self, Unsendable> {
        let dialect = confirmed.unwrap_or(DiscardDialect::IN_ORDER[0]);
        let others = DiscardDialect::IN_ORDER.into_iter().rev();
        Ok(Self {
            segment: path_segment("card", card)?,
            look: card_record(card)?,
            dialect,
            remaining: others.filter(|other| *other != dialect).collect(),
            written: None,
            acknowledged: false,
        })
    }

    pub(super) fn call(&self) -> Call {
        match self.written {
            None => self.dialect.call(&["cards", &self.segment]),
            Some(_) => self.look.clone(),
        }
    }

    pub(super) fn may_have_written(&self) -> bool {
        self.acknowledged
    }

    /// The dialect that was seen to work, once the task is done.
    pub(super) fn confirmed(&self) -> Option<DiscardDialect> {
        matches!(self.written, Some(Written::Acknowledged)).then_some(self.dialect)
    }

    pub(super) fn answered(&mut self, verdict: Verdict) -> Next {
        match self.written.clone() {
            None => self.wrote(verdict),
            Some(written) => self.looked(written, verdict),
        }
    }

    fn wrote(&mut self, verdict: Verdict) -> Next {
        self.written = Some(match verdict {
            Verdict::Accepted { .. } => {
                self.acknowledged = true;
                Written::Acknowledged
            }
            Verdict::Refused { refusal, .. } => match refusal.class() {
                400 | 405 => return self.try_next(refusal),
                404 => Written::NotFound(refusal),
                409 | 410 => Written::Conflict(refusal),
                _ => return Next::Failed(ErrorKind::Refused(refusal), Effect::NotDone),
            },
            Verdict::Setback(setback, effect) => return Next::Failed(ErrorKind::Transient(setback), effect),
            Verdict::Unauthorized(refusal) => return session_refused(refusal),
        });
        Next::Ask
    }

    fn looked(&mut self, written: Written, verdict: Verdict) -> Next {
        match verdict {
            Verdict::Accepted { body, .. } => match read_card_object(&body) {
                Ok(card) if card.discarded == Some(true) => Next::Done(Answer::CardDiscarded),
                Ok(_) => match written {
                    Written::Acknowledged => self.not_confirmed(),
                    Written::NotFound(refusal) => self.try_next(refusal),
                    Written::Conflict(refusal) => Next::Failed(ErrorKind::Refused(refusal), Effect::NotDone),
                },
                Err(unreadable) => Next::Failed(ErrorKind::Transient(Setback::Unreadable(unreadable)), Effect::NotDone),
            },
            // A page of a proxy in front of a resting server is no proof that the card is gone (promise P7).
            Verdict::Refused { refusal, foreign: false } if refusal.class() == 404 => Next::Done(Answer::CardDiscarded),
            Verdict::Refused { refusal, .. } => {
                Next::Failed(ErrorKind::Transient(Setback::ServerError(refusal)), Effect::NotDone)
            }
            Verdict::Setback(setback, _) => Next::Failed(ErrorKind::Transient(setback), Effect::NotDone),
            Verdict::Unauthorized(refusal) => session_refused(refusal),
        }
    }

    /// The write was refused as unknown: asks in the next dialect, or gives up with that refusal.
    fn try_next(&mut self, refusal: Refusal) -> Next {
        match self.remaining.pop() {
            Some(dialect) => self.turn_to(dialect),
            None if self.acknowledged => self.not_confirmed(),
            None => Next::Failed(ErrorKind::Refused(refusal), Effect::NotDone),
        }
    }

    /// The write was taken and the card is as before: the dialect means nothing to this server.
    fn not_confirmed(&mut self) -> Next {
        match self.remaining.pop() {
            Some(dialect) => self.turn_to(dialect),
            None => Next::Failed(ErrorKind::Transient(Setback::DiscardNotConfirmed), Effect::Unknown),
        }
    }

    fn turn_to(&mut self, dialect: DiscardDialect) -> Next {
        self.dialect = dialect;
        self.written = None;
        Next::Ask
    }
}

fn session_refused(refusal: Refusal) -> Next {
    Next::Failed(ErrorKind::Transient(Setback::SessionRefused(refusal)), Effect::NotDone)
}
