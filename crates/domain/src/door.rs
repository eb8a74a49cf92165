//! Doors and their categories.

use std::fmt;

/// The category of a door, in Visionline's own words (`spec/visionline.md 2.2`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DoorCategory {
    /// A room: the only category where a newer key ends older ones.
    Guest,
    /// Opens for every guest card that holds a room of its interval.
    Entrance,
    /// Granted by name, in Visionline.
    Common,
    /// Granted by name, also by a property system.
    CommonPms,
    /// A floor of an elevator.
    ElevatorReader,
}

impl DoorCategory {
    /// The literal text on both wires.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Guest => "guest",
            Self::Entrance => "entrance",
            Self::Common => "common",
            Self::CommonPms => "common (PMS)",
            Self::ElevatorReader => "elevator reader",
        }
    }

    /// Reads Visionline's text in any letter case. Text we do not know is a common door: such doors have no
    /// tenancies, so nothing is ever evicted by mistake.
    pub fn parse(text: &str) -> Self {
        [Self::Guest, Self::Entrance, Self::CommonPms, Self::ElevatorReader]
            .into_iter()
            .find(|category| category.as_str().eq_ignore_ascii_case(text.trim()))
            .unwrap_or(Self::Common)
    }

    /// Whether stays hold this door (design 6: common doors have no tenancies).
    pub const fn is_guest(self) -> bool {
        matches!(self, Self::Guest)
    }
}

impl fmt::Display for DoorCategory {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn categories_are_read_in_any_letter_case_and_unknown_ones_are_common() {
        assert_eq!(DoorCategory::parse("Guest"), DoorCategory::Guest);
        assert_eq!(DoorCategory::parse("Common (pms)"), DoorCategory::CommonPms);
        assert_eq!(DoorCategory::parse("sauna"), DoorCategory::Common);
    }
}
