//! Carrying a story out: each step as the API would be called, then the work, then the checks.

mod ask;
mod desk_mistakes;
mod granting;
mod mistakes;
mod people;
mod reservations;

use jiff::{SignedDuration, Timestamp};

use crate::{
    model::{Model, ROOMS},
    program::Kind,
    promises::{self, Broken, Protected, Worked},
    random::Random,
    story::{Desk, Step, Weather},
    world::{World, WorldError, later},
};

/// A story under way.
pub struct Play {
    /// The hotel and its server.
    pub world: World,
    /// What ought to be.
    pub model: Model,
    /// What happened, in words.
    pub told: Vec<String>,
    worked: Worked,
    desk: Desk,
    weather: Weather,
    started_at: Timestamp,
    /// How many looks at a door's cards there were.
    surveys: usize,
}

impl Play {
    /// An empty hotel some days around the spring change of clocks, when hours go missing.
    ///
    /// # Errors
    /// When it cannot be set up.
    pub fn new(seed: u64, desk: Desk, kind: Kind, weather: Weather) -> Result<Self, Broken> {
        let mut random = Random::new(seed ^ 0x5eed);
        let minutes = i64::try_from(random.below(12 * 24 * 60)).unwrap_or(0);
        // 20 March 2026, 00:00 UTC; some stories begin in October instead.
        let base = if random.chance(1, 4) { 1_792_368_000 } else { 1_773_964_800 };
        let now = Timestamp::from_second(base + minutes * 60 + 13).unwrap_or_default();
        let world = World::new(seed, now, kind)?;
        let (model, told, worked) = (Model::default(), Vec::new(), Worked::new());
        Ok(Self { world, model, told, worked, desk, weather, started_at: now, surveys: 0 })
    }

    /// How much hotel time has passed.
    pub fn elapsed(&self) -> SignedDuration {
        self.world.now.duration_since(self.started_at)
    }

    /// What happened, and the lock server's cards with their stamps: those decide at the locks.
    pub fn told_with_cards(&self) -> Vec<String> {
        let mut told = self.told.clone();
        for card in self.world.hotel.cards() {
            let stamps: Vec<String> = ROOMS
                .into_iter()
                .filter_map(|room| {
                    let number = self.world.hotel.property().door(room)?.number;
                    Some(format!("{room} with stamp {}", card.stamp_at(number)?))
                })
                .collect();
            let clock = |at: Timestamp| format!("{:.3}", self.world.zone.to_datetime(at));
            let on = self.model.phones.iter().position(|phone| Some(&phone.endpoint) == card.endpoint_id.as_ref());
            let on = on.map_or_else(|| "nothing".to_owned(), |phone| promises::name_of(&self.model, phone));
            let end = card.discarded.map_or_else(String::new, |at| format!(", discarded {}", clock(at)));
            let label = self.model.made_for(&self.world, &card.label, card.id);
            let label = label.map_or_else(|| card.label.clone(), |grant| format!("G{grant}"));
            let made = clock(card.created);
            told.push(format!("card {} of {label} on {on}: {}; made {made}{end}", card.id, stamps.join(", ")));
        }
        told
    }

    /// One step of the story and everything that follows from it.
    ///
    /// # Errors
    /// When a promise is broken.
    pub fn step(&mut self, step: Step) -> Result<(), Broken> {
        self.world.tick();
        let word = match step {
            Step::Guest { word } => self.guest(word)?,
            Step::Phone { word } => self.phone(word)?,
            Step::LosePhone { word } => self.lose_phone(word)?,
            Step::Contact { word } => self.contact(word)?,
            Step::Book { word } if self.desk == Desk::Reservations => self.reserve(word)?,
            Step::Book { word } => self.book(word)?,
            Step::Join { word } => self.join(word)?,
            Step::Auto { word } => self.auto(word)?,
            Step::Mistake { word } if self.desk == Desk::Reservations => self.desk_mistake(word)?,
            Step::Mistake { word } => self.mistake(word)?,
            Step::Accompany { word } => self.accompany(word)?,
            Step::Extend { word } => self.extend(word)?,
            Step::Shorten { word } => self.shorten(word)?,
            Step::Reschedule { word } => self.reschedule(word)?,
            Step::Move { word } => self.move_rooms(word)?,
            Step::Cancel { word } => self.cancel(word)?,
            Step::ChangeDoors { word } => self.change_doors(word)?,
            Step::AnotherKey { word } => self.another_key(word)?,
            Step::EndKey { word } => self.end_key(word)?,
            Step::Delete { word } => self.delete(word)?,
            Step::DeleteChild { word } => self.delete_child(word)?,
            Step::Use { word } => self.open_a_door(word)?,
            Step::Wait { word } => return self.wait(word),
            Step::Fault { word } => {
                let fault = self.world.order_weather(word);
                self.tell(format!("the lock server: {fault}"));
                return Ok(());
            }
            Step::Crash { word } => {
                self.world.crash = Some(crate::weather::Crash { survives: word % 9 });
                self.tell(format!("the server dies after {} more points", word % 9));
                return Ok(());
            }
        };
        // Now and then the next request comes before the worker has looked.
        if word >> 61 == 0 {
            return Ok(());
        }
        self.settle_and_check()
    }

    /// The end: faults are over, everybody is in contact, and everything that was asked for must be so.
    ///
    /// # Errors
    /// When a promise is broken.
    pub fn end(&mut self) -> Result<(), Broken> {
        self.calm()?;
        for phone in 0..self.model.phones.len() {
            self.set_contact(phone, true);
        }
        self.world.now = later(self.world.now, SignedDuration::from_secs(70));
        self.settle_and_check()
    }

    /// The weather clears and everything that was delayed is done.
    pub(crate) fn calm(&mut self) -> Result<(), Broken> {
        if self.weather == Weather::Foul {
            self.world.hotel.lift_faults();
            self.world.crash = None;
            let target = later(self.world.now, SignedDuration::from_secs(300));
            self.advance(target)?;
            self.check(true)?;
        }
        Ok(())
    }

    fn settle_and_check(&mut self) -> Result<(), Broken> {
        let protected = Protected::now(&self.world, &self.model);
        let model = &self.model;
        self.world.settle(&mut |world| protected.check(world, model))?;
        self.check(self.weather == Weather::Fair)?;
        self.look_around()
    }

    /// Looks at the cards of a door, as the worker does in turn. Nobody at the hotel makes keys in these stories, so it
    /// must change nothing for anybody.
    fn look_around(&mut self) -> Result<(), Broken> {
        if !self.world.program.surveys() {
            return Ok(());
        }
        self.surveys += 1;
        let doors: Vec<&String> = self.world.entrances.keys().collect();
        let door = doors[self.surveys % doors.len()].clone();
        match self.world.survey(&door) {
            // The lock server may be out of order.
            Err(WorldError::SetUp(_)) if self.weather == Weather::Foul => return Ok(()),
            surveyed => surveyed?,
        }
        let protected = Protected::now(&self.world, &self.model);
        let model = &self.model;
        self.world.settle(&mut |world| protected.check(world, model))?;
        self.check(self.weather == Weather::Fair)
    }

    fn advance(&mut self, target: Timestamp) -> Result<(), Broken> {
        let protected = Protected::now(&self.world, &self.model);
        let model = &self.model;
        self.world.advance(target, &mut |world| protected.check(world, model))?;
        promises::update(&self.world, &mut self.model)
    }

    fn check(&mut self, calm: bool) -> Result<(), Broken> {
        promises::update(&self.world, &mut self.model)?;
        self.worked = promises::settled(&self.world, &self.model, &self.worked, calm)?;
        Ok(())
    }

    fn wait(&mut self, word: u64) -> Result<(), Broken> {
        let mut random = Random::new(word);
        let minutes = match random.below(6) {
            0 => 5 + random.below(50),
            1 | 2 => 60 + random.below(6 * 60),
            3 | 4 => 12 * 60 + random.below(24 * 60),
            _ => 48 * 60 + random.below(72 * 60),
        };
        let target = later(self.world.now, SignedDuration::from_mins(i64::try_from(minutes).unwrap_or(0)));
        self.tell(format!("{} h {} min pass", minutes / 60, minutes % 60));
        // Work that lies about is done before time passes, as it would be.
        self.settle_and_check()?;
        let mut stops: Vec<Timestamp> = self
            .model
            .grants
            .iter()
            .flat_map(|grant| grant.former_windows.iter().map(|(_, window)| *window).chain([grant.window()]))
            .flat_map(|window| [window.starts_at, window.ends_at])
            .filter(|stop| self.world.now < *stop && *stop < target)
            .collect();
        stops.sort_unstable();
        stops.dedup();
        for stop in stops {
            self.advance(later(stop, SignedDuration::from_secs(5)))?;
            self.settle_and_check()?;
        }
        self.advance(target)?;
        self.settle_and_check()
    }

    fn tell(&mut self, what: String) {
        let clock = self.world.zone.to_datetime(self.world.now);
        self.told.push(format!("{:>2}. {clock:.0}  {what}", self.told.len() + 1));
    }
}
