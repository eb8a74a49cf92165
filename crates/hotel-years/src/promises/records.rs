//! What the lock server's records and the API must say: P2, P4's honesty, P7.

use std::collections::BTreeMap;

use super::{Broken, expected::Scene, name_of};
use crate::model::{GrantIndex, ROOMS};

/// P2: never two cards in use with one of our marks; and when all is done, one card per key.
pub(super) fn no_key_twice(scene: &Scene<'_>, calm: bool) -> Result<(), Broken> {
    let mut marks = BTreeMap::new();
    let mut keys: BTreeMap<(GrantIndex, &str), u32> = BTreeMap::new();
    for (card, grant) in scene.cards.iter().filter(|(card, _)| card.discarded.is_none()) {
        if let Some(other) = marks.insert(&card.card_holder, card.id) {
            return Err(Broken::new(
                "P2",
                format!("cards {other} and {} were made for one carrier of G{grant}", card.id),
            ));
        }
        let endpoint = card.endpoint_id.as_deref().unwrap_or_default();
        *keys.entry((*grant, endpoint)).or_default() += 1;
    }
    if !calm {
        return Ok(());
    }
    let (world, model) = (scene.world, scene.model);
    for ((index, endpoint), count) in keys.into_iter().filter(|(_, count)| *count > 1) {
        let grant = &model.grants[index];
        let Some(phone) = model.phones.iter().position(|phone| phone.endpoint == endpoint) else { continue };
        let lost = !grant.rooms.is_empty() && grant.rooms.iter().all(|(room, party)| model.has_lost(room, *party));
        let settled = model.phones[phone].online && grant.is_live(world.now) && grant.successor.is_none() && !lost;
        if settled && model.belongs(phone, index) {
            let what = format!("{count} cards are in use for G{index} on {}", name_of(model, phone));
            return Err(Broken::new("P2", what));
        }
    }
    Ok(())
}

/// R1: the first card of a party has all rooms of the party that anybody asked for by then. One with fewer would have to
/// be evicted by the first with all, since a joiner cannot have more rooms than the card it joins.
pub(super) fn opened_by_a_full_key(scene: &Scene<'_>) -> Result<(), Broken> {
    let (world, model) = (scene.world, scene.model);
    for (room, party) in
        ROOMS.iter().flat_map(|room| model.parties_at(room).into_iter().map(move |party| (*room, party)))
    {
        let Some(number) = world.hotel.property().door(room).map(|door| door.number) else { continue };
        let of_party = scene.cards.iter().filter(|(_, grant)| model.grants[*grant].rooms.get(room) == Some(&party));
        let stamped = of_party.filter_map(|(card, grant)| Some((card.stamp_at(number)?, card, *grant)));
        let Some((_, first, opener)) = stamped.min_by_key(|(stamp, card, _)| (*stamp, card.id)) else { continue };
        let mine = &model.grants[opener].rooms;
        for (index, other) in model.grants.iter().enumerate() {
            let was_there = other.created_at < first.created && other.is_live(world.now) && other.successor.is_none();
            let more = other
                .rooms
                .iter()
                .find(|(theirs, of)| **of == party && !mine.contains_key(*theirs) && !model.has_lost(theirs, party));
            if let Some((more, _)) = more.filter(|_| was_there && !model.is_displaced(index, first.created)) {
                let what = format!(
                    "card {} of G{opener} opened {room} for its party without {more}, which G{index} has",
                    first.id
                );
                return Err(Broken::new("R1", what));
            }
        }
    }
    Ok(())
}

/// P4: until a lock refuses an earlier key the API says that it may, and never that a good key is not.
pub(super) fn validity_is_honest(scene: &Scene<'_>) -> Result<(), Broken> {
    let (world, model) = (scene.world, scene.model);
    let ids: Vec<_> = model.grants.iter().map(|grant| grant.id).collect();
    let valid = world.validity(&ids)?;
    for (index, grant) in model.grants.iter().enumerate() {
        if grant.deleted || grant.successor.is_some() {
            continue;
        }
        let Some(seen) = valid.get(&grant.id) else {
            return Err(Broken::new("P1", format!("G{index} is gone and nobody asked for it")));
        };
        let lost = !grant.rooms.is_empty() && grant.rooms.iter().all(|(room, party)| model.has_lost(room, *party));
        let expected = !lost && grant.is_live(world.now);
        if *seen != expected {
            let what = format!("the API says is_valid = {seen} of G{index}, expected {expected}");
            return Err(Broken::new("P4", what));
        }
    }
    Ok(())
}

/// P7, and the end of a single phone's keys.
pub(super) fn what_was_deleted_is_gone(scene: &Scene<'_>) -> Result<(), Broken> {
    let (world, model) = (scene.world, scene.model);
    let broken = |what: String| Err(Broken::new("P7", what));
    for (card, index) in scene.cards.iter().filter(|(card, _)| card.discarded.is_none()) {
        let endpoint = card.endpoint_id.as_deref().unwrap_or_default();
        let Some(phone) = model.phones.iter().position(|phone| phone.endpoint == endpoint) else { continue };
        if !model.belongs(phone, *index) {
            return broken(format!("card {} of G{index} on {} was never discarded", card.id, name_of(model, phone)));
        }
    }
    for key in scene.held.iter().filter(|key| model.phones[key.phone].online) {
        if !model.belongs(key.phone, key.grant) {
            return broken(format!("{} still holds the key of G{}", name_of(model, key.phone), key.grant));
        }
    }
    let gone: Vec<_> = model.grants.iter().filter(|grant| grant.deleted).map(|grant| grant.id).collect();
    if let Some((id, _)) = world.validity(&gone)?.first_key_value() {
        return broken(format!("the deleted credential {id} is still there"));
    }
    for grant in model.grants.iter().filter(|grant| grant.deleted) {
        if let Some((child, _)) = world.program.children(grant.id)?.first() {
            return broken(format!("the child {child} outlived its parent"));
        }
    }
    Ok(())
}

/// What the desk booked is there, as it was booked last, and what it cancelled is gone (P1, P7).
pub(super) fn bookings_are_as_booked(scene: &Scene<'_>) -> Result<(), Broken> {
    let (world, model) = (scene.world, scene.model);
    let Some(desk) = world.program.desk() else { return Ok(()) };
    for (index, booking) in model.bookings.iter().enumerate() {
        let found = desk.grant(booking.id)?;
        let Some(view) = found.filter(|_| !booking.deleted) else {
            if booking.deleted == desk.grant(booking.id)?.is_none() {
                continue;
            }
            let (promise, what) = if booking.deleted { ("P7", "is still there") } else { ("P1", "is gone") };
            return Err(Broken::new(promise, format!("B{index} {what}")));
        };
        let times = (view.grant.starts_at, view.grant.ends_at);
        if times != (booking.window.starts_at, Some(booking.window.ends_at)) {
            return Err(Broken::new("P1", format!("B{index} has the times {times:?}, not {:?}", booking.window)));
        }
        let seen: Vec<_> = view.methods.iter().map(|method| method.method.id).collect();
        let expected = booking.keys.iter().filter(|(_, key)| !model.grants[*key].deleted).map(|(method, _)| *method);
        if !expected.eq(seen.iter().copied()) {
            return Err(Broken::new("P1", format!("B{index} has other keys than were asked for: {seen:?}")));
        }
        for (method, key) in &booking.keys {
            let Some(method) = view.methods.iter().find(|view| view.method.id == *method) else { continue };
            says_whether_it_is_issued(scene, *key, method.method.issued_at.is_some())?;
        }
    }
    Ok(())
}

/// P9: an access method is called issued once a phone has its key with the present times, or when there is no phone for
/// it (`spec/api.md 4.20`). It stays so until its times change.
fn says_whether_it_is_issued(scene: &Scene<'_>, index: GrantIndex, is_issued: bool) -> Result<(), Broken> {
    let model = scene.model;
    let grant = &model.grants[index];
    let is_over = !grant.is_live(scene.world.now);
    // Who deletes the key on a single phone takes what was issued; what the method says then is nowhere written.
    if is_over || !grant.without.is_empty() || grant.rooms.iter().any(|(room, party)| model.has_lost(room, *party)) {
        return Ok(());
    }
    let mut active = model.phones_of(grant.guest).filter(|phone| model.phones[*phone].active).peekable();
    let has_none = active.peek().is_none();
    if is_issued || !(has_none || active.any(|phone| scene.is_required(phone, index))) {
        return Ok(());
    }
    Err(Broken::new("P9", format!("the API says that G{index} is not issued, and it is")))
}
