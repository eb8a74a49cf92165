//! What a lock says to a key, in the vendor's own words (`spec/visionline.md` 4.2).

use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};

/// The detailed reason of a verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Detail {
    /// Opened: a guest in the room (0x0043).
    Guest,
    /// Opened: a suite card at a door of the suite (0x0044).
    GuestSuite,
    /// Opened: a guest at a common door (0x0045).
    GuestCommon,
    /// Opened: a card issued before its start, at its first accepted use (0x0046).
    FutureArrival,
    /// Opened: a one-time card (0x0048).
    OneTime,
    /// Opened: a guest at an entrance or elevator (0x0049).
    GuestEntrance,
    /// Opened: staff (0x0040).
    Staff,
    /// A stand-open card was shown (0x0041).
    StandOpenSet,
    /// A cancel card was shown; it opens nothing and the vendor's list has no code for it.
    CancelListTaken,
    /// Refused: a newer plastic or phone key was used here; this one is plastic (0x0010).
    OverriddenCard,
    /// Refused: the same, this one is a phone key (0x0011; which is which is our choice, gap 17).
    OverriddenPhone,
    /// Refused: starts later (0x0012).
    NotValidYet,
    /// Refused: ended (0x0142).
    Expired,
    /// Refused: on the lock's cancel list (0x0017).
    Cancelled,
    /// Refused: user group blocked (0x0018).
    GroupBlocked,
    /// Refused: the door is not on the key (0x0140).
    NoAccess,
    /// Refused: made for another property (0x0105).
    WrongFacility,
    /// Refused: outside the card's hours (0x0016).
    OutsideSchedule,
    /// Refused: outside the door's opening hours (0x0020).
    OutsideOpeningHours,
    /// Refused: deadbolt (0x0021).
    Deadbolt,
    /// Refused: deadbolt, guests locked out (0x0022).
    DeadboltForGuests,
    /// Refused: family function (0x0023).
    DeadboltFamily,
    /// Refused: privacy (0x0026).
    Privacy,
    /// Refused: silent privacy (0x0027).
    PrivacySilent,
    /// Refused: do not disturb (0x002b).
    DoNotDisturb,
    /// Refused: battery (0x0035).
    Battery,
    /// No key was shown at all: the phone holds none, or no medium carries the card. Not a word of the lock.
    NoKey,
}

impl Detail {
    /// Whether the door was unlocked.
    #[must_use]
    pub fn opened(self) -> bool {
        matches!(
            self,
            Self::Guest
                | Self::GuestSuite
                | Self::GuestCommon
                | Self::FutureArrival
                | Self::OneTime
                | Self::GuestEntrance
                | Self::Staff
                | Self::StandOpenSet
        )
    }

    /// The reason in one word, as the control interface tells it (design 9).
    #[must_use]
    pub fn reason(self) -> &'static str {
        match self {
            // A future arrival is a guest in the room from its first use on; the code still tells.
            Self::Guest | Self::FutureArrival => "guest",
            Self::GuestSuite => "guest_suite",
            Self::GuestCommon => "guest_common",
            Self::GuestEntrance => "guest_entrance",
            Self::OneTime => "one_time",
            Self::Staff => "staff",
            Self::StandOpenSet => "stand_open",
            Self::CancelListTaken => "cancel_list_taken",
            Self::OverriddenCard | Self::OverriddenPhone => "overridden",
            Self::NotValidYet => "not_valid_yet",
            Self::Expired => "expired",
            Self::Cancelled => "cancelled",
            Self::GroupBlocked => "group_blocked",
            Self::NoAccess => "no_access",
            Self::WrongFacility => "wrong_facility",
            Self::OutsideSchedule | Self::OutsideOpeningHours => "wrong_time",
            Self::Deadbolt | Self::DeadboltForGuests | Self::DeadboltFamily => "deadbolt",
            Self::Privacy | Self::PrivacySilent | Self::DoNotDisturb => "privacy",
            Self::Battery => "battery",
            Self::NoKey => "no_key",
        }
    }

    /// The vendor's reason, the coarser of its two numbers; `None` where the vendor has none.
    #[must_use]
    pub fn reason_byte(self) -> Option<u8> {
        Some(match self {
            Self::Guest
            | Self::GuestSuite
            | Self::GuestCommon
            | Self::FutureArrival
            | Self::OneTime
            | Self::GuestEntrance => 0x01,
            Self::Staff => 0x10,
            Self::StandOpenSet => 0x20,
            Self::OverriddenCard | Self::OverriddenPhone => 0x40,
            Self::NotValidYet => 0x41,
            Self::Expired => 0x42,
            Self::Cancelled => 0x43,
            Self::GroupBlocked => 0x44,
            Self::NoAccess => 0x45,
            Self::WrongFacility => 0x46,
            Self::OutsideSchedule | Self::OutsideOpeningHours => 0x47,
            Self::Deadbolt | Self::DeadboltForGuests | Self::DeadboltFamily => 0x48,
            Self::Privacy | Self::PrivacySilent | Self::DoNotDisturb => 0x49,
            Self::Battery => 0x4a,
            Self::CancelListTaken | Self::NoKey => return None,
        })
    }

    /// The vendor's detail code; `None` where the vendor has none.
    #[must_use]
    pub fn code(self) -> Option<u16> {
        Some(match self {
            Self::Guest => 0x0043,
            Self::GuestSuite => 0x0044,
            Self::GuestCommon => 0x0045,
            Self::FutureArrival => 0x0046,
            Self::OneTime => 0x0048,
            Self::GuestEntrance => 0x0049,
            Self::Staff => 0x0040,
            Self::StandOpenSet => 0x0041,
            Self::OverriddenCard => 0x0010,
            Self::OverriddenPhone => 0x0011,
            Self::NotValidYet => 0x0012,
            Self::Expired => 0x0142,
            Self::Cancelled => 0x0017,
            Self::GroupBlocked => 0x0018,
            Self::NoAccess => 0x0140,
            Self::WrongFacility => 0x0105,
            Self::OutsideSchedule => 0x0016,
            Self::OutsideOpeningHours => 0x0020,
            Self::Deadbolt => 0x0021,
            Self::DeadboltForGuests => 0x0022,
            Self::DeadboltFamily => 0x0023,
            Self::Privacy => 0x0026,
            Self::PrivacySilent => 0x0027,
            Self::DoNotDisturb => 0x002b,
            Self::Battery => 0x0035,
            Self::CancelListTaken | Self::NoKey => return None,
        })
    }
}

/// What a lock said to one key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// Why.
    pub detail: Detail,
    /// The card that was shown; `None` only with [`Detail::NoKey`].
    pub card_id: Option<u32>,
    /// What the lock's own clock showed.
    pub lock_clock: DateTime,
}

impl Verdict {
    /// Whether the door was unlocked.
    #[must_use]
    pub fn opened(&self) -> bool {
        self.detail.opened()
    }

    /// The reason in one word.
    #[must_use]
    pub fn reason(&self) -> &'static str {
        self.detail.reason()
    }

    /// The vendor's detail code as `0x0043`; `None` where the vendor has none.
    #[must_use]
    pub fn code(&self) -> Option<String> {
        self.detail.code().map(|code| format!("0x{code:04x}"))
    }
}
