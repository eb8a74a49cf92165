//! `POST /cards`: a phone key, a card written by an encoder, or the image of a plastic card
//! (`spec/visionline.md` 2.3, 3.1).

use jiff::civil::DateTime;
use jiff::{SignedDuration, ToSpan};
use serde_json::json;

use super::super::records::{Card, Encoding, Format};
use super::super::refusal::Refusal;
use super::super::{Answer, Outcome, Visit, encoders, label, object};
use super::order::{MEMBERS, Maker, Mode, Order};
use super::stamps::{self, Window};
use super::{capacity, view};
use crate::callbacks::News;
use crate::encoders::Task;
use crate::lock::{Function, GuestDoor};
use crate::phone_keys::NewKey;
use crate::property::{Category, CreateAnswer, Door, EncodeAnswer, InactiveEndpoint, PendingImageWrite};
use crate::sealed;
use crate::target::Target;
use crate::wall;

/// Makes a card and answers it whole, with `credentialID` or `encryptedImage` where they belong. With an encoder the
/// answer comes when its job has ended.
pub(crate) fn create(visit: &mut Visit<'_>, target: &Target, body: &[u8]) -> Result<Outcome, Refusal> {
    let body = object(visit, body, &MEMBERS)?;
    let order = Order::read(target, &body, &visit.property.knobs.common_door_operations)?;
    let (guest, common) = sorted_doors(visit, &order)?;
    let window = window(visit, &order)?;
    if order.format == Format::Rfid48 {
        capacity::check(&numbers(&guest), &numbers(&common))?;
    }
    let maker = carrier_maker(visit, &order)?;
    let guest_doors = match (&order.mode, guest.is_empty()) {
        (Mode::Override | Mode::AutoJoin | Mode::Plain, true) => Vec::new(),
        (mode, _) => stamps::decide(visit, mode, &guest, window)?,
    };
    let (send_online, start) = (order.send_online, wall::start_instant(&visit.property.zone, window.start));
    let card = record(visit, order, window, &guest, guest_doors, &numbers(&common));
    if send_online {
        for door in &card.guest_doors {
            if let Some(place) = visit.property.door_numbered(door.number) {
                visit.commands.raise(visit.now, place, card.id, door.stamp, start);
            }
        }
    }
    visit.news.push(News::Card { kind: "cardCreated", card_id: card.id });
    Ok(issue(visit, card, maker))
}

/// Whether the carrier can be made at all; the encoder by its id.
fn carrier_maker(visit: &Visit<'_>, order: &Order) -> Result<Maker, Refusal> {
    if let Maker::Encoder(encoder) = &order.maker {
        return encoders::ready(visit, encoder).map(Maker::Encoder);
    }
    if let Some(endpoint_id) = &order.endpoint_id {
        let knobs = &visit.property.knobs;
        if !knobs.mobile_access {
            return Err(Refusal::Option("mobile access"));
        }
        if !visit.are_services_online {
            return Err(Refusal::CredentialServices);
        }
        if knobs.inactive_endpoint == InactiveEndpoint::Refuse && !visit.phone_keys.is_active(endpoint_id) {
            return Err(Refusal::EndpointNotActive(endpoint_id.clone()));
        }
    }
    Ok(order.maker.clone())
}

/// Stores the card and hands it on: to Credential Services, to an encoder, or as an image to the caller.
fn issue(visit: &mut Visit<'_>, mut card: Card, maker: Maker) -> Outcome {
    let (id, system_id) = (card.id, visit.property.system_id);
    let mut sealed = None;
    match maker {
        Maker::Phone => {
            if let (Some(endpoint_id), Some(credential_id)) = (&card.endpoint_id, card.credential_id) {
                let (label, description) = (card.label.clone(), card.description.clone());
                let image = card.image(system_id);
                visit.phone_keys.issue(endpoint_id, NewKey { credential_id, label, description, image });
            }
        }
        Maker::Client => {
            card.not_issued = false;
            card.issued_cards = u32::try_from(card.serial_numbers.len()).unwrap_or(u32::MAX).max(1);
            card.sealed_for.clone_from(&card.serial_numbers);
            sealed = Some(sealed::seal(&card, system_id));
            if visit.property.knobs.pending_image_write == PendingImageWrite::Assumed {
                write_media(visit, &card);
            }
        }
        Maker::Encoder(encoder) => {
            let task = Task::Write { card_id: id, image_bytes: card.format.image_bytes() };
            let job = visit.encoders.start(visit.now, &encoder, task, &visit.property.knobs);
            let is_polled = visit.property.knobs.encode_answer == EncodeAnswer::Poll;
            card.encoding = is_polled.then_some(Encoding { encoder, result_code: None });
            // The media come with the encoder.
            card.serial_numbers.clear();
            visit.records.insert(card);
            return match job {
                Some(job) if !is_polled => Outcome::AtEncoder(job),
                _ => Outcome::Answer(Answer { status: 202, ..answer(visit, id, None) }),
            };
        }
        Maker::Nobody => {}
    }
    visit.records.insert(card);
    Outcome::Answer(answer(visit, id, sealed))
}

/// The client is trusted to write at once, which is all that the server ever learns.
fn write_media(visit: &mut Visit<'_>, card: &Card) {
    for serial_number in &card.serial_numbers {
        if let Some(before) = visit.plastic.write(serial_number, card.image(visit.property.system_id))
            && let Some(before) = visit.records.card_mut(before)
        {
            before.overwritten = true;
        }
    }
}

fn answer(visit: &Visit<'_>, id: u32, sealed: Option<String>) -> Answer {
    let card = visit.records.card(id);
    let mut body = card.map(|card| match (visit.property.knobs.create_answer, card.credential_id) {
        (CreateAnswer::Card, _) => view::card_object(visit.records, visit.property, visit.now, card),
        (CreateAnswer::Ids, Some(id)) => json!({"credentialID": view::credential_value(visit.property, id)}),
        (CreateAnswer::Ids, None) => json!({"id": card.id.to_string()}),
    });
    if let (Some(sealed), Some(body)) = (sealed, &mut body) {
        body["encryptedImage"] = sealed.into();
    }
    Answer::created(body)
}

fn record(
    visit: &mut Visit<'_>,
    order: Order,
    window: Window,
    guest: &[&Door],
    guest_doors: Vec<GuestDoor>,
    common_doors: &[u32],
) -> Card {
    let credential_id = (order.maker == Maker::Phone).then(|| visit.records.take_credential_id());
    let fill = |text: &str| label::expand(text, visit.property, guest, credential_id);
    let (label, description) = (fill(&order.label), order.description);
    let ahead = visit.now.checked_add(SignedDuration::from_mins(1)).unwrap_or(visit.now);
    let function = if shares_suite(guest) {
        Function::Suite
    } else if wall::start_instant(&visit.property.zone, window.start) > ahead {
        Function::FutureArrival
    } else {
        Function::Guest
    };
    Card {
        id: visit.records.take_card_id(),
        credential_id,
        endpoint_id: order.endpoint_id,
        format: order.format,
        card_holder: order.card_holder,
        label,
        description,
        door_operations: order.door_operations,
        guest_doors,
        common_doors: common_doors.to_vec(),
        function,
        created: visit.now,
        start: window.start,
        expire: window.expire,
        not_issued: true,
        issued_cards: 0,
        serial_numbers: order.serial_numbers,
        sealed_for: Vec::new(),
        encoding: None,
        overwritten: false,
        discarded: None,
        cancelled: None,
    }
}

/// The doors of an order, each once, sorted by their category and not by the operation's name.
fn sorted_doors<'a>(visit: &Visit<'a>, order: &Order) -> Result<(Vec<&'a Door>, Vec<&'a Door>), Refusal> {
    let (mut guest, mut common) = (Vec::<&Door>::new(), Vec::<&Door>::new());
    for name in order.door_operations.iter().flat_map(|operation| &operation.doors) {
        let door = visit.property.door(name).ok_or_else(|| Refusal::NotFound(format!("doors/{name}")))?;
        let list = if door.category == Category::Guest { &mut guest } else { &mut common };
        if !list.iter().any(|known| known.number == door.number) {
            list.push(door);
        }
    }
    Ok((guest, common))
}

/// Start and end. Without a start it is now; without an end noon of the day after the start (S3 misspells the
/// member and yet seems to work, `spec/visionline.md` 2.3).
fn window(visit: &Visit<'_>, order: &Order) -> Result<Window, Refusal> {
    let start = order.start.unwrap_or_else(|| wall::minute_at(&visit.property.zone, visit.now));
    let expire = order.expire.unwrap_or_else(|| noon_after(start));
    if expire <= start {
        return Err(Refusal::Time("expireTime is not after startTime".into()));
    }
    Ok(Window { start, expire })
}

fn noon_after(start: DateTime) -> DateTime {
    start.date().saturating_add(1.day()).at(12, 0, 0, 0)
}

fn numbers(doors: &[&Door]) -> Vec<u32> {
    doors.iter().map(|door| door.number).collect()
}

fn shares_suite(doors: &[&Door]) -> bool {
    let suites: Vec<&String> = doors.iter().filter_map(|door| door.suite.as_ref()).collect();
    (1..suites.len()).any(|at| suites[..at].contains(&suites[at]))
}
