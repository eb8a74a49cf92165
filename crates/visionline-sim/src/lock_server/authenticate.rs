//! Who sends a request: session, signature, body digest, date.

use http::Request;
use http::header::{AUTHORIZATION, DATE};
use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimeParser;

use super::refusal::Refusal;
use super::{Visit, signature};

/// The operator behind an authenticated request.
pub(super) struct Caller {
    pub(super) may_issue: bool,
}

/// Checks a request outside of session opening and keeps its session alive.
pub(super) fn authenticate(visit: &mut Visit<'_>, request: &Request<Vec<u8>>) -> Result<Caller, Refusal> {
    let (id, signed) = credentials(request).ok_or(Refusal::Authorization)?;
    let session = visit.sessions.live(visit.now, id, &visit.property.knobs).ok_or(Refusal::Session)?;
    if !signature::matches(&session.access_key, request, signed) {
        return Err(Refusal::Signature);
    }
    if visit.property.knobs.check_content_md5 && !signature::md5_is_right(request) {
        return Err(Refusal::Md5);
    }
    if let Some(max_skew_seconds) = visit.property.knobs.max_skew_seconds {
        let skew_seconds = date(request).map(|date| (date.as_second() - visit.now.as_second()).abs());
        if skew_seconds.is_none_or(|seconds| seconds > max_skew_seconds) {
            return Err(Refusal::Skew);
        }
    }
    session.last_used = visit.now;
    Ok(Caller { may_issue: session.may_issue })
}

/// Session id and signature of `AWS <id>:<signature>`, split at the last colon.
pub(super) fn credentials(request: &Request<Vec<u8>>) -> Option<(&str, &[u8])> {
    let value = request.headers().get(AUTHORIZATION)?.to_str().ok()?;
    let (id, signed) = value.strip_prefix("AWS ")?.rsplit_once(':')?;
    Some((id, signed.as_bytes()))
}

/// The Date header, in any of the spellings of `spec/visionline.md` 1.3.
fn date(request: &Request<Vec<u8>>) -> Option<Timestamp> {
    DateTimeParser::new().parse_timestamp(request.headers().get(DATE)?.as_bytes()).ok()
}
