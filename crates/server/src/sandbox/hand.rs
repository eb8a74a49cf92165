//! Somebody at the desk of the simulated hotel, for callers who do not play that part themselves (`spec/api.md 4.18`).
//!
//! As long as nobody has touched an encoder through the controls, a blank card is laid on it a moment after something is
//! to be written there, and a scan of an empty encoder is given up a moment after it began. Whoever has placed or taken
//! away a card, or done anything else at an encoder through the controls, plays the part from then on, until `reset`.

use std::time::Duration;

use http::Request;
use percent_encoding::percent_decode_str;
use serde_json::Value;
use visionline_sim::{Hotel, Technology};

use super::Sandbox;
use crate::entropy;

/// How long the person at the desk takes.
const MOMENT: Duration = Duration::from_millis(750);
/// Result code: no card inserted (`spec/visionline.md` 3.2).
const NO_CARD: u8 = 41;

impl Sandbox {
    /// Does what a person at the encoder would do. With `is_forced` also where the controls were used: the caller has
    /// said what shall come of it.
    pub async fn lend_a_hand(&self, encoder: &str, is_forced: bool) {
        tokio::time::sleep(MOMENT).await;
        if self.is_by_hand(encoder) && !is_forced {
            return;
        }
        self.step(|hotel, now| {
            let seen = look_at(hotel, now, encoder);
            if seen["state"] != "waiting_for_card" {
                return;
            }
            let done = if seen["job"]["kind"] == "write" {
                let serial_number = format!("04{:012x}", entropy::seed() >> 16);
                hotel.place_card(now, encoder, &serial_number, Technology::UltralightEv1, None)
            } else {
                hotel.fail_encoder(now, encoder, NO_CARD)
            };
            if let Err(error) = done {
                tracing::warn!(encoder, %error, "nobody could be found for the simulated encoder");
            }
        });
    }

    fn is_by_hand(&self, encoder: &str) -> bool {
        let touched = self.touched.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        touched.contains(encoder)
    }

    /// Takes note of who plays the part of the person at an encoder.
    pub(super) fn note_hands(&self, request: &Request<Vec<u8>>) {
        if request.method() != http::Method::POST {
            return;
        }
        let mut touched = self.touched.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let path = request.uri().path().trim_start_matches("/control/v1/");
        match path.split('/').collect::<Vec<_>>().as_slice() {
            ["reset"] => touched.clear(),
            ["encoders", encoder, _] => {
                let named = percent_decode_str(encoder).decode_utf8_lossy().into_owned();
                // By id or by name, as the controls take it.
                let hotel = self.lock();
                let known = hotel.property().encoders.iter().find(|one| one.id == named || one.name == named);
                touched.insert(known.map_or(named, |one| one.id.clone()));
            }
            _ => {}
        }
    }
}

/// The encoder as the controls show it.
fn look_at(hotel: &mut Hotel, now: jiff::Timestamp, encoder: &str) -> Value {
    let mut request = Request::new(Vec::new());
    let escaped = percent_encoding::utf8_percent_encode(encoder, percent_encoding::NON_ALPHANUMERIC);
    let Ok(uri) = format!("/control/v1/encoders/{escaped}").parse() else { return Value::Null };
    *request.uri_mut() = uri;
    serde_json::from_slice(hotel.control(now, &request).body()).unwrap_or_default()
}
