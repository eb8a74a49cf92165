//! One step at an encoder as operations of the driver, and their answers as an outcome of the engine.
//!
//! Free of IO and of time, like [`super::Errand`].

use std::collections::VecDeque;

use engine::encoders::{CardRead, Flags, Outcome, Reason, Setback, Step, Visit};
use jiff::tz::TimeZone;
use visionline::{Answer, Card, Effect, Error, ErrorKind, Operation, local_time};

use super::errand::card_request;

/// A step at an encoder under way.
#[derive(Debug)]
pub struct EncoderErrand {
    step: Step,
    zone: TimeZone,
    /// Cards that were listed by id alone and must be read to see their marks.
    unread: VecDeque<String>,
    /// The card was written, and what it is written on is asked for.
    is_asking_medium: bool,
}

/// What to do after an answer.
#[derive(Debug)]
pub enum Next {
    /// Ask the lock server this.
    Ask(Operation),
    /// Report this.
    Done(Outcome),
}

impl EncoderErrand {
    /// An errand for this step at a site in this zone.
    pub fn new(step: Step, zone: TimeZone) -> Self {
        Self { step, zone, unread: VecDeque::new(), is_asking_medium: false }
    }

    /// The step.
    pub fn step(&self) -> &Step {
        &self.step
    }

    /// The first thing to ask.
    pub fn start(&self) -> Next {
        match &self.step.visit {
            Visit::Write(order) => Next::Ask(Operation::CreateCard(Box::new(card_request(order, &self.zone)))),
            Visit::Read => Next::Ask(Operation::ReadEncoder(self.step.encoder_id.clone())),
            Visit::Find { door: Some(door), valid_at, .. } => Next::Ask(Operation::CardsAtDoor {
                door: door.clone(),
                valid_at: local_time::start_minute(*valid_at, &self.zone),
            }),
            // Cards are listed by guest door only. A card for common doors evicts nobody, so a second does no harm.
            Visit::Find { door: None, .. } => Next::Done(Outcome::NotThere),
        }
    }

    /// What follows from an answer.
    pub fn reply(&mut self, answer: Result<Answer, Error>) -> Next {
        match (answer, &self.step.visit) {
            (Ok(Answer::CardCreated { pending: true, .. }), _) => {
                Next::Done(open("the lock server took the order and does not wait for the encoder"))
            }
            (Ok(Answer::CardCreated { card, .. }), _) => self.made(*card),
            (Ok(Answer::Card(card)), Visit::Write(_)) => Next::Done(written(&card)),
            (Ok(Answer::Card(card)), Visit::Find { .. }) => self.found(vec![*card]),
            (Ok(Answer::Cards(cards)), Visit::Find { .. }) => self.found(cards),
            (Ok(Answer::CardOnEncoder(None)), _) => Next::Done(Outcome::Blank),
            (Ok(Answer::CardOnEncoder(Some(card))), _) => Next::Done(Outcome::Read(Box::new(self.read(&card)))),
            (Ok(_), _) => Next::Done(open("the driver answered something else than was asked")),
            (Err(error), visit) => {
                if error.is_missing() && error.refusal().is_some_and(|refusal| refusal.result_code.is_none()) {
                    match visit {
                        Visit::Read => return Next::Done(Outcome::Unknown),
                        // A card that vanished between the list and the reading is not ours.
                        Visit::Find { .. } if !self.unread.is_empty() => {
                            self.unread.pop_front();
                            return self.read_next();
                        }
                        Visit::Find { .. } | Visit::Write(_) => {}
                    }
                }
                let mut setback = setback(&error);
                // The card was made, whatever became of the question about its medium.
                setback.may_be_done |= self.is_asking_medium;
                Next::Done(Outcome::Failed(setback))
            }
        }
    }

    /// A card that was made. Some lock servers answer its id alone; the medium is then asked for.
    fn made(&mut self, card: Card) -> Next {
        match &card.id {
            Some(id) if card.serial_numbers.is_empty() => {
                self.is_asking_medium = true;
                Next::Ask(Operation::ReadCard(id.clone()))
            }
            _ => Next::Done(written(&card)),
        }
    }

    /// Looks for our mark among the cards of a door.
    fn found(&mut self, cards: Vec<Card>) -> Next {
        let Visit::Find { mark, .. } = &self.step.visit else {
            return Next::Done(open("a list that was not asked for"));
        };
        if let Some(read) = self.unread.front()
            && cards.iter().any(|card| card.id.as_deref() == Some(read))
        {
            self.unread.pop_front();
        }
        for card in cards {
            match (&card.card_holder, &card.id) {
                (Some(holder), _) if holder == mark => return Next::Done(written(&card)),
                (None, Some(id)) if !self.unread.contains(id) => self.unread.push_back(id.clone()),
                _ => {}
            }
        }
        self.read_next()
    }

    fn read_next(&self) -> Next {
        match self.unread.front() {
            Some(id) => Next::Ask(Operation::ReadCard(id.clone())),
            None => Next::Done(Outcome::NotThere),
        }
    }

    fn read(&self, card: &Card) -> CardRead {
        let start = card.start.and_then(|local| local_time::start_instant(local, &self.zone).ok());
        let end = card.expire.and_then(|local| local_time::end_instant(local, &self.zone).ok());
        let is = |flag: Option<bool>| flag == Some(true);
        CardRead {
            card_id: card.id.clone(),
            serial_number: card.read_from.clone().or_else(|| card.serial_numbers.last().cloned()),
            created_at: card.created.and_then(|local| local_time::start_instant(local, &self.zone).ok()),
            is_issued: card.not_issued != Some(true),
            starts_at: start,
            ends_at: end,
            local_window: (card.start, card.expire),
            format: card.format.as_ref().map(|format| format.as_str().to_owned()),
            card_holder: card.card_holder.clone(),
            number_of_issued_cards: card.number_of_issued_cards,
            flags: Flags {
                cancelled: is(card.cancelled),
                discarded: is(card.discarded),
                expired: is(card.expired),
                overwritten: is(card.overwritten),
                overridden: is(card.overridden),
                pending_auto_update: is(card.pending_auto_update),
            },
            doors: card.door_operations.iter().flat_map(|operation| operation.doors.iter().cloned()).collect(),
        }
    }
}

/// Whether a card record of ours is on a medium.
fn written(card: &Card) -> Outcome {
    let Some(card_id) = card.id.clone() else {
        return open("the lock server made the card and did not tell its id");
    };
    if card.not_issued != Some(true) {
        return Outcome::Written { card_id, serial_number: card.serial_numbers.last().cloned() };
    }
    match card.encoding_result {
        Some(code) if code != 0 => Outcome::Failed(Setback {
            reason: Reason::Result(code),
            may_be_done: false,
            message: format!("result code {code}"),
        }),
        _ => Outcome::Unwritten { card_id },
    }
}

fn setback(error: &Error) -> Setback {
    let message = match error.refusal() {
        Some(refusal) => format!("{error}: {} {}", refusal.status, refusal.message),
        None => error.to_string(),
    };
    // What the encoder itself reported has happened: nothing was written.
    if let Some(code) = error.refusal().and_then(|refusal| refusal.result_code) {
        return Setback { reason: Reason::Result(code), may_be_done: false, message };
    }
    let reason = match &error.kind {
        ErrorKind::Unreachable(_) => Reason::Unreachable,
        ErrorKind::CredentialsWrong(_) => Reason::NotPermitted,
        ErrorKind::Refused(refusal) if refusal.class() == 403 => Reason::NotPermitted,
        ErrorKind::Refused(_) | ErrorKind::Unsendable(_) => Reason::Refused,
        ErrorKind::Transient(_) => Reason::Transient,
    };
    Setback { reason, may_be_done: error.effect == Effect::Unknown, message }
}

/// Whether the card was written is open.
fn open(message: &str) -> Outcome {
    Outcome::Failed(Setback { reason: Reason::Transient, may_be_done: true, message: message.to_owned() })
}
