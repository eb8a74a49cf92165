//! What a scan found (`spec/api.md 4.17`).

use domain::{Moment, id::EntranceId};
use jiff::{Timestamp, tz::TimeZone};
use serde_json::{Value, json};
use store::{
    Tx, cards_seen,
    carriers::{self, Carrier},
    credential_details::ShownDoor,
    credential_state,
    credentials::{self, Credential},
    encoder_jobs::{self, ASSIGN, EncoderJob},
    encoders::Encoder,
    systems::AcsSystem,
    tasks,
};

use super::{
    CardRead, Show, Simulated,
    end::{fail, succeed},
    failure::{Failure, NO_CARD, UNCATEGORIZED},
};
use crate::{
    Caller, Error,
    credentials::{View, views},
    issuing::{end_minute, start_minute},
};

/// A blank card.
pub(super) fn blank(tx: &mut Tx<'_>, moment: &mut Moment, job: &EncoderJob) -> Result<(), Error> {
    if job.task == ASSIGN {
        let message = "The card on the encoder is blank. Place a card that was written here.";
        return fail(tx, moment, job, &Failure::new(NO_CARD, message));
    }
    succeed(tx, moment, job, &found(Value::Null, Value::Null, Vec::new()))
}

/// A card that nobody knows.
pub(super) fn unknown(tx: &mut Tx<'_>, moment: &mut Moment, job: &EncoderJob) -> Result<(), Error> {
    stranger(tx, moment, job, &CardRead::default(), &[])
}

/// A card that the lock server knows.
pub(super) fn read(
    tx: &mut Tx<'_>,
    moment: &mut Moment,
    system: &AcsSystem,
    job: &EncoderJob,
    card: &CardRead,
    show: Show,
) -> Result<(), Error> {
    let named = cards_seen::doors_named(tx, system.id, &card.doors)?;
    let doors: Vec<ShownDoor> = named.into_iter().map(ShownDoor::from).collect();
    let carrier = match &card.card_id {
        Some(id) => carriers::by_card_id(tx, system.id, id)?,
        None => None,
    };
    let Some(carrier) = carrier else { return stranger(tx, moment, job, card, &doors) };
    let mut rows = credentials::by_ids(tx, &[carrier.credential_id])?;
    rows.retain(|row| row.deleted_at.is_none());
    let Some(row) = rows.first().cloned() else { return stranger(tx, moment, job, card, &doors) };
    if job.task == ASSIGN {
        return assign(tx, moment, job, &row, show);
    }
    let Some(view) = views(tx, rows, moment.now)?.pop() else { return stranger(tx, moment, job, card, &doors) };
    let differing = differences(system, card, &doors, &carrier, &view);
    let warnings = if differing.is_empty() { Vec::new() } else { vec![out_of_sync(&differing)] };
    succeed(tx, moment, job, &found(on_encoder(card, &doors), show(view), warnings))
}

fn stranger(
    tx: &mut Tx<'_>,
    moment: &mut Moment,
    job: &EncoderJob,
    card: &CardRead,
    doors: &[ShownDoor],
) -> Result<(), Error> {
    if job.task == ASSIGN {
        let message = "The card on the encoder belongs to no credential that is known here. Place another one.";
        return fail(tx, moment, job, &Failure::new(UNCATEGORIZED, message));
    }
    let warning = json!({
        "warning_code": "acs_credential_on_seam_not_found",
        "warning_message": "The card belongs to no credential that is known here.",
    });
    succeed(tx, moment, job, &found(on_encoder(card, doors), Value::Null, vec![warning]))
}

/// Gives the credential of the card to the user of the job.
fn assign(tx: &mut Tx<'_>, moment: &mut Moment, job: &EncoderJob, row: &Credential, show: Show) -> Result<(), Error> {
    let refuse = |tx: &mut Tx<'_>, moment: &mut Moment, message: &str| {
        fail(tx, moment, job, &Failure::new(UNCATEGORIZED, message))
    };
    if row.deleting_at.is_some() {
        return refuse(tx, moment, "The credential of the card is being deleted. Place another card.");
    }
    match (row.acs_user_id, job.acs_user_id) {
        (Some(present), Some(wanted)) if present != wanted => {
            let message = "The card belongs to somebody else. Take it from its present owner with \
                           /acs/credentials/unassign first.";
            return refuse(tx, moment, message);
        }
        (None, Some(wanted)) => {
            credential_state::set_owner(tx, row.id, Some(wanted))?;
            let (before, after) = (json!({ "acs_user_id": null }), json!({ "acs_user_id": wanted }));
            let program = Caller::program(row.workspace_id);
            program.note_change(tx, moment, "acs_credential.assign", row.id, before, after)?;
            tasks::add(tx, moment, row.acs_system_id, row.id, moment.now)?;
        }
        _ => {}
    }
    let rows = credentials::by_ids(tx, &[row.id])?;
    match views(tx, rows, moment.now)?.pop() {
        Some(view) => succeed(tx, moment, job, &show(view)),
        None => refuse(tx, moment, "The credential of the card is gone. Place another card."),
    }
}

/// What a sandbox was told the scan shall come to (`spec/api.md 4.18`).
pub(super) fn simulated(
    tx: &mut Tx<'_>,
    moment: &mut Moment,
    system: &AcsSystem,
    encoder: &Encoder,
    job: &EncoderJob,
    told: &Value,
    show: Show,
) -> Result<(), Error> {
    if let Some(failure) = Simulated::failure(told) {
        return fail(tx, moment, job, &failure);
    }
    match told["scenario"].as_str() {
        Some("credential_on_encoder_is_empty") => return blank(tx, moment, job),
        Some("credential_does_not_exist_on_seam") => {
            let serial = moment.id::<domain::id::kind::Carrier>().uuid().simple().to_string();
            let number: u32 = serial.bytes().fold(0, |sum, byte| sum.wrapping_mul(31).wrapping_add(u32::from(byte)));
            let card = CardRead {
                card_id: Some(number.to_string()),
                serial_number: Some(serial.chars().skip(16).take(16).collect()),
                created_at: Some(moment.now),
                is_issued: true,
                ..CardRead::default()
            };
            return stranger(tx, moment, job, &card, &[]);
        }
        _ => {}
    }
    let named = told["acs_credential_id"].as_str().and_then(|id| id.parse().ok());
    let id = match named {
        Some(id) => Some(id),
        None => encoder_jobs::last_encoded(tx, encoder.id)?,
    };
    let rows: Vec<Credential> = match id {
        Some(id) => credentials::by_ids(tx, &[id])?.into_iter().filter(|row| row.deleted_at.is_none()).collect(),
        None => Vec::new(),
    };
    let Some(row) = rows.first().cloned() else {
        let message = "No card was written on this encoder that the simulated scan could find.";
        return fail(tx, moment, job, &Failure::new(NO_CARD, message));
    };
    if job.task == ASSIGN {
        return assign(tx, moment, job, &row, show);
    }
    let Some(view) = views(tx, rows, moment.now)?.pop() else { return blank(tx, moment, job) };
    let zone = zone_of(system);
    let is_stale = told["scenario"].as_str() == Some("credential_on_encoder_needs_update");
    // A card that was written before the stay was made longer.
    let ends_at =
        if is_stale { super::end::later(row.ends_at, jiff::SignedDuration::from_hours(-1)) } else { row.ends_at };
    let card = CardRead {
        card_id: view.card_id.clone(),
        serial_number: view.card_number.clone(),
        created_at: Some(row.created_at),
        is_issued: true,
        starts_at: Some(row.starts_at),
        ends_at: Some(ends_at),
        local_window: (Some(start_minute(row.starts_at, &zone)), Some(end_minute(ends_at, &zone))),
        format: Some(row.card_format.clone()),
        ..CardRead::default()
    };
    let doors = view.doors.clone();
    let warnings = if is_stale { vec![out_of_sync(&["ends_at"])] } else { Vec::new() };
    succeed(tx, moment, job, &found(on_encoder(&card, &doors), show(view), warnings))
}

fn found(on_encoder: Value, on_seam: Value, warnings: Vec<Value>) -> Value {
    json!({
        "acs_credential_on_encoder": on_encoder,
        "acs_credential_on_seam": on_seam,
        "warnings": warnings,
    })
}

fn out_of_sync(differing: &[&str]) -> Value {
    json!({
        "warning_code": "acs_credential_on_encoder_out_of_sync",
        "warning_message": format!("The card differs from its credential in: {}.", differing.join(", ")),
    })
}

fn on_encoder(card: &CardRead, doors: &[ShownDoor]) -> Value {
    let ids = |is_guest: bool| -> Vec<EntranceId> {
        doors.iter().filter(|door| door.is_guest() == is_guest).map(|door| door.id).collect()
    };
    let mut metadata = json!({
        "card_id": card.card_id,
        "card_format": card.format,
        "card_holder": card.card_holder,
        "number_of_issued_cards": card.number_of_issued_cards,
        "cancelled": card.flags.cancelled,
        "discarded": card.flags.discarded,
        "expired": card.flags.expired,
        "overwritten": card.flags.overwritten,
        "overridden": card.flags.overridden,
        "pending_auto_update": card.flags.pending_auto_update,
        "guest_acs_entrance_ids": ids(true),
        "common_acs_entrance_ids": ids(false),
    });
    // What is not known is left out there, and null here (`spec/api.md 3.6`).
    if let Some(members) = metadata.as_object_mut() {
        members.retain(|_, member| !member.is_null());
    }
    json!({
        "created_at": card.created_at.map(text),
        "is_issued": card.is_issued,
        "starts_at": card.starts_at.map(text),
        "ends_at": card.ends_at.map(text),
        "card_number": card.serial_number,
        "visionline_metadata": metadata,
    })
}

/// Milliseconds, as all timestamps of the API have them.
fn text(at: Timestamp) -> String {
    format!("{at:.3}")
}

/// The names of the properties in which the card differs from its credential.
fn differences(
    system: &AcsSystem,
    card: &CardRead,
    doors: &[ShownDoor],
    carrier: &Carrier,
    view: &View,
) -> Vec<&'static str> {
    let zone = zone_of(system);
    let row = &view.credential;
    let mut differing = Vec::new();
    if card.local_window.0.is_some_and(|start| start != start_minute(row.starts_at, &zone)) {
        differing.push("starts_at");
    }
    if card.local_window.1.is_some_and(|end| end != end_minute(row.ends_at, &zone)) {
        differing.push("ends_at");
    }
    let on_card = |is_guest: bool| sorted(doors, is_guest);
    let wanted = |is_guest: bool| sorted(&view.doors, is_guest);
    if on_card(true) != wanted(true) {
        differing.push("guest_acs_entrance_ids");
    }
    if on_card(false) != wanted(false) {
        differing.push("common_acs_entrance_ids");
    }
    // A former card of a credential that has another one now.
    if view.card_id.is_some() && view.card_id != carrier.card_id {
        differing.push("card_id");
    }
    differing
}

fn sorted(doors: &[ShownDoor], is_guest: bool) -> Vec<EntranceId> {
    let mut ids: Vec<EntranceId> =
        doors.iter().filter(|door| door.is_guest() == is_guest).map(|door| door.id).collect();
    ids.sort_unstable();
    ids
}

fn zone_of(system: &AcsSystem) -> TimeZone {
    system.time_zone.as_deref().and_then(|name| TimeZone::get(name).ok()).unwrap_or(TimeZone::UTC)
}
