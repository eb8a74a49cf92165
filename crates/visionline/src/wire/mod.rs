//! What Visionline's Web API writes and reads (`spec/visionline.md` 2).
//!
//! Reading is tolerant in the ways the field has shown to be needed (`spec/visionline.md` 7): any letter case of
//! member names, unknown members, missing members, booleans and numbers as text, null lists. What is missing stays
//! `None`; nothing is guessed.

mod card;
mod card_request;
mod door;
mod encoder;
mod reading;

pub use card::{Card, CardFormat, DoorOperation, normalized_serial_number};
pub use card_request::{CardRequest, CreateMode, Medium};
pub use door::{Door, DoorCategory, DoorProfile};
pub use encoder::Encoder;

pub(crate) use reading::{document, elements};

use jiff::civil::DateTime;

use crate::error::Unreadable;
use crate::secret::Secret;
use reading::Members;

/// Visionline's form of a local minute: `yyyyMMddTHHmm`. Seconds are dropped.
pub fn minute_text(local: DateTime) -> String {
    format!("{:04}{:02}{:02}T{:02}{:02}", local.year(), local.month(), local.day(), local.hour(), local.minute())
}

/// Session id and access key from the answer to opening a session.
pub(crate) fn read_opened_session(body: &[u8]) -> Result<(String, Secret), Unreadable> {
    let document = document(body)?;
    let members = Members::of(&document).ok_or(Unreadable::Shape { expected: "session" })?;
    let id = members.name("id").ok_or(Unreadable::Shape { expected: "session id" })?;
    let access_key = members.name("accessKey").ok_or(Unreadable::Shape { expected: "access key" })?;
    Ok((id, Secret::new(access_key)))
}

/// Code, message and developer message of an error object; None if the body is not a JSON object.
pub(crate) fn read_error_object(body: &[u8]) -> Option<(Option<u32>, String, String)> {
    let document = document(body).ok()?;
    let members = Members::of(&document)?;
    let code = members.number("code").and_then(|code| u32::try_from(code).ok());
    let message = members.text("message").unwrap_or_default();
    let developer_message = members.text("developerMessage").unwrap_or_default();
    Some((code, message, developer_message))
}

/// What an encoder reported, from an error object.
pub(crate) fn read_result_code(body: &[u8]) -> Option<u16> {
    let document = document(body).ok()?;
    Members::of(&document)?.number("resultCode").and_then(|code| u16::try_from(code).ok())
}
