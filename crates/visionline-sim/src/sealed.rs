//! The encrypted image of a plastic card as a client gets it for writing (`spec/visionline.md` 3.1): 24 bytes that
//! only the media it was made for turn into a key.
//!
//! The vendor's encryption is secret. Ours hides the card's number behind a keyed digest over the number and the
//! serial numbers, which is all that a simulated medium needs.

use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;

use crate::lock_server::Card;

/// Bytes of a sealed image.
const LENGTH: usize = 24;

/// Seals the image of a card for the media the card names; 48 hex digits.
pub(crate) fn seal(card: &Card, system_id: u32) -> String {
    let digest = digest(card, system_id);
    let number = card.id.to_be_bytes();
    let hidden = number.iter().zip(mask(system_id)).map(|(byte, mask)| byte ^ mask);
    hidden.chain(digest).map(|byte| format!("{byte:02x}")).collect()
}

/// The number of the card that a sealed image claims to be of; `None` if it has not 48 hex digits.
pub(crate) fn card_number(sealed: &str, system_id: u32) -> Option<u32> {
    if sealed.len() != 2 * LENGTH || !sealed.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let hidden = u32::from_str_radix(&sealed[..8], 16).ok()?;
    Some(hidden ^ u32::from_be_bytes(mask(system_id)))
}

fn mask(system_id: u32) -> [u8; 4] {
    system_id.wrapping_mul(0x9e37_79b1).to_be_bytes()
}

fn digest(card: &Card, system_id: u32) -> Vec<u8> {
    let mut mac = Hmac::<Sha1>::new_from_slice(&system_id.to_be_bytes()).expect("a key of any length is taken");
    mac.update(&card.id.to_be_bytes());
    for serial_number in &card.sealed_for {
        mac.update(serial_number.as_bytes());
    }
    mac.finalize().into_bytes().to_vec()
}
