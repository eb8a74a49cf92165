//! Plastic cards in the world: what is on which medium.
//!
//! Media are written by encoders, by a client that took the image itself (`pendingImage`, `spec/visionline.md` 3.1),
//! and by hand through the control interface.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::lock::Image;

/// Longest serial number: eight bytes in hex digits.
const SERIAL_DIGITS: usize = 16;

/// What is on a medium that is not blank.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Content {
    Image(Image),
    /// Written halfway, or sealed for another medium: no lock reacts to it.
    Unreadable,
}

/// All media that have ever been written, by serial number.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Plastic {
    media: BTreeMap<String, Content>,
}

impl Plastic {
    /// Writes an image to a medium; tells the id of the card that was on it before.
    pub(crate) fn write(&mut self, serial_number: &str, image: Image) -> Option<u32> {
        card_of(self.media.insert(serial_number.to_owned(), Content::Image(image)))
    }

    /// Leaves a medium unreadable; tells the id of the card that was on it before.
    pub(crate) fn spoil(&mut self, serial_number: &str) -> Option<u32> {
        card_of(self.media.insert(serial_number.to_owned(), Content::Unreadable))
    }

    /// Makes a medium blank; tells the id of the card that was on it before.
    pub(crate) fn erase(&mut self, serial_number: &str) -> Option<u32> {
        card_of(self.media.remove(serial_number))
    }

    /// What is on a medium; `None` for a blank one.
    pub(crate) fn content(&self, serial_number: &str) -> Option<&Content> {
        self.media.get(serial_number)
    }

    /// Whether any medium carries a card.
    pub(crate) fn carries(&self, card_id: u32) -> bool {
        self.all().any(|(_, content)| matches!(content, Content::Image(image) if image.card_id == card_id))
    }

    /// All media that are not blank, by serial number.
    pub(crate) fn all(&self) -> impl Iterator<Item = (&str, &Content)> {
        self.media.iter().map(|(serial_number, content)| (serial_number.as_str(), content))
    }
}

fn card_of(content: Option<Content>) -> Option<u32> {
    match content? {
        Content::Image(image) => Some(image.card_id),
        Content::Unreadable => None,
    }
}

/// A serial number in the form both sides compare: 16 lower-case hex digits, filled up with `f`
/// (`spec/visionline.md` 2.4). `None` if it is none.
pub(crate) fn serial_number(text: &str) -> Option<String> {
    let sound = !text.is_empty() && text.len() <= SERIAL_DIGITS && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    sound.then(|| format!("{:f<SERIAL_DIGITS$}", text.to_ascii_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn serial_numbers_are_compared_in_lower_case_and_filled_up() {
        assert_eq!(serial_number("04A1B2C3D4E5F6").as_deref(), Some("04a1b2c3d4e5f6ff"));
        assert_eq!(serial_number("04a1b2c3d4e5f6FF").as_deref(), Some("04a1b2c3d4e5f6ff"));
        for wrong in ["", "04a1b2c3d4e5f6ff0", "xyz"] {
            assert_eq!(serial_number(wrong), None, "{wrong}");
        }
    }
}
