//! What can be asked of a lock server, and what it can answer.

use http::Method;
use jiff::civil::DateTime;
use serde_json::json;

use super::call::{Call, path_segment};
use super::discard::{Discard, DiscardDialect};
use super::session::Options;
use super::task::{Single, Task};
use crate::error::{Unreadable, Unsendable};
use crate::wire::{self, Card, CardRequest, Door, Encoder, Medium, normalized_serial_number};

/// One thing to ask of a lock server. A session is opened before it where none is open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operation {
    /// Opens a session if none is open: the cheapest proof that address and credentials are right.
    OpenSession,
    /// All doors, with details where the server gives them.
    ListDoors,
    /// One door with its details.
    ReadDoor(String),
    /// All encoders.
    ListEncoders,
    /// Makes a card. With [`Medium::Encoder`] the answer waits for a person.
    CreateCard(Box<CardRequest>),
    /// One card record by its id.
    ReadCard(String),
    /// The cards with guest access to a door at a local minute. Overridden ones may be among them, and each may
    /// consist of an id alone.
    CardsAtDoor {
        /// Id of the door.
        door: String,
        /// Local minute. Seconds are dropped.
        valid_at: DateTime,
    },
    /// The cards that a medium carries or carried, by its serial number in any spelling.
    CardsOnMedium(String),
    /// Reads the card that lies on an encoder. The answer waits for a person.
    ReadEncoder(String),
    /// Takes a card out of use, and makes sure of it. Asking again is harmless.
    DiscardCard(String),
    /// Checks a door out: the lock server discards the keys of its guests.
    CheckOut(String),
    /// Ends the open session, if any.
    Close,
}

/// The answer to an [`Operation`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// To [`Operation::OpenSession`].
    SessionOpened,
    /// To [`Operation::ListDoors`].
    Doors(Vec<Door>),
    /// To [`Operation::ReadDoor`].
    Door(Door),
    /// To [`Operation::ListEncoders`].
    Encoders(Vec<Encoder>),
    /// To [`Operation::CreateCard`].
    CardCreated {
        /// The new card, with at least one of its ids. Where only the credential id is known, the record's id is to
        /// be found at one of its doors.
        card: Box<Card>,
        /// True if the server has only taken the order (HTTP 202): ask for the card until it is issued.
        pending: bool,
    },
    /// To [`Operation::ReadCard`].
    Card(Box<Card>),
    /// To [`Operation::CardsAtDoor`] and [`Operation::CardsOnMedium`].
    Cards(Vec<Card>),
    /// To [`Operation::ReadEncoder`]: the record of the card, None if the server names none for it.
    CardOnEncoder(Option<Box<Card>>),
    /// To [`Operation::DiscardCard`]: the card is discarded, or the server no longer knows it.
    CardDiscarded,
    /// To [`Operation::CheckOut`].
    CheckedOut,
    /// To [`Operation::Close`].
    Closed,
}

impl Operation {
    /// The requests that carry the operation out.
    pub(super) fn into_task(self, options: &Options, confirmed: Option<DiscardDialect>) -> Result<Task, Unsendable> {
        let single = match self {
            Self::OpenSession => return Ok(Task::Open),
            Self::Close => return Ok(Task::Close),
            Self::DiscardCard(card) => return Ok(Task::Discard(Discard::new(&card, confirmed)?)),
            Self::ListDoors => {
                let plain = Call::new(Method::GET, &["doors"]);
                let detailed = plain.clone().query(&[("details", "true")]);
                // The details are known from a proxy only, the plain list from real clients (spec/visionline.md 2.1).
                Single::new(detailed, read_doors).or_else(plain)
            }
            Self::ReadDoor(door) => {
                Single::new(Call::new(Method::GET, &["doors", &path_segment("door", &door)?]), read_door)
            }
            Self::ListEncoders => Single::new(Call::new(Method::GET, &["encoders"]), read_encoders),
            Self::CreateCard(request) => Single::new(create_card(&request, options)?, read_created_card),
            Self::ReadCard(card) => {
                Single::new(card_record(&card)?, |_, body| Ok(Answer::Card(Box::new(read_card_object(body)?))))
            }
            Self::CardsAtDoor { door, valid_at } => {
                let valid_at = wire::minute_text(valid_at);
                let query = [("guestDoor", door.as_str()), ("validTime", &valid_at)];
                Single::new(Call::new(Method::GET, &["cards"]).query(&query), read_cards)
            }
            Self::CardsOnMedium(serial_number) => {
                let serial_number = normalized_serial_number(&serial_number);
                let query = [("serialNumber", serial_number.as_str())];
                Single::new(Call::new(Method::GET, &["cards"]).query(&query), read_cards)
            }
            Self::ReadEncoder(encoder) => {
                let call = Call::new(Method::GET, &["encoders", &path_segment("encoder", &encoder)?, "card"]);
                Single::new(call.answer_within(options.encoder_timeout), read_card_on_encoder)
            }
            Self::CheckOut(door) => {
                let call = Call::new(Method::POST, &["doors", &path_segment("door", &door)?]);
                Single::new(call.json(&json!({"checkedOut": true})), |_, _| Ok(Answer::CheckedOut))
            }
        };
        Ok(Task::Single(single))
    }
}

fn create_card(request: &CardRequest, options: &Options) -> Result<Call, Unsendable> {
    let call = Call::new(Method::POST, &["cards"])
        .query(&request.query())
        .json(&request.body(&options.common_door_operation)?);
    Ok(match &request.medium {
        Medium::Encoder { .. } => call.answer_within(options.encoder_timeout),
        Medium::Phone { .. } | Medium::Image { .. } => call,
    })
}

/// The request for one card record.
pub(super) fn card_record(card: &str) -> Result<Call, Unsendable> {
    Ok(Call::new(Method::GET, &["cards", &path_segment("card", card)?]))
}

/// A card record as a body of its own: always an object, a bare id would say nothing.
pub(super) fn read_card_object(body: &[u8]) -> Result<Card, Unreadable> {
    let document = wire::document(body)?;
    let card = document.is_object().then(|| Card::read(&document)).flatten();
    card.ok_or(Unreadable::Shape { expected: "card" })
}

fn read_created_card(status: u16, body: &[u8]) -> Result<Answer, Unreadable> {
    let card = read_card_object(body)?;
    if card.id.is_none() && card.credential_id.is_none() {
        return Err(Unreadable::Shape { expected: "id of the new card" });
    }
    Ok(Answer::CardCreated { card: Box::new(card), pending: status == 202 })
}

fn read_card_on_encoder(_status: u16, body: &[u8]) -> Result<Answer, Unreadable> {
    if body.is_empty() || body == b"null" {
        return Ok(Answer::CardOnEncoder(None));
    }
    Ok(Answer::CardOnEncoder(Some(Box::new(read_card_object(body)?))))
}

fn read_door(_status: u16, body: &[u8]) -> Result<Answer, Unreadable> {
    let document = wire::document(body)?;
    let door = document.is_object().then(|| Door::read(&document)).flatten();
    door.map(Answer::Door).ok_or(Unreadable::Shape { expected: "door" })
}

fn read_doors(status: u16, body: &[u8]) -> Result<Answer, Unreadable> {
    wire::elements(list(status, body), "list of doors", Door::read).map(Answer::Doors)
}

fn read_encoders(status: u16, body: &[u8]) -> Result<Answer, Unreadable> {
    wire::elements(list(status, body), "list of encoders", Encoder::read).map(Answer::Encoders)
}

fn read_cards(status: u16, body: &[u8]) -> Result<Answer, Unreadable> {
    wire::elements(list(status, body), "list of cards", Card::read).map(Answer::Cards)
}

/// "No content" is the one empty body that says something about a list: that it is empty.
fn list(status: u16, body: &[u8]) -> &[u8] {
    if status == 204 { b"null" } else { body }
}
