//! What can go wrong with an operation, sorted as design 7 needs it, and whether a write can have happened all the
//! same.
//!
//! Sorting goes by HTTP status and by the hundreds of the detailed code, never by a detailed code: all but one of
//! those are unknown to the public (`spec/visionline.md` 1.6).

use std::fmt;

use crate::wire;

/// Whether the change that an operation asked for can have been made although the operation failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// The lock server has certainly not made the change; repeating is safe.
    NotDone,
    /// The change may have been made: the answer was lost, unreadable or a server error. Look before repeating
    /// (promise P2).
    Unknown,
}

/// Why an operation failed, and with what effect.
#[derive(Debug)]
pub struct Error {
    /// What happened.
    pub kind: ErrorKind,
    /// Whether the change can have been made. Always `NotDone` for an operation that only reads.
    pub effect: Effect,
}

impl Error {
    /// The lock server's refusal, where there is one.
    pub fn refusal(&self) -> Option<&Refusal> {
        match &self.kind {
            ErrorKind::Refused(refusal)
            | ErrorKind::CredentialsWrong(refusal)
            | ErrorKind::Transient(Setback::ServerError(refusal) | Setback::SessionRefused(refusal)) => Some(refusal),
            _ => None,
        }
    }

    /// True if the lock server says for good that what was asked about does not exist.
    pub fn is_missing(&self) -> bool {
        matches!(&self.kind, ErrorKind::Refused(refusal) if refusal.class() == 404)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.kind.fmt(formatter)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.kind.source()
    }
}

/// The sorts of failure, each calling for its own reaction.
#[derive(Debug, thiserror::Error)]
pub enum ErrorKind {
    /// No connection could be made. Work queues, reads go on.
    #[error("the lock server could not be reached")]
    Unreachable(#[source] TransportFailure),
    /// No session is opened for this operator. All work pauses until a person changes the settings.
    #[error("the lock server does not let the operator in")]
    CredentialsWrong(#[source] Refusal),
    /// Refused for good; the same request would be refused again.
    #[error("the lock server refused the request")]
    Refused(#[source] Refusal),
    /// May succeed later without anybody doing anything.
    #[error("the lock server did not carry the request through")]
    Transient(#[source] Setback),
    /// The operation cannot be written as a request, so none was made. As final as a refusal.
    #[error("the operation cannot be sent to a lock server")]
    Unsendable(#[source] Unsendable),
}

/// Why a transient failure is one.
#[derive(Debug, thiserror::Error)]
pub enum Setback {
    /// The request may have arrived; its answer did not.
    #[error("the answer was lost")]
    AnswerLost(#[source] TransportFailure),
    /// A server error, or a request to come back later.
    #[error("the lock server could not do it now")]
    ServerError(#[source] Refusal),
    /// An answer that is none of the protocol's.
    #[error("the answer could not be understood")]
    Unreadable(#[source] Unreadable),
    /// A session was opened anew, and the request was still answered as if there were none.
    #[error("the lock server does not accept its own new session")]
    SessionRefused(#[source] Refusal),
    /// The lock server took the discard, but still shows the card as usable.
    #[error("the lock server accepted the discard of a card and still shows it in use")]
    DiscardNotConfirmed,
}

/// An error answer of the lock server (`spec/visionline.md` 1.6).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// HTTP status, 400 to 599.
    pub status: u16,
    /// Detailed code, status times 100 and a running number. None if the answer was no error object.
    pub code: Option<u32>,
    /// The lock server's text for people, possibly empty; at most [`Refusal::LONGEST_TEXT`] characters.
    pub message: String,
    /// The lock server's text for logs, possibly empty; at most [`Refusal::LONGEST_TEXT`] characters.
    pub developer_message: String,
    /// What an encoder reported (`spec/visionline.md` 3.2). That it stands in the error object as `resultCode` is a
    /// guess, as is all of the encoders' wire form.
    pub result_code: Option<u16>,
}

impl Refusal {
    /// Messages are cut to this number of characters: they come from outside and are stored.
    pub const LONGEST_TEXT: usize = 500;

    /// The status to decide by: the hundreds of the detailed code refine a client error (a 400 with code 40901 is a
    /// 409). A 401 and a server error stay what they are, because our reaction to them is the careful one.
    pub fn class(&self) -> u16 {
        let refined = self.code.map(|code| code / 100).and_then(|class| u16::try_from(class).ok());
        match (self.status, refined) {
            (401 | 500.., _) => self.status,
            (_, Some(class @ 400..=499)) => class,
            _ => self.status,
        }
    }

    pub(crate) fn read(status: u16, body: &[u8]) -> Self {
        let (code, message, developer_message) = wire::read_error_object(body).unwrap_or_default();
        let result_code = wire::read_result_code(body);
        Self { status, code, message: cut(message), developer_message: cut(developer_message), result_code }
    }
}

fn cut(text: String) -> String {
    text.chars().take(Refusal::LONGEST_TEXT).collect()
}

impl fmt::Display for Refusal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "HTTP {}", self.status)?;
        if let Some(code) = self.code {
            write!(formatter, ", code {code}")?;
        }
        if !self.message.is_empty() {
            write!(formatter, ": {}", self.message)?;
        }
        Ok(())
    }
}

impl std::error::Error for Refusal {}

/// Where a request got lost. The source says why, in the words of whatever moved the bytes.
#[derive(Debug, thiserror::Error)]
pub enum TransportFailure {
    /// Not a byte of the request left: no address, no connection, no trusted certificate.
    #[error("no connection was made")]
    NotSent(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The request may have arrived: cut, timed out, or the answer was larger than allowed.
    #[error("the connection ended before the answer was complete")]
    Lost(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Why an answer could not be understood.
#[derive(Debug, thiserror::Error)]
pub enum Unreadable {
    /// The body is not JSON.
    #[error("the body is not JSON")]
    NotJson(#[source] serde_json::Error),
    /// The body is JSON of another shape.
    #[error("the body holds no {expected}")]
    Shape {
        /// What we looked for.
        expected: &'static str,
    },
    /// A status outside the protocol, such as a redirect.
    #[error("HTTP status {0} is no answer of a lock server")]
    Status(u16),
}

/// Why an operation cannot be written as a request.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unsendable {
    /// An id that would change the meaning of the path it stands in: empty, `.` or `..`.
    #[error("`{id}` cannot stand in a path as the id of a {what}")]
    Id {
        /// What the id belongs to: door, card, encoder.
        what: &'static str,
        /// The id.
        id: String,
    },
    /// A card that opens no door.
    #[error("a card needs at least one door")]
    NoDoors,
    /// A joiner without anything to join. The lock server demands the list (`spec/visionline.md` 2.3).
    #[error("a joiner needs at least one card to join")]
    NothingToJoin,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_class_comes_from_the_code_only_among_client_errors() {
        let class = |status, code| {
            let refusal =
                Refusal { status, code, message: String::new(), developer_message: String::new(), result_code: None };
            refusal.class()
        };
        assert_eq!(class(404, None), 404);
        assert_eq!(class(404, Some(40401)), 404);
        assert_eq!(class(400, Some(40901)), 409);
        assert_eq!(class(400, Some(7)), 400);
        assert_eq!(class(400, Some(50301)), 400);
        assert_eq!(class(401, Some(40401)), 401);
        assert_eq!(class(500, Some(40401)), 500);
        assert_eq!(class(400, Some(u32::MAX)), 400);
    }

    #[test]
    fn each_level_of_an_error_tells_only_its_own_story() {
        let error = Error {
            kind: ErrorKind::Unreachable(TransportFailure::NotSent("connection refused".into())),
            effect: Effect::NotDone,
        };
        let mut told = vec![error.to_string()];
        let mut level = std::error::Error::source(&error);
        while let Some(inner) = level {
            told.push(inner.to_string());
            level = inner.source();
        }
        assert_eq!(told, ["the lock server could not be reached", "no connection was made", "connection refused"]);
    }
}
