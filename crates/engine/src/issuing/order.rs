//! The words between the worker's shell and the engine.

use std::collections::BTreeMap;

use domain::{Window, id::CarrierId};
use jiff::{Timestamp, civil::DateTime};
use serde::{Deserialize, Serialize};

/// A card to be made, as it is stored with the carrier: enough to send it again unchanged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// `override`, `join`, `auto_join` or `plain`.
    pub method: String,
    /// Ids, at the lock server, of the cards to join.
    pub joins: Vec<String>,
    /// The endpoint of a mobile key.
    pub endpoint_id: Option<String>,
    /// The lock server's id of the encoder that writes a plastic card.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub encoder_id: Option<String>,
    /// `rfid48` or `TLCode`.
    pub format: String,
    /// Window; the shell converts it to the site's minutes.
    pub window: Window,
    /// Text on the key, at most 32 characters.
    pub label: String,
    /// Our short id on the card, by which it is found again.
    pub mark: String,
    /// Names of the guest doors.
    pub guest_doors: Vec<String>,
    /// Names of the common doors.
    pub common_doors: Vec<String>,
}

/// A request to be sent to the lock server now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Make the card.
    Create {
        /// Whose outcome to report.
        carrier: CarrierId,
        /// What to ask for.
        order: Order,
        /// When it was handed out.
        sent_at: Timestamp,
    },
    /// Find out whether the card was made: list the cards at the door and compare the mark.
    Look {
        /// Whose outcome to report.
        carrier: CarrierId,
        /// A guest door of the card.
        door: Option<String>,
        /// An instant inside the card's window.
        valid_at: Timestamp,
        /// The mark to find.
        mark: String,
    },
    /// Read the card, to learn whether the phone has the key.
    Read {
        /// Whose outcome to report.
        carrier: CarrierId,
        /// Id of the card.
        card_id: String,
    },
    /// Discard the card, and confirm it.
    Discard {
        /// Whose outcome to report.
        carrier: CarrierId,
        /// Id of the card.
        card_id: String,
    },
}

impl Step {
    /// The carrier that the step is about.
    pub fn carrier(&self) -> CarrierId {
        match self {
            Self::Create { carrier, .. }
            | Self::Look { carrier, .. }
            | Self::Read { carrier, .. }
            | Self::Discard { carrier, .. } => *carrier,
        }
    }
}

/// A card as the lock server described it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CardSeen {
    /// Id of the card.
    pub card_id: String,
    /// Id of the mobile credential.
    pub native_credential_id: Option<String>,
    /// Whether the phone has the key.
    pub is_delivered: bool,
    /// Whether it was taken out of use: discarded, cancelled, or its medium became another card.
    pub is_discarded: bool,
}

/// A card as it was read at the hotel, whoever made it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CardFacts {
    /// The card.
    pub seen: CardSeen,
    /// A newer card took over its guest doors, says the lock server.
    pub is_overridden: bool,
    /// The mark of ours that it carries, if it carries any text in that place.
    pub mark: Option<String>,
    /// The phone that it is for; none for plastic.
    pub endpoint_id: Option<String>,
    /// `rfid48` or `TLCode`.
    pub format: String,
    /// When it was made, as far as the lock server says.
    pub created_at: Option<Timestamp>,
    /// Its window.
    pub window: Window,
    /// The same in the site's minutes, as they stand on the card.
    pub local_window: (DateTime, DateTime),
    /// Names of all its doors.
    pub doors: Vec<String>,
}

/// What the lock server has at some doors.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Survey {
    /// Ids of the cards that are current at each door that was asked about.
    pub listed: BTreeMap<String, Vec<String>>,
    /// The cards that were read, by id.
    pub cards: BTreeMap<String, CardFacts>,
}

/// What became of a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The card is there: made, found or read.
    Card(CardSeen),
    /// There is no such card.
    NoCard,
    /// The card is discarded, confirmed by the lock server.
    Discarded,
    /// It failed.
    Failed(Failure),
}

/// Why a step failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// What can be done about it.
    pub kind: FailureKind,
    /// Whether a write may have been done all the same.
    pub may_be_done: bool,
    /// What the lock server said, for people; no secrets.
    pub message: String,
}

/// The classes of failures (design 7).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FailureKind {
    /// May work later.
    Transient,
    /// Will not work as it stands.
    Refused,
    /// The operator's name or password is wrong.
    CredentialsWrong,
    /// The lock server did not answer at all.
    Unreachable,
}
