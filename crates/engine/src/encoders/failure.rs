//! Error types of action attempts (`spec/api.md 3.6`), with what a clerk should do, and the result codes of encoders
//! that lead to them (`spec/visionline.md` 3.2).

use serde_json::{Value, json};

use super::{Reason, Setback};

/// Why an attempt failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Failure {
    /// Type, in the API's words.
    pub kind: &'static str,
    /// What happened and what to do, for a clerk.
    pub message: String,
}

pub(super) const UNCATEGORIZED: &str = "uncategorized_error";
pub(super) const EXPIRED: &str = "action_attempt_expired";
pub(super) const NO_CARD: &str = "no_credential_on_encoder";
pub(super) const WRONG_CARD: &str = "incompatible_card_format";
pub(super) const NOT_AGAIN: &str = "credential_cannot_be_reissued";
pub(super) const NOT_ONLINE: &str = "encoder_not_online";
pub(super) const TIMED_OUT: &str = "encoder_communication_timeout";
pub(super) const DISCONNECTED: &str = "bridge_disconnected";
pub(super) const INTERRUPTED: &str = "encoding_interrupted";
pub(super) const DELETED: &str = "credential_deleted";

impl Failure {
    pub(super) fn new(kind: &'static str, message: impl Into<String>) -> Self {
        Self { kind, message: message.into() }
    }

    pub(super) fn to_json(&self) -> Value {
        json!({ "type": self.kind, "message": self.message })
    }

    /// No card was presented in time.
    pub(super) fn no_card() -> Self {
        Self::new(NO_CARD, "No card was placed on the encoder in time. Place one and try again.")
    }

    /// The outcome stayed open.
    pub(super) fn timed_out() -> Self {
        let message = "The encoder did not answer in time, and no card was written as far as the lock server knows. \
                       Check the encoder, then try again.";
        Self::new(TIMED_OUT, message)
    }
}

/// What follows from a setback.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// The attempt has failed.
    Fail(Failure),
    /// It is worth another try while there is time; then it has failed in this way.
    Retry(Failure),
}

/// What a setback means for an encode, or for a scan.
pub(super) fn judge(setback: &Setback, is_scan: bool) -> Verdict {
    let fail = |kind, message: &str| Verdict::Fail(Failure::new(kind, message));
    match setback.reason {
        // The lock server has waited for a card as long as it does; only a card that is to be written is worth more.
        Reason::Result(41) if is_scan => Verdict::Fail(Failure::no_card()),
        Reason::Result(41) => Verdict::Retry(Failure::no_card()),
        Reason::Result(4 | 85) => Verdict::Retry(Failure::new(
            TIMED_OUT,
            "The encoder was busy with other work until the time was up. Try again, or use another encoder.",
        )),
        Reason::Result(73) => Verdict::Retry(Failure::new(
            UNCATEGORIZED,
            "The lock server's database was locked until the time was up. Try again in a minute.",
        )),
        Reason::Result(3 | 7 | 40 | 78) => {
            fail(NOT_ONLINE, "The lock server cannot reach the encoder. Check its power and cable, or use another one.")
        }
        Reason::Result(17 | 43 | 70) => {
            fail(WRONG_CARD, "This kind of card cannot be used here. Take it away and place one of the hotel's cards.")
        }
        Reason::Result(38) if is_scan => fail(
            NO_CARD,
            "The card could not be read. Place it flat on the encoder, or take another one, and try again.",
        ),
        Reason::Result(18 | 20 | 38) => fail(
            INTERRUPTED,
            "The card was taken away before it was written, or is damaged. Leave it on the encoder until it is \
             finished; if that does not help, take another card.",
        ),
        Reason::Result(39) => fail(UNCATEGORIZED, "The work was cancelled at the lock server. Try again."),
        Reason::Result(57) => fail(
            UNCATEGORIZED,
            "The lock server's operator may not make cards that are valid for so long. Choose an earlier end, or \
             change the operator's rights.",
        ),
        Reason::Result(code) => Verdict::Fail(Failure::new(
            UNCATEGORIZED,
            format!(
                "The encoder reported result code {code}: {}. Look at the lock server's event log.",
                setback.message
            ),
        )),
        Reason::Unreachable => fail(
            DISCONNECTED,
            "The lock server does not answer. Check that it runs and that the network is up, then try again.",
        ),
        Reason::NotPermitted => Verdict::Fail(Failure::new(
            DISCONNECTED,
            format!(
                "The lock server does not permit it: {}. An operator of the lock server must mend that.",
                setback.message
            ),
        )),
        Reason::Refused => {
            Verdict::Fail(Failure::new(UNCATEGORIZED, format!("The lock server refused the card: {}", setback.message)))
        }
        Reason::Transient => Verdict::Retry(Failure::timed_out()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(code: u16, is_scan: bool) -> &'static str {
        let setback = Setback { reason: Reason::Result(code), may_be_done: false, message: String::new() };
        match judge(&setback, is_scan) {
            Verdict::Fail(failure) | Verdict::Retry(failure) => failure.kind,
        }
    }

    #[test]
    fn every_result_code_has_its_error_type() {
        let encode = [
            (3, "encoder_not_online"),
            (4, "encoder_communication_timeout"),
            (7, "encoder_not_online"),
            (17, "incompatible_card_format"),
            (18, "encoding_interrupted"),
            (20, "encoding_interrupted"),
            (38, "encoding_interrupted"),
            (39, "uncategorized_error"),
            (40, "encoder_not_online"),
            (41, "no_credential_on_encoder"),
            (42, "uncategorized_error"),
            (43, "incompatible_card_format"),
            (57, "uncategorized_error"),
            (70, "incompatible_card_format"),
            (72, "uncategorized_error"),
            (73, "uncategorized_error"),
            (78, "encoder_not_online"),
            (85, "encoder_communication_timeout"),
            (96, "uncategorized_error"),
            (105, "uncategorized_error"),
            (128, "uncategorized_error"),
        ];
        for (code, expected) in encode {
            assert_eq!(kind(code, false), expected, "{code}");
        }
        assert_eq!(kind(38, true), "no_credential_on_encoder", "a scan writes nothing that could be interrupted");
    }
}
