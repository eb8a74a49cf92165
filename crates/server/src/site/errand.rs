//! One step of the engine as operations of the driver, and their answers as an outcome of the engine.
//!
//! Free of IO and of time, so that the asynchronous worker and the single-threaded simulation run the same code.

use std::collections::VecDeque;

use engine::issuing::{CardSeen, Failure, FailureKind, Order, Outcome, Step};
use jiff::tz::TimeZone;
use visionline::{
    Answer, Card, CardFormat, CardRequest, CreateMode, Effect, Error, ErrorKind, Medium, Operation, local_time,
};

/// A step under way.
#[derive(Debug)]
pub struct Errand {
    step: Step,
    zone: TimeZone,
    /// Cards that were listed by id alone and must be read to see their marks.
    unread: VecDeque<String>,
}

/// What to do after an answer.
#[derive(Debug)]
pub enum Next {
    /// Ask the lock server this.
    Ask(Operation),
    /// Report this.
    Done(Outcome),
}

impl Errand {
    /// An errand for this step at a site in this zone.
    pub fn new(step: Step, zone: TimeZone) -> Self {
        Self { step, zone, unread: VecDeque::new() }
    }

    /// The step.
    pub fn step(&self) -> &Step {
        &self.step
    }

    /// The first thing to ask.
    pub fn start(&self) -> Next {
        match &self.step {
            Step::Create { order, .. } => Next::Ask(Operation::CreateCard(Box::new(card_request(order, &self.zone)))),
            Step::Read { card_id, .. } => Next::Ask(Operation::ReadCard(card_id.clone())),
            Step::Discard { card_id, .. } => Next::Ask(Operation::DiscardCard(card_id.clone())),
            Step::Look { door: Some(door), valid_at, .. } => Next::Ask(Operation::CardsAtDoor {
                door: door.clone(),
                valid_at: local_time::start_minute(*valid_at, &self.zone),
            }),
            // Cards are listed by guest door only. A key for common doors evicts nobody, so a second one does no harm.
            Step::Look { door: None, .. } => Next::Done(Outcome::NoCard),
        }
    }

    /// What follows from an answer.
    pub fn reply(&mut self, answer: Result<Answer, Error>) -> Next {
        match answer {
            Err(error) => self.failed(&error),
            Ok(Answer::CardDiscarded) => Next::Done(Outcome::Discarded),
            Ok(Answer::Cards(cards)) => self.found(cards),
            Ok(Answer::Card(card)) if matches!(self.step, Step::Look { .. }) => self.found(vec![*card]),
            Ok(Answer::Card(card) | Answer::CardCreated { card, .. }) => Next::Done(seen(&card)),
            Ok(_) => Next::Done(unexpected()),
        }
    }

    fn failed(&mut self, error: &Error) -> Next {
        if error.is_missing() {
            match self.step {
                Step::Read { .. } | Step::Discard { .. } => return Next::Done(Outcome::NoCard),
                // A card that vanished between the list and the reading is not ours any more.
                Step::Look { .. } if !self.unread.is_empty() => {
                    self.unread.pop_front();
                    return self.read_next();
                }
                Step::Look { .. } | Step::Create { .. } => {}
            }
        }
        Next::Done(Outcome::Failed(failure(error)))
    }

    /// Looks for our mark among the cards of a door.
    fn found(&mut self, cards: Vec<Card>) -> Next {
        let Step::Look { mark, .. } = &self.step else { return Next::Done(unexpected()) };
        if let Some(read) = self.unread.front()
            && cards.iter().any(|card| card.id.as_deref() == Some(read))
        {
            self.unread.pop_front();
        }
        for card in cards {
            match (&card.card_holder, &card.id) {
                (Some(holder), _) if holder == mark => return Next::Done(seen(&card)),
                (None, Some(id)) if !self.unread.contains(id) => self.unread.push_back(id.clone()),
                _ => {}
            }
        }
        self.read_next()
    }

    fn read_next(&self) -> Next {
        match self.unread.front() {
            Some(id) => Next::Ask(Operation::ReadCard(id.clone())),
            None => Next::Done(Outcome::NoCard),
        }
    }
}

pub(super) fn card_request(order: &Order, zone: &TimeZone) -> CardRequest {
    CardRequest {
        mode: match order.method.as_str() {
            "override" => CreateMode::Override,
            "join" => CreateMode::Join(order.joins.clone()),
            "auto_join" => CreateMode::AutoJoin,
            _ => CreateMode::Plain,
        },
        medium: match (&order.endpoint_id, &order.encoder_id) {
            (Some(endpoint_id), _) => Medium::Phone { endpoint_id: endpoint_id.clone() },
            (None, Some(encoder_id)) => Medium::Encoder { encoder_id: encoder_id.clone() },
            (None, None) => Medium::Image { serial_numbers: Vec::new() },
        },
        format: if order.format == "TLCode" { CardFormat::TlCode } else { CardFormat::Rfid48 },
        start: Some(local_time::start_minute(order.window.starts_at, zone)),
        expire: local_time::end_minute(order.window.ends_at, zone),
        label: Some(order.label.clone()).filter(|label| !label.is_empty()),
        description: Some(order.mark.clone()),
        card_holder: Some(order.mark.clone()),
        guest_doors: order.guest_doors.clone(),
        common_doors: order.common_doors.clone(),
    }
}

/// A card as the engine sees it. A lock server that does not say whether the phone has the key is believed to have
/// delivered it: there is nothing to wait for.
fn seen(card: &Card) -> Outcome {
    match card_seen(card) {
        Some(seen) => Outcome::Card(seen),
        // Made, but under an id that the answer did not tell: it is found by its mark.
        None => Outcome::Failed(Failure {
            kind: FailureKind::Transient,
            may_be_done: true,
            message: "the lock server made the card and did not tell its id".to_owned(),
        }),
    }
}

/// The part of a card that an outcome reports; none without an id.
pub(super) fn card_seen(card: &Card) -> Option<CardSeen> {
    Some(CardSeen {
        card_id: card.id.clone()?,
        native_credential_id: card.credential_id.clone(),
        is_delivered: card.not_issued != Some(true),
        is_discarded: [card.discarded, card.cancelled, card.overwritten].contains(&Some(true)),
    })
}

fn failure(error: &Error) -> Failure {
    let kind = match &error.kind {
        ErrorKind::Unreachable(_) => FailureKind::Unreachable,
        ErrorKind::CredentialsWrong(_) => FailureKind::CredentialsWrong,
        // What the operator may not do says nothing against the key: it is made once a person has mended that.
        ErrorKind::Refused(refusal) if refusal.class() == 403 => FailureKind::Transient,
        ErrorKind::Refused(_) | ErrorKind::Unsendable(_) => FailureKind::Refused,
        ErrorKind::Transient(_) => FailureKind::Transient,
    };
    let message = match error.refusal() {
        Some(refusal) => format!("{error}: {} {}", refusal.status, refusal.message),
        None => error.to_string(),
    };
    Failure { kind, may_be_done: error.effect == Effect::Unknown, message }
}

fn unexpected() -> Outcome {
    Outcome::Failed(Failure {
        kind: FailureKind::Transient,
        may_be_done: true,
        message: "the driver answered something else than was asked".to_owned(),
    })
}
