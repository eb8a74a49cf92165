//! How far a carrier has come (design 7).

/// The stages of a carrier, in the order in which they are passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Stage {
    /// Decided and stored; nothing was sent.
    Accepted,
    /// Sent to the lock server; the outcome is not known.
    Sent,
    /// The lock server has the card record; the phone may not have the key.
    OnLockServer,
    /// The phone has the key.
    OnPhone,
    /// The plastic card has the key.
    OnCard,
    /// To be discarded; the lock server has not confirmed it.
    Revoking,
    /// The lock server has discarded it. The key may still open a door until its end or until a newer key is used
    /// there.
    RevokedAtServer,
    /// Nothing of it is left, or it was never made.
    Gone,
}

impl Stage {
    const ALL: [Self; 8] = [
        Self::Accepted,
        Self::Sent,
        Self::OnLockServer,
        Self::OnPhone,
        Self::OnCard,
        Self::Revoking,
        Self::RevokedAtServer,
        Self::Gone,
    ];

    /// The text in the database and in the API's `innkeep` member.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Sent => "sent",
            Self::OnLockServer => "on_lock_server",
            Self::OnPhone => "on_phone",
            Self::OnCard => "on_card",
            Self::Revoking => "revoking",
            Self::RevokedAtServer => "revoked_at_server",
            Self::Gone => "gone",
        }
    }

    /// Reads [`Stage::as_str`] back.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|stage| stage.as_str() == text)
    }

    /// Whether the key is where it can open a door.
    pub const fn is_delivered(self) -> bool {
        matches!(self, Self::OnPhone | Self::OnCard)
    }

    /// Whether a request to make it is under way or about to be.
    pub const fn is_in_flight(self) -> bool {
        matches!(self, Self::Accepted | Self::Sent)
    }

    /// Whether the lock server holds it as a good card, as far as we know.
    pub const fn is_live(self) -> bool {
        matches!(self, Self::OnLockServer | Self::OnPhone | Self::OnCard)
    }
}
