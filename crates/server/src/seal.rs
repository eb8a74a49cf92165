//! Secrets at rest: lock-server passwords and webhook secrets stand in the database only sealed (design 11), so that a
//! copy of the database gives nobody a hotel.
//!
//! A [`Seal`] is a 32-byte key that stands outside the database. What it seals is bound to a *place*, such as
//! `webhook 0190...`: a sealed text that somebody moves to another place does not open there.

pub mod command;
pub mod key_file;

use std::{fmt, sync::Arc};

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use sha2::{Digest, Sha256};
use visionline::Secret;

use crate::entropy;

/// Length of a key in bytes.
pub const KEY_LENGTH: usize = 32;

/// Says which form a sealed text has, so that another one can follow.
const VERSION: &str = "v1.";
/// How much of the hash of a key is told in a sealed text: enough to say that it was another key.
const KEY_MARK_LENGTH: usize = 4;

/// The key with which secrets are sealed. Never shown.
#[derive(Clone)]
pub struct Seal {
    key: Arc<LessSafeKey>,
    mark: [u8; KEY_MARK_LENGTH],
}

/// Why a sealed text does not open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// Another key sealed it.
    #[error("it was sealed with another secret key; give the server the former one, or set the secret anew")]
    OtherKey,
    /// It was changed, or belongs to another place.
    #[error("it is damaged or belongs elsewhere; restore the database, or set the secret anew")]
    Damaged,
}

/// Why a text is no key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a secret key is {KEY_LENGTH} random bytes as base64; make one with `innkeep secret-key --file secret.key`")]
pub struct NoKey;

impl Seal {
    /// The seal of this key.
    ///
    /// # Panics
    /// Never: the algorithm takes every key of this length.
    pub fn new(key: &[u8; KEY_LENGTH]) -> Self {
        let mut mark = [0; KEY_MARK_LENGTH];
        let hash = Sha256::new().chain_update(b"innkeep secret key").chain_update(key).finalize();
        mark.copy_from_slice(&hash[..KEY_MARK_LENGTH]);
        let unbound = UnboundKey::new(&CHACHA20_POLY1305, key).expect("a key of 32 bytes");
        Self { key: Arc::new(LessSafeKey::new(unbound)), mark }
    }

    /// A seal that ends with the program, for what is in memory only.
    pub fn for_now() -> Self {
        Self::new(&entropy::bytes())
    }

    /// The seal of a key as a person keeps it: base64 of 32 bytes.
    ///
    /// # Errors
    /// When the text is no such key.
    pub fn of_text(text: &Secret) -> Result<Self, NoKey> {
        let text = text.expose().trim();
        let bytes =
            STANDARD.decode(text).or_else(|_| URL_SAFE_NO_PAD.decode(text.trim_end_matches('='))).map_err(|_| NoKey)?;
        let key: [u8; KEY_LENGTH] = bytes.try_into().map_err(|_| NoKey)?;
        Ok(Self::new(&key))
    }

    /// Seals a secret for a place. Twice the same gives two texts, so that nobody sees which secrets are alike.
    ///
    /// # Panics
    /// Never: only secrets of many gigabytes are refused.
    pub fn seal(&self, place: &str, secret: &Secret) -> String {
        // 96 random bits stay apart for more secrets than any hotel has (2^32).
        let nonce: [u8; NONCE_LEN] = entropy::bytes();
        let mut sealed = secret.expose().as_bytes().to_vec();
        self.key
            .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(place), &mut sealed)
            .expect("a secret is short");
        format!("{VERSION}{}", STANDARD.encode([&self.mark[..], &nonce[..], &sealed[..]].concat()))
    }

    /// Opens what was sealed for this place.
    ///
    /// # Errors
    /// When another key sealed it, or it was changed.
    pub fn open(&self, place: &str, sealed: &str) -> Result<Secret, SealError> {
        let text = sealed.strip_prefix(VERSION).ok_or(SealError::Damaged)?;
        let bytes = STANDARD.decode(text).map_err(|_| SealError::Damaged)?;
        let (mark, rest) = bytes.split_first_chunk::<KEY_MARK_LENGTH>().ok_or(SealError::Damaged)?;
        if *mark != self.mark {
            return Err(SealError::OtherKey);
        }
        let (nonce, sealed) = rest.split_first_chunk::<NONCE_LEN>().ok_or(SealError::Damaged)?;
        let mut sealed = sealed.to_vec();
        let opened = self
            .key
            .open_in_place(Nonce::assume_unique_for_key(*nonce), Aad::from(place), &mut sealed)
            .map_err(|_| SealError::Damaged)?;
        Ok(Secret::new(str::from_utf8(opened).map_err(|_| SealError::Damaged)?))
    }
}

impl fmt::Debug for Seal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Seal(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seal() -> Seal {
        Seal::new(&[7; KEY_LENGTH])
    }

    #[test]
    fn a_sealed_secret_opens_at_its_place_and_shows_nothing() {
        let secret = Secret::new("whsec_c3BhIGNvZGU=");
        let sealed = seal().seal("webhook 1", &secret);
        assert_eq!(seal().open("webhook 1", &sealed), Ok(secret.clone()));
        assert!(!sealed.contains(secret.expose()) && !sealed.contains("c3BhIGNvZGU"));
        assert_ne!(sealed, seal().seal("webhook 1", &secret), "which secrets are alike must not show");
        assert_eq!(format!("{:?}", seal()), "Seal(..)");
    }

    #[test]
    fn a_sealed_secret_opens_nowhere_else_and_not_when_it_was_changed() {
        let sealed = seal().seal("webhook 1", &Secret::new("sym"));
        assert_eq!(seal().open("webhook 2", &sealed), Err(SealError::Damaged));
        assert_eq!(Seal::new(&[8; KEY_LENGTH]).open("webhook 1", &sealed), Err(SealError::OtherKey));
        let bytes = STANDARD.decode(&sealed[VERSION.len()..]).unwrap();
        for at in KEY_MARK_LENGTH..bytes.len() {
            let mut changed = bytes.clone();
            changed[at] ^= 1;
            let changed = format!("{VERSION}{}", STANDARD.encode(changed));
            assert_eq!(seal().open("webhook 1", &changed), Err(SealError::Damaged), "byte {at}");
        }
        for length in 0..sealed.len() {
            assert!(seal().open("webhook 1", &sealed[..length]).is_err(), "cut after {length}");
        }
    }

    #[test]
    fn a_key_is_taken_in_both_alphabets_of_base64_and_in_no_other_length() {
        let key = [0xfb; KEY_LENGTH];
        for text in [STANDARD.encode(key), URL_SAFE_NO_PAD.encode(key), format!("  {}\n", STANDARD.encode(key))] {
            let sealed = Seal::of_text(&Secret::new(text)).unwrap().seal("here", &Secret::new("sym"));
            assert!(Seal::new(&key).open("here", &sealed).is_ok());
        }
        for text in ["", "secret", &STANDARD.encode([1; KEY_LENGTH - 1]), &STANDARD.encode([1; KEY_LENGTH + 1])] {
            assert_eq!(Seal::of_text(&Secret::new(text)).unwrap_err(), NoKey, "{text}");
        }
    }
}
