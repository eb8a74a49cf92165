//! Reading the outbox: brings the stored intentions of some credentials in line with the plan.

use std::collections::BTreeSet;

use domain::{
    Id, Moment, Stage,
    id::{AcsSystemId, CarrierId, CredentialId, EntranceId},
    label::{self, LabelFacts},
    plan::{self, Action, Method, Waiting},
    window::minute,
};
use serde_json::json;
use store::{
    Tx,
    carriers::{self, CarrierDoor, NewCarrier},
    credential_state,
    credentials::{self, Credential},
    entrances,
    entrances::Entrance,
    systems::{self, AcsSystem},
    tasks,
};

use super::{
    BATCH, Order,
    came_back::note_stage,
    children::add_missing_children,
    delivery::settle_losses,
    finish::{finish_key, finish_parents, release},
    scene::{self, Surroundings},
};
use crate::{Caller, Error, access_grants, credentials::refit};

/// How often one look may find that its own changes call for another; each round finishes at least one key, so this
/// bound is only reached by a mistake of ours.
const ROUNDS: usize = 64;

/// Looks at the credentials that the outbox names for the site, and stores what must be made or discarded. Answers
/// whether there was anything to look at.
///
/// # Errors
/// When storage fails.
pub fn look(tx: &mut Tx<'_>, moment: &mut Moment, system_id: AcsSystemId) -> Result<bool, Error> {
    let named = tasks::take_due(tx, system_id, moment.now, BATCH)?;
    if named.is_empty() {
        return Ok(false);
    }
    let system = systems::get(tx, system_id)?;
    let mut seen: BTreeSet<CredentialId> = BTreeSet::new();
    let rows = credentials::by_ids(tx, &named)?;
    let holders: Vec<CredentialId> = rows.iter().map(|row| row.parent_id.unwrap_or(row.id)).collect();
    move_replaced(tx, moment, &rows)?;
    settle_losses(tx, moment, &system, &holders)?;
    for holder in holders {
        if seen.contains(&holder) {
            continue;
        }
        // What shares nothing with the first but came into view through it is looked at until it is settled too.
        let mut in_view = vec![holder];
        for _ in 0..ROUNDS {
            let (around, settled) = look_once(tx, moment, &system, &in_view)?;
            in_view = around.holders.keys().copied().collect();
            seen.extend(&in_view);
            if settled {
                break;
            }
        }
        seen.insert(holder);
    }
    access_grants::settle(tx, moment, &seen.into_iter().collect::<Vec<_>>())?;
    Ok(true)
}

/// A credential that lay ahead has begun: those that it replaces count no more for the place of their stays.
fn move_replaced(tx: &mut Tx<'_>, moment: &Moment, rows: &[Credential]) -> Result<(), Error> {
    let lay_ahead = |row: &&Credential| row.created_at < row.starts_at && minute(row.starts_at) <= moment.now;
    let begun: Vec<CredentialId> = rows.iter().filter(lay_ahead).map(|row| row.parent_id.unwrap_or(row.id)).collect();
    if begun.is_empty() {
        return Ok(());
    }
    for former in credentials::replaced_by(tx, &begun)? {
        refit(tx, former.id, moment.now)?;
    }
    Ok(())
}

/// One round; answers whether it left everything as a further round would.
fn look_once(
    tx: &mut Tx<'_>,
    moment: &mut Moment,
    system: &AcsSystem,
    holders: &[CredentialId],
) -> Result<(Surroundings, bool), Error> {
    let around = scene::load(tx, holders, moment.now)?;
    if add_missing_children(tx, moment, &around)? {
        return Ok((around, false));
    }
    let mut settled = !finish_parents(tx, moment, system, &around)?;
    for action in plan::plan(&around.scene) {
        match action {
            Action::Issue { key, method } => {
                order(tx, moment, system, &around, key, &method, None)?;
            }
            Action::Wait { key, reason: Waiting::GivingWay { until } } => {
                tasks::add(tx, moment, system.id, key, until)?;
            }
            // A create that is under way ends by itself.
            Action::Wait { reason: Waiting::Busy, .. } => {}
            Action::Wait { key, .. } => {
                if let Some(end) = around.next_end(moment.now) {
                    tasks::add(tx, moment, system.id, key, end)?;
                }
            }
            Action::EncodeAgain { key } => {
                if around.key_row(key).is_some_and(|row| row.needs_reissue_at.is_none()) {
                    credential_state::set_needs_reissue(tx, key, Some(moment.now))?;
                    let program = Caller::program(system.workspace_id);
                    program.note(tx, moment, "acs_credential.need_encoding", key, json!({}))?;
                }
            }
            Action::Discard { carrier } => revoke(tx, moment, system, carrier)?,
            Action::Release { key } => {
                release(tx, moment, key)?;
                Caller::program(system.workspace_id).note(tx, moment, "acs_credential.release", key, json!({}))?;
                settled = false;
            }
            Action::Finish { key } => {
                settled &= !finish_key(tx, moment, system, &around, key)?;
            }
        }
    }
    Ok((around, settled))
}

fn revoke(tx: &mut Tx<'_>, moment: &mut Moment, system: &AcsSystem, carrier: CarrierId) -> Result<(), Error> {
    let before = carriers::get(tx, carrier)?;
    let change = carriers::Change {
        stage: Some(Stage::Revoking),
        due_at: Some(Some(moment.now)),
        attempts: Some(0),
        ..carriers::Change::default()
    };
    carriers::change(tx, carrier, change)?;
    note_stage(tx, moment, system, &before)
}

/// Stores a card to be made, with the stamp it will have at each guest door: for a phone, or for the plastic card on
/// this encoder. None if the surroundings do not hold the key.
pub(crate) fn order(
    tx: &mut Tx<'_>,
    moment: &mut Moment,
    system: &AcsSystem,
    around: &Surroundings,
    key: CredentialId,
    method: &Method,
    encoder: Option<&str>,
) -> Result<Option<(CarrierId, Order)>, Error> {
    let (Some(holder), Some(row)) = (around.holder_of(key), around.key_row(key)) else { return Ok(None) };
    let Some(planned) = around.scene.keys.iter().find(|planned| planned.id == key) else { return Ok(None) };
    let doors = around.doors_of(holder.id);
    let ids: Vec<EntranceId> = doors.iter().map(|door| door.entrance_id).collect();
    let rows = entrances::by_ids(tx, &ids)?;
    let find = |id: EntranceId| rows.iter().find(|row| row.id == id);
    // Doors lost to a newer stay are left out: the key must not claim them back (P4).
    let guest: Vec<&Entrance> =
        ids.iter().filter(|id| planned.guest.contains_key(id)).filter_map(|id| find(*id)).collect();
    let common: Vec<&Entrance> =
        doors.iter().filter(|door| door.stay_id.is_none()).filter_map(|door| find(door.entrance_id)).collect();
    let names = |doors: &[&Entrance]| doors.iter().map(|door| door.door_name.clone()).collect::<Vec<_>>();

    let id: CarrierId = moment.id();
    let mark = id.mark();
    let facts = LabelFacts {
        rooms: names(&guest),
        room_orders: guest.iter().map(|door| door.room_order).collect(),
        site_name: system.name.clone(),
        credential_id: mark.clone(),
        mobile_access_uuid: system.mobile_access_uuid.clone().unwrap_or_default(),
        user_id: holder.acs_user_id.map(|owner| owner.to_string()).unwrap_or_default(),
    };
    let joins = match method {
        Method::Join(targets) => targets
            .iter()
            .filter_map(|target| around.carriers.get(target).and_then(|carrier| carrier.card_id.clone()))
            .collect(),
        _ => Vec::new(),
    };
    let order = Order {
        method: text(method).to_owned(),
        joins,
        endpoint_id: row.endpoint_id.map(|endpoint| endpoint.to_string()),
        encoder_id: encoder.map(str::to_owned),
        format: holder.card_format.clone(),
        window: planned.window,
        label: label::fill(holder.label.as_deref().unwrap_or_default(), &facts),
        mark,
        guest_doors: names(&guest),
        common_doors: names(&common),
    };
    let carrier = NewCarrier {
        id,
        acs_system_id: system.id,
        credential_id: key,
        revision: planned.revision,
        method: text(method),
        request: serde_json::to_value(&order).unwrap_or_default(),
        window: planned.window,
        created_at: moment.now,
    };
    carriers::insert(tx, &carrier)?;
    stamp(tx, system.id, around, planned, id, method)?;
    let after = json!({
        "acs_credential_id": key,
        "method": order.method,
        "acs_entrance_ids": ids,
        "starts_at": planned.window.starts_at,
        "ends_at": planned.window.ends_at,
    });
    Caller::program(system.workspace_id).note(tx, moment, "carrier.order", id, json!({ "after": after }))?;
    Ok(Some((id, order)))
}

/// Notes which stamp the carrier will have: shared where a live carrier stands, new elsewhere.
fn stamp(
    tx: &mut Tx<'_>,
    system_id: AcsSystemId,
    around: &Surroundings,
    key: &plan::Key,
    carrier: CarrierId,
    method: &Method,
) -> Result<(), Error> {
    let shared = |door: EntranceId, stay: Id<_>| {
        let stands = around.scene.joinable().any(|other| around.scene.stands(other, door, stay));
        let state = around.scene.stays.get(&stay).and_then(|stay| stay.doors.get(&door));
        state.and_then(|state| state.opening).filter(|_| stands && *method != Method::Override)
    };
    let mut new = None;
    for (door, stay) in &key.guest {
        let opening = match shared(*door, *stay) {
            Some(opening) => opening,
            None => match new {
                Some(opening) => opening,
                None => *new.insert(systems::take_opening(tx, system_id)?),
            },
        };
        let door = CarrierDoor { carrier_id: carrier, entrance_id: *door, stay_id: *stay, opening };
        carriers::insert_door(tx, &door)?;
    }
    Ok(())
}

fn text(method: &Method) -> &'static str {
    match method {
        Method::Override => "override",
        Method::Join(_) => "join",
        Method::AutoJoin => "auto_join",
        Method::Plain => "plain",
    }
}
