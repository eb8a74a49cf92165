//! What a card format can hold (`spec/api.md 4.4`).

/// The most guest rooms in one consecutive run on an `rfid48` card.
pub const RFID48_CONSECUTIVE_ROOMS: usize = 33;
/// The most guest rooms outside the run on an `rfid48` card.
pub const RFID48_ADDITIONAL_ROOMS: usize = 7;
/// The most common doors on an `rfid48` card.
pub const RFID48_COMMON_DOORS: usize = 28;

/// The format of a card's data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CardFormat {
    /// 48 bytes: the usual choice for guests.
    #[default]
    Rfid48,
    /// For content beyond 48 bytes. No figures are published, so nothing is checked.
    TlCode,
}

/// An access list that the format cannot hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CapacityError {
    /// The longest run of consecutive rooms is too long.
    #[error(
        "an rfid48 card holds at most {RFID48_CONSECUTIVE_ROOMS} consecutive guest rooms, and {0} were asked for; use \
         card_format TLCode"
    )]
    ConsecutiveRooms(usize),
    /// Too many rooms outside the longest run.
    #[error(
        "an rfid48 card holds at most {RFID48_ADDITIONAL_ROOMS} guest rooms besides one consecutive run, and {0} were \
         asked for; use card_format TLCode"
    )]
    AdditionalRooms(usize),
    /// Too many common doors.
    #[error(
        "an rfid48 card holds at most {RFID48_COMMON_DOORS} common doors, and {0} were asked for; use card_format TLCode"
    )]
    CommonDoors(usize),
}

impl CardFormat {
    /// The literal text on both wires.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Rfid48 => "rfid48",
            Self::TlCode => "TLCode",
        }
    }

    /// Reads the literal text; case matters (`spec/api.md 4.2`).
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Rfid48, Self::TlCode].into_iter().find(|format| format.as_str() == text)
    }

    /// Checks an access list: `room_orders` are the guest doors' places in the site's room order, `common_doors` the
    /// number of other doors.
    ///
    /// # Errors
    /// When the format cannot hold the list.
    pub fn check(self, room_orders: &[i32], common_doors: usize) -> Result<(), CapacityError> {
        if self == Self::TlCode {
            return Ok(());
        }
        let run = longest_run(room_orders);
        if run > RFID48_CONSECUTIVE_ROOMS {
            return Err(CapacityError::ConsecutiveRooms(run));
        }
        let additional = room_orders.len() - run;
        if additional > RFID48_ADDITIONAL_ROOMS {
            return Err(CapacityError::AdditionalRooms(additional));
        }
        if common_doors > RFID48_COMMON_DOORS {
            return Err(CapacityError::CommonDoors(common_doors));
        }
        Ok(())
    }
}

fn longest_run(orders: &[i32]) -> usize {
    let mut sorted = orders.to_vec();
    sorted.sort_unstable();
    let mut longest = 0;
    let mut current = 0;
    let mut previous = None;
    for order in sorted {
        current = if previous == Some(order - 1) { current + 1 } else { 1 };
        longest = longest.max(current);
        previous = Some(order);
    }
    longest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_rfid48_card_holds_33_consecutive_7_more_and_28_common_doors() {
        let mut rooms: Vec<i32> = (1..=33).collect();
        rooms.extend((0..7).map(|room| 100 + 2 * room));
        assert_eq!(CardFormat::Rfid48.check(&rooms, 28), Ok(()));
        assert_eq!(CardFormat::Rfid48.check(&rooms, 29), Err(CapacityError::CommonDoors(29)));
        rooms.push(200);
        assert_eq!(CardFormat::Rfid48.check(&rooms, 0), Err(CapacityError::AdditionalRooms(8)));
        let run: Vec<i32> = (1..=34).collect();
        assert_eq!(CardFormat::Rfid48.check(&run, 0), Err(CapacityError::ConsecutiveRooms(34)));
    }

    #[test]
    fn a_tlcode_card_is_not_limited() {
        let rooms: Vec<i32> = (1..=400).collect();
        assert_eq!(CardFormat::TlCode.check(&rooms, 100), Ok(()));
    }

    #[test]
    fn the_format_names_are_case_sensitive() {
        assert_eq!(CardFormat::parse("TLCode"), Some(CardFormat::TlCode));
        assert_eq!(CardFormat::parse("tlcode"), None);
    }
}
