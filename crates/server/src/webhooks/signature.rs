//! Signing as Svix does (`spec/api.md 5.3`), so that the verifiers of the SDKs accept what we send.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use domain::id::WebhookMessageId;
use http::{HeaderMap, HeaderName, HeaderValue, header};
use jiff::Timestamp;
use ring::hmac;
use visionline::Secret;

use crate::entropy;

/// What a secret begins with.
const PREFIX: &str = "whsec_";

/// The sets of headers that verifiers read: id, timestamp and signature.
const HEADERS: [[&str; 3]; 2] =
    [["svix-id", "svix-timestamp", "svix-signature"], ["webhook-id", "webhook-timestamp", "webhook-signature"]];

/// A new secret of 32 random bytes.
pub fn fresh_secret() -> Secret {
    Secret::new(format!("{PREFIX}{}", STANDARD.encode(entropy::bytes::<32>())))
}

/// The signature of a body: HMAC-SHA256 over id, seconds and body with dots between. None when the secret is none.
pub fn signature(secret: &Secret, id: &str, seconds: i64, body: &[u8]) -> Option<String> {
    let key = STANDARD.decode(secret.expose().strip_prefix(PREFIX)?).ok()?;
    let mut context = hmac::Context::with_key(&hmac::Key::new(hmac::HMAC_SHA256, &key));
    context.update(format!("{id}.{seconds}.").as_bytes());
    context.update(body);
    Some(format!("v1,{}", STANDARD.encode(context.sign())))
}

/// The headers of one attempt. The time is that of the attempt, as verifiers refuse what is older than some minutes.
pub(super) fn headers(
    id: &WebhookMessageId,
    now: Timestamp,
    body: &[u8],
    secret: &Secret,
) -> Result<HeaderMap, String> {
    let (id, seconds) = (format!("msg_{id}"), now.as_second());
    let signature = signature(secret, &id, seconds, body).ok_or("the webhook's secret is none")?;
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    for names in HEADERS {
        for (name, text) in names.into_iter().zip([&id, &seconds.to_string(), &signature]) {
            let value = HeaderValue::from_str(text).map_err(|error| format!("a header cannot be written: {error}"))?;
            headers.insert(HeaderName::from_static(name), value);
        }
    }
    Ok(headers)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Worked out with `openssl dgst -sha256 -mac HMAC`.
    #[test]
    fn a_body_is_signed_with_the_decoded_secret() {
        let secret = Secret::new("whsec_dGhlIG5pZ2h0IHBvcnRlciBvZiB0aGUgTWVyaWRpYW4=");
        let id = "msg_0190f5fe-7c00-7a00-8000-0123456789ab";
        let signed = signature(&secret, id, 1_750_000_000, br#"{"event_id":"1"}"#);
        assert_eq!(signed.as_deref(), Some("v1,sM8mgZ1eVsHE/mXDZAZ4rvN6OCnOpKgIm8bkJJ/y56Q="));
    }

    #[test]
    fn a_secret_has_256_bits_and_no_two_are_alike() {
        let secret = fresh_secret();
        assert_eq!(STANDARD.decode(secret.expose().strip_prefix(PREFIX).unwrap()).unwrap().len(), 32);
        assert_ne!(secret, fresh_secret());
    }
}
