//! Asking for credentials and ending them.

use std::collections::{BTreeMap, BTreeSet};

use domain::{card_format::CardFormat, window::minute};
use engine::{
    When,
    credentials::{Create, Joiner, Owner},
};
use jiff::{SignedDuration, Timestamp};

use super::Play;
use crate::{
    model::{COMMONS, Grant, GrantIndex, GuestIndex, Party, PartyIndex, ROOMS},
    promises::{Broken, name_of},
    random::Random,
    story::Weather,
    world::later,
};

/// A request as a story makes it.
pub(super) struct Wanted {
    pub guest: GuestIndex,
    pub rooms: Vec<&'static str>,
    pub commons: Vec<&'static str>,
    pub starts_at: Option<Timestamp>,
    pub ends_at: Timestamp,
}

impl Wanted {
    pub(super) fn create(&self, play: &Play) -> Create {
        let doors = self.rooms.iter().chain(&self.commons);
        Create {
            owner: Owner::User(play.model.guests[self.guest].person.user),
            access_method: store::credentials::MOBILE_KEY.to_owned(),
            credential_manager_id: None,
            entrance_ids: doors.filter_map(|door| play.world.entrances.get(*door).copied()).collect(),
            is_multi_phone: true,
            starts_at: self.starts_at.map(When::Instant),
            ends_at: Some(When::Instant(self.ends_at)),
            card_format: CardFormat::Rfid48,
            is_staff: false,
            overrides: None,
            auto_join: None,
            joiners: Vec::new(),
            label: Some(format!("G{}", play.model.grants.len())),
        }
    }
}

impl Play {
    /// Somebody to give a key to: mostly a guest without one.
    pub(super) fn pick_guest(&self, random: &mut Random) -> Option<GuestIndex> {
        let holds = |guest: GuestIndex| {
            self.model.grants.iter().any(|grant| grant.guest == guest && grant.is_live(self.world.now))
        };
        let fresh: Vec<GuestIndex> = (0..self.model.guests.len()).filter(|guest| !holds(*guest)).collect();
        if !fresh.is_empty() && random.chance(3, 4) {
            return fresh.get(random.below(fresh.len())).copied();
        }
        (!self.model.guests.is_empty()).then(|| random.below(self.model.guests.len()))
    }

    pub(super) fn pick_window(&self, random: &mut Random) -> (Option<Timestamp>, Timestamp) {
        let hours = |hours: usize| SignedDuration::from_hours(i64::try_from(hours).unwrap_or(0));
        let now = self.world.now;
        let start = match random.below(10) {
            0..=4 => None,
            5 => Some(later(now, hours(1 + random.below(6)))),
            6 | 7 => Some(later(now, hours(12 + random.below(24)))),
            8 => Some(later(now, hours(72 + random.below(96)))),
            _ => Some(later(now, SignedDuration::from_hours(-2))),
        };
        let length = [3, 8, 20, 30, 50, 72][random.below(6)];
        let end = later(start.unwrap_or(now).max(now), hours(length));
        let whole = |at: Timestamp| {
            let past_minute_s = if random.clone().chance(4, 5) { at.as_second().rem_euclid(60) } else { 0 };
            later(at, SignedDuration::from_secs(-past_minute_s))
        };
        (start.map(whole), whole(end))
    }

    pub(super) fn pick_rooms(random: &mut Random) -> Vec<&'static str> {
        let count = [1, 1, 1, 2, 2, 3][random.below(6)];
        let first = random.below(ROOMS.len());
        (0..count).map(|step| ROOMS[(first + step) % ROOMS.len()]).collect()
    }

    pub(super) fn pick_commons(random: &mut Random) -> Vec<&'static str> {
        COMMONS.into_iter().filter(|_| random.chance(1, 3)).collect()
    }

    pub(super) fn book(&mut self, word: u64) -> Result<u64, Broken> {
        let mut random = Random::new(word);
        let Some(guest) = self.pick_guest(&mut random) else { return Ok(word) };
        let (starts_at, ends_at) = self.pick_window(&mut random);
        let rooms = Self::pick_rooms(&mut random);
        let commons = Self::pick_commons(&mut random);
        let wanted = Wanted { guest, rooms, commons, starts_at, ends_at };
        let create = Create { overrides: Some(true), ..wanted.create(self) };
        let party = self.model.parties.len();
        let parties = wanted.rooms.iter().map(|room| (*room, party)).collect();
        self.ask("books", wanted, create, parties)?;
        Ok(word)
    }

    pub(super) fn auto(&mut self, word: u64) -> Result<u64, Broken> {
        self.calm()?;
        let mut random = Random::new(word);
        let Some(guest) = self.pick_guest(&mut random) else { return Ok(word) };
        let (starts_at, ends_at) = self.pick_window(&mut random);
        let rooms = Self::pick_rooms(&mut random);
        let commons = Self::pick_commons(&mut random);
        let wanted = Wanted { guest, rooms, commons, starts_at, ends_at };
        let create = Create { auto_join: random.chance(1, 2).then_some(true), ..wanted.create(self) };
        let now = self.world.now;
        let start = starts_at.unwrap_or(now).max(now);
        let opened = self.model.parties.len();
        let ids: Vec<_> = self.model.grants.iter().map(|grant| grant.id).collect();
        let known = self.world.validity(&ids)?;
        let is_member = |index: GrantIndex| {
            let grant = &self.model.grants[index];
            !grant.deleted && known.contains_key(&grant.id)
        };
        let parties = wanted
            .rooms
            .iter()
            .map(|room| (*room, self.model.in_force(room, start, ends_at, now, is_member).unwrap_or(opened)))
            .collect();
        self.ask("auto-joins", wanted, create, parties)?;
        Ok(word)
    }

    pub(super) fn join(&mut self, word: u64) -> Result<u64, Broken> {
        let mut random = Random::new(word);
        let now = self.world.now;
        let still_holds = |grant: &Grant| grant.rooms.iter().any(|(room, party)| !self.model.has_lost(room, *party));
        let targets: Vec<GrantIndex> = (0..self.model.grants.len())
            .filter(|index| {
                let grant = &self.model.grants[*index];
                grant.is_live(now) && grant.successor.is_none() && still_holds(grant)
            })
            .collect();
        let Some(guest) = self.pick_guest(&mut random) else { return Ok(word) };
        let Some(first) = targets.get(random.below(targets.len())).copied() else { return Ok(word) };
        let mut joined = vec![first];
        if random.chance(1, 3)
            && let Some(second) = targets.get(random.below(targets.len())).copied()
            && second != first
        {
            joined.push(second);
        }
        let Some(rooms) = self.rooms_of(&joined, &mut random) else { return Ok(word) };
        let (starts_at, ends_at) = self.window_to_join(&joined, &mut random);
        let names: Vec<String> = joined.iter().map(|target| format!("G{target}")).collect();
        let joiners = self.joiners(&joined, &mut random)?;
        let commons = Self::pick_commons(&mut random);
        let wanted = Wanted { guest, rooms: rooms.keys().copied().collect(), commons, starts_at, ends_at };
        let create = Create { joiners, ..wanted.create(self) };
        self.ask(&format!("joins {}", names.join(" and ")), wanted, create, rooms)?;
        Ok(word)
    }

    /// Some of the rooms that the targets hold, with their parties; rooms at which they differ are left out.
    fn rooms_of(&self, joined: &[GrantIndex], random: &mut Random) -> Option<BTreeMap<&'static str, PartyIndex>> {
        let mut rooms: BTreeMap<&'static str, BTreeSet<PartyIndex>> = BTreeMap::new();
        for target in joined {
            for (room, party) in &self.model.grants[*target].rooms {
                if !self.model.has_lost(room, *party) {
                    rooms.entry(room).or_default().insert(*party);
                }
            }
        }
        let mut agreed: BTreeMap<&'static str, PartyIndex> = rooms
            .into_iter()
            .filter(|(_, parties)| parties.len() == 1)
            .filter_map(|(room, parties)| Some((room, *parties.first()?)))
            .collect();
        if agreed.len() > 1 && random.chance(1, 3) {
            let left_out = agreed.keys().nth(random.below(agreed.len())).copied();
            left_out.and_then(|room| agreed.remove(room));
        }
        (!agreed.is_empty()).then_some(agreed)
    }

    /// A window that shares time with each target.
    fn window_to_join(&self, joined: &[GrantIndex], random: &mut Random) -> (Option<Timestamp>, Timestamp) {
        let now = self.world.now;
        let windows = || joined.iter().map(|target| &self.model.grants[*target]);
        let start = windows().map(|grant| grant.starts_at.max(now)).min().unwrap_or(now);
        let end = windows().map(|grant| grant.ends_at).max().unwrap_or(now);
        let [only] = joined else { return (Some(start), end) };
        let grant = &self.model.grants[*only];
        match random.below(4) {
            0 => (None, end),
            1 => (Some(start), later(end, SignedDuration::from_hours(12))),
            2 => {
                let inside_s = grant.ends_at.duration_since(start).as_secs() / 2;
                let middle = later(start, SignedDuration::from_secs(inside_s - inside_s.rem_euclid(60)));
                if random.chance(1, 2) && middle > start { (Some(middle), end) } else { (Some(start), end) }
            }
            _ => (Some(start), end),
        }
    }

    /// The targets by parent, by child, or by both.
    fn joiners(&mut self, joined: &[GrantIndex], random: &mut Random) -> Result<Vec<Joiner>, Broken> {
        let mut joiners = Vec::new();
        for target in joined {
            let parent = self.model.grants[*target].id;
            let doomed = |endpoint: &str| {
                self.model
                    .phones
                    .iter()
                    .position(|phone| phone.endpoint == endpoint)
                    .is_none_or(|phone| !self.model.belongs(phone, *target))
            };
            let child = self
                .world
                .program
                .children(parent)?
                .into_iter()
                .find(|(_, endpoint)| endpoint.is_some_and(|endpoint| !doomed(&endpoint.to_string())))
                .map(|(child, _)| child);
            let (by_parent, by_child) = [(true, false), (false, true), (true, true)][random.below(3)];
            if by_parent || child.is_none() {
                joiners.push(Joiner::Credential(parent));
            }
            if let Some(child) = child.filter(|_| by_child) {
                joiners.push(Joiner::Credential(child));
            }
        }
        Ok(joiners)
    }

    /// Sends a request that must be granted.
    fn ask(
        &mut self,
        how: &str,
        wanted: Wanted,
        create: Create,
        rooms: BTreeMap<&'static str, PartyIndex>,
    ) -> Result<(), Broken> {
        let index = self.model.grants.len();
        let starts_at = wanted.starts_at.unwrap_or(self.world.now).max(self.world.now);
        let doors: Vec<&str> = wanted.rooms.iter().chain(&wanted.commons).copied().collect();
        let clock = |at: Timestamp| format!("{:.0}", self.world.zone.to_datetime(at));
        self.tell(format!(
            "{} {how}: G{index} for {} from {} to {}",
            self.model.guests[wanted.guest].name,
            doors.join(", "),
            clock(starts_at),
            clock(wanted.ends_at)
        ));
        let id = match self.world.create_credential(create) {
            Ok(id) => id,
            Err(error) if self.weather == Weather::Foul => {
                self.tell(format!("refused: {error}"));
                return Ok(());
            }
            Err(error) => return Err(Broken::new("API", format!("a good request was refused: {error}"))),
        };
        if rooms.values().any(|party| *party == self.model.parties.len()) {
            self.model.parties.push(Party { starts_at: minute(starts_at), opener: index, former_starts: Vec::new() });
        }
        for former in self.model.grants.iter_mut().filter(|former| former.guest == wanted.guest && !former.deleted) {
            former.successor = Some(index);
        }
        self.model.grants.push(Grant {
            guest: wanted.guest,
            id,
            rooms,
            commons: wanted.commons.into_iter().collect(),
            starts_at,
            ends_at: wanted.ends_at,
            created_at: self.world.now,
            deleted: false,
            successor: None,
            without: BTreeSet::new(),
            former_windows: Vec::new(),
            former_commons: BTreeSet::new(),
        });
        self.model.fit_parties(self.world.now);
        Ok(())
    }

    pub(super) fn delete(&mut self, word: u64) -> Result<u64, Broken> {
        let standing: Vec<GrantIndex> = (0..self.model.grants.len())
            .filter(|index| !self.model.grants[*index].deleted && self.model.grants[*index].successor.is_none())
            .collect();
        let Some(index) = standing.get(Random::new(word).below(standing.len())).copied() else { return Ok(word) };
        self.tell(format!("G{index} is deleted"));
        if let Err(error) = self.world.delete_credential(self.model.grants[index].id) {
            return Err(Broken::new("API", format!("a delete was refused: {error}")));
        }
        // What it was about to replace goes with it.
        for (other, grant) in self.model.grants.iter_mut().enumerate() {
            grant.deleted |= other == index || grant.successor == Some(index);
        }
        self.model.fit_parties(self.world.now);
        Ok(word)
    }

    pub(super) fn delete_child(&mut self, word: u64) -> Result<u64, Broken> {
        let mut children = Vec::new();
        for (index, grant) in self.model.grants.iter().enumerate().filter(|(_, grant)| !grant.deleted) {
            for (child, endpoint) in self.world.program.children(grant.id)? {
                let endpoint = endpoint.map(|endpoint| endpoint.to_string());
                let phone = self.model.phones.iter().position(|phone| Some(&phone.endpoint) == endpoint.as_ref());
                children.extend(phone.map(|phone| (index, phone, child)));
            }
        }
        let Some((index, phone, child)) = children.get(Random::new(word).below(children.len())).copied() else {
            return Ok(word);
        };
        self.tell(format!("the key of G{index} on {} is deleted", name_of(&self.model, phone)));
        if let Err(error) = self.world.delete_credential(child) {
            return Err(Broken::new("API", format!("a delete was refused: {error}")));
        }
        self.model.grants[index].without.insert(phone);
        Ok(word)
    }
}
