//! Taking in what people at the hotel did to cards themselves (`spec/api.md` open question 14).
//!
//! The lock server says of a card only what it is now: which doors, which window, and whether it was overridden,
//! cancelled, discarded or overwritten. Who joined whom has to be told from that; see [`super::imported`].

use std::collections::BTreeSet;

use domain::{
    Moment, Stage,
    id::{AcsSystemId, EntranceId, StayId},
};
use jiff::{SignedDuration, Timestamp, civil::DateTime, tz::TimeZone};
use serde_json::json;
use store::{
    Tx, cards_seen,
    carriers::{self, Carrier, Change, NewCarrier},
    stays, systems,
    systems::AcsSystem,
};

use super::{
    CardFacts, Survey,
    came_back::{confirmed, found_delivered, note_stage, taken_out_of_use},
    delivery::invalidate,
    imported::import,
};
use crate::{Caller, Error};

/// Takes in a survey of some doors: imports keys that nobody here asked for, adopts or discards cards of ours whose
/// outcome got lost, and takes over what became of the known ones.
///
/// # Errors
/// When storage fails.
pub fn surveyed(tx: &mut Tx<'_>, moment: &mut Moment, system_id: AcsSystemId, survey: &Survey) -> Result<(), Error> {
    let system = systems::get(tx, system_id)?;
    let ids: Vec<String> = survey.cards.keys().cloned().collect();
    let known = cards_seen::carriers_of(tx, system_id, &ids)?;
    // Made first, taken in first: a later card may share the stay of an earlier one.
    let mut unknown: Vec<&CardFacts> = survey
        .cards
        .values()
        .filter(|facts| known.iter().all(|carrier| carrier.card_id.as_deref() != Some(&facts.seen.card_id)))
        .collect();
    unknown.sort_by_key(|facts| (facts.seen.card_id.len(), facts.seen.card_id.clone()));
    for facts in unknown {
        match ours(tx, system_id, facts)? {
            Some(carrier) => {
                adopt(tx, moment, &system, &carrier, facts)?;
                note_stage(tx, moment, &system, &carrier)?;
            }
            None if is_usable(facts, moment.now) => import(tx, moment, &system, survey, facts)?,
            None => {}
        }
    }
    for carrier in known {
        let Some(facts) = carrier.card_id.as_ref().and_then(|id| survey.cards.get(id)) else { continue };
        compare(tx, moment, &system, &carrier, facts)?;
        note_stage(tx, moment, &system, &carrier)?;
    }
    Ok(())
}

/// Whether a card is worth importing: it opens something and can be joined.
pub(super) fn is_usable(facts: &CardFacts, now: Timestamp) -> bool {
    !facts.is_overridden && !facts.seen.is_discarded && facts.window.ends_at > now
}

/// The carrier that asked for the card, if one of ours did.
fn ours(tx: &mut Tx<'_>, system_id: AcsSystemId, facts: &CardFacts) -> Result<Option<Carrier>, Error> {
    match &facts.mark {
        Some(mark) => Ok(cards_seen::carrier_with_mark(tx, system_id, mark)?),
        None => Ok(None),
    }
}

/// A card of ours whose making was never reported. One that is still wanted is adopted; one that was given up is
/// discarded, or there would be two where one was asked (P2).
fn adopt(
    tx: &mut Tx<'_>,
    moment: &mut Moment,
    system: &AcsSystem,
    carrier: &Carrier,
    facts: &CardFacts,
) -> Result<(), Error> {
    let gone_already = facts.seen.is_discarded;
    match carrier.stage() {
        // At an encoder: whoever waits there finds out by itself whether the card was written.
        Stage::Sent if carrier.due_at.is_none() => Ok(()),
        Stage::Sent if !gone_already => confirmed(tx, moment, system, carrier, &facts.seen),
        Stage::Gone | Stage::RevokedAtServer if carrier.card_id.is_none() && !gone_already => {
            let change = Change {
                stage: Some(Stage::Revoking),
                due_at: Some(Some(moment.now)),
                attempts: Some(0),
                card: Some((facts.seen.card_id.clone(), facts.seen.native_credential_id.clone())),
                ..Change::default()
            };
            Ok(carriers::change(tx, carrier.id, change)?)
        }
        // The carrier has its card, and this is a second one for it: made twice, against all care.
        _ if carrier.card_id.is_some() && !gone_already => discard_second(tx, moment, system, carrier, facts),
        // Its own outcome is about to be reported.
        _ => Ok(()),
    }
}

/// Has a second card of a carrier discarded, under a carrier of its own.
fn discard_second(
    tx: &mut Tx<'_>,
    moment: &mut Moment,
    system: &AcsSystem,
    carrier: &Carrier,
    facts: &CardFacts,
) -> Result<(), Error> {
    let second = NewCarrier {
        id: moment.id(),
        acs_system_id: carrier.acs_system_id,
        credential_id: carrier.credential_id,
        revision: carrier.revision,
        method: "second",
        request: json!({}),
        window: facts.window,
        created_at: moment.now,
    };
    carriers::insert(tx, &second)?;
    let change = Change {
        stage: Some(Stage::Revoking),
        card: Some((facts.seen.card_id.clone(), facts.seen.native_credential_id.clone())),
        ..Change::default()
    };
    tracing::warn!(carrier.id = %carrier.id, "the lock server has a second card for a key; it is discarded");
    let after = json!({ "acs_credential_id": carrier.credential_id, "card_id": facts.seen.card_id });
    let program = Caller::program(system.workspace_id);
    program.note(tx, moment, "carrier.discard_second", second.id, json!({ "after": after }))?;
    Ok(carriers::change(tx, second.id, change)?)
}

/// What became of a card that is known here.
fn compare(
    tx: &mut Tx<'_>,
    moment: &mut Moment,
    system: &AcsSystem,
    carrier: &Carrier,
    facts: &CardFacts,
) -> Result<(), Error> {
    if !carrier.stage().is_live() {
        return Ok(());
    }
    if facts.seen.is_discarded {
        return taken_out_of_use(tx, moment, system, carrier);
    }
    if carrier.stage() == Stage::OnLockServer && facts.seen.is_delivered {
        found_delivered(tx, moment, system, carrier)?;
    }
    compare_window(tx, moment, system, carrier, facts)?;
    if facts.is_overridden { overridden(tx, moment, system, carrier) } else { Ok(()) }
}

/// `schedule_externally_modified` of `spec/api.md 4.24`: the card has another window than the one we asked for.
fn compare_window(
    tx: &mut Tx<'_>,
    moment: &mut Moment,
    system: &AcsSystem,
    carrier: &Carrier,
    facts: &CardFacts,
) -> Result<(), Error> {
    let zone = system.time_zone.as_deref().and_then(|name| TimeZone::get(name).ok()).unwrap_or(TimeZone::UTC);
    let wanted = (start_minute(carrier.starts_at, &zone), end_minute(carrier.ends_at, &zone));
    let since = match (wanted == facts.local_window, carrier.externally_modified_at) {
        (true, Some(_)) => None,
        (false, None) => Some(moment.now),
        _ => return Ok(()),
    };
    carriers::change(tx, carrier.id, Change { externally_modified_at: Some(since), ..Change::default() })?;
    let (before, after) = (carrier.externally_modified_at, since);
    let (before, after) = (json!({ "externally_modified_at": before }), json!({ "externally_modified_at": after }));
    Caller::program(system.workspace_id).note_change(tx, moment, "carrier.compare", carrier.id, before, after)
}

/// The civil minute that a start is sent as (design 8): rounded down.
pub(crate) fn start_minute(at: Timestamp, zone: &TimeZone) -> DateTime {
    zone.to_datetime(at.saturating_sub(past_minute(at)).unwrap_or(at))
}

/// The civil minute that an end is sent as: rounded up.
pub(crate) fn end_minute(at: Timestamp, zone: &TimeZone) -> DateTime {
    let past = past_minute(at);
    if past.is_zero() {
        return zone.to_datetime(at);
    }
    zone.to_datetime(at.saturating_add(SignedDuration::from_mins(1) - past).unwrap_or(at))
}

/// Zones have offsets of whole minutes in our time, so minutes begin together everywhere.
fn past_minute(at: Timestamp) -> SignedDuration {
    SignedDuration::from_micros(at.as_microsecond().rem_euclid(60_000_000))
}

/// The lock server calls the card overridden. Where a stay that is known here has a newer stamp at one of its doors,
/// that was expected and the rules have taken it into account: they may even have a newer key on its way (R4). Else
/// somebody at the hotel made a key that we have not seen, and this card's stays have lost its doors.
fn overridden(tx: &mut Tx<'_>, moment: &mut Moment, system: &AcsSystem, carrier: &Carrier) -> Result<(), Error> {
    let doors = carriers::doors_of(tx, &[carrier.id])?;
    let ids: Vec<EntranceId> = doors.iter().map(|door| door.entrance_id).collect();
    let there = stays::tenancies_at(tx, &ids, moment.now)?;
    let is_expected = doors.iter().any(|door| {
        there.iter().any(|tenancy| {
            tenancy.entrance_id == door.entrance_id && tenancy.opening.is_some_and(|opening| opening > door.opening)
        })
    });
    if is_expected || carrier.starts_at > moment.now {
        return Ok(());
    }
    let mut losers: BTreeSet<StayId> = BTreeSet::new();
    for door in &doors {
        if cards_seen::lose(tx, door.stay_id, door.entrance_id, moment.now)? {
            losers.insert(door.stay_id);
        }
    }
    if losers.is_empty() {
        return Ok(());
    }
    invalidate(tx, moment, system, &losers.into_iter().collect::<Vec<_>>())
}
