//! What may happen in a hotel. A story is a list of steps; each picks its people and doors by number among those that
//! are there when it happens, so that a step can be left out and the rest still makes sense.

use crate::random::Random;

/// One thing that happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// A guest becomes known, with 0 to 2 phones.
    Guest {
        /// Decides the number of phones.
        word: u64,
    },
    /// A guest enrols another phone.
    Phone {
        /// Picks the guest.
        word: u64,
    },
    /// A phone is lost or sold: deactivated.
    LosePhone {
        /// Picks the phone.
        word: u64,
    },
    /// A phone goes out of contact, or comes back.
    Contact {
        /// Picks the phone.
        word: u64,
    },
    /// A booking: override.
    Book {
        /// Decides guest, doors and window.
        word: u64,
    },
    /// Somebody joins others.
    Join {
        /// Decides guest, targets, doors and window.
        word: u64,
    },
    /// Auto-join, or none of the three flags.
    Auto {
        /// Decides guest, doors and window.
        word: u64,
    },
    /// A request that must be refused.
    Mistake {
        /// Decides which.
        word: u64,
    },
    /// A credential is deleted.
    Delete {
        /// Picks it.
        word: u64,
    },
    /// The key on one phone is deleted.
    DeleteChild {
        /// Picks it.
        word: u64,
    },
    /// Somebody comes along: another access grant of a reservation.
    Accompany {
        /// Decides reservation, guest, doors and window.
        word: u64,
    },
    /// An access grant is given a later end.
    Extend {
        /// Decides which, and how late.
        word: u64,
    },
    /// An access grant is given an earlier end.
    Shorten {
        /// Decides which, and how early.
        word: u64,
    },
    /// An access grant is moved to other days, or its start is.
    Reschedule {
        /// Decides which, and to when.
        word: u64,
    },
    /// A party gets other rooms: its access grants are deleted and made anew.
    Move {
        /// Decides who, and where to.
        word: u64,
    },
    /// An access grant is deleted, or all of a reservation.
    Cancel {
        /// Picks it.
        word: u64,
    },
    /// An access grant gets other doors among those that are nobody's room.
    ChangeDoors {
        /// Decides which.
        word: u64,
    },
    /// Another key for an access grant.
    AnotherKey {
        /// Picks it.
        word: u64,
    },
    /// One key of an access grant is deleted.
    EndKey {
        /// Picks it.
        word: u64,
    },
    /// A guest opens a door, or tries to.
    Use {
        /// Picks phone and door.
        word: u64,
    },
    /// Time passes.
    Wait {
        /// Decides how much.
        word: u64,
    },
    /// A fault at the lock server.
    Fault {
        /// Decides which.
        word: u64,
    },
    /// Our process dies at one of the next points where it may.
    Crash {
        /// Decides where.
        word: u64,
    },
}

/// How stormy stories are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weather {
    /// The lock server always answers and we never die.
    Fair,
    /// Faults and crashes.
    Foul,
}

/// What guests ask the desk for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Desk {
    /// Credentials: a new one takes the place of the guest's former ones.
    Credentials,
    /// Access grants of reservations.
    Reservations,
}

/// A story from a seed: mostly guests and bookings at first, then everything.
pub fn tell(seed: u64, desk: Desk, weather: Weather) -> Vec<Step> {
    let mut random = Random::new(seed);
    let length = 3 + random.below(16);
    let mut steps = vec![Step::Guest { word: random.word() }, Step::Book { word: random.word() }];
    for _ in 0..length {
        if weather == Weather::Foul && random.chance(1, 4) {
            let word = random.word();
            steps.push(if random.chance(2, 3) { Step::Fault { word } } else { Step::Crash { word } });
        }
        let dice = random.below(100);
        let word = random.word();
        steps.push(match desk {
            Desk::Credentials => of_credentials(dice, word),
            Desk::Reservations => of_reservations(dice, word),
        });
    }
    steps
}

fn of_credentials(dice: usize, word: u64) -> Step {
    match dice {
        0..=11 => Step::Guest { word },
        12..=16 => Step::Phone { word },
        17..=19 => Step::LosePhone { word },
        20..=25 => Step::Contact { word },
        26..=37 => Step::Book { word },
        38..=53 => Step::Join { word },
        54..=59 => Step::Auto { word },
        60..=62 => Step::Mistake { word },
        63..=66 => Step::Delete { word },
        67..=68 => Step::DeleteChild { word },
        69..=85 => Step::Use { word },
        _ => Step::Wait { word },
    }
}

fn of_reservations(dice: usize, word: u64) -> Step {
    match dice {
        0..=8 => Step::Guest { word },
        9..=12 => Step::Phone { word },
        13..=15 => Step::LosePhone { word },
        16..=20 => Step::Contact { word },
        21..=31 => Step::Book { word },
        32..=42 => Step::Accompany { word },
        43..=47 => Step::Extend { word },
        48..=51 => Step::Shorten { word },
        52..=55 => Step::Reschedule { word },
        56..=58 => Step::Move { word },
        59..=61 => Step::Cancel { word },
        62..=63 => Step::ChangeDoors { word },
        64..=66 => Step::AnotherKey { word },
        67..=68 => Step::EndKey { word },
        69 => Step::DeleteChild { word },
        70..=72 => Step::Mistake { word },
        73..=86 => Step::Use { word },
        _ => Step::Wait { word },
    }
}
