//! Reservations and bookings: each becomes one grant per guest.

use std::collections::BTreeSet;

use domain::{
    Moment,
    id::{AccessGrantId, AcsSystemId, EntranceId, SpaceId, UserIdentityId},
};
use jiff::Timestamp;
use serde_json::{Value, json};
use store::{
    Tx,
    access_grants::{self as grants, AccessGrant},
    customers::{self, Name, Record},
    entrances::{self, Entrance},
    space_members,
    systems::{self, AcsSystem},
};

use super::{
    Automation, Outcome, own,
    people::named,
    places::{fresh, space_of},
};
use crate::{
    Caller, Error, When,
    access_grants::{self, By, Create, NewLink, Person, Update},
};

/// A stay as pushed.
#[derive(Debug, Clone)]
pub struct Stay {
    /// The list it stands in, and its key.
    pub name: Name,
    /// The places, by the keys of their spaces.
    pub place_keys: Vec<String>,
    /// The guests, each by the list and the key of the person.
    pub guests: Vec<Name>,
    /// Start.
    pub starts_at: When,
    /// End.
    pub ends_at: When,
    /// Name, for people.
    pub label: Option<String>,
    /// The reservation, where its key is not that of the record.
    pub reservation_key: Option<String>,
    /// A link for each guest, for their mobile keys; none where the operator gave no secret key to keep them with.
    pub links: Vec<NewLink>,
}

/// Makes the grants of a stay be as it says.
///
/// # Errors
/// When a place or a guest is unknown, or a grant is refused; nothing is stored then.
pub fn push_stay(
    tx: &mut Tx<'_>,
    moment: &mut Moment,
    caller: &Caller,
    customer_key: &str,
    stay: &Stay,
    automation: &Automation,
) -> Result<Outcome, Error> {
    let present = own(tx, caller, customer_key, &stay.name)?;
    let wanted = Wanted::by(tx, caller, stay)?;
    let there = there(tx, caller, &stay.name)?;
    let content = wanted.content(stay);
    if let Some(record) = present.as_ref().filter(|record| record.content == content) {
        return unchanged(tx, moment, record.clone(), &there, &wanted);
    }
    let kept = kept(present.as_ref(), &wanted, &there);
    for grant in there.iter().filter(|grant| !kept.contains(&grant.id)) {
        customers::forget_grant(tx, grant.id)?;
        if grant.is_live {
            access_grants::delete(tx, moment, caller, &By::Id(grant.id))?;
        }
    }
    let update = Update {
        starts_at: Some(stay.starts_at),
        ends_at: Some(Some(stay.ends_at)),
        name: Some(stay.label.clone()),
        ..Update::default()
    };
    for grant in &kept {
        access_grants::update(tx, moment, caller, &By::Id(*grant), &update)?;
    }
    for (number, person) in wanted.people.iter().enumerate() {
        if there.iter().any(|grant| grant.person == *person && kept.contains(&grant.id)) {
            continue;
        }
        let asked = Create {
            // One grant has the key; companions of the same record have none.
            access_grant_key: own_key(stay).filter(|_| number == 0),
            ..wanted.grant(stay, customer_key, automation, *person, number)?
        };
        let made = access_grants::create(tx, moment, caller, &asked)?;
        customers::add_grant(tx, caller.workspace_id, &stay.name, *person, made.grant.id)?;
    }
    customers::set_places(tx, caller.workspace_id, &stay.name, &wanted.place_keys)?;
    caller.note(tx, moment, "customer.push_data", customer_key, json!({ "list": stay.name.kind }))?;
    match present {
        Some(record) => {
            customers::update(tx, &Record { content, problem: None, updated_at: moment.now, ..record })?;
        }
        None => customers::insert(tx, &Record { content, ..fresh(moment, caller, customer_key, &stay.name) })?,
    }
    Ok(Outcome::Acted)
}

/// The key of the grant itself, where that is what was pushed.
fn own_key(stay: &Stay) -> Option<String> {
    (stay.name.kind == "access_grants").then(|| stay.name.key.clone())
}

/// A stay that says what it said before. A grant that somebody deleted since is not made again behind their back.
fn unchanged(
    tx: &mut Tx<'_>,
    moment: &Moment,
    record: Record,
    there: &[There],
    wanted: &Wanted,
) -> Result<Outcome, Error> {
    let has_grant = |person: &UserIdentityId| there.iter().any(|grant| grant.person == *person && grant.is_live);
    if !wanted.people.iter().all(has_grant) {
        let message = "an access grant of it was deleted since it was last pushed, and is not made again by itself; \
                       remove it with /customers/delete_data and push it again to make it anew"
            .to_owned();
        return Err(Error::Conflict { message });
    }
    if record.problem.is_some() {
        customers::update(tx, &Record { problem: None, updated_at: moment.now, ..record })?;
    }
    Ok(Outcome::Unchanged)
}

/// A grant that came of the stay before.
struct There {
    id: AccessGrantId,
    person: UserIdentityId,
    starts_at: Timestamp,
    ends_at: Option<Timestamp>,
    is_live: bool,
}

fn there(tx: &mut Tx<'_>, caller: &Caller, name: &Name) -> Result<Vec<There>, Error> {
    let pairs = customers::grants_of(tx, caller.workspace_id, name)?;
    let ids: Vec<AccessGrantId> = pairs.iter().map(|(_, grant)| *grant).collect();
    let rows = grants::by_ids(tx, &ids)?;
    let one = |row: AccessGrant| There {
        id: row.id,
        person: row.user_identity_id,
        starts_at: row.starts_at,
        ends_at: row.ends_at,
        is_live: row.deleting_at.or(row.deleted_at).is_none(),
    };
    Ok(rows.into_iter().map(one).collect())
}

/// The grants that stay, perhaps with other times. Other rooms are another stay (`spec/api.md 4.19`), and so are times
/// that share nothing with the former ones: the keys of one reservation must overlap at each step.
fn kept(present: Option<&Record>, wanted: &Wanted, there: &[There]) -> BTreeSet<AccessGrantId> {
    let same_places = present.is_some_and(|record| record.content["space_ids"] == json!(wanted.space_ids));
    let overlaps =
        |grant: &&There| wanted.starts_at < grant.ends_at.unwrap_or(Timestamp::MAX) && grant.starts_at < wanted.ends_at;
    let live: Vec<&There> = there.iter().filter(|grant| grant.is_live).collect();
    if !same_places || !live.iter().all(overlaps) {
        return BTreeSet::new();
    }
    live.into_iter().filter(|grant| wanted.people.contains(&grant.person)).map(|grant| grant.id).collect()
}

/// What a stay comes to.
struct Wanted {
    place_keys: Vec<String>,
    space_ids: Vec<SpaceId>,
    doors: Vec<Entrance>,
    sites: Vec<AcsSystem>,
    people: Vec<UserIdentityId>,
    starts_at: Timestamp,
    ends_at: Timestamp,
}

impl Wanted {
    fn by(tx: &mut Tx<'_>, caller: &Caller, stay: &Stay) -> Result<Self, Error> {
        let mut place_keys: Vec<String> = Vec::new();
        let mut space_ids: Vec<SpaceId> = Vec::new();
        for key in &stay.place_keys {
            let space = space_of(tx, caller, key)?;
            if !space_ids.contains(&space.id) {
                space_ids.push(space.id);
                place_keys.push(key.clone());
            }
        }
        let mut people: Vec<UserIdentityId> = Vec::new();
        for guest in &stay.guests {
            let person = named(tx, caller, guest)?;
            if !people.contains(&person) {
                people.push(person);
            }
        }
        let doors: BTreeSet<EntranceId> =
            space_members::entrances(tx, &space_ids)?.into_iter().map(|(_, door)| door).collect();
        let doors = entrances::by_ids(tx, &doors.into_iter().collect::<Vec<_>>())?;
        let named: BTreeSet<AcsSystemId> = doors.iter().map(|door| door.acs_system_id).collect();
        let mut sites = Vec::new();
        for id in named {
            sites.push(systems::get(tx, id)?);
        }
        let Some(site) = sites.first() else {
            let message =
                "none of its spaces has a door; give them doors with /spaces/add_acs_entrances, and push again";
            return Err(Error::invalid("space_keys", message));
        };
        let starts_at = stay.starts_at.as_start(site, "starts_at")?;
        let ends_at = stay.ends_at.as_end(site, "ends_at")?;
        Ok(Self { place_keys, space_ids, doors, sites, people, starts_at, ends_at })
    }

    /// What is remembered of a stay that was acted on: two that come to the same have the same.
    fn content(&self, stay: &Stay) -> Value {
        json!({
            "space_ids": self.space_ids,
            "user_identity_ids": self.people,
            "starts_at": self.starts_at,
            "ends_at": self.ends_at,
            "name": stay.label,
            "reservation_key": stay.reservation_key,
        })
    }

    /// The grant of one of its guests.
    fn grant(
        &self,
        stay: &Stay,
        customer_key: &str,
        automation: &Automation,
        person: UserIdentityId,
        number: usize,
    ) -> Result<Create, Error> {
        let requested = automation.methods_at(&self.sites, stay.links.get(number));
        if requested.is_empty() {
            let message = "none of the access methods that the server is configured for can be had at these doors";
            return Err(Error::not_supported(message));
        }
        let has_rooms = self.doors.iter().any(|door| door.category().is_guest());
        let reservation_key = stay.reservation_key.clone().unwrap_or_else(|| stay.name.key.clone());
        Ok(Create {
            person: Person::Id(person),
            requested,
            entrance_ids: Vec::new(),
            space_ids: self.space_ids.clone(),
            space_keys: Vec::new(),
            starts_at: Some(stay.starts_at),
            ends_at: Some(stay.ends_at),
            name: stay.label.clone(),
            access_grant_key: None,
            // Doors that are nobody's room have no reservation (`spec/api.md 4.19`, rule 1).
            reservation_key: has_rooms.then_some(reservation_key),
            customization_profile_id: None,
            customer_key: Some(customer_key.to_owned()),
        })
    }
}
