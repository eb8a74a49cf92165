//! The words between the worker's shell and the engine.

use domain::id::ActionAttemptId;
use jiff::{Timestamp, civil::DateTime};

use crate::issuing::Order;

/// Something to do at an encoder now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Whose outcome to report.
    pub job: ActionAttemptId,
    /// The lock server's id of the encoder.
    pub encoder_id: String,
    /// What to do.
    pub visit: Visit,
    /// It was tried a moment ago: wait a little first.
    pub is_repeated: bool,
    /// A sandbox wants a blank card on the encoder, whatever else was done there.
    pub lays_card: bool,
}

/// What to do at an encoder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Visit {
    /// Make the card and write it. The answer waits for a person.
    Write(Box<Order>),
    /// Find out whether the card was written: list the cards at the door and compare the mark.
    Find {
        /// A guest door of the card.
        door: Option<String>,
        /// An instant inside the card's window.
        valid_at: Timestamp,
        /// The mark to find.
        mark: String,
    },
    /// Read the card on the encoder. The answer waits for a person.
    Read,
}

/// What became of a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The card is written.
    Written {
        /// Id of the card at the lock server.
        card_id: String,
        /// Serial number of the medium, 16 hex digits, if the lock server tells.
        serial_number: Option<String>,
    },
    /// The lock server has the record, but no medium carries it.
    Unwritten {
        /// Id of the card at the lock server.
        card_id: String,
    },
    /// There is no card with that mark.
    NotThere,
    /// A blank card was read.
    Blank,
    /// A card was read that the lock server does not know.
    Unknown,
    /// A card was read.
    Read(Box<CardRead>),
    /// It did not work.
    Failed(Setback),
}

/// Why a step did not work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setback {
    /// What happened.
    pub reason: Reason,
    /// Whether a card may have been written all the same.
    pub may_be_done: bool,
    /// What the lock server said, for people; no secrets.
    pub message: String,
}

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// The encoder reported this result code (`spec/visionline.md` 3.2).
    Result(u16),
    /// The lock server was not reached.
    Unreachable,
    /// The lock server does not let the operator in, or not do this.
    NotPermitted,
    /// The lock server refused the card as it stands.
    Refused,
    /// May work later.
    Transient,
}

/// What a card on an encoder said.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CardRead {
    /// Id of the card at the lock server.
    pub card_id: Option<String>,
    /// Serial number of the medium.
    pub serial_number: Option<String>,
    /// When its record was made.
    pub created_at: Option<Timestamp>,
    /// Whether a medium carries it.
    pub is_issued: bool,
    /// Its start.
    pub starts_at: Option<Timestamp>,
    /// Its end.
    pub ends_at: Option<Timestamp>,
    /// Start and end in the site's minutes, as they stand on the card.
    pub local_window: (Option<DateTime>, Option<DateTime>),
    /// `rfid48` or `TLCode`.
    pub format: Option<String>,
    /// The text in the place of the holder.
    pub card_holder: Option<String>,
    /// Copies made.
    pub number_of_issued_cards: Option<u64>,
    /// What the lock server says of it.
    pub flags: Flags,
    /// Names of all its doors.
    pub doors: Vec<String>,
}

/// What a lock server says of a card.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools, reason = "they are the lock server's own flags")]
pub struct Flags {
    /// Cancelled at the locks.
    pub cancelled: bool,
    /// Taken out of use.
    pub discarded: bool,
    /// Its end has passed.
    pub expired: bool,
    /// Its medium was written with another card.
    pub overwritten: bool,
    /// A newer stay took its doors.
    pub overridden: bool,
    /// Changed at the lock server and not on the medium.
    pub pending_auto_update: bool,
}
