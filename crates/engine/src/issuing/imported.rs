//! Importing a key that was made at the hotel's own lock server, so that it can be listed and joined.
//!
//! Its stay is what matters, and the lock server does not tell it. It does say which cards it calls overridden: of two
//! cards that are current at a door and both good, the later one joined the earlier one, or the earlier one would be
//! overridden. So an imported card shares the stay of any good card that is current at the door, and opens a stay of
//! its own where there is none. A card of several rooms is called overridden only when it has lost them all
//! (`spec/visionline.md` 7, row 14): there the guess can be wrong, and then the lock server refuses the joiner.

use std::collections::BTreeMap;

use domain::{
    Moment, Stage, Window,
    id::{CarrierId, CredentialId, EntranceId, StayId},
    stay::{Opening, Rank, Tenancy},
};
use serde_json::json;
use store::{
    Tx, cards_seen,
    carriers::{self, CarrierDoor, Change, NewCarrier},
    credentials::{self, CARD, Credential, CredentialDoor, IMPORTED, MOBILE_KEY},
    entrances::Entrance,
    stays, systems,
    systems::AcsSystem,
    tasks,
};

use super::{CardFacts, Survey, cards::is_usable};
use crate::{Caller, Error, event};

/// Stores the key as a credential without a user, with a carrier that is live.
pub(super) fn import(
    tx: &mut Tx<'_>,
    moment: &mut Moment,
    system: &AcsSystem,
    survey: &Survey,
    facts: &CardFacts,
) -> Result<(), Error> {
    let mut doors = cards_seen::doors_named(tx, system.id, &facts.doors)?;
    doors.sort_by_key(|door| facts.doors.iter().position(|name| *name == door.door_name));
    if doors.is_empty() {
        return Ok(());
    }
    let made_at = facts.created_at.filter(|at| *at < moment.now).unwrap_or(moment.now);
    let credential = credential(moment, system, facts, made_at);
    credentials::insert(tx, &credential)?;

    let stamps = stamps(tx, moment, system, survey, facts, &doors, made_at)?;
    for (position, door) in doors.iter().enumerate() {
        let row = CredentialDoor {
            credential_id: credential.id,
            entrance_id: door.id,
            position: i32::try_from(position).unwrap_or(i32::MAX),
            stay_id: stamps.get(&door.id).map(|(stay, _)| *stay),
        };
        credentials::insert_door(tx, &row)?;
    }
    let carrier = carrier(tx, moment, system, &credential, facts)?;
    for (door, (stay, opening)) in &stamps {
        let row = CarrierDoor { carrier_id: carrier, entrance_id: *door, stay_id: *stay, opening: *opening };
        carriers::insert_door(tx, &row)?;
        stays::set_opening(tx, *stay, *door, *opening)?;
    }
    let after = json!({
        "carrier_id": carrier,
        "card_id": facts.seen.card_id,
        "acs_entrance_ids": doors.iter().map(|door| door.id).collect::<Vec<_>>(),
        "starts_at": credential.starts_at,
        "ends_at": credential.ends_at,
    });
    let program = Caller::program(system.workspace_id);
    program.note(tx, moment, "acs_credential.import", credential.id, json!({ "after": after }))?;
    if facts.seen.is_delivered {
        event::credential(tx, moment, "acs_credential.issued", system, &credential)?;
    }
    look_at_neighbours(tx, moment, system, credential.id, stamps.keys().copied().collect())
}

fn credential(moment: &mut Moment, system: &AcsSystem, facts: &CardFacts, made_at: jiff::Timestamp) -> Credential {
    let is_plastic = facts.endpoint_id.is_none();
    Credential {
        id: moment.id(),
        workspace_id: system.workspace_id,
        acs_system_id: system.id,
        acs_user_id: None,
        parent_id: None,
        endpoint_id: None,
        credential_manager_id: None,
        access_method: if is_plastic { CARD } else { MOBILE_KEY }.to_owned(),
        is_multi_phone: false,
        starts_at: facts.window.starts_at,
        ends_at: facts.window.ends_at,
        schedule_modified: false,
        card_format: facts.format.clone(),
        label: None,
        mode: IMPORTED.to_owned(),
        joiner_ids: json!([]),
        auto_join: None,
        revision: 0,
        issued_at: facts.seen.is_delivered.then_some(made_at),
        invalidated_at: None,
        needs_reissue_at: None,
        refused: None,
        replaced_by: None,
        created_at: made_at,
        revoked_at: None,
        deleting_at: None,
        deleted_at: None,
    }
}

fn carrier(
    tx: &mut Tx<'_>,
    moment: &mut Moment,
    system: &AcsSystem,
    credential: &Credential,
    facts: &CardFacts,
) -> Result<CarrierId, Error> {
    let new = NewCarrier {
        id: moment.id(),
        acs_system_id: system.id,
        credential_id: credential.id,
        revision: 0,
        method: IMPORTED,
        request: json!({}),
        window: facts.window,
        created_at: moment.now,
    };
    carriers::insert(tx, &new)?;
    let is_delivered = facts.seen.is_delivered;
    let change = Change {
        stage: Some(match (is_delivered, credential.access_method == CARD) {
            (false, _) => Stage::OnLockServer,
            (true, true) => Stage::OnCard,
            (true, false) => Stage::OnPhone,
        }),
        due_at: Some(None),
        card: Some((facts.seen.card_id.clone(), facts.seen.native_credential_id.clone())),
        confirmed_at: Some(moment.now),
        delivered_at: is_delivered.then_some(moment.now),
        ..Change::default()
    };
    carriers::change(tx, new.id, change)?;
    Ok(new.id)
}

/// The stay and the stamp of the card at each of its guest doors.
fn stamps(
    tx: &mut Tx<'_>,
    moment: &mut Moment,
    system: &AcsSystem,
    survey: &Survey,
    facts: &CardFacts,
    doors: &[Entrance],
    made_at: jiff::Timestamp,
) -> Result<BTreeMap<EntranceId, (StayId, Opening)>, Error> {
    let mut stamps = BTreeMap::new();
    let mut own: Option<(Rank, Opening)> = None;
    for door in doors.iter().filter(|door| door.category().is_guest()) {
        if let Some(shared) = shared(tx, moment, system, survey, facts, door)? {
            stamps.insert(door.id, shared);
            continue;
        }
        let (rank, opening) = match own {
            Some(own) => own,
            None => {
                // A key that the desk makes takes the room when it is made, whatever start it writes on it.
                let starts_at = facts.window.starts_at.max(made_at);
                let rank = Rank::new(starts_at, made_at, moment.id());
                stays::insert(tx, system.id, &rank)?;
                *own.insert((rank, systems::take_opening(tx, system.id)?))
            }
        };
        stays::insert_tenancy(tx, &Tenancy { door: door.id, rank, window: facts.window, lost: false })?;
        stamps.insert(door.id, (rank.stay, opening));
    }
    Ok(stamps)
}

/// The stay of a good card that is current at the door, and its newest stamp there.
fn shared(
    tx: &mut Tx<'_>,
    moment: &Moment,
    system: &AcsSystem,
    survey: &Survey,
    facts: &CardFacts,
    door: &Entrance,
) -> Result<Option<(StayId, Opening)>, Error> {
    let listed = survey.listed.get(&door.door_name).into_iter().flatten();
    let good: Vec<String> = listed
        .filter(|id| **id != facts.seen.card_id)
        .filter(|id| survey.cards.get(*id).is_some_and(|other| is_usable(other, moment.now)))
        .cloned()
        .collect();
    let live: Vec<CarrierId> = cards_seen::carriers_of(tx, system.id, &good)?
        .into_iter()
        .filter(|carrier| carrier.stage().is_live())
        .map(|carrier| carrier.id)
        .collect();
    let stay_ids: Vec<StayId> = carriers::doors_of(tx, &live)?
        .into_iter()
        .filter(|held| held.entrance_id == door.id)
        .map(|held| held.stay_id)
        .collect();
    let tenancies = stays::tenancies_of(tx, &stay_ids)?;
    let there = tenancies
        .into_iter()
        .filter(|tenancy| tenancy.entrance_id == door.id && tenancy.lost_at.is_none())
        .max_by_key(|tenancy| (tenancy.opening, tenancy.rank()));
    let Some(there) = there else { return Ok(None) };
    let window: Window = there.tenancy().window.hull(&facts.window);
    stays::set_window(tx, there.stay_id, door.id, window)?;
    let opening = match there.opening {
        Some(opening) => opening,
        None => systems::take_opening(tx, system.id)?,
    };
    Ok(Some((there.stay_id, opening)))
}

/// The key changes the plan of everybody with a stay at its doors: some have lost them, some come later (R4).
fn look_at_neighbours(
    tx: &mut Tx<'_>,
    moment: &mut Moment,
    system: &AcsSystem,
    key: CredentialId,
    doors: Vec<EntranceId>,
) -> Result<(), Error> {
    tasks::add(tx, moment, system.id, key, moment.now)?;
    let stay_ids: Vec<StayId> =
        stays::tenancies_at(tx, &doors, moment.now)?.into_iter().map(|tenancy| tenancy.stay_id).collect();
    for holder in credentials::in_stays(tx, &stay_ids)? {
        if holder.id != key {
            tasks::add(tx, moment, system.id, holder.id, moment.now)?;
        }
    }
    Ok(())
}
