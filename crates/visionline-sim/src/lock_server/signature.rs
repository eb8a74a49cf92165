//! The signature of a request, from the server's side (`spec/visionline.md` 1.3, 1.4).
//!
//! Everything is taken as raw bytes from the request: a header that was parsed and written again would make
//! signatures fail that the real server accepts.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use http::Request;
use http::header::{CONTENT_TYPE, DATE};
use md5::{Digest, Md5};
use sha1::Sha1;
use subtle::ConstantTimeEq;

/// The header that carries the MD5 of the body.
pub(super) const CONTENT_MD5: &str = "content-md5";

/// Whether `signature` (base64) is that of the request under the access key.
pub(super) fn matches(access_key: &str, request: &Request<Vec<u8>>, signature: &[u8]) -> bool {
    let Ok(mut mac) = Hmac::<Sha1>::new_from_slice(access_key.as_bytes()) else {
        return false;
    };
    mac.update(&string_to_sign(request));
    let expected = STANDARD.encode(mac.finalize().into_bytes());
    expected.as_bytes().ct_eq(signature).into()
}

/// Whether Content-MD5 is right for the body. A request without a body needs none.
pub(super) fn md5_is_right(request: &Request<Vec<u8>>) -> bool {
    let expected = STANDARD.encode(Md5::digest(request.body()));
    match request.headers().get(CONTENT_MD5) {
        Some(value) => value.as_bytes() == expected.as_bytes(),
        None => request.body().is_empty(),
    }
}

fn string_to_sign(request: &Request<Vec<u8>>) -> Vec<u8> {
    let target = request.uri().path_and_query().map_or("/", http::uri::PathAndQuery::as_str);
    let header = |name: &str| request.headers().get(name).map_or(&b""[..], http::HeaderValue::as_bytes);
    let parts = [
        request.method().as_str().as_bytes(),
        header(CONTENT_MD5),
        header(CONTENT_TYPE.as_str()),
        header(DATE.as_str()),
        target.as_bytes(),
    ];
    parts.join(&b'\n')
}
