//! Plastic cards in the world: which image is on which medium.
//!
//! Written without an encoder when a client takes the image itself (`pendingImage`, `spec/visionline.md` 3.1).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::lock::Image;

/// Longest serial number: eight bytes in hex digits.
const SERIAL_DIGITS: usize = 16;

/// All media that have ever been written, by serial number.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Plastic {
    media: BTreeMap<String, Image>,
}

impl Plastic {
    /// Writes an image to a medium; tells the id of the card that was on it before.
    pub(crate) fn write(&mut self, serial_number: &str, image: Image) -> Option<u32> {
        self.media.insert(serial_number.to_owned(), image).map(|before| before.card_id)
    }

    /// The image on a medium.
    pub(crate) fn image(&self, serial_number: &str) -> Option<&Image> {
        self.media.get(serial_number)
    }

    /// Whether any medium carries a card.
    pub(crate) fn carries(&self, card_id: u32) -> bool {
        self.media.values().any(|image| image.card_id == card_id)
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
