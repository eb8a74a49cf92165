//! What must hold whenever nothing is due: P3, P4, P5 and the rules R3 and R4.

use domain::{id::EndpointId, window::minute};
use jiff::{SignedDuration, Timestamp};

use super::{
    Broken, Held, Worked, clock, copy_of_lock, expected::Scene, held, key_opens, name_of, phone_opens, records,
    refusals,
};
use visionline_sim::Card;

use crate::{
    model::{COMMONS, Model, PartyIndex, PhoneIndex, ROOMS, is_shown_in},
    world::{World, later},
};

/// Notes the rooms that parties lose: a later party has a card whose start is reached (design 6).
///
/// # Errors
/// When the API cannot say which grants are gone.
pub fn update(world: &World, model: &mut Model) -> Result<(), Broken> {
    let replaced = (0..model.grants.len()).filter(|grant| model.grants[*grant].successor.is_some());
    let replaced: Vec<usize> = replaced.filter(|grant| !model.released.contains_key(grant)).collect();
    if !replaced.is_empty() {
        let ids: Vec<_> = replaced.iter().map(|grant| model.grants[*grant].id).collect();
        let known = world.validity(&ids)?;
        for grant in replaced.into_iter().filter(|grant| !known.contains_key(&model.grants[*grant].id)) {
            let cards = world.hotel.cards().filter(|card| model.made_for(world, &card.label, card.id) == Some(grant));
            let discarded_at = cards.filter_map(|card| card.discarded).max();
            // One without a card goes with the look that finds it replaced, before anything else is made.
            let found_at = model.grants[grant].successor.map(|next| model.grants[next].created_at.max(model.asked_at));
            model.released.insert(grant, discarded_at.or(found_at).unwrap_or(world.now));
        }
    }
    model.asked_at = world.now;
    drop_orphans(world, model)?;
    model.fit_parties(world.now);
    for (room, party) in lost_now(world, model) {
        let start = model.parties[party].starts_at;
        model.lost.entry((room, party)).or_insert(start);
    }
    Ok(())
}

/// A key that waited to be replaced on a phone by one that was deleted there goes too. Once it has gone it does not come
/// back with a later one.
fn drop_orphans(world: &World, model: &mut Model) -> Result<(), Broken> {
    for grant in 0..model.grants.len() {
        let Some(next) = model.grants[grant].successor else { continue };
        let deleted = model.grants[next].without.difference(&model.grants[grant].without);
        for phone in deleted.copied().collect::<Vec<_>>() {
            let endpoint = model.phones[phone].endpoint.clone();
            let mut cards = world.hotel.cards().filter(|card| card.endpoint_id.as_ref() == Some(&endpoint));
            let was_there = cards.any(|card| model.made_for(world, &card.label, card.id) == Some(grant));
            let children = world.program.children(model.grants[grant].id)?;
            let is_there = |(_, at): &(_, Option<EndpointId>)| at.is_some_and(|at| at.to_string() == endpoint);
            if was_there && !children.iter().any(is_there) {
                model.grants[grant].without.insert(phone);
            }
        }
    }
    Ok(())
}

/// The rooms that parties lose now, as the lock server's records tell.
pub(super) fn lost_now(world: &World, model: &Model) -> Vec<(&'static str, PartyIndex)> {
    let mut lost = Vec::new();
    for card in world.hotel.cards() {
        let Some(index) = model.made_for(world, &card.label, card.id) else { continue };
        let grant = &model.grants[index];
        let window = grant.window_on(card.start, card.expire, &world.zone);
        let effective = minute(window.starts_at).max(card.created);
        // A card that is replaced at its start has still begun: whoever was there before is overridden, even when the
        // card that comes after leaves the room out. It takes nothing from parties that came when it was gone.
        let seen_at = card.discarded.unwrap_or(world.now);
        if effective > seen_at || effective >= window.ends_at {
            continue;
        }
        // Its time ends before it is discarded: its party may have moved to a later place by that.
        let last_at = card.discarded.map_or(seen_at, |at| later(at, SignedDuration::from_micros(-1)).max(effective));
        // A party that has lost a room itself takes it from nobody.
        for (room, party) in grant.rooms.iter().filter(|(room, party)| !model.has_lost(room, **party)) {
            let number = world.hotel.property().door(room).map(|door| door.number);
            let stamp_of = |card: &Card| number.and_then(|number| card.stamp_at(number));
            let Some(stamp) = stamp_of(card) else { continue };
            // A lock prefers the newer stamp: with an older one the card takes nothing.
            let newest = |party: PartyIndex, then: Timestamp| {
                let made = world.hotel.cards().filter(|other| other.created <= then);
                let of_party = made.filter(|other| {
                    let grant = model.made_for(world, &other.label, other.id).map(|index| &model.grants[index]);
                    grant.is_some_and(|grant| grant.rooms.get(room) == Some(&party))
                });
                of_party.filter_map(stamp_of).max()
            };
            // Parties move to later places when their first members go, so both ends of the card's time count.
            for then in [effective, last_at] {
                let rank = model.rank_then(room, *party, then);
                // Who comes early to a later party gives way to whoever books after, until the party's own start.
                let all = rank.0 <= then;
                let earlier = model.parties_at(room).into_iter().filter(|other| {
                    let opener = model.parties[*other].opener;
                    model.rank_then(room, *other, then) < rank
                        && model.grants[opener].created_at <= then
                        && (all || opener < index)
                        && !model.was_over(room, *other, then)
                        && newest(*other, then) < Some(stamp)
                });
                lost.extend(earlier.map(|earlier| (*room, earlier)));
            }
        }
    }
    lost
}

/// Checks everything; answers what works now. `calm`: nothing is going wrong at the lock server.
///
/// # Errors
/// The first promise that is broken.
pub fn settled(world: &World, model: &Model, worked: &Worked, calm: bool) -> Result<Worked, Broken> {
    let held = held(world, model);
    let scene = Scene::new(world, model, &held);
    only_what_was_granted(&scene, calm)?;
    never_an_earlier_party(&scene)?;
    records::no_key_twice(&scene, calm)?;
    if !calm || model.grants.iter().any(|grant| grant.is_in_first_minute(world.now, &world.zone)) {
        return Ok(worked.clone());
    }
    let works = what_must_open_opens(&scene, worked)?;
    after_any_use(&scene)?;
    early_keys_will_open(&scene)?;
    records::opened_by_a_full_key(&scene)?;
    records::validity_is_honest(&scene)?;
    records::what_was_deleted_is_gone(&scene)?;
    records::bookings_are_as_booked(&scene)?;
    Ok(works)
}

/// P5, the half that keeps people out.
fn only_what_was_granted(scene: &Scene<'_>, calm: bool) -> Result<(), Broken> {
    let (world, model) = (scene.world, scene.model);
    for key in scene.held {
        let grant = &model.grants[key.grant];
        let phone = &model.phones[key.phone];
        for door in ROOMS.into_iter().chain(COMMONS) {
            if !key_opens(world, door, &key.image) {
                continue;
            }
            let can_be_reached = calm && phone.online;
            let revocable = can_be_reached && !model.belongs(key.phone, key.grant);
            // A key whose times or doors were changed goes on as it is until its phone has the new one (P6).
            let is_kept = !can_be_reached || scene.is_kept_as_it_was(key);
            let wrong = if phone.guest != grant.guest {
                "on somebody else's phone"
            } else if !(grant.opens(door) || is_kept && grant.former_commons.contains(door)) {
                "which was never granted"
            } else if !is_shown_in(key.window, world.now, &world.zone) {
                "outside its window"
            } else if !grant.lock_may_accept(world.now, &world.zone) && !is_kept {
                "outside its new window"
            } else if revocable {
                "though it was revoked"
            } else {
                continue;
            };
            return Err(Broken::new(
                "P5",
                format!("{} opens {door} with G{} {wrong}", name_of(model, key.phone), key.grant),
            ));
        }
    }
    Ok(())
}

/// P4 against the real locks.
fn never_an_earlier_party(scene: &Scene<'_>) -> Result<(), Broken> {
    let (world, model) = (scene.world, scene.model);
    for key in scene.held {
        for (room, used, at, rank) in &model.used {
            let (mine, theirs) = (model.grants[key.grant].rooms.get(room), model.grants[*used].rooms.get(room));
            let Some((mine, theirs)) = mine.copied().zip(theirs.copied()) else { continue };
            // Who made room for a party comes back when that has lost the room or left.
            let is_over = model.has_lost(room, theirs) || model.has_left(room, theirs, world.now);
            let comes_back = is_over && model.gives_way(room, key.grant, theirs, *at);
            // The party may have moved to a later place since.
            let came_before =
                mine != theirs && model.rank(room, mine) < *rank || model.gives_way(room, key.grant, theirs, *at);
            let comes_before = came_before && model.comes_before(room, key.grant, *used, *at);
            if comes_before && !comes_back && key_opens(world, room, &key.image) {
                return Err(Broken::new(
                    "P4",
                    format!(
                        "G{used} was used at {room}, and {} still opens it with G{}, which comes before",
                        name_of(model, key.phone),
                        key.grant
                    ),
                ));
            }
        }
    }
    Ok(())
}

/// P3, and P5, the half that lets people in.
fn what_must_open_opens(scene: &Scene<'_>, worked: &Worked) -> Result<Worked, Broken> {
    let (world, model) = (scene.world, scene.model);
    let mut works = Worked::new();
    for (phone, holder) in model.phones.iter().enumerate().filter(|(_, phone)| phone.active) {
        for (index, grant) in model.grants.iter().enumerate() {
            if !model.belongs(phone, index) || !grant.is_in_force(world.now, &world.zone) {
                continue;
            }
            let required = scene.is_required(phone, index);
            for (room, party) in &grant.rooms {
                let own = |key: &&Held| key.phone == phone && key.grant == index;
                if scene.held.iter().filter(own).any(|key| key_opens(world, room, &key.image)) {
                    works.insert((phone, index, room));
                    continue;
                }
                let did = worked.contains(&(phone, index, *room));
                // Who makes room at one door is not made anew at the others either (docs/decisions/0003).
                let excused = model.has_lost(room, *party)
                    || model.is_displaced(index, world.now)
                    || is_tainted(scene, room)
                    || grant.successor.is_some();
                let must = holder.online && (required || did) || did && is_safe_offline(scene, phone, index, room);
                let Some(mut lock) = copy_of_lock(world, room) else { continue };
                if must && !excused && !phone_opens(world, &mut lock, scene.held, phone) {
                    return Err(Broken::new(
                        if did { "P3" } else { "P5" },
                        format!(
                            "G{index} must open {room} with {}{}: {}",
                            name_of(model, phone),
                            if did { " as it did" } else { "" },
                            refusals(world, room, scene.held, phone)
                        ),
                    ));
                }
            }
            for door in &grant.commons {
                let Some(mut lock) = copy_of_lock(world, door) else { continue };
                if required && !phone_opens(world, &mut lock, scene.held, phone) {
                    let why = refusals(world, door, scene.held, phone);
                    return Err(Broken::new(
                        "P5",
                        format!("G{index} must open {door} with {}: {why}", name_of(model, phone)),
                    ));
                }
            }
        }
    }
    Ok(works)
}

/// Somebody out of contact showed a revoked key, and the lock believed it: no server can prevent that.
fn is_tainted(scene: &Scene<'_>, room: &str) -> bool {
    let last = scene.world.hotel.lock(room).map(visionline_sim::Lock::last_stamp);
    last.is_some() && scene.model.tainted.get(room).copied() == last
}

/// A phone out of contact cannot be given a new key, so it may lose a room by R3 and R4. Neither can happen to a
/// party of one room whose members all overlap and after which no earlier party came.
fn is_safe_offline(scene: &Scene<'_>, phone: PhoneIndex, index: usize, room: &'static str) -> bool {
    let model = scene.model;
    let grant = &model.grants[index];
    let Some(party) = grant.rooms.get(room) else { return false };
    let members = || model.grants.iter().filter(|other| other.rooms.values().any(|theirs| theirs == party));
    let stale = scene.held.iter().any(|key| key.phone == phone && key.grant == index && scene.is_stale(key, room));
    let one_room = members().all(|other| other.rooms.iter().all(|(theirs, of)| of != party || *theirs == room));
    // A key that was given a later end works until its former one at the least.
    let mut own = scene.held.iter().filter(|key| key.phone == phone && key.grant == index);
    let works_still = own.any(|key| is_shown_in(key.window, scene.world.now, &scene.world.zone));
    // Cards of members may have the windows that these had before their times were changed.
    let window = grant.window();
    let meets =
        members().flat_map(|other| other.former_windows.iter().map(|(_, window)| *window).chain([other.window()]));
    !stale
        && one_room
        && grant.rooms.len() == 1
        && works_still
        && meets.into_iter().all(|other| other.overlaps(&window))
}

/// P3 and P4 for every key that could be used next: what would be left working after it?
fn after_any_use(scene: &Scene<'_>) -> Result<(), Broken> {
    let (world, model) = (scene.world, scene.model);
    for room in ROOMS {
        let openers: Vec<&Held> = scene
            .held
            .iter()
            .filter(|key| {
                let grant = &model.grants[key.grant];
                grant.rooms.contains_key(room)
                    && model.belongs(key.phone, key.grant)
                    && grant.is_in_force(world.now, &world.zone)
            })
            .filter(|key| key_opens(world, room, &key.image))
            .collect();
        for first in &openers {
            let Some(mut lock) = copy_of_lock(world, room) else { continue };
            lock.present(&first.image, clock(world));
            for second in &openers {
                let (mine, theirs) = (model.grants[first.grant].rooms[room], model.grants[second.grant].rooms[room]);
                let told = || {
                    format!(
                        "after {} uses G{} at {room}, {} with G{}",
                        name_of(model, first.phone),
                        first.grant,
                        name_of(model, second.phone),
                        second.grant
                    )
                };
                if model.comes_before(room, second.grant, first.grant, world.now) {
                    let refused = !lock.clone().present(&second.image, clock(world)).opened();
                    // A phone out of contact may still show the key from before an earlier party came, and a replaced
                    // key is not made anew (R4). Nor is one that has lost the room, should a party that comes before it
                    // have been given an earlier time since.
                    let is_kept = model.is_between_parties(first.grant)
                        || model.has_lost(room, mine)
                        || !model.phones[first.phone].online
                        || model.grants[first.grant].successor.is_some();
                    let excused = scene.is_stale(first, room) && is_kept;
                    if !refused && !excused {
                        return Err(Broken::new("P4", format!("{} of an earlier party still opens", told())));
                    }
                    continue;
                }
                let opens = phone_opens(world, &mut lock.clone(), scene.held, second.phone);
                let can_hear = model.phones[second.phone].online;
                let replaced = model.grants[second.grant].successor.is_some();
                let replaced =
                    replaced || model.is_between_parties(second.grant) || model.is_displaced(second.grant, world.now);
                let must = !replaced && (can_hear || is_safe_offline(scene, second.phone, second.grant, room));
                if must && !opens && !model.has_lost(room, theirs) {
                    let promise = if mine == theirs { "P3" } else { "R4" };
                    return Err(Broken::new(promise, format!("{} would not open any more", told())));
                }
            }
        }
    }
    Ok(())
}

/// R4: a key that was issued early opens at its start, whoever walked in since and used the door until then.
fn early_keys_will_open(scene: &Scene<'_>) -> Result<(), Broken> {
    let (world, model) = (scene.world, scene.model);
    for (phone, holder) in model.phones.iter().enumerate().filter(|(_, phone)| phone.active && phone.online) {
        for (index, grant) in model.grants.iter().enumerate() {
            let ahead = grant.starts_at > world.now && model.belongs(phone, index) && grant.successor.is_none();
            let ahead = ahead && !model.is_between_parties(index);
            let own: Vec<&Held> = scene.held.iter().filter(|key| key.phone == phone && key.grant == index).collect();
            if !ahead {
                continue;
            }
            let window = grant.window();
            if own.iter().all(|key| key.window != window) {
                if holder.online && scene.is_required(phone, index) {
                    let what = format!("{} must have the key of G{index} before its start", name_of(model, phone));
                    return Err(Broken::new("P5", what));
                }
                continue;
            }
            for (room, party) in grant.rooms.iter().filter(|(room, party)| !model.has_lost(room, **party)) {
                let Some(mut lock) = copy_of_lock(world, room) else { continue };
                for other in scene.held.iter().filter(|other| {
                    model.grants[other.grant]
                        .rooms
                        .get(room)
                        .is_some_and(|other| model.rank(room, *other) < model.rank(room, *party))
                }) {
                    lock.present(&other.image, clock(world));
                }
                let start = world.zone.to_datetime(grant.starts_at);
                let opens = own.iter().any(|key| lock.present(&key.image, start).opened());
                let excused = is_tainted(scene, room) || model.is_displaced(index, world.now) || scene.must_wait(index);
                if !opens && !excused {
                    let what = format!("G{index} on {} will not open {room} at its start", name_of(model, phone));
                    return Err(Broken::new("R4", what));
                }
            }
        }
    }
    Ok(())
}
