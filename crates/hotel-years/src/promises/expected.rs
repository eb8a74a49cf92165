//! Which keys must be there: the expectation behind liveness (P5), by the rules R1 to R4 read as promises to guests.

use std::{cmp::Reverse, collections::BTreeSet};

use domain::window::minute;
use visionline_sim::Card;

use super::{Held, copy_of_lock};
use crate::{
    model::{Grant, GrantIndex, Model, PartyIndex, PhoneIndex},
    world::World,
};

/// What was loaded once for a check.
pub(super) struct Scene<'a> {
    pub world: &'a World,
    pub model: &'a Model,
    pub held: &'a [Held],
    /// Card records with the grants they were made for.
    pub cards: Vec<(&'a Card, GrantIndex)>,
}

impl<'a> Scene<'a> {
    pub fn new(world: &'a World, model: &'a Model, held: &'a [Held]) -> Self {
        let cards =
            world.hotel.cards().filter_map(|card| Some((card, model.made_for(world, &card.label, card.id)?))).collect();
        Self { world, model, held, cards }
    }

    fn newest_stamp(&self, room: &'static str, of: impl Fn(PartyIndex) -> bool) -> Option<u32> {
        let number = self.world.hotel.property().door(room)?.number;
        self.cards
            .iter()
            .filter(|(_, grant)| self.model.grants[*grant].rooms.get(room).is_some_and(|party| of(*party)))
            .filter_map(|(card, _)| card.stamp_at(number))
            .max()
    }

    /// R4: a key of an earlier party was made at the room after this one, and would refuse it.
    pub fn is_stale(&self, key: &Held, room: &'static str) -> bool {
        let Some(party) = self.model.grants[key.grant].rooms.get(room) else { return false };
        let rank = self.model.rank(room, *party);
        let newest = self.newest_stamp(room, |other| self.model.rank(room, other) < rank);
        newest > key.stamp(self.world, room)
    }

    /// Whether others can join this key at the room: it is wanted, has its party's newest stamp, and opens the room or
    /// will when both it and the one to join it have started.
    fn stands(&self, key: &Held, room: &'static str, joiner: GrantIndex) -> bool {
        let (grant, joiner) = (&self.model.grants[key.grant], &self.model.grants[joiner]);
        let Some(party) = grant.rooms.get(room) else { return false };
        let newest = self.newest_stamp(room, |other| other == *party);
        let start = self.world.now.max(key.window.starts_at).max(joiner.starts_at);
        self.model.belongs(key.phone, key.grant)
            && grant.is_live(self.world.now)
            && key.window.ends_at > self.world.now
            && key.window.overlaps(&joiner.window())
            && key.window.overlaps(&grant.window())
            && newest == key.stamp(self.world, room)
            && !self.is_stale(key, room)
            && copy_of_lock(self.world, room)
                .is_some_and(|mut lock| lock.present(&key.image, self.world.zone.to_datetime(start)).opened())
    }

    /// Whether a key that was overtaken (R4) cannot be made anew yet without locking somebody out: those who have the
    /// stamp of its party share no time with it, or it has rooms of several parties and some of those who share them
    /// with it are in already, at another time, or come after it at another of its rooms (docs/decisions/0003).
    pub fn must_wait(&self, index: GrantIndex) -> bool {
        let (model, now) = (self.model, self.world.now);
        let grant = &model.grants[index];
        let is_apart = |room: &'static str, party: PartyIndex| {
            let others = self.held.iter().filter(|key| key.grant != index && model.belongs(key.phone, key.grant));
            let mut good = others
                .filter(|key| model.grants[key.grant].rooms.get(room) == Some(&party))
                .filter(|key| model.grants[key.grant].is_live(now) && !self.is_stale(key, room))
                .filter(|key| key.stamp(self.world, room) == self.newest_stamp(room, |other| other == party))
                .peekable();
            good.peek().is_some() && good.all(|key| !key.window.overlaps(&grant.window()))
        };
        if grant.rooms.iter().any(|(room, party)| is_apart(room, *party)) || self.waits_in_a_tangle(index) {
            return true;
        }
        let parties: BTreeSet<PartyIndex> = grant.rooms.values().copied().collect();
        let stands_in_the_way = |other: &Grant| {
            let comes_after = grant.rooms.iter().any(|(room, party)| {
                other.rooms.get(room).is_some_and(|theirs| model.rank(room, *theirs) > model.rank(room, *party))
            });
            other.starts_at <= now || !other.overlaps(grant) || comes_after
        };
        let mut others = model.grants.iter().enumerate().filter(|(other, grant)| *other != index && grant.is_live(now));
        let shares = |other: &Grant| grant.rooms.iter().any(|(room, party)| other.rooms.get(room) == Some(party));
        parties.len() > 1 && others.any(|(_, other)| shares(other) && stands_in_the_way(other))
    }

    /// Whether a key whose times or doors were changed may be as it was before although its phone is in contact: the new
    /// one cannot be made yet, and to discard the old one meanwhile would leave its holder without any (P6). One that has
    /// no time in common with what its holder has a right to, or whose time is over, goes all the same (P5).
    pub fn is_kept_as_it_was(&self, key: &Held) -> bool {
        let grant = &self.model.grants[key.grant];
        let has_a_room = grant.rooms.iter().any(|(room, party)| !self.model.has_lost(room, *party));
        let is_due = grant.is_live(self.world.now) && key.window.overlaps(&grant.window());
        is_due && has_a_room && !self.is_required(key.phone, key.grant)
    }

    /// Whether the grant and another come before each other at one of their rooms each, and the other is the first to take
    /// one: until then no new key of this one can be right at both (docs/decisions/0003).
    fn waits_in_a_tangle(&self, index: GrantIndex) -> bool {
        let (model, now) = (self.model, self.world.now);
        let own = &model.grants[index];
        let is_open = |room: &'static str, party: PartyIndex| {
            !model.has_lost(room, party) && self.newest_stamp(room, |other| other == party).is_some()
        };
        // From when on a grant of the later party takes the room from the earlier one.
        let taking = |room: &'static str, later: PartyIndex, by: &Grant, earlier: PartyIndex| {
            let asked_after = model.grants[model.parties[earlier].opener].created_at < by.created_at;
            let since = if asked_after { by.starts_at } else { model.rank(room, later).0.max(by.starts_at) };
            minute(since)
        };
        model.grants.iter().enumerate().filter(|(other, grant)| *other != index && grant.is_live(now)).any(
            |(_, other)| {
                let shared = || {
                    let both =
                        own.rooms.iter().filter_map(|(room, mine)| Some((*room, *mine, *other.rooms.get(room)?)));
                    both.filter(|(room, mine, theirs)| mine != theirs && is_open(room, *mine) && is_open(room, *theirs))
                };
                let is_first = |room, mine, theirs| model.rank(room, mine) < model.rank(room, theirs);
                let taken = shared()
                    .filter(|(room, mine, theirs)| is_first(room, *mine, *theirs))
                    .map(|(room, mine, theirs)| taking(room, theirs, other, mine));
                let takes = shared()
                    .filter(|(room, mine, theirs)| !is_first(room, *mine, *theirs))
                    .map(|(room, mine, theirs)| taking(room, mine, own, theirs));
                taken.min().zip(takes.min()).is_some_and(|(taken, takes)| {
                    now < taken && (taken, Reverse(other.created_at)) <= (takes, Reverse(own.created_at))
                })
            },
        )
    }

    /// Whether the phone must have the key of the grant, when everything that is due was done.
    pub fn is_required(&self, phone: PhoneIndex, index: GrantIndex) -> bool {
        let (model, now) = (self.model, self.world.now);
        let (holder, grant) = (&model.phones[phone], &model.grants[index]);
        if !model.belongs(phone, index) || !holder.online || grant.successor.is_some() || !grant.is_live(now) {
            return false;
        }
        if model.is_displaced(index, now) || !grant.is_on_the_clock(&self.world.zone) {
            return false;
        }
        let mine: Vec<(&'static str, PartyIndex)> = grant
            .rooms
            .iter()
            .filter(|(room, party)| !model.has_lost(room, **party))
            .map(|(room, party)| (*room, *party))
            .collect();
        if mine.is_empty() {
            return grant.rooms.is_empty();
        }
        let same = |key: &&Held, room: &str, party: PartyIndex| model.grants[key.grant].rooms.get(room) == Some(&party);
        let covered = mine.iter().all(|(room, party)| {
            let mut others = self.held.iter().filter(|key| same(key, room, *party));
            others.any(|key| self.stands(key, room, index) && self.suits(key, &mine))
        });
        covered || (self.may_open(index, &mine) && !self.waits_in_a_tangle(index))
    }

    /// Whether a joiner of these parties gets their stamps from this key and others: of several joined cards the lock
    /// server takes the newest at each door, so none may bring a newer one of somebody else's (docs/decisions/0003).
    fn suits(&self, key: &Held, mine: &[(&'static str, PartyIndex)]) -> bool {
        let theirs = &self.model.grants[key.grant].rooms;
        mine.iter().all(|(room, party)| {
            let is_other = theirs.get(room).is_some_and(|of| of != party);
            !is_other || key.stamp(self.world, room) < self.newest_stamp(room, |other| other == *party)
        })
    }

    /// R1: all rooms in one party, all rooms of that party, and nobody of it at another time only.
    fn may_open(&self, index: GrantIndex, mine: &[(&'static str, PartyIndex)]) -> bool {
        let (model, now) = (self.model, self.world.now);
        let grant = &model.grants[index];
        let parties: BTreeSet<PartyIndex> = mine.iter().map(|(_, party)| *party).collect();
        let [party] = parties.into_iter().collect::<Vec<_>>()[..] else { return false };
        let members = || {
            model
                .grants
                .iter()
                .filter(move |other| other.is_live(now) && other.rooms.values().any(|theirs| *theirs == party))
        };
        let is_full = members()
            .flat_map(|other| other.rooms.iter())
            .filter(|(room, theirs)| **theirs == party && !model.has_lost(room, party))
            .all(|(room, _)| mine.iter().any(|(own, _)| own == room));
        let mut cards = self.cards.iter().filter(|(card, _)| card.discarded.is_none());
        let meets = cards.all(|(card, of)| {
            let other = &model.grants[*of];
            let window = other.window_on(card.start, card.expire, &self.world.zone);
            let is_member = other.rooms.values().any(|theirs| *theirs == party) && !other.deleted;
            // One that has no time in common with its own key is on its way out.
            let counts = is_member && window.ends_at > now && window.overlaps(&other.window());
            !counts || window.overlaps(&grant.window())
        });
        is_full && meets && members().all(|other| other.overlaps(grant))
    }
}
