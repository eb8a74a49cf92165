//! Requests that must be refused, and after which nothing may have changed.

use engine::{
    When,
    credentials::{Create, Joiner},
};
use jiff::SignedDuration;

use super::{Play, ask::Wanted};
use crate::{model::ROOMS, promises::Broken, random::Random, world::later};

impl Play {
    pub(super) fn mistake(&mut self, word: u64) -> Result<u64, Broken> {
        let mut random = Random::new(word);
        let Some(guest) = self.pick_guest(&mut random) else { return Ok(word) };
        let now = self.world.now;
        let rooms = vec![ROOMS[random.below(ROOMS.len())]];
        let ends_at = later(now, SignedDuration::from_hours(20));
        let wanted = Wanted { guest, rooms, commons: Vec::new(), starts_at: None, ends_at };
        let plain = wanted.create(self);
        let live = self.model.grants.iter().find(|grant| grant.is_live(now) && !grant.rooms.is_empty());
        let joiner = live.map(|grant| Joiner::Credential(grant.id));
        let uncovered = ROOMS.into_iter().find(|room| live.is_some_and(|grant| !grant.rooms.contains_key(room)));
        let over = self.model.grants.iter().find(|grant| grant.deleted);
        let early = later(now, SignedDuration::from_hours(-1));
        let (what, asked) = match random.below(6) {
            0 => (
                "override and joiners",
                joiner.map(|joiner| Create { overrides: Some(true), joiners: vec![joiner], ..plain }),
            ),
            1 => ("override and auto_join", Some(Create { overrides: Some(true), auto_join: Some(true), ..plain })),
            2 => ("override: false without joiners", Some(Create { overrides: Some(false), ..plain })),
            3 => (
                "an end in the past",
                Some(Create { overrides: Some(true), ends_at: Some(When::Instant(early)), ..plain }),
            ),
            4 => (
                "a deleted credential to join",
                over.map(|over| Create { joiners: vec![Joiner::Credential(over.id)], ..plain }),
            ),
            _ => (
                "a room that no joined credential opens",
                joiner.zip(uncovered).map(|(joiner, room)| {
                    let entrance_ids = self.world.entrances.get(room).copied().into_iter().collect();
                    Create { joiners: vec![joiner], entrance_ids, ..plain }
                }),
            ),
        };
        let Some(asked) = asked else { return Ok(word) };
        self.tell(format!("{} asks for {what}", self.model.guests[guest].name));
        let before = self.world.program.credential_count()?;
        if self.world.create_credential(asked).is_ok() {
            return Err(Broken::new("API", format!("{what} was accepted")));
        }
        if self.world.program.credential_count()? != before {
            return Err(Broken::new("API", "a refused request left a credential behind"));
        }
        Ok(word)
    }
}
