//! Requests that have no answer yet: held back by a test, never to be answered, or waiting for a person at an encoder.

use std::collections::{BTreeMap, BTreeSet};

use http::Request;

/// Why a request waits.
#[derive(Clone, Debug)]
pub(crate) enum Parked {
    /// Nobody has looked at it yet.
    Held(Box<Request<Vec<u8>>>),
    /// It gets no answer at all.
    Silent,
    /// An encoder works on it; the answer is held back for so many milliseconds more.
    AtEncoder { job: u64, delay_ms: u64 },
}

/// All waiting requests, by ticket, and whether new ones are held back (style 3.7: "answer one at a time").
#[derive(Clone, Debug, Default)]
pub(crate) struct Waiting {
    requests: BTreeMap<u64, Parked>,
    last_ticket: u64,
    is_holding: bool,
    /// Held requests that may be answered now.
    released: BTreeSet<u64>,
    /// How many more may pass without being held.
    passes: u64,
}

impl Waiting {
    /// Lets a request wait; tells its ticket.
    pub(crate) fn park(&mut self, parked: Parked) -> u64 {
        self.last_ticket += 1;
        self.requests.insert(self.last_ticket, parked);
        self.last_ticket
    }

    /// Holds a new request back if that is wanted.
    pub(crate) fn hold(&mut self, request: &Request<Vec<u8>>) -> Option<u64> {
        if !self.is_holding {
            return None;
        }
        if self.passes > 0 {
            self.passes -= 1;
            return None;
        }
        Some(self.park(Parked::Held(Box::new(request.clone()))))
    }

    pub(crate) fn get(&self, ticket: u64) -> Option<&Parked> {
        self.requests.get(&ticket)
    }

    /// The request is answered, or its client has gone.
    pub(crate) fn forget(&mut self, ticket: u64) -> Option<Parked> {
        self.released.remove(&ticket);
        self.requests.remove(&ticket)
    }

    /// Whether a held request may be answered now.
    pub(crate) fn is_released(&self, ticket: u64) -> bool {
        !self.is_holding || self.released.contains(&ticket)
    }

    pub(crate) fn set_holding(&mut self, is_holding: bool) {
        self.is_holding = is_holding;
        self.passes = 0;
    }

    /// Lets the oldest held requests go, and as many of the coming ones as are left over.
    pub(crate) fn release(&mut self, count: u64) {
        let held = self.requests.iter().filter(|(_, parked)| matches!(parked, Parked::Held(_)));
        let tickets = held.map(|(ticket, _)| *ticket).filter(|ticket| !self.released.contains(ticket));
        let oldest: Vec<u64> = tickets.take(usize::try_from(count).unwrap_or(usize::MAX)).collect();
        self.passes = count.saturating_sub(oldest.len() as u64);
        self.released.extend(oldest);
    }

    pub(crate) fn is_holding(&self) -> bool {
        self.is_holding
    }

    /// How many requests are held back.
    pub(crate) fn held(&self) -> usize {
        let held =
            |(ticket, parked): &(&u64, &Parked)| matches!(parked, Parked::Held(_)) && !self.released.contains(ticket);
        self.requests.iter().filter(held).count()
    }
}
