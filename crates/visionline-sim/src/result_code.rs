//! Result codes of encoders (`spec/visionline.md` 3.2), and how the Web API answers them.
//!
//! That a failed encode is told in this way is our choice: the numbers are the vendor's, their place in an answer of
//! the Web API is not public.

use serde::{Deserialize, Serialize};

/// A result code other than success.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ResultCode(pub(crate) u8);

impl ResultCode {
    pub(crate) const NO_CONNECTION: Self = Self(3);
    pub(crate) const CANNOT_BE_USED: Self = Self(17);
    pub(crate) const NOT_WRITTEN: Self = Self(18);
    pub(crate) const NOT_VERIFIED: Self = Self(20);
    pub(crate) const UNREADABLE: Self = Self(38);
    pub(crate) const NO_CARD: Self = Self(41);
    pub(crate) const UNUSABLE: Self = Self(43);
    pub(crate) const IN_QUEUE: Self = Self(85);

    /// The detailed code: 50301 where the encoder cannot be reached, 503 and the code where it is busy, 409 and the
    /// code otherwise.
    pub(crate) fn detailed(self) -> u32 {
        match self.0 {
            3 | 7 | 40 | 78 => 50_301,
            busy @ (4 | 73 | 85) => 50_300 + u32::from(busy),
            other => 40_900 + u32::from(other).min(99),
        }
    }

    /// What it means.
    pub(crate) fn meaning(self) -> &'static str {
        match self.0 {
            3 | 7 => "no connection to the encoder",
            4 => "the encoder is busy",
            17 => "the card cannot be used",
            18 => "the card cannot be written",
            20 => "verification after encoding failed",
            38 => "the card could not be read",
            39 => "cancelled by the user",
            40 => "no card reader connected",
            41 => "no card inserted",
            43 | 70 => "unusable smart card",
            57 => "the operator may not give so long a validity",
            72 => "fatal error",
            73 => "the database is locked",
            78 => "wrong unit on the port",
            85 => "the request waited in the queue of the encoder until its time was up",
            _ => "the encoder refused",
        }
    }
}
