//! Asking for a grant.

use std::collections::BTreeSet;

use domain::{
    Moment,
    id::{AccessGrantId, EntranceId, SpaceId, UserIdentityId},
    reservation::{Period, Role, admit},
};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use store::{
    Tx,
    access_grants::{self, AccessGrant, By},
    entrances::{self, Entrance},
    systems::{self, AcsSystem},
    user_identities::{self, UserIdentity},
};

use super::{View, event, methods, reservation, settle::settle_grant, view};
use crate::{
    Caller, Error, Noun, When,
    client_sessions::NewToken,
    credentials::doors::{MOST_DOORS, unique},
    instant_keys::NewCode,
    spaces,
};

/// Whose grant it is to be.
#[derive(Debug, Clone)]
pub enum Person {
    /// Somebody who is there.
    Id(UserIdentityId),
    /// Somebody to be made.
    New(Box<crate::user_identities::Create>),
}

/// A method that is asked for.
#[derive(Debug, Clone)]
pub struct Requested {
    /// `card`, `mobile_key`, or one that Visionline does not have.
    pub mode: String,
    /// A code, echoed where it cannot be had.
    pub code: Option<String>,
    /// How often the instant key of a mobile key may be used.
    pub instant_key_max_use_count: Option<i32>,
    /// The link of a mobile key; none where the operator gave no secret key to keep it with.
    pub link: Option<NewLink>,
}

/// A link that shows a guest the keys of a method, as the shell makes it from the machine's random source.
#[derive(Debug, Clone)]
pub struct NewLink {
    /// Its code.
    pub code: NewCode,
    /// The token of the client session that it is worth.
    pub token: NewToken,
    /// How long it lasts if the key goes before it is used.
    pub lasts: SignedDuration,
}

/// What is asked for.
#[derive(Debug, Clone)]
pub struct Create {
    /// Whose it is to be.
    pub person: Person,
    /// How the doors are to be opened.
    pub requested: Vec<Requested>,
    /// The doors.
    pub entrance_ids: Vec<EntranceId>,
    /// Spaces whose doors are meant.
    pub space_ids: Vec<SpaceId>,
    /// Further spaces, by the caller's keys of them.
    pub space_keys: Vec<String>,
    /// Start; none for now.
    pub starts_at: Option<When>,
    /// End; none for an open one.
    pub ends_at: Option<When>,
    /// Name, for people.
    pub name: Option<String>,
    /// The caller's own key of the grant.
    pub access_grant_key: Option<String>,
    /// The reservation.
    pub reservation_key: Option<String>,
    /// Echoed as it was given.
    pub customization_profile_id: Option<String>,
    /// The customer it comes with.
    pub customer_key: Option<String>,
}

/// Stores a new grant with its methods and their credentials.
///
/// # Errors
/// When a parameter cannot be used or the reservation forbids it; nothing is stored then.
pub fn create(tx: &mut Tx<'_>, moment: &mut Moment, caller: &Caller, asked: &Create) -> Result<View, Error> {
    let known = match &asked.person {
        Person::Id(id) => Some(live_person(tx, caller, *id)?),
        Person::New(_) => None,
    };
    let customer_key = caller.customer_of_new(asked.customer_key.clone())?;
    let spaces = spaces::expand(tx, caller, &asked.space_ids, &asked.space_keys)?;
    let named = asked.entrance_ids.iter().chain(&spaces.entrances).copied().collect();
    let doors = doors(tx, caller, named)?;
    refuse_taken(tx, caller, asked.access_grant_key.as_deref(), None)?;
    // Times without a zone are read as the site of the first door does.
    let Some(first) = doors.first() else { return Err(no_doors()) };
    let system = systems::get(tx, first.acs_system_id)?;
    let period = period(asked, &system, moment.now)?;
    let there = reservation::members(tx, caller, asked.reservation_key.as_deref(), None)?;
    let role = admit(asked.reservation_key.is_some(), &reservation::rooms(&doors), period, &there)?;

    let person = match (known, &asked.person) {
        (Some(person), _) => person,
        (None, Person::New(new)) => crate::user_identities::create(tx, moment, caller, new)?,
        (None, Person::Id(id)) => return Err(Error::not_found(Noun::UserIdentity, id)),
    };
    let grant = AccessGrant {
        id: moment.id(),
        workspace_id: caller.workspace_id,
        user_identity_id: person.id,
        access_grant_key: asked.access_grant_key.clone(),
        reservation_key: asked.reservation_key.clone(),
        customer_key,
        name: asked.name.clone(),
        starts_at: period.starts_at,
        ends_at: period.ends_at,
        customization_profile_id: asked.customization_profile_id.clone(),
        requested: json!([]),
        times_changed: None,
        complete_at: None,
        created_at: moment.now,
        deleting_at: None,
        deleted_at: None,
    };
    access_grants::insert(tx, &grant)?;
    for (position, door) in doors.iter().enumerate() {
        access_grants::insert_door(tx, grant.id, door.id, i32::try_from(position).unwrap_or(i32::MAX))?;
    }
    for space in &spaces.spaces {
        access_grants::insert_space(tx, grant.id, *space)?;
    }
    event::grant(tx, moment, "access_grant.created", &grant, json!({}))?;
    let detail = json!({
        "user_identity_id": person.id,
        "entrance_ids": doors.iter().map(|door| door.id).collect::<Vec<_>>(),
        "opens_stay": role == Role::Opens,
    });
    caller.note(tx, moment, "access_grant.create", grant.id, detail)?;
    add_methods(tx, moment, caller, &grant, &doors, &asked.requested)
}

/// Adds methods to a grant; they have its doors and its times.
///
/// # Errors
/// When there is no such grant, it is ending or over, or a method cannot be had.
pub fn request_access_methods(
    tx: &mut Tx<'_>,
    moment: &mut Moment,
    caller: &Caller,
    id: AccessGrantId,
    requested: &[Requested],
) -> Result<View, Error> {
    let grant = view::named(tx, caller, &By::Id(id))?;
    refuse_ending(&grant)?;
    if grant.ends_at.is_some_and(|end| end <= moment.now) {
        let message = "the access grant is over; give it a later end with /access_grants/update first";
        return Err(Error::invalid("access_grant_id", message));
    }
    live_person(tx, caller, grant.user_identity_id)?;
    let doors = doors_of(tx, &grant)?;
    if doors.is_empty() {
        let message = "the hotel does not have the doors of this access grant any more; delete it and create a new one";
        return Err(Error::invalid("access_grant_id", message));
    }
    let modes: Vec<&str> = requested.iter().map(|method| method.mode.as_str()).collect();
    caller.note(tx, moment, "access_grant.request_access_methods", id, json!({ "modes": modes }))?;
    add_methods(tx, moment, caller, &grant, &doors, requested)
}

fn add_methods(
    tx: &mut Tx<'_>,
    moment: &mut Moment,
    caller: &Caller,
    grant: &AccessGrant,
    doors: &[Entrance],
    requested: &[Requested],
) -> Result<View, Error> {
    let double_booked = methods::add(tx, moment, caller, grant, doors, requested)?;
    settle_grant(tx, moment, grant.id)?;
    let view = view::find(tx, caller, &By::Id(grant.id))?;
    Ok(View { double_booked, ..view })
}

/// What cannot be changed any more.
pub(super) fn refuse_ending(grant: &AccessGrant) -> Result<(), Error> {
    if grant.deleting_at.is_none() {
        return Ok(());
    }
    let message = "the access grant is being deleted; create a new one instead".to_owned();
    Err(Error::Conflict { message })
}

fn live_person(tx: &mut Tx<'_>, caller: &Caller, id: UserIdentityId) -> Result<UserIdentity, Error> {
    let person = user_identities::find(tx, caller.workspace_id, &user_identities::By::Id(id))?;
    let is_seen = caller.sees_identity(tx, id)?;
    let person = person.filter(|_| is_seen).ok_or_else(|| Error::not_found(Noun::UserIdentity, id))?;
    if person.deleting_at.is_some() {
        return Err(Error::invalid("user_identity_id", "the person is being deleted; name another one"));
    }
    Ok(person)
}

/// Of the grants that are not being deleted one has a key.
pub(super) fn refuse_taken(
    tx: &mut Tx<'_>,
    caller: &Caller,
    key: Option<&str>,
    except: Option<AccessGrantId>,
) -> Result<(), Error> {
    let Some(key) = key else { return Ok(()) };
    let other = access_grants::find(tx, caller.workspace_id, &By::Key(key.to_owned()))?;
    match other.filter(|other| other.deleting_at.is_none() && Some(other.id) != except) {
        Some(other) if caller.sees_grant(&other) => Err(Error::Conflict {
            message: format!(
                "access_grant_key already belongs to the access grant {}; update that one or use another key",
                other.id
            ),
        }),
        Some(_) => Err(Error::Conflict { message: "access_grant_key is taken already; use another key".to_owned() }),
        None => Ok(()),
    }
}

fn no_doors() -> Error {
    Error::invalid("acs_entrance_ids", "name at least one entrance in acs_entrance_ids, or a space that has some")
}

/// The doors that were named, in the order in which they were.
pub(super) fn doors(tx: &mut Tx<'_>, caller: &Caller, named: Vec<EntranceId>) -> Result<Vec<Entrance>, Error> {
    const FIELD: &str = "acs_entrance_ids";
    let ids = unique(named);
    if ids.is_empty() {
        return Err(no_doors());
    }
    if ids.len() > MOST_DOORS {
        return Err(Error::invalid(FIELD, format!("Array must contain at most {MOST_DOORS} element(s)")));
    }
    let mut found = entrances::by_ids(tx, &ids)?;
    found.retain(|door| {
        door.workspace_id == caller.workspace_id && door.removed_at.is_none() && caller.sees_entrance(door)
    });
    ids.into_iter()
        .map(|id| {
            let position = found.iter().position(|door| door.id == id);
            Ok(found.swap_remove(position.ok_or_else(|| Error::not_found(Noun::AcsEntrance, id))?))
        })
        .collect()
}

/// The doors of a grant, in the order in which they were named.
pub(super) fn doors_of(tx: &mut Tx<'_>, grant: &AccessGrant) -> Result<Vec<Entrance>, Error> {
    let ids: Vec<EntranceId> =
        access_grants::doors_of(tx, &[grant.id])?.into_iter().map(|door| door.entrance_id).collect();
    let mut found = entrances::by_ids(tx, &ids)?;
    found.retain(|door| door.removed_at.is_none());
    let place = |door: &Entrance| ids.iter().position(|id| *id == door.id);
    found.sort_by_key(place);
    Ok(found)
}

fn period(asked: &Create, system: &AcsSystem, now: Timestamp) -> Result<Period, Error> {
    let starts_at = asked.starts_at.map(|when| when.as_start(system, "starts_at")).transpose()?;
    let ends_at = asked.ends_at.map(|when| when.as_end(system, "ends_at")).transpose()?;
    let period = Period { starts_at: starts_at.unwrap_or(now), ends_at };
    check(period, now)?;
    Ok(period)
}

/// Whether keys can be made for the period.
pub(super) fn check(period: Period, now: Timestamp) -> Result<(), Error> {
    let Some(ends_at) = period.ends_at else { return Ok(()) };
    if ends_at <= period.starts_at {
        return Err(Error::invalid("ends_at", "ends_at must be after starts_at"));
    }
    if ends_at <= now {
        return Err(Error::invalid("ends_at", "ends_at must be in the future"));
    }
    Ok(())
}

/// The ids of the systems of these doors, in the order in which they come up.
pub(super) fn systems_of(doors: &[Entrance]) -> Vec<domain::id::AcsSystemId> {
    let mut seen = BTreeSet::new();
    doors.iter().map(|door| door.acs_system_id).filter(|id| seen.insert(*id)).collect()
}
