//! The success envelope of `spec/api.md` 1.5: the answer's own members and `"ok": true`.

use axum::body::Body;
use http::{HeaderValue, Response, StatusCode, header::CONTENT_TYPE};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::error::Error;

/// The content type of every JSON answer (`spec/api.md` 1.8).
const JSON: HeaderValue = HeaderValue::from_static("application/json; charset=utf-8");

/// No parameters, or an answer that is `{"ok": true}` and no more.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Nothing {}

/// Why an answer could not be written.
#[derive(Debug, thiserror::Error)]
enum AnswerError {
    #[error("the answer could not be serialised")]
    Serialise(#[source] serde_json::Error),
    #[error("the answer is not an object")]
    NotAnObject,
}

/// Writes `answer` straight to bytes and adds `"ok": true` as its last member.
pub(super) fn encode<T: Serialize>(answer: &T) -> Result<Vec<u8>, Error> {
    let mut bytes = serde_json::to_vec(answer).map_err(|error| Error::internal(&AnswerError::Serialise(error)))?;
    if !bytes.starts_with(b"{") || bytes.pop() != Some(b'}') {
        return Err(Error::internal(&AnswerError::NotAnObject));
    }
    if bytes.len() > 1 {
        bytes.push(b',');
    }
    bytes.extend_from_slice(br#""ok":true}"#);
    Ok(bytes)
}

/// A 200 with these bytes of JSON.
pub(super) fn ok(bytes: Vec<u8>) -> Response<Body> {
    json(StatusCode::OK, bytes)
}

/// Any status with these bytes of JSON.
pub(super) fn json(status: StatusCode, bytes: Vec<u8>) -> Response<Body> {
    let mut response = Response::new(Body::from(bytes));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, JSON);
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Serialize)]
    struct Answer {
        acs_user: Option<u8>,
    }

    #[test]
    fn ok_is_the_last_member_of_every_answer() {
        assert_eq!(encode(&Nothing {}).unwrap(), br#"{"ok":true}"#);
        assert_eq!(encode(&Answer { acs_user: None }).unwrap(), br#"{"acs_user":null,"ok":true}"#);
    }

    #[test]
    fn an_answer_that_is_no_object_is_our_mistake() {
        assert_eq!(encode(&[1, 2]).unwrap_err().status(), 500);
        assert_eq!(encode(&()).unwrap_err().status(), 500);
    }
}
