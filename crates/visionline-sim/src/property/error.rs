//! What can be wrong with a property file: where, and what to do about it.

/// Why a property file was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PropertyError {
    /// Not TOML, a key is missing, or a value has the wrong form.
    #[error("line {line}: {problem}; correct this line or remove the key")]
    Form {
        /// Line, from 1.
        line: usize,
        /// What the reader found.
        problem: String,
    },
    /// A key or a word that is not known here.
    #[error("line {line}: {unknown:?} is not known here; the nearest known name is {nearest:?}")]
    UnknownName {
        /// Line, from 1.
        line: usize,
        /// What the file says.
        unknown: String,
        /// The known name that is spelt most like it.
        nearest: String,
    },
    /// The zone is not in the time zone database.
    #[error("line {line}: there is no time zone {zone:?}; give an IANA name such as \"Europe/Stockholm\"")]
    UnknownZone {
        /// Line, from 1.
        line: usize,
        /// What the file says.
        zone: String,
    },
    /// A door has both a name and a range of numbers, or neither.
    #[error("line {line}: a door needs either name or numbers; give name = \"Gym\" or numbers = \"101-110\"")]
    DoorWithoutName {
        /// Line, from 1.
        line: usize,
    },
    /// A range of numbers cannot be read or is too long.
    #[error(
        "line {line}: {range:?} is not a range of at most 10000 numbers; write the lower number first, as in \"101-110\""
    )]
    BadRange {
        /// Line, from 1.
        line: usize,
        /// What the file says.
        range: String,
    },
    /// Two doors have the same name.
    #[error("line {line}: there is already a door {name:?}; rename or remove one of them")]
    DuplicateDoor {
        /// Line, from 1.
        line: usize,
        /// The name.
        name: String,
    },
    /// Two doors have the same number in Visionline's order.
    #[error("line {line}: door {name:?} has the number {number} of another door; give it another order")]
    DuplicateNumber {
        /// Line, from 1.
        line: usize,
        /// The later door.
        name: String,
        /// The number.
        number: u32,
    },
    /// A room interval names a door that is not there or not a guest door, or runs backwards.
    #[error(
        "line {line}: {rooms:?} is not an interval of guest doors; name a first and a last guest door of this file, as in \"101-110\""
    )]
    BadRooms {
        /// Line, from 1.
        line: usize,
        /// What the file says.
        rooms: String,
    },
    /// The file has no operator or no door.
    #[error("the file has no {what}; add [[{what}]]")]
    Missing {
        /// `operators` or `doors`.
        what: &'static str,
    },
}

impl PropertyError {
    /// The line in the file, from 1; `None` when something is missing altogether.
    #[must_use]
    pub fn line(&self) -> Option<usize> {
        match self {
            Self::Form { line, .. }
            | Self::UnknownName { line, .. }
            | Self::UnknownZone { line, .. }
            | Self::DoorWithoutName { line }
            | Self::BadRange { line, .. }
            | Self::DuplicateDoor { line, .. }
            | Self::DuplicateNumber { line, .. }
            | Self::BadRooms { line, .. } => Some(*line),
            Self::Missing { .. } => None,
        }
    }
}
