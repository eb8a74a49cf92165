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

/// A story from a seed: mostly guests and bookings at first, then everything.
pub fn tell(seed: u64, weather: Weather) -> Vec<Step> {
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
        steps.push(match dice {
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
        });
    }
    steps
}
