//! Taking cards out of use: discard, cancel, check-out (`spec/visionline.md` 2.2, 2.6, 4.7).
//!
//! Acts on the database and on Credential Services. No offline lock learns of it; online locks hear of a cancel.

use http::Method;
use serde_json::{Map, Value};

use super::super::refusal::Refusal;
use super::super::{Answer, Visit, object};
use super::view;
use crate::callbacks::News;
use crate::property::RevokeDialect;
use crate::target::Target;
use crate::wall;

#[derive(Clone, Copy)]
enum End {
    Discard,
    Cancel,
}

/// `POST`, `PUT` or `DELETE /cards/{id}`. A dialect the server does not know, and any other change to an existing
/// card, answers 405. Discarding twice is no error.
pub(crate) fn revoke(
    visit: &mut Visit<'_>,
    method: &Method,
    target: &Target,
    id: &str,
    body: &[u8],
) -> Result<Answer, Refusal> {
    let known = id.parse().ok().filter(|id| visit.records.card(*id).is_some());
    let card_id: u32 = known.ok_or_else(|| Refusal::NotFound(format!("cards/{id}")))?;
    let (dialect, end) = asked(visit, method, target, body)?;
    if !visit.property.knobs.revoke_dialects.contains(&dialect) {
        return Err(Refusal::NotAllowed);
    }
    end_card(visit, card_id, end);
    view::get(visit, id)
}

/// Discards every guest card still in force that has this door as its only or first guest door.
pub(crate) fn check_out(visit: &mut Visit<'_>, number: u32) {
    let main_door = visit.records.at_guest_door(number).filter(|card| {
        card.guest_doors.first().is_some_and(|door| door.number == number)
            && wall::end_instant(&visit.property.zone, card.expire) > visit.now
    });
    let ids: Vec<u32> = main_door.map(|card| card.id).collect();
    for id in ids {
        end_card(visit, id, End::Discard);
    }
}

fn end_card(visit: &mut Visit<'_>, card_id: u32, end: End) {
    if let Some(card) = visit.records.card_mut(card_id) {
        let (ended, kind) = match end {
            End::Discard => (&mut card.discarded, "cardDiscarded"),
            End::Cancel => (&mut card.cancelled, "cardCancelled"),
        };
        if ended.is_none() {
            visit.news.push(News::Card { kind, card_id });
        }
        ended.get_or_insert(visit.now);
        let expire = card.expire;
        if let Some(credential_id) = card.credential_id {
            visit.phone_keys.revoke(credential_id);
        }
        if matches!(end, End::Cancel) {
            visit.commands.cancel(visit.now, visit.property, card_id, expire);
        }
    }
}

fn asked(visit: &Visit<'_>, method: &Method, target: &Target, body: &[u8]) -> Result<(RevokeDialect, End), Refusal> {
    if method == Method::DELETE {
        return Ok((RevokeDialect::Delete, End::Discard));
    }
    match target.value("action") {
        Some("discard") => return Ok((RevokeDialect::Action, End::Discard)),
        Some("cancel") => return Ok((RevokeDialect::Action, End::Cancel)),
        Some(_) => return Err(Refusal::NotAllowed),
        None => {}
    }
    let body = object(visit, body, &["discarded", "cancelled"])?;
    let dialect = if method == Method::PUT { RevokeDialect::PutFlag } else { RevokeDialect::PostFlag };
    if is_set(&body, "discarded")? {
        Ok((dialect, End::Discard))
    } else if is_set(&body, "cancelled")? {
        Ok((dialect, End::Cancel))
    } else {
        Err(Refusal::NotAllowed)
    }
}

fn is_set(body: &Map<String, Value>, name: &str) -> Result<bool, Refusal> {
    match body.get(name) {
        None | Some(Value::Null) => Ok(false),
        Some(Value::Bool(flag)) => Ok(*flag),
        Some(_) => Err(Refusal::Body(format!("{name} is not a boolean"))),
    }
}
