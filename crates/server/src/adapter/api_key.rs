//! The shape of API keys and of the bearer header, `spec/api.md` 1.9. Looking a key up is left to the application.

use http::HeaderMap;
use sha2::{Digest, Sha256};

/// Prefixes of the other kinds of token that also begin with `seam_`.
const OTHER_KINDS: [&str; 3] = ["seam_cst", "seam_at", "seam_pk"];

/// Longest token that is looked at; anything longer was not made by us.
const LONGEST_TOKEN: usize = 256;

/// The token of the header `authorization: Bearer <token>`. The scheme's case does not matter (RFC 9110 11.1).
#[must_use]
pub fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(http::header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then_some(token)
}

/// Splits `seam_<short>_<long>` into its two parts. `None` for anything that is not an API key, in particular client
/// session tokens, personal access tokens and publishable keys.
#[must_use]
pub fn parse(token: &str) -> Option<(&str, &str)> {
    if OTHER_KINDS.iter().any(|prefix| token.starts_with(prefix)) {
        return None;
    }
    parse_after("seam_", token)
}

/// Splits a token of one of the other kinds, such as `seam_cst1<short>_<long>` with the prefix `seam_cst1`.
#[must_use]
pub fn parse_after<'a>(prefix: &str, token: &'a str) -> Option<(&'a str, &'a str)> {
    let (short, long) = token.strip_prefix(prefix)?.split_once('_')?;
    let is_word = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
    (token.len() <= LONGEST_TOKEN && is_word(short) && is_word(long)).then_some((short, long))
}

/// The SHA-256 of `text` in lower-case hexadecimal: the form in which the long part of a key is stored (design 11).
#[must_use]
pub fn sha256_hex(text: &str) -> String {
    hexadecimal(&Sha256::digest(text.as_bytes()))
}

/// Lower-case hexadecimal digits of `bytes`.
pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes
        .iter()
        .flat_map(|byte| [DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 0x0f)]])
        .map(char::from)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_api_key_has_a_short_and_a_long_part() {
        assert_eq!(parse("seam_test1234_abcdefGHI789"), Some(("test1234", "abcdefGHI789")));
        assert_eq!(parse("seam_apikey1_token"), Some(("apikey1", "token")));
    }

    #[test]
    fn other_tokens_are_not_api_keys() {
        let long = format!("seam_a_{}", "b".repeat(300));
        for token in [
            "seam_cst1abc_def",
            "seam_at1abc_def",
            "seam_pk1_abc",
            "eyJhbGciOi.x.y",
            "seam_",
            "seam__x",
            "seam_x_",
            "seam_x",
            "seam_x_y_z",
            "seam_x_y z",
            "Seam_x_y",
            "",
            &long,
        ] {
            assert_eq!(parse(token), None, "{token}");
        }
    }

    #[test]
    fn the_bearer_scheme_is_read_in_any_case() {
        let with = |value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert("authorization", value.parse().unwrap());
            bearer(&headers).map(str::to_owned)
        };
        assert_eq!(with("Bearer seam_a_b"), Some("seam_a_b".to_owned()));
        assert_eq!(with("bearer  seam_a_b "), Some("seam_a_b".to_owned()));
        assert_eq!(with("Basic seam_a_b"), None);
        assert_eq!(with("Bearer "), None);
        assert_eq!(with("seam_a_b"), None);
        assert_eq!(bearer(&HeaderMap::new()), None);
    }

    #[test]
    fn a_hash_is_written_in_lower_case_hexadecimal() {
        assert_eq!(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}
