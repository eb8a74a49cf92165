//! Reading the order for a card: query flags and body (`spec/visionline.md` 2.3).
//!
//! Unknown members are ignored, `null` counts as absent; a member of the wrong type is refused by name.

use jiff::civil::DateTime;
use serde_json::{Map, Value};

use super::super::records::{DoorOperation, Format};
use super::super::refusal::Refusal;
use crate::plastic;
use crate::target::Target;
use crate::wall;

/// How the card relates to those already valid at its guest doors.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    /// Nothing was said.
    Plain,
    Override,
    AutoJoin,
    /// Ids of the cards to join.
    Join(Vec<String>),
}

/// Who makes the carrier of the card.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Maker {
    /// Credential Services, on the phone of [`Order::endpoint_id`].
    Phone,
    /// An encoder, by id or name.
    Encoder(String),
    /// The client, with the image from the answer.
    Client,
    /// Nobody was named.
    Nobody,
}

/// The members of an order.
pub(super) const MEMBERS: [&str; 10] = [
    "doorOperations",
    "format",
    "expireTime",
    "startTime",
    "endPointID",
    "label",
    "description",
    "joiners",
    "cardHolder",
    "serialNumbers",
];

/// A readable order for a card.
#[derive(Debug)]
pub(super) struct Order {
    pub(super) maker: Maker,
    /// Whether online locks shall hear of it.
    pub(super) send_online: bool,
    pub(super) mode: Mode,
    pub(super) format: Format,
    pub(super) start: Option<DateTime>,
    pub(super) expire: Option<DateTime>,
    pub(super) endpoint_id: Option<String>,
    pub(super) label: String,
    pub(super) description: String,
    pub(super) card_holder: String,
    pub(super) serial_numbers: Vec<String>,
    pub(super) door_operations: Vec<DoorOperation>,
}

impl Order {
    /// `common_operations`: the names under which common doors are accepted beside `guest`.
    pub(super) fn read(
        target: &Target,
        body: &Map<String, Value>,
        common_operations: &[String],
    ) -> Result<Self, Refusal> {
        let pending_image = flag(target, "pendingImage", false)?;
        let maker = match target.value("action") {
            None if pending_image => Maker::Client,
            None => Maker::Nobody,
            Some("mobileAccess") => Maker::Phone,
            Some("encode") => match target.value("encoder") {
                Some(encoder) => Maker::Encoder(encoder.to_owned()),
                None => return Err(Refusal::Body("action=encode needs encoder".into())),
            },
            Some(other) => return Err(Refusal::Body(format!("unknown action {other:?}"))),
        };
        let endpoint_id = text(body, "endPointID")?;
        if maker == Maker::Phone && endpoint_id.is_none() {
            return Err(Refusal::Body("endPointID is missing".into()));
        }
        let mut serial_numbers = Vec::new();
        for text in texts(body, "serialNumbers")? {
            let serial = plastic::serial_number(&text);
            serial_numbers.push(
                serial.ok_or_else(|| Refusal::Body(format!("serialNumbers: {text:?} is not up to 16 hex digits")))?,
            );
        }
        Ok(Self {
            send_online: flag(target, "sendOnline", true)?,
            mode: mode(target, body)?,
            format: match text(body, "format")?.as_deref() {
                None | Some("rfid48") => Format::Rfid48,
                Some("TLCode") => Format::TLCode,
                Some(other) => return Err(Refusal::Body(format!("unknown format {other:?}"))),
            },
            start: time(body, "startTime")?,
            expire: time(body, "expireTime")?,
            endpoint_id: endpoint_id.filter(|_| maker == Maker::Phone),
            maker,
            label: text(body, "label")?.unwrap_or_default(),
            description: text(body, "description")?.unwrap_or_default(),
            card_holder: text(body, "cardHolder")?.unwrap_or_default(),
            serial_numbers,
            door_operations: door_operations(body, common_operations)?,
        })
    }
}

fn mode(target: &Target, body: &Map<String, Value>) -> Result<Mode, Refusal> {
    let joiners = texts(body, "joiners")?;
    match (flag(target, "override", false)?, flag(target, "autoJoin", false)?, joiners.is_empty()) {
        (false, false, true) => Ok(Mode::Plain),
        (true, false, true) => Ok(Mode::Override),
        (false, true, true) => Ok(Mode::AutoJoin),
        (false, false, false) => Ok(Mode::Join(joiners)),
        _ => Err(Refusal::Body("override, autoJoin and joiners exclude each other".into())),
    }
}

fn door_operations(body: &Map<String, Value>, common: &[String]) -> Result<Vec<DoorOperation>, Refusal> {
    let wrong = || Refusal::Body("doorOperations is not a list of {doors, operation}".into());
    let elements = body.get("doorOperations").and_then(Value::as_array).ok_or_else(wrong)?;
    let mut operations = Vec::new();
    for element in elements {
        let element = element.as_object().ok_or_else(wrong)?;
        let operation = text(element, "operation")?.ok_or_else(wrong)?;
        // The name for common doors is not public, so each likely one is taken (row 8 of section 7).
        if operation != "guest" && !common.contains(&operation) {
            return Err(Refusal::Body(format!("unknown operation {operation:?}")));
        }
        operations.push(DoorOperation { doors: texts(element, "doors")?, operation });
    }
    if operations.iter().all(|operation| operation.doors.is_empty()) {
        return Err(Refusal::Body("doorOperations names no door".into()));
    }
    Ok(operations)
}

fn flag(target: &Target, name: &str, absent: bool) -> Result<bool, Refusal> {
    match target.value(name) {
        None => Ok(absent),
        Some(value) if value.eq_ignore_ascii_case("true") => Ok(true),
        Some(value) if value.eq_ignore_ascii_case("false") => Ok(false),
        Some(value) => Err(Refusal::Body(format!("{name}={value:?} is neither true nor false"))),
    }
}

fn present<'a>(body: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    body.get(name).filter(|value| !value.is_null())
}

fn text(body: &Map<String, Value>, name: &str) -> Result<Option<String>, Refusal> {
    match present(body, name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(Refusal::Body(format!("{name} is not text"))),
    }
}

/// A list of texts; numbers are taken too, since card ids look like numbers.
fn texts(body: &Map<String, Value>, name: &str) -> Result<Vec<String>, Refusal> {
    let wrong = || Refusal::Body(format!("{name} is not a list of texts"));
    let Some(value) = present(body, name) else {
        return Ok(Vec::new());
    };
    let mut texts = Vec::new();
    for element in value.as_array().ok_or_else(wrong)? {
        texts.push(match element {
            Value::String(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            _ => return Err(wrong()),
        });
    }
    Ok(texts)
}

fn time(body: &Map<String, Value>, name: &str) -> Result<Option<DateTime>, Refusal> {
    match text(body, name)? {
        None => Ok(None),
        Some(text) => match wall::parse(&text) {
            Some(time) => Ok(Some(time)),
            None => Err(Refusal::Time(format!("{name}: {text:?} is not yyyyMMddTHHmm"))),
        },
    }
}
