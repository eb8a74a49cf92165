//! `POST /cards`: a phone key, or the image of a plastic card (`spec/visionline.md` 2.3).

use jiff::civil::DateTime;
use jiff::{SignedDuration, ToSpan};

use super::super::records::{Card, Format};
use super::super::refusal::Refusal;
use super::super::{Answer, Visit, label, object};
use super::order::{Mode, Order};
use super::stamps::{self, Window};
use super::{capacity, view};
use crate::lock::{Function, GuestDoor};
use crate::phone_keys::NewKey;
use crate::property::{Category, Door, InactiveEndpoint};
use crate::target::Target;
use crate::wall;

/// Makes a card and answers it whole, with `credentialID` or `encryptedImage` where they belong.
pub(crate) fn create(visit: &mut Visit<'_>, target: &Target, body: &[u8]) -> Result<Answer, Refusal> {
    let order = Order::read(target, &object(body)?)?;
    let (guest, common) = sorted_doors(visit, &order)?;
    let window = window(visit, &order)?;
    if order.format == Format::Rfid48 {
        capacity::check(&numbers(&guest), &numbers(&common))?;
    }
    if order.mobile && !visit.property.knobs.mobile_access {
        return Err(Refusal::Option("mobile access"));
    }
    if let Some(endpoint_id) = &order.endpoint_id {
        let queues = visit.property.knobs.inactive_endpoint == InactiveEndpoint::Queue;
        if !queues && !visit.phone_keys.is_active(endpoint_id) {
            return Err(Refusal::EndpointNotActive(endpoint_id.clone()));
        }
    }
    let guest_doors = match (&order.mode, guest.is_empty()) {
        (Mode::Override | Mode::AutoJoin | Mode::Plain, true) => Vec::new(),
        (mode, _) => stamps::decide(visit, mode, &guest, window)?,
    };
    let pending_image = order.pending_image;
    let card = record(visit, order, window, &guest, guest_doors, &numbers(&common));
    Ok(issue(visit, card, pending_image))
}

/// Stores the card and hands it on: to Credential Services, or as an image to the caller.
fn issue(visit: &mut Visit<'_>, mut card: Card, pending_image: bool) -> Answer {
    let image = card.image(visit.property.system_id);
    let mut sealed = None;
    if let (Some(endpoint_id), Some(credential_id)) = (&card.endpoint_id, card.credential_id) {
        let (label, description) = (card.label.clone(), card.description.clone());
        visit.phone_keys.issue(endpoint_id, NewKey { credential_id, label, description, image });
    } else if pending_image {
        // The caller writes the media itself; that it does so at once is all the server ever assumes.
        card.not_issued = false;
        card.issued_cards = u32::try_from(card.serial_numbers.len()).unwrap_or(u32::MAX).max(1);
        for serial_number in &card.serial_numbers {
            if let Some(before) = visit.plastic.write(serial_number, image.clone())
                && let Some(before) = visit.records.card_mut(before)
            {
                before.overwritten = true;
            }
        }
        sealed = Some(visit.random.text(b"0123456789abcdef", 48));
    }
    let id = card.id;
    visit.records.insert(card);
    let mut answer =
        visit.records.card(id).map(|card| view::card_object(visit.records, visit.property, visit.now, card));
    if let (Some(sealed), Some(answer)) = (sealed, &mut answer) {
        answer["encryptedImage"] = sealed.into();
    }
    Answer::created(answer)
}

fn record(
    visit: &mut Visit<'_>,
    order: Order,
    window: Window,
    guest: &[&Door],
    guest_doors: Vec<GuestDoor>,
    common_doors: &[u32],
) -> Card {
    let credential_id = order.mobile.then(|| visit.records.take_credential_id());
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
