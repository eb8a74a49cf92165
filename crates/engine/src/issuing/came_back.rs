//! Recording what became of a request.

use std::collections::BTreeSet;

use domain::{
    Moment, Stage,
    id::{CredentialId, EntranceId, StayId},
    window::minute,
};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use store::{
    Tx,
    carriers::{self, Carrier, Change},
    credential_state, credentials,
    credentials::Credential,
    stays, systems,
    systems::AcsSystem,
    tasks,
};

use super::{CardSeen, Failure, FailureKind, Outcome, Step, delivery::delivered};
use crate::{Caller, Error, event};

/// First pause before a failed step is tried again; doubles with each try.
const FIRST_PAUSE: SignedDuration = SignedDuration::from_millis(500);
/// A failed create that took longer than this may still be under way at the lock server.
const PATIENT: SignedDuration = SignedDuration::from_secs(20);
/// How long after a create that broke off the card may still be made.
const SETTLING: SignedDuration = SignedDuration::from_secs(2);
/// Longest pause between two tries.
const LONGEST_PAUSE: SignedDuration = SignedDuration::from_secs(60);

/// Records the outcome of a step that was handed out. An outcome that arrives twice, or after the carrier went on,
/// changes nothing.
///
/// # Errors
/// When storage fails.
pub fn came_back(tx: &mut Tx<'_>, moment: &mut Moment, step: &Step, outcome: &Outcome) -> Result<(), Error> {
    // A sandbox that was emptied meanwhile knows nothing of it any more.
    let Some(carrier) = carriers::find(tx, step.carrier())? else { return Ok(()) };
    let system = systems::get(tx, carrier.acs_system_id)?;
    record(tx, moment, &system, &carrier, step, outcome)?;
    note_stage(tx, moment, &system, &carrier)
}

/// Writes to the audit log where a carrier stands now, if that has changed.
pub(crate) fn note_stage(
    tx: &mut Tx<'_>,
    moment: &mut Moment,
    system: &AcsSystem,
    before: &Carrier,
) -> Result<(), Error> {
    let after = carriers::get(tx, before.id)?;
    if after.stage() == before.stage() && after.card_id == before.card_id {
        return Ok(());
    }
    let shown = |carrier: &Carrier| json!({ "stage": carrier.stage().as_str(), "card_id": carrier.card_id });
    let detail = json!({
        "acs_credential_id": after.credential_id,
        "before": shown(before),
        "after": shown(&after),
    });
    Caller::program(system.workspace_id).note(tx, moment, "carrier.change", after.id, detail)
}

fn record(
    tx: &mut Tx<'_>,
    moment: &mut Moment,
    system: &AcsSystem,
    carrier: &Carrier,
    step: &Step,
    outcome: &Outcome,
) -> Result<(), Error> {
    match (carrier.stage(), outcome) {
        (Stage::Sent, Outcome::Card(card)) => confirmed(tx, moment, system, carrier, card),
        (Stage::Sent, Outcome::NoCard | Outcome::Discarded) => not_there(tx, moment, carrier),
        (Stage::Sent, Outcome::Failed(failure)) => match step {
            Step::Create { sent_at, .. } => not_made(tx, moment, system, carrier, failure, *sent_at),
            // Whatever failed here was the look; whether the card was made is as open as before.
            _ => again(tx, moment, carrier, Stage::Sent, Some(failure)),
        },
        (Stage::OnLockServer, Outcome::Card(card)) => read(tx, moment, system, carrier, card),
        (Stage::Revoking, Outcome::Discarded) => ended(tx, moment, carrier, Stage::RevokedAtServer),
        (Stage::OnLockServer | Stage::Revoking, Outcome::NoCard) => ended(tx, moment, carrier, Stage::Gone),
        (Stage::OnLockServer, Outcome::Discarded) => taken_out_of_use(tx, moment, system, carrier),
        (stage @ (Stage::OnLockServer | Stage::Revoking), Outcome::Failed(failure)) => {
            again(tx, moment, carrier, stage, Some(failure))
        }
        (Stage::Revoking, Outcome::Card(_)) => again(tx, moment, carrier, Stage::Revoking, None),
        (Stage::Accepted | Stage::OnPhone | Stage::OnCard | Stage::RevokedAtServer | Stage::Gone, _) => Ok(()),
    }
}

/// Looked for and not there. It was never made, so it can be asked for: unless the lock server may still be at it (P2).
fn not_there(tx: &mut Tx<'_>, moment: &Moment, carrier: &Carrier) -> Result<(), Error> {
    let settles_at = carrier.settles_at.filter(|settles_at| *settles_at > moment.now);
    let change = Change {
        stage: Some(if settles_at.is_some() { Stage::Sent } else { Stage::Accepted }),
        due_at: Some(Some(settles_at.unwrap_or(moment.now))),
        ..Change::default()
    };
    Ok(carriers::change(tx, carrier.id, change)?)
}

/// The lock server has the card: its stamps count, and everybody at its doors is looked at.
pub(crate) fn confirmed(
    tx: &mut Tx<'_>,
    moment: &mut Moment,
    system: &AcsSystem,
    carrier: &Carrier,
    card: &CardSeen,
) -> Result<(), Error> {
    let doors = carriers::doors_of(tx, &[carrier.id])?;
    for door in &doors {
        stays::set_opening(tx, door.stay_id, door.entrance_id, door.opening)?;
    }
    let change = Change {
        card: Some((card.card_id.clone(), card.native_credential_id.clone())),
        confirmed_at: Some(moment.now),
        ..arrived(moment, carrier, card.is_delivered)
    };
    carriers::change(tx, carrier.id, change)?;
    // Earlier stays lose the doors when the key and when its stay starts (P4).
    let stay_ids: BTreeSet<StayId> = doors.iter().map(|door| door.stay_id).collect();
    let mut starts: BTreeSet<Timestamp> = stays::tenancies_of(tx, &stay_ids.into_iter().collect::<Vec<_>>())?
        .into_iter()
        .map(|tenancy| tenancy.rank_starts_at)
        .collect();
    starts.insert(minute(carrier.starts_at));
    starts.retain(|start| *start > moment.now);
    for start in starts {
        tasks::add(tx, moment, system.id, carrier.credential_id, start)?;
    }
    if card.is_delivered {
        delivered(tx, moment, system, carrier)?;
    }
    look_at(tx, moment, carrier, &doors.iter().map(|door| door.entrance_id).collect::<Vec<_>>())
}

fn read(
    tx: &mut Tx<'_>,
    moment: &mut Moment,
    system: &AcsSystem,
    carrier: &Carrier,
    card: &CardSeen,
) -> Result<(), Error> {
    if card.is_discarded {
        return taken_out_of_use(tx, moment, system, carrier);
    }
    if !card.is_delivered {
        return again(tx, moment, carrier, Stage::OnLockServer, None);
    }
    found_delivered(tx, moment, system, carrier)
}

/// The phone has the key of a card that the lock server had confirmed before.
pub(super) fn found_delivered(
    tx: &mut Tx<'_>,
    moment: &mut Moment,
    system: &AcsSystem,
    carrier: &Carrier,
) -> Result<(), Error> {
    carriers::change(tx, carrier.id, arrived(moment, carrier, true))?;
    delivered(tx, moment, system, carrier)?;
    look_at(tx, moment, carrier, &[])
}

/// Somebody at the hotel discarded or cancelled the card. That is a decision, so the key is not made again; it counts
/// as invalid (`spec/api.md 4.12`), and so does a parent all of whose keys went this way.
pub(super) fn taken_out_of_use(
    tx: &mut Tx<'_>,
    moment: &mut Moment,
    system: &AcsSystem,
    carrier: &Carrier,
) -> Result<(), Error> {
    ended(tx, moment, carrier, Stage::RevokedAtServer)?;
    let Some(key) = credentials::by_ids(tx, &[carrier.credential_id])?.into_iter().next() else { return Ok(()) };
    // A former card of a key that has been issued anew meanwhile says nothing about the key.
    let others = carriers::of_credentials(tx, &[key.id])?;
    let is_former = others.iter().any(|other| other.id != carrier.id && other.stage().is_live());
    if is_former || key.deleting_at.is_some() || key.deleted_at.is_some() {
        return Ok(());
    }
    invalidate_one(tx, moment, system, &key)?;
    let Some(parent_id) = key.parent_id else { return Ok(()) };
    let siblings = credentials::children_of(tx, &[parent_id])?;
    if siblings.iter().all(|sibling| sibling.id == key.id || sibling.invalidated_at.is_some()) {
        for parent in credentials::by_ids(tx, &[parent_id])? {
            invalidate_one(tx, moment, system, &parent)?;
        }
    }
    Ok(())
}

/// Marks one credential invalid, once, with its event.
pub(crate) fn invalidate_one(
    tx: &mut Tx<'_>,
    moment: &mut Moment,
    system: &AcsSystem,
    credential: &Credential,
) -> Result<(), Error> {
    if credential.invalidated_at.is_some() {
        return Ok(());
    }
    credential_state::set_invalidated(tx, credential.id, moment.now)?;
    Caller::program(system.workspace_id).note(tx, moment, "acs_credential.invalidate", credential.id, json!({}))?;
    event::credential(tx, moment, "acs_credential.invalidated", system, credential)
}

/// A confirmed carrier rests once its phone has it; until then it is read now and again.
fn arrived(moment: &Moment, carrier: &Carrier, is_delivered: bool) -> Change {
    let at_rest = if carrier.request["encoder_id"].is_string() { Stage::OnCard } else { Stage::OnPhone };
    let next_read = moment.now.saturating_add(FIRST_PAUSE).unwrap_or(Timestamp::MAX);
    Change {
        stage: Some(if is_delivered { at_rest } else { Stage::OnLockServer }),
        due_at: Some((!is_delivered).then_some(next_read)),
        attempts: Some(0),
        last_error: Some(None),
        delivered_at: is_delivered.then_some(moment.now),
        ..Change::default()
    }
}

/// A card that could not be made. When it may have been made all the same, the next step is to look for it (P2).
fn not_made(
    tx: &mut Tx<'_>,
    moment: &mut Moment,
    system: &AcsSystem,
    carrier: &Carrier,
    failure: &Failure,
    sent_at: Timestamp,
) -> Result<(), Error> {
    if failure.may_be_done {
        // A lock server that was silent for long may still be at it; one that broke off at once is not for long.
        if moment.now.duration_since(sent_at) < PATIENT {
            let settles_at = moment.now.saturating_add(SETTLING).unwrap_or(Timestamp::MAX);
            carriers::change(tx, carrier.id, Change { settles_at: Some(settles_at), ..Change::default() })?;
        }
        return again(tx, moment, carrier, Stage::Sent, Some(failure));
    }
    if failure.kind != FailureKind::Refused {
        return again(tx, moment, carrier, Stage::Accepted, Some(failure));
    }
    // Refused as it stands. What stood in the way may have changed while it was sent, so the plan is made anew; only
    // a request that is refused again without any change in between is given up.
    let former = carriers::of_credentials(tx, &[carrier.credential_id])?;
    let refused_before = former.iter().any(|other| {
        other.id != carrier.id
            && other.revision == carrier.revision
            && other.method == carrier.method
            && other.confirmed_at.is_none()
            && other.last_error.is_some()
    });
    if refused_before {
        let said = json!({ "message": failure.message, "at": moment.now.to_string() });
        credential_state::set_refused(tx, carrier.credential_id, Some(&said))?;
        let program = Caller::program(system.workspace_id);
        program.note(tx, moment, "acs_credential.refuse", carrier.credential_id, json!({ "after": said }))?;
    }
    let change = Change { last_error: Some(Some(error(failure, moment))), ..Change::default() };
    carriers::change(tx, carrier.id, change)?;
    ended(tx, moment, carrier, Stage::Gone)
}

/// Tries the step again after a pause.
fn again(
    tx: &mut Tx<'_>,
    moment: &mut Moment,
    carrier: &Carrier,
    stage: Stage,
    failure: Option<&Failure>,
) -> Result<(), Error> {
    let change = Change {
        stage: Some(stage),
        due_at: Some(Some(moment.now.saturating_add(pause(moment, carrier.attempts)).unwrap_or(Timestamp::MAX))),
        last_error: failure.map(|failure| Some(error(failure, moment))),
        ..Change::default()
    };
    Ok(carriers::change(tx, carrier.id, change)?)
}

/// Doubles with each try, spread over its upper half so that many waiting steps do not come back at once.
fn pause(moment: &mut Moment, attempts: i32) -> SignedDuration {
    let doublings = u32::try_from(attempts.saturating_sub(1)).unwrap_or(0).min(16);
    let whole = (FIRST_PAUSE * 2_i32.saturating_pow(doublings)).min(LONGEST_PAUSE);
    let spread = moment.id::<domain::id::kind::Task>().uuid().as_u128() % 1_000;
    let permille = 500 + i64::try_from(spread).unwrap_or(0) / 2;
    SignedDuration::from_micros(i64::try_from(whole.as_micros()).unwrap_or(0) / 1_000 * permille)
}

/// The carrier is at its end; everybody at its doors is looked at.
pub(crate) fn ended(tx: &mut Tx<'_>, moment: &mut Moment, carrier: &Carrier, stage: Stage) -> Result<(), Error> {
    let change = Change { stage: Some(stage), due_at: Some(None), ended_at: Some(moment.now), ..Change::default() };
    carriers::change(tx, carrier.id, change)?;
    let doors = carriers::doors_of(tx, &[carrier.id])?;
    look_at(tx, moment, carrier, &doors.iter().map(|door| door.entrance_id).collect::<Vec<_>>())
}

/// Puts the carrier's credential in the outbox, and everybody with a stay at these doors: some waited for the door,
/// some have later stays whose stamps are now out of order (R4).
fn look_at(tx: &mut Tx<'_>, moment: &mut Moment, carrier: &Carrier, doors: &[EntranceId]) -> Result<(), Error> {
    let mut touched: BTreeSet<CredentialId> = BTreeSet::from([carrier.credential_id]);
    let stay_ids: BTreeSet<StayId> =
        stays::tenancies_at(tx, doors, moment.now)?.into_iter().map(|tenancy| tenancy.stay_id).collect();
    for holder in credentials::in_stays(tx, &stay_ids.into_iter().collect::<Vec<_>>())? {
        touched.insert(holder.id);
    }
    for credential in touched {
        tasks::add(tx, moment, carrier.acs_system_id, credential, moment.now)?;
    }
    Ok(())
}

fn error(failure: &Failure, moment: &Moment) -> serde_json::Value {
    let kind = match failure.kind {
        FailureKind::Transient => "transient",
        FailureKind::Refused => "refused",
        FailureKind::CredentialsWrong => "credentials_wrong",
        FailureKind::Unreachable => "unreachable",
    };
    json!({ "kind": kind, "message": failure.message, "at": moment.now.to_string() })
}
