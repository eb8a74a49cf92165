//! Links of instant keys: made here, found by the hash of their code, and shown again from its sealed form. The code is
//! as good as a token of its guest, so it is nowhere in a log (docs/decisions/0016-instant-keys.md).

use std::borrow::Cow;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use engine::instant_keys::NewCode;
use jiff::SignedDuration;
use store::instant_keys::InstantKey;
use visionline::Secret;

use crate::{
    adapter::{Call, Error, api_key},
    app::App,
    entropy,
};

/// What stands before the code in the path of a link.
pub const PATH: &str = "/ik/";

/// How long a link lasts whose guest has no mobile key, if nobody says otherwise: a guest may get it days before the
/// keys are made.
pub const USUAL_LIFE: SignedDuration = SignedDuration::from_hours(7 * 24);

/// Random bytes of a code: 192 bits, which nobody guesses.
const CODE_LENGTH: usize = 24;

/// A new code, as an instant key is made with it.
///
/// # Errors
/// 400 `not_supported` when the operator gave no secret key, so that the link could not be shown again.
pub fn fresh(app: &App) -> Result<NewCode, Error> {
    let seal = app.seal.as_ref().ok_or_else(|| {
        Error::not_supported(
            "this server has no secret key, so it cannot keep the links of instant keys; its operator sets \
             secret_key_file in the configuration",
        )
    })?;
    let code = URL_SAFE_NO_PAD.encode(entropy::bytes::<CODE_LENGTH>());
    let code_sha256 = hash(&code);
    let sealed_code = seal.seal(&place(&code_sha256), &Secret::new(code));
    Ok(NewCode { code_sha256, sealed_code })
}

/// The address of a link. Without the key that sealed its code it leads nowhere.
pub fn url(call: &Call<'_, App>, key: &InstantKey) -> String {
    let seal = call.state.seal.as_ref();
    let code = seal.and_then(|seal| seal.open(&place(&key.code_sha256), &key.sealed_code).ok());
    format!("{}{PATH}{}", call.origin, code.as_ref().map_or("", Secret::expose))
}

/// The form in which a code, or the cookie of a browser, is stored.
pub fn hash(text: &str) -> String {
    api_key::sha256_hex(text)
}

/// The code in a link.
pub fn code_in(url: &str) -> Option<&str> {
    let (_, code) = url.rsplit_once(PATH)?;
    (!code.is_empty()).then_some(code)
}

/// A path as the log may have it: without the code of a link.
pub fn without_code(path: &str) -> Cow<'_, str> {
    match path.split_once(PATH) {
        None => Cow::Borrowed(path),
        Some((before, after)) => {
            let rest = after.find('/').map_or("", |at| &after[at..]);
            Cow::Owned(format!("{before}{PATH}...{rest}"))
        }
    }
}

fn place(code_sha256: &str) -> String {
    format!("instant key {code_sha256}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_code_of_a_link_never_stands_in_a_path_for_the_log() {
        for (path, logged) in [
            ("/ik/secret", "/ik/..."),
            ("/seam/ik/secret/doors/7/present", "/seam/ik/.../doors/7/present"),
            ("/ik/secret/ik/other", "/ik/.../ik/other"),
            ("/acs/systems/list", "/acs/systems/list"),
        ] {
            assert_eq!(without_code(path), logged);
        }
    }

    #[test]
    fn a_link_is_known_by_what_follows_its_path() {
        assert_eq!(code_in("https://keys.example/seam/ik/abc"), Some("abc"));
        for text in ["", "abc", "https://keys.example/ik/"] {
            assert_eq!(code_in(text), None, "{text}");
        }
    }
}
