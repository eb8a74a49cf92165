//! The languages of the page, and which one a browser wants.

mod dates;
mod english;
mod french;
mod german;
mod spanish;
mod swedish;

pub use dates::{Calendar, written};

use engine::instant_keys::{KeyState, Over};

/// Everything that the page says, in one language.
#[derive(Debug)]
pub struct Words {
    /// The language's tag.
    pub lang: &'static str,
    pub title: &'static str,
    pub question: &'static str,
    pub question_hint: &'static str,
    pub question_button: &'static str,
    pub no_keys: &'static str,
    pub phone_key: &'static str,
    pub card: &'static str,
    pub rooms: &'static str,
    pub other_doors: &'static str,
    pub from: &'static str,
    pub until: &'static str,
    pub state: &'static str,
    pub hotel_time: &'static str,
    pub states: States,
    pub unknown: Closed,
    pub ended: Closed,
    pub used_up: Closed,
    pub failed: Closed,
    pub sandbox: &'static str,
    pub add_phone: &'static str,
    /// With `{}` for the door.
    pub hold: &'static str,
    /// With `{}` for the door.
    pub opens: &'static str,
    /// With `{}` for the door.
    pub stays_closed: &'static str,
    pub reasons: Reasons,
    pub calendar: Calendar,
}

/// How a key stands.
#[derive(Debug)]
pub struct States {
    pub waiting_for_phone: &'static str,
    pub on_its_way: &'static str,
    pub ready: &'static str,
    pub ready_later: &'static str,
    pub at_front_desk: &'static str,
    pub ended: &'static str,
    pub replaced: &'static str,
    pub taken_back: &'static str,
    pub no_longer_valid: &'static str,
    pub refused: &'static str,
}

/// Why there is nothing to see, and what to do.
#[derive(Debug)]
pub struct Closed {
    pub title: &'static str,
    pub advice: &'static str,
}

/// Why a door stays closed.
#[derive(Debug)]
pub struct Reasons {
    pub overridden: &'static str,
    pub not_valid_yet: &'static str,
    pub expired: &'static str,
    pub cancelled: &'static str,
    pub no_access: &'static str,
    pub no_key: &'static str,
    pub wrong_time: &'static str,
    pub locked_inside: &'static str,
    pub battery: &'static str,
    pub other: &'static str,
}

/// English first: whoever names none of the others gets it.
const LANGUAGES: [&Words; 5] = [&english::WORDS, &german::WORDS, &french::WORDS, &spanish::WORDS, &swedish::WORDS];

impl Words {
    /// The language that the header `accept-language` wants most, among those that we have.
    pub fn wanted(accept_language: &str) -> &'static Self {
        let mut best = (0, LANGUAGES[0]);
        for range in accept_language.split(',').take(MOST_RANGES) {
            let mut parts = range.split(';');
            let tag = parts.next().unwrap_or_default().trim().to_ascii_lowercase();
            let primary = tag.split('-').next().unwrap_or_default();
            let weight = parts.find_map(|part| part.trim().strip_prefix("q=")).map_or(Some(1000), thousandths);
            let found = LANGUAGES.into_iter().find(|words| words.lang == primary);
            if let (Some(words), Some(weight)) = (found, weight)
                && weight > best.0
            {
                best = (weight, words);
            }
        }
        best.1
    }

    /// How a key stands.
    pub fn state(&self, state: KeyState) -> &'static str {
        match state {
            KeyState::WaitingForPhone => self.states.waiting_for_phone,
            KeyState::OnItsWay => self.states.on_its_way,
            KeyState::Ready => self.states.ready,
            KeyState::ReadyLater => self.states.ready_later,
            KeyState::AtFrontDesk => self.states.at_front_desk,
            KeyState::Ended => self.states.ended,
            KeyState::Replaced => self.states.replaced,
            KeyState::TakenBack => self.states.taken_back,
            KeyState::NoLongerValid => self.states.no_longer_valid,
            KeyState::Refused => self.states.refused,
        }
    }

    /// Why a link shows nothing.
    pub fn closed(&self, over: Over) -> &Closed {
        match over {
            Over::Unknown => &self.unknown,
            Over::Ended => &self.ended,
            Over::UsedUp => &self.used_up,
        }
    }

    /// Why a door stays closed, from the lock's word for it (design 9).
    pub fn reason(&self, word: &str) -> &'static str {
        match word {
            "overridden" => self.reasons.overridden,
            "not_valid_yet" => self.reasons.not_valid_yet,
            "expired" => self.reasons.expired,
            "cancelled" => self.reasons.cancelled,
            "no_access" => self.reasons.no_access,
            "no_key" => self.reasons.no_key,
            "wrong_time" => self.reasons.wrong_time,
            "deadbolt" | "privacy" => self.reasons.locked_inside,
            "battery" => self.reasons.battery,
            _ => self.reasons.other,
        }
    }
}

/// Languages of a header that are looked at.
const MOST_RANGES: usize = 50;

/// A weight such as `0.8` in thousandths; none when it is none.
fn thousandths(text: &str) -> Option<u32> {
    let weight: f64 = text.trim().parse().ok()?;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 1000 after the check")]
    (0.0..=1.0).contains(&weight).then_some((weight * 1000.0) as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_gets_the_language_that_it_wants_most_of_those_that_we_have() {
        for (header, lang) in [
            ("", "en"),
            ("de", "de"),
            ("sv-SE,sv;q=0.8,en;q=0.5", "sv"),
            ("fr;q=0.3, es-MX;q=0.7", "es"),
            ("nl, it;q=0.9", "en"),
            ("nl, fr-CA;q=0.1", "fr"),
            ("DE-at", "de"),
            ("de;q=0", "en"),
            ("de;q=nonsense, sv;q=0.1", "sv"),
            ("*", "en"),
            ("q=1;;,,;", "en"),
        ] {
            assert_eq!(Words::wanted(header).lang, lang, "{header}");
        }
    }

    #[test]
    fn every_language_has_a_place_for_the_door() {
        for words in LANGUAGES {
            for text in [words.hold, words.opens, words.stays_closed] {
                assert_eq!(text.matches("{}").count(), 1, "{} {text}", words.lang);
            }
        }
    }
}
