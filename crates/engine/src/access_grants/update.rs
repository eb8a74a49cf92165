//! Changing a grant: its times, its name, its doors that are nobody's room.

use domain::{
    Moment, Window,
    id::{CredentialId, EntranceId, SpaceId},
    reservation::{Period, times},
};
use jiff::Timestamp;
use serde_json::json;
use store::{
    Tx,
    access_grants::{self, AccessGrant, By, Change},
    access_methods::{self, AccessMethod},
    credentials::{self, CARD, Credential},
    systems,
};

use super::{
    View,
    create::{check, doors_of, refuse_ending},
    doors, event, methods, reservation,
    settle::{is_dead, settle_grant},
    view::{self, named},
};
use crate::{
    Caller, Error, When,
    acs_systems::Settings,
    credentials::{doors::unique, double_bookings},
};

/// What is to be changed; outer none stays, inner none takes away.
#[derive(Debug, Clone, Default)]
pub struct Update {
    /// Start.
    pub starts_at: Option<When>,
    /// End.
    pub ends_at: Option<Option<When>>,
    /// Name.
    pub name: Option<Option<String>>,
    /// The doors that it is to have, together with those of the spaces; the rooms among them must be those it has.
    pub entrance_ids: Option<Vec<EntranceId>>,
    /// Spaces whose doors are meant.
    pub space_ids: Option<Vec<SpaceId>>,
    /// Further spaces, by the caller's keys of them.
    pub space_keys: Option<Vec<String>>,
}

/// Changes a grant. Keys in phones are issued anew by themselves; cards must be encoded again (`spec/api.md 4.19`).
///
/// # Errors
/// When there is no such grant, it is ending, or the reservation forbids the change; nothing is stored then.
pub fn update(tx: &mut Tx<'_>, moment: &mut Moment, caller: &Caller, by: &By, asked: &Update) -> Result<View, Error> {
    let grant = named(tx, caller, by)?;
    refuse_ending(&grant)?;
    let other_doors = doors::other(tx, caller, &grant, asked)?;
    let period = period(tx, &grant, asked)?;
    if period != grant.period() {
        check(period, moment.now)?;
        let others = reservation::members(tx, caller, grant.reservation_key.as_deref(), Some(grant.id))?;
        times(period, &others)?;
    }
    if let Some(name) = &asked.name {
        access_grants::change(tx, grant.id, Change { name: Some(name.clone()), ..Change::default() })?;
    }
    if let Some(other) = &other_doors {
        doors::change(tx, moment, caller, &grant, other)?;
    }
    let double_booked = if period == grant.period() { Vec::new() } else { move_to(tx, moment, &grant, period)? };
    caller.note(tx, moment, "access_grant.update", grant.id, json!({ "times": shown(period) }))?;
    let view = view::find(tx, caller, &By::Id(grant.id))?;
    Ok(View { double_booked, ..view })
}

/// Gives a grant other times. Answers the rooms at which another party is booked for some of the time that it did not
/// have before (design 6).
fn move_to(
    tx: &mut Tx<'_>,
    moment: &mut Moment,
    grant: &AccessGrant,
    period: Period,
) -> Result<Vec<EntranceId>, Error> {
    let (from, to) = (shown(grant.period()), shown(period));
    let change = Change {
        starts_at: Some(period.starts_at),
        ends_at: Some(period.ends_at),
        times_changed: Some(json!({ "created_at": text(moment.now), "from": from, "to": to })),
        ..Change::default()
    };
    access_grants::change(tx, grant.id, change)?;
    let before = booked_twice(tx, grant, moment.now)?;
    let mut revoked = Vec::new();
    for method in access_methods::of_grants(tx, &[grant.id])? {
        if move_method(tx, moment, &method, period)? {
            revoked.push(method.id);
        }
    }
    let mut double_booked = booked_twice(tx, grant, moment.now)?;
    double_booked.retain(|door| !before.contains(door));

    let mut detail = json!({ "starts_at": to["starts_at"], "ends_at": to["ends_at"] });
    if let Some(key) = &grant.access_grant_key {
        detail["access_grant_key"] = json!(key);
    }
    if !double_booked.is_empty() {
        detail["innkeep"] = json!({ "double_booked_acs_entrance_ids": double_booked });
    }
    event::grant(tx, moment, "access_grant.access_times_changed", grant, detail)?;
    for method in revoked {
        event::method(tx, moment, "access_method.revoked", grant, method, json!({}))?;
    }
    settle_grant(tx, moment, grant.id)?;
    Ok(double_booked)
}

/// The rooms of a grant at which another party is booked for the same time.
///
/// # Errors
/// When storage fails.
pub(crate) fn booked_twice(tx: &mut Tx<'_>, grant: &AccessGrant, now: Timestamp) -> Result<Vec<EntranceId>, Error> {
    let methods: Vec<_> = access_methods::of_grants(tx, &[grant.id])?.into_iter().map(|method| method.id).collect();
    let carrying = access_methods::credentials_of(tx, &methods)?;
    let ids: Vec<CredentialId> = carrying.into_iter().map(|(_, credential)| credential).collect();
    let mut doors = Vec::new();
    for credential in credentials::by_ids(tx, &ids)? {
        if !is_dead(&credential) {
            doors.extend(double_bookings::now(tx, &credential, now)?);
        }
    }
    Ok(unique(doors))
}

/// Gives the credentials of a method the new times, as far as they are not over. Whether the method was issued, and so
/// is revoked until it is issued anew.
fn move_method(tx: &mut Tx<'_>, moment: &mut Moment, method: &AccessMethod, period: Period) -> Result<bool, Error> {
    if method.deleting_at.is_some() {
        return Ok(false);
    }
    let ids: Vec<CredentialId> =
        access_methods::credentials_of(tx, &[method.id])?.into_iter().map(|(_, credential)| credential).collect();
    let mut next = AccessMethod { asked_at: moment.now, delayed_at: None, failed_at: None, ..method.clone() };
    let mut moved = false;
    for credential in credentials::by_ids(tx, &ids)? {
        let ended = credential.deleted_at.or(credential.deleting_at).or(credential.revoked_at).is_some();
        let window = window(tx, &credential, period, moment.now)?;
        let present = Window { starts_at: credential.starts_at, ends_at: credential.ends_at };
        if ended || window == present {
            continue;
        }
        moved = true;
        crate::credentials::set_window(tx, moment, &credential, window)?;
        if method.mode != CARD {
            methods::watch(tx, moment, credential.acs_system_id, credential.id, &next, window.starts_at)?;
        }
    }
    if !moved {
        return Ok(false);
    }
    let was_issued = next.issued_at.take().is_some();
    access_methods::update(tx, &next)?;
    Ok(was_issued)
}

/// The window that a credential gets: a start that has passed for both stays as it is.
fn window(tx: &mut Tx<'_>, credential: &Credential, period: Period, now: Timestamp) -> Result<Window, Error> {
    let has_begun = period.starts_at <= now && credential.starts_at <= now;
    let starts_at = if has_begun { credential.starts_at } else { period.starts_at.max(now) };
    let ends_at = match period.ends_at {
        Some(end) => end,
        None => {
            let stay = Settings::of(&systems::get(tx, credential.acs_system_id)?).default_stay();
            let default = starts_at.saturating_add(stay).unwrap_or(Timestamp::MAX);
            if has_begun { credential.ends_at.max(default) } else { default }
        }
    };
    Ok(Window { starts_at, ends_at })
}

fn period(tx: &mut Tx<'_>, grant: &AccessGrant, asked: &Update) -> Result<Period, Error> {
    let mut period = grant.period();
    if asked.starts_at.is_none() && asked.ends_at.is_none() {
        return Ok(period);
    }
    // Times without a zone are read as the site of the first door does.
    let doors = doors_of(tx, grant)?;
    let Some(first) = doors.first() else {
        let message = "none of the entrances of the access grant is there any more; delete it";
        return Err(Error::invalid("access_grant_id", message));
    };
    let system = systems::get(tx, first.acs_system_id)?;
    if let Some(when) = asked.starts_at {
        period.starts_at = when.as_start(&system, "starts_at")?;
    }
    if let Some(when) = asked.ends_at {
        period.ends_at = when.map(|when| when.as_end(&system, "ends_at")).transpose()?;
    }
    Ok(period)
}

fn shown(period: Period) -> serde_json::Value {
    json!({ "starts_at": text(period.starts_at), "ends_at": period.ends_at.map(text) })
}

/// Milliseconds, as all timestamps of the API have them.
fn text(at: Timestamp) -> String {
    format!("{at:.3}")
}
