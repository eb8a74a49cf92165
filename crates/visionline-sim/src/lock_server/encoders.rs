//! Encoders of the Web API: list them, read the card on one (`spec/visionline.md` 3.1, 7 row 11).
//!
//! What a job is and how it ends belongs to [`crate::encoders`]; here is how it is told.

use serde_json::{Value, json};

use super::cards::view;
use super::refusal::Refusal;
use super::{Answer, Visit};
use crate::encoders::{End, Task};
use crate::plastic::Content;
use crate::property::CreateAnswer;
use crate::result_code::ResultCode;
use crate::wall;

/// `GET /encoders`.
pub(super) fn list(visit: &Visit<'_>) -> Result<Answer, Refusal> {
    allowed(visit)?;
    let list = visit.property.encoders.iter().map(|encoder| {
        let online = visit.encoders.station(&encoder.id).is_some_and(|station| station.is_online);
        json!({"id": encoder.id, "name": encoder.name, "online": online})
    });
    Ok(Answer::ok(list.collect()))
}

/// `GET /encoders/{id}/card`: waits for a card; tells the job.
pub(super) fn read(visit: &mut Visit<'_>, encoder: &str) -> Result<u64, Refusal> {
    let id = ready(visit, encoder)?;
    let job = visit.encoders.start(visit.now, &id, Task::Read, &visit.property.knobs);
    job.ok_or_else(|| unknown(encoder))
}

/// The id of an encoder that can be given a job.
pub(super) fn ready(visit: &Visit<'_>, id_or_name: &str) -> Result<String, Refusal> {
    allowed(visit)?;
    let encoder = visit.property.encoder(id_or_name).ok_or_else(|| unknown(id_or_name))?;
    let station = visit.encoders.station(&encoder.id).ok_or_else(|| unknown(id_or_name))?;
    if !station.is_online {
        return Err(Refusal::Encoder { encoder: encoder.id.clone(), code: ResultCode::NO_CONNECTION });
    }
    Ok(encoder.id.clone())
}

/// What is answered at the end of a job.
pub(super) fn ended(visit: &Visit<'_>, encoder: &str, task: &Task, end: &End) -> Result<Answer, Refusal> {
    match (task, end) {
        (_, End::Failed(code)) => Err(Refusal::Encoder { encoder: encoder.to_owned(), code: *code }),
        (Task::Write { card_id, .. }, End::Done(_)) => created(visit, *card_id),
        (Task::Read, End::Done(serial_number)) => on_medium(visit, encoder, serial_number),
    }
}

/// 201 with the card that was written.
fn created(visit: &Visit<'_>, card_id: u32) -> Result<Answer, Refusal> {
    let card = visit.records.card(card_id).ok_or_else(|| Refusal::NotFound(format!("cards/{card_id}")))?;
    let body = match visit.property.knobs.create_answer {
        CreateAnswer::Card => view::card_object(visit.records, visit.property, visit.now, card),
        CreateAnswer::Ids => json!({"id": card.id.to_string()}),
    };
    Ok(Answer::created(Some(body)))
}

/// The card on a medium: its record, with the times that are on the medium (card and record can disagree,
/// `spec/visionline.md` 3.1). `null` for a blank card, 404 for one that the server does not know.
fn on_medium(visit: &Visit<'_>, encoder: &str, serial_number: &str) -> Result<Answer, Refusal> {
    let image = match visit.plastic.content(serial_number) {
        None => return Ok(Answer::ok(Value::Null)),
        Some(Content::Unreadable) => {
            return Err(Refusal::Encoder { encoder: encoder.to_owned(), code: ResultCode::UNREADABLE });
        }
        Some(Content::Image(image)) => image,
    };
    let known = visit.records.card(image.card_id).filter(|_| image.system_id == visit.property.system_id);
    let card = known.ok_or_else(|| Refusal::NotFound(format!("encoders/{encoder}/card")))?;
    let mut object = view::card_object(visit.records, visit.property, visit.now, card);
    object["startTime"] = wall::format(image.start).into();
    object["expireTime"] = wall::format(image.expire).into();
    object["serialNumber"] = serial_number.into();
    Ok(Answer::ok(object))
}

fn allowed(visit: &Visit<'_>) -> Result<(), Refusal> {
    if visit.property.knobs.encoding { Ok(()) } else { Err(Refusal::Option("encoding through the Web API")) }
}

fn unknown(encoder: &str) -> Refusal {
    Refusal::NotFound(format!("encoders/{encoder}"))
}
