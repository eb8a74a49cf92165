//! A look at the cards of one door, to see what was made or changed at the hotel itself (`spec/visionline.md` 2.5).
//!
//! Free of IO and of time, like [`super::Errand`]. Lists hold ids only, so each card is read; a card of several rooms
//! leads to their doors as well, because who shares a stay with whom is told from all of them.

use std::collections::{BTreeSet, VecDeque};

use engine::issuing::{CardFacts, Survey};
use jiff::{Timestamp, civil::DateTime, tz::TimeZone};
use visionline::{Answer, Card, Error, ErrorKind, Operation, local_time};

use super::errand;

/// Doors that one survey looks at, at most: as many as a large suite has.
const MOST_DOORS: usize = 12;
/// Cards that one survey reads, at most.
const MOST_CARDS: usize = 200;

/// A survey under way.
#[derive(Debug)]
pub struct Surveyor {
    zone: TimeZone,
    valid_at: DateTime,
    now: Timestamp,
    to_list: VecDeque<String>,
    to_read: VecDeque<String>,
    known_doors: BTreeSet<String>,
    known_cards: BTreeSet<String>,
    asked: Asked,
    survey: Survey,
}

#[derive(Debug)]
enum Asked {
    Door(String),
    Card,
}

/// What to do after an answer.
#[derive(Debug)]
pub enum Surveyed {
    /// Ask the lock server this.
    Ask(Operation),
    /// Report this.
    Done(Survey),
    /// It could not be finished.
    Failed(Box<Error>),
}

impl Surveyor {
    /// A survey of this door of a site in this zone, and the first thing to ask.
    pub fn start(door: &str, zone: TimeZone, now: Timestamp) -> (Self, Operation) {
        let valid_at = local_time::start_minute(now, &zone);
        let surveyor = Self {
            zone,
            valid_at,
            now,
            to_list: VecDeque::new(),
            to_read: VecDeque::new(),
            known_doors: BTreeSet::from([door.to_owned()]),
            known_cards: BTreeSet::new(),
            asked: Asked::Door(door.to_owned()),
            survey: Survey::default(),
        };
        (surveyor, Operation::CardsAtDoor { door: door.to_owned(), valid_at })
    }

    /// What follows from an answer.
    pub fn reply(&mut self, answer: Result<Answer, Error>) -> Surveyed {
        match (answer, &self.asked) {
            (Ok(Answer::Cards(cards)), Asked::Door(door)) => {
                let door = door.clone();
                self.listed(door, cards);
            }
            (Ok(Answer::Card(card)), Asked::Card) => self.read(*card),
            // A card that vanished meanwhile, or a door that cannot be asked about, is no reason to give up the rest.
            (Err(error), Asked::Card) if error.is_missing() => {}
            (Err(Error { kind: ErrorKind::Refused(_), .. }), Asked::Door(_)) if !self.survey.listed.is_empty() => {}
            (Err(error), _) => return Surveyed::Failed(Box::new(error)),
            (Ok(_), _) => {}
        }
        self.go_on()
    }

    fn listed(&mut self, door: String, cards: Vec<Card>) {
        let ids: Vec<String> = cards.iter().filter_map(|card| card.id.clone()).collect();
        for id in &ids {
            if self.known_cards.len() < MOST_CARDS && self.known_cards.insert(id.clone()) {
                self.to_read.push_back(id.clone());
            }
        }
        self.survey.listed.insert(door, ids);
    }

    fn read(&mut self, card: Card) {
        let Some(facts) = facts(&card, &self.zone) else { return };
        if facts.window.ends_at > self.now && !facts.seen.is_discarded {
            for door in &facts.doors {
                if self.known_doors.len() < MOST_DOORS && self.known_doors.insert(door.clone()) {
                    self.to_list.push_back(door.clone());
                }
            }
        }
        self.survey.cards.insert(facts.seen.card_id.clone(), facts);
    }

    fn go_on(&mut self) -> Surveyed {
        if let Some(id) = self.to_read.pop_front() {
            self.asked = Asked::Card;
            return Surveyed::Ask(Operation::ReadCard(id));
        }
        if let Some(door) = self.to_list.pop_front() {
            self.asked = Asked::Door(door.clone());
            return Surveyed::Ask(Operation::CardsAtDoor { door, valid_at: self.valid_at });
        }
        Surveyed::Done(std::mem::take(&mut self.survey))
    }
}

/// A card as the engine wants it; none if the lock server says too little of it.
fn facts(card: &Card, zone: &TimeZone) -> Option<CardFacts> {
    let seen = errand::card_seen(card)?;
    let local_window = (card.start.or(card.created)?, card.expire?);
    let window = domain::Window {
        starts_at: local_time::start_instant(local_window.0, zone).ok()?,
        ends_at: local_time::end_instant(local_window.1, zone).ok()?,
    };
    Some(CardFacts {
        seen,
        is_overridden: card.overridden == Some(true),
        mark: card.card_holder.clone().filter(|text| !text.is_empty()),
        endpoint_id: card.endpoint_id.clone().filter(|id| !id.is_empty()),
        format: card.format.as_ref().map_or("rfid48", |format| format.as_str()).to_owned(),
        created_at: card.created.and_then(|created| local_time::start_instant(created, zone).ok()),
        window,
        local_window,
        doors: card.door_operations.iter().flat_map(|operation| operation.doors.iter().cloned()).collect(),
    })
}
