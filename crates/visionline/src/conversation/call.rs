//! One request: where it goes, what it carries, and how it is signed.

use std::time::Duration;

use http::header::{AUTHORIZATION, CONTENT_TYPE, DATE};
use http::{HeaderValue, Method, Request};
use jiff::Timestamp;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::error::Unsendable;
use crate::secret::Secret;
use crate::sign::{self, Signed};

const BASE_PATH: &str = "/api/v1";

/// Everything but the unreserved characters of RFC 3986 (`spec/visionline.md` 7, gap 22).
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// How long the transport may wait for an answer, where this differs from its own setting. Travels in the request's
/// extensions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AnswerWithin(pub Duration);

/// A request before it is signed.
#[derive(Clone, Debug)]
pub(super) struct Call {
    method: Method,
    target: String,
    body: Vec<u8>,
    answer_within: Option<Duration>,
}

impl Call {
    /// A call of a path below the API's base. Segments stand as given: escape those from outside with
    /// [`path_segment`].
    pub(super) fn new(method: Method, segments: &[&str]) -> Self {
        let mut target = String::from(BASE_PATH);
        for segment in segments {
            target.push('/');
            target.push_str(segment);
        }
        Self { method, target, body: Vec::new(), answer_within: None }
    }

    pub(super) fn query(mut self, query: &[(&str, &str)]) -> Self {
        for (index, (name, value)) in query.iter().enumerate() {
            self.target.push(if index == 0 { '?' } else { '&' });
            self.target.push_str(name);
            self.target.push('=');
            self.target.extend(utf8_percent_encode(value, ESCAPED));
        }
        self
    }

    pub(super) fn json(mut self, body: &impl serde::Serialize) -> Self {
        self.body = serde_json::to_vec(body).expect("our bodies are structures of text, which JSON always takes");
        self
    }

    pub(super) fn answer_within(mut self, limit: Duration) -> Self {
        self.answer_within = Some(limit);
        self
    }

    /// True if the call can change something.
    pub(super) fn is_write(&self) -> bool {
        self.method != Method::GET
    }

    /// The request with its headers, signed if a session is given. The date is formatted once, so that header and
    /// signature cannot differ (`spec/visionline.md` 1.3).
    pub(super) fn into_request(self, session: Option<&OpenSession>, now: Timestamp) -> Request<Vec<u8>> {
        let date = sign::date(now);
        let (content_md5, content_type) = if self.body.is_empty() {
            (String::new(), "")
        } else {
            (sign::content_md5(&self.body), sign::CONTENT_TYPE)
        };
        let mut request = Request::builder().method(&self.method).uri(&self.target).header(DATE, &date);
        if !self.body.is_empty() {
            request = request.header(CONTENT_TYPE, content_type).header("content-md5", &content_md5);
        }
        if let Some(session) = session {
            let signature = Signed {
                method: self.method.as_str(),
                content_md5: &content_md5,
                content_type,
                date: &date,
                path_and_query: &self.target,
            }
            .signature(&session.access_key);
            request = request.header(AUTHORIZATION, session.authorization(&signature));
        }
        if let Some(limit) = self.answer_within {
            request = request.extension(AnswerWithin(limit));
        }
        request.body(self.body).expect("target and headers are escaped or checked text, so they make a request")
    }
}

/// Session id and access key as the lock server gave them.
#[derive(Debug)]
pub(super) struct OpenSession {
    id: String,
    access_key: Secret,
}

impl OpenSession {
    /// None if the id cannot stand in a header or a path: then the answer that brought it was none of the protocol's.
    pub(super) fn new(id: String, access_key: Secret) -> Option<Self> {
        HeaderValue::from_str(&id).ok()?;
        path_segment("session", &id).ok()?;
        Some(Self { id, access_key })
    }

    /// The id as a segment of a path.
    pub(super) fn segment(&self) -> String {
        utf8_percent_encode(&self.id, ESCAPED).to_string()
    }

    fn authorization(&self, signature: &str) -> HeaderValue {
        let mut value = HeaderValue::from_str(&sign::authorization(&self.id, signature))
            .expect("the id was checked when the session was opened and the signature is base64");
        value.set_sensitive(true);
        value
    }
}

/// An id from outside as a segment of a path.
///
/// Escaping cannot save an empty id or a dot segment: `/cards/` is the list of all cards, and URL libraries resolve
/// `%2E%2E` like `..`.
pub(super) fn path_segment(what: &'static str, id: &str) -> Result<String, Unsendable> {
    if matches!(id, "" | "." | "..") {
        return Err(Unsendable::Id { what, id: id.into() });
    }
    Ok(utf8_percent_encode(id, ESCAPED).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Timestamp {
        "2025-11-14T10:15:30Z".parse().unwrap()
    }

    fn session() -> OpenSession {
        OpenSession::new("7f3a".into(), Secret::new("k3yForTestsOnly")).unwrap()
    }

    #[test]
    fn a_signed_request_carries_the_headers_of_the_test_vector() {
        let call = Call::new(Method::GET, &["cards"]).query(&[("guestDoor", "101"), ("validTime", "20251114T1500")]);
        let request = call.into_request(Some(&session()), now());
        assert_eq!(request.uri(), "/api/v1/cards?guestDoor=101&validTime=20251114T1500");
        assert_eq!(request.headers()["date"], "Fri, 14 Nov 2025 10:15:30 GMT");
        assert_eq!(request.headers()["authorization"], "AWS 7f3a:zzvDgRvx7ACCuDqFthhOupZ6xww=");
        assert_eq!(request.headers().len(), 2, "no body, so neither Content-Type nor Content-MD5");
    }

    #[test]
    fn what_is_not_unreserved_is_escaped_and_signed_as_sent() {
        let door = path_segment("door", "Gästhus 1/2?#%+~").unwrap();
        let call = Call::new(Method::GET, &["doors", &door]).query(&[("a", "b c&d")]);
        let request = call.into_request(Some(&session()), now());
        let target = "/api/v1/doors/G%C3%A4sthus%201%2F2%3F%23%25%2B~?a=b%20c%26d";
        assert_eq!(request.uri(), target);
        let signed = Signed {
            method: "GET",
            content_md5: "",
            content_type: "",
            date: "Fri, 14 Nov 2025 10:15:30 GMT",
            path_and_query: target,
        };
        let expected = format!("AWS 7f3a:{}", signed.signature(&Secret::new("k3yForTestsOnly")));
        assert_eq!(request.headers()["authorization"], expected);
    }

    #[test]
    fn ids_that_would_change_the_path_are_refused() {
        for id in ["", ".", ".."] {
            assert_eq!(path_segment("card", id), Err(Unsendable::Id { what: "card", id: id.into() }));
        }
        assert_eq!(path_segment("card", "...").as_deref(), Ok("..."));
    }

    #[test]
    fn the_authorization_header_is_marked_as_sensitive() {
        let request = Call::new(Method::GET, &["doors"]).into_request(Some(&session()), now());
        assert!(request.headers()["authorization"].is_sensitive());
    }
}
