//! The request body: size, content type and JSON syntax (`spec/api.md` 1.3).

use std::error::Error as StdError;
use std::io;

use axum::body::{Body, HttpBody as _};
use bytes::Bytes;
use http::{HeaderMap, header};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use serde_json::{Map, Value};

use super::error::Error;

/// Longest request body that is read.
pub(super) const LONGEST_BODY_BYTES: usize = 1024 * 1024;

/// The same where a body holds many records: some ten thousand stays of a property system.
pub(super) const LONGEST_BODY_OF_RECORDS_BYTES: usize = 16 * 1024 * 1024;

/// Reads the whole body.
///
/// # Errors
/// 413 when it is too long, 408 when the listener gave up waiting for it, 400 when the caller broke off.
pub(super) async fn read(headers: &HeaderMap, body: Body, longest_bytes: usize) -> Result<Bytes, Error> {
    if body.is_end_stream() {
        return Ok(Bytes::new());
    }
    let announced = headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    if announced.is_some_and(|length| length > longest_bytes) {
        return Err(Error::body_too_large(longest_bytes));
    }
    match Limited::new(body, longest_bytes).collect().await {
        Ok(collected) => Ok(collected.to_bytes()),
        Err(error) => Err(read_error(&*error, longest_bytes)),
    }
}

/// Looks for the known causes, which the layers in between wrap.
fn read_error(error: &(dyn StdError + 'static), longest_bytes: usize) -> Error {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if error.is::<LengthLimitError>() {
            return Error::body_too_large(longest_bytes);
        }
        if error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::TimedOut) {
            return Error::body_too_slow();
        }
        cause = error.source();
    }
    Error::invalid_input("The request body ended early")
}

/// Parses a body. Nothing, whatever its content type, means no parameters.
///
/// # Errors
/// 400 `invalid_content_type` when there is a body that does not call itself JSON, 400 `invalid_input` for broken JSON
/// and for anything but an object.
pub(super) fn parse(headers: &HeaderMap, bytes: &[u8]) -> Result<Map<String, Value>, Error> {
    if bytes.trim_ascii().is_empty() {
        return Ok(Map::new());
    }
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !content_type.to_ascii_lowercase().contains("application/json") {
        let message = "A request body needs the content type application/json";
        return Err(Error::bad_request("invalid_content_type", message));
    }
    // The parser refuses nesting deeper than 128, so nothing after it needs to count.
    match serde_json::from_slice(bytes) {
        Ok(Value::Object(members)) => Ok(members),
        Ok(Value::Array(_)) => Err(Error::invalid_input("Expected object, received array")),
        Ok(Value::Null) => Err(Error::invalid_input("Expected object, received null")),
        Ok(Value::Bool(_)) => Err(Error::invalid_input("Expected object, received boolean")),
        Ok(Value::Number(_)) => Err(Error::invalid_input("Expected object, received number")),
        Ok(Value::String(_)) => Err(Error::invalid_input("Expected object, received string")),
        Err(error) => Err(Error::invalid_input(format!("The request body is not valid JSON: {error}"))),
    }
}
