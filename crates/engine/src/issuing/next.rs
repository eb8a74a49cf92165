//! What to send now: the carriers that are due, marked before they are sent.

use domain::{
    Moment, Stage,
    id::{AcsSystemId, CarrierId},
};
use jiff::{SignedDuration, Timestamp};
use store::{
    Tx,
    carriers::{self, Carrier, Change},
    entrances, tasks,
};

use super::{BATCH, Order, Step};
use crate::Error;

/// How long after sending a request its outcome is looked for when nobody reported it: longer than any request may
/// take, or a look would miss a card that is still being made (P2).
const OUTCOME_EXPECTED_AFTER: SignedDuration = SignedDuration::from_secs(120);

/// Hands out at most `limit` requests that are due at the site, and marks each as sent.
///
/// # Errors
/// When storage fails.
pub fn next(tx: &mut Tx<'_>, moment: &Moment, system_id: AcsSystemId, limit: i64) -> Result<Vec<Step>, Error> {
    let mut steps = Vec::new();
    for carrier in carriers::due(tx, system_id, moment.now, limit.min(BATCH))? {
        let Some(step) = step(tx, moment, &carrier)? else {
            carriers::change(tx, carrier.id, Change { due_at: Some(None), ..Change::default() })?;
            continue;
        };
        let stage = (carrier.stage() == Stage::Accepted).then_some(Stage::Sent);
        let due_at = moment.now.saturating_add(OUTCOME_EXPECTED_AFTER).unwrap_or(Timestamp::MAX);
        let change =
            Change { stage, due_at: Some(Some(due_at)), attempts: Some(carrier.attempts + 1), ..Change::default() };
        carriers::change(tx, carrier.id, change)?;
        steps.push(step);
    }
    Ok(steps)
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
        Stage::Accepted => stored_order(carrier).map(|order| Step::Create { carrier: id, order }),
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
