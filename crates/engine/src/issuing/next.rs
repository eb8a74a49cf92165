//! What to send now: the carriers that are due, marked before they are sent.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    Moment, Stage,
    id::{AcsSystemId, CarrierId, EntranceId},
};
use jiff::{SignedDuration, Timestamp};
use store::{
    Tx, cards_seen,
    carriers::{self, Carrier, Change},
    entrances, systems, tasks,
};

use super::{BATCH, Order, Step, came_back::note_stage};
use crate::Error;

/// How long after sending a request its outcome is looked for when nobody reported it, unless the site says otherwise:
/// longer than any request may take, or a look would miss a card that is still being made (P2).
const OUTCOME_EXPECTED_AFTER: SignedDuration = SignedDuration::from_secs(120);

/// What the worker can take on now.
#[derive(Debug, Clone)]
pub struct Capacity {
    /// The most requests.
    pub limit: usize,
    /// Guest doors of requests that are under way: requests go in order per door (design 7).
    pub busy: BTreeSet<EntranceId>,
    /// How long after sending a request its outcome is looked for when nobody reported it.
    pub outcome_within: SignedDuration,
}

impl Default for Capacity {
    /// One request, with nothing else under way.
    fn default() -> Self {
        Self { limit: 1, busy: BTreeSet::new(), outcome_within: OUTCOME_EXPECTED_AFTER }
    }
}

/// A request to be sent now, with the guest doors that it keeps busy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handed {
    /// What to send.
    pub step: Step,
    /// The guest doors of its card.
    pub doors: Vec<EntranceId>,
}

/// Hands out requests that are due at the site, as many as the worker can take on, and marks each as sent.
///
/// # Errors
/// When storage fails.
pub fn next(
    tx: &mut Tx<'_>,
    moment: &mut Moment,
    system_id: AcsSystemId,
    capacity: &Capacity,
) -> Result<Vec<Handed>, Error> {
    let mut handed = Vec::new();
    let due = carriers::due(tx, system_id, moment.now, BATCH)?;
    let ids: Vec<CarrierId> = due.iter().map(|carrier| carrier.id).collect();
    let mut doors: BTreeMap<CarrierId, Vec<EntranceId>> = BTreeMap::new();
    for door in carriers::doors_of(tx, &ids)? {
        doors.entry(door.carrier_id).or_default().push(door.entrance_id);
    }
    let mut busy = capacity.busy.clone();
    for carrier in due {
        if handed.len() == capacity.limit {
            break;
        }
        let doors = doors.remove(&carrier.id).unwrap_or_default();
        let must_wait = doors.iter().any(|door| busy.contains(door));
        // Those that wait keep those behind them waiting.
        busy.extend(doors.iter().copied());
        if must_wait {
            continue;
        }
        let Some(step) = step(tx, moment, &carrier)? else {
            carriers::change(tx, carrier.id, Change { due_at: Some(None), ..Change::default() })?;
            continue;
        };
        let is_order = carrier.stage() == Stage::Accepted;
        let outcome_at = moment.now.saturating_add(capacity.outcome_within).unwrap_or(Timestamp::MAX);
        let change = Change {
            stage: is_order.then_some(Stage::Sent),
            due_at: Some(Some(outcome_at)),
            attempts: Some(carrier.attempts + 1),
            settles_at: is_order.then_some(outcome_at),
            ..Change::default()
        };
        carriers::change(tx, carrier.id, change)?;
        if is_order {
            let system = systems::get(tx, system_id)?;
            note_stage(tx, moment, &system, &carrier)?;
        }
        handed.push(Handed { step, doors });
    }
    Ok(handed)
}

/// Makes due at once what a former worker of the site left open: it will not report any more. A card that is not found
/// then may still be on its way to the lock server, which [`super::came_back`] heeds.
///
/// # Errors
/// When storage fails.
pub fn resume(tx: &mut Tx<'_>, moment: &Moment, system_id: AcsSystemId) -> Result<(), Error> {
    Ok(cards_seen::wake(tx, system_id, moment.now)?)
}

/// When the site has something to do next; none when there is nothing.
///
/// # Errors
/// When storage fails.
pub fn next_due(tx: &mut Tx<'_>, system_id: AcsSystemId) -> Result<Option<Timestamp>, Error> {
    let carrier = carriers::next_due(tx, system_id)?;
    let task = tasks::next_due(tx, system_id)?;
    Ok(carrier.into_iter().chain(task).min())
}

fn step(tx: &mut Tx<'_>, moment: &Moment, carrier: &Carrier) -> Result<Option<Step>, Error> {
    let id = carrier.id;
    let on_card = |make: fn(CarrierId, String) -> Step| carrier.card_id.clone().map(|card_id| make(id, card_id));
    Ok(match carrier.stage() {
        Stage::Accepted => stored_order(carrier).map(|order| Step::Create { carrier: id, order, sent_at: moment.now }),
        Stage::Sent => {
            let door = first_guest_door(tx, id)?;
            let valid_at = carrier.starts_at.max(moment.now.min(carrier.ends_at));
            Some(Step::Look { carrier: id, door, valid_at, mark: id.mark() })
        }
        Stage::OnLockServer => on_card(|carrier, card_id| Step::Read { carrier, card_id }),
        Stage::Revoking => on_card(|carrier, card_id| Step::Discard { carrier, card_id }),
        Stage::OnPhone | Stage::OnCard | Stage::RevokedAtServer | Stage::Gone => None,
    })
}

/// The order as it was stored. One that no version of ours wrote cannot be sent; the carrier then rests.
fn stored_order(carrier: &Carrier) -> Option<Order> {
    let order = serde_json::from_value(carrier.request.clone());
    order.inspect_err(|error| tracing::error!(carrier.id = %carrier.id, %error, "a stored order cannot be read")).ok()
}

fn first_guest_door(tx: &mut Tx<'_>, carrier: CarrierId) -> Result<Option<String>, Error> {
    let Some(door) = carriers::doors_of(tx, &[carrier])?.into_iter().next() else { return Ok(None) };
    Ok(entrances::by_ids(tx, &[door.entrance_id])?.into_iter().next().map(|entrance| entrance.door_name))
}
