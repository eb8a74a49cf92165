//! The error of the wire: status, type, message and fields, in the envelope of `spec/api.md` 1.6.
//!
//! Route functions and the mapping from the core's errors build [`Error`]s; the adapter writes them. The types of 1.7
//! that carry a rule of their own have a constructor, the rest go through [`Error::new`].

use std::borrow::Cow;
use std::fmt::Write as _;

use axum::{body::Body, response::IntoResponse};
use http::{HeaderValue, Response, StatusCode, header};
use serde::Serialize;
use serde_json::Value;

use super::{answer, issue::Issues};

/// An error as the caller sees it. Nothing internal is ever written; see [`Error::internal`].
#[derive(Debug, Clone, thiserror::Error)]
#[error("{}", .0.message)]
pub struct Error(Box<Inner>);

#[derive(Debug, Clone)]
struct Inner {
    status: StatusCode,
    kind: Cow<'static, str>,
    message: String,
    title: Option<String>,
    data: Option<Value>,
    validation_errors: Option<Value>,
    allow: Option<&'static str>,
    cause: Option<String>,
}

#[derive(Serialize)]
struct Envelope<'a> {
    error: Fields<'a>,
    ok: bool,
}

#[derive(Serialize)]
struct Fields<'a> {
    #[serde(rename = "type")]
    kind: &'a str,
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<&'a Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    validation_errors: Option<&'a Value>,
}

impl Error {
    /// An error of any status and type (`spec/api.md` 1.7). `status` should be 400 or above.
    pub fn new(status: StatusCode, kind: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Self {
        Self(Box::new(Inner {
            status,
            kind: kind.into(),
            message: message.into(),
            title: None,
            data: None,
            validation_errors: None,
            allow: None,
            cause: None,
        }))
    }

    /// 400 with a type of its own, for a domain rule.
    pub fn bad_request(kind: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, kind, message)
    }

    /// 400 `invalid_input` for a rule that spans fields: its text stands at the root of `validation_errors`.
    pub fn invalid_input(message: impl Into<String>) -> Self {
        let mut issues = Issues::default();
        issues.push_at(&[], &message.into());
        issues.into_error()
    }

    /// 400 `invalid_input` for one field, given by its name or, when nested, by its path joined with dots.
    pub fn invalid_field(field: &str, text: &str) -> Self {
        let mut issues = Issues::default();
        issues.push_at(&field.split('.').collect::<Vec<_>>(), text);
        issues.into_error()
    }

    /// [`Self::invalid_field`] with a sentence that is the message by itself.
    pub fn invalid_at(field: &str, message: &str) -> Self {
        let mut error = Self::invalid_field(field, message);
        error.0.message = message.to_owned();
        error
    }

    pub(super) fn from_issues(message: String, validation_errors: Value) -> Self {
        let mut error = Self::bad_request("invalid_input", message);
        error.0.validation_errors = Some(validation_errors);
        error
    }

    /// 400 `not_supported`: the operation does not exist for this access system.
    pub fn not_supported(message: impl Into<String>) -> Self {
        Self::bad_request("not_supported", message)
    }

    /// 401 `unauthorized`.
    pub fn unauthorized(message: impl Into<String>) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "unauthorized", message)
    }

    /// 404 with the type of the resource, such as `acs_credential_not_found`.
    pub fn not_found(kind: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, kind, message)
    }

    /// 409 with a type of its own, or `conflict`.
    pub fn conflict(kind: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, kind, message)
    }

    /// 500 `internal_server_error`. The cause and its sources are kept for the log and never written to the wire.
    pub fn internal(cause: &dyn std::error::Error) -> Self {
        let mut chain = cause.to_string();
        let mut source = cause.source();
        while let Some(error) = source {
            let _ = write!(chain, ": {error}");
            source = error.source();
        }
        Self::internal_because(chain)
    }

    pub(super) fn internal_because(cause: String) -> Self {
        let mut error = Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal_server_error",
            "Something went wrong on our side. Give the request id to whoever runs this server.",
        );
        error.0.cause = Some(cause);
        error
    }

    pub(super) fn unknown_path(method: &http::Method, path: &str) -> Self {
        let shown: String = path.chars().take(200).collect();
        Self::not_found("not_found", format!("No route answers {method} {shown}"))
    }

    pub(super) fn method_not_allowed(method: &http::Method, accepted: &'static str) -> Self {
        let message = format!("{method} is not accepted here; use {}", accepted.replace(", ", " or "));
        let mut error = Self::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", message);
        error.0.allow = Some(accepted);
        error
    }

    /// For paths outside the table, where the framework adds the header `allow`.
    pub(super) fn method_not_allowed_elsewhere(method: &http::Method) -> Self {
        let message = format!("{method} is not accepted here; the header allow names the accepted verbs");
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", message)
    }

    pub(super) fn body_too_large(limit_bytes: usize) -> Self {
        let message = format!("The request body is larger than {limit_bytes} bytes");
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "payload_too_large", message)
    }

    pub(super) fn body_too_slow() -> Self {
        Self::new(StatusCode::REQUEST_TIMEOUT, "request_timeout", "The request body did not arrive in time")
    }

    /// Adds `data`, such as the id of the resource.
    #[must_use]
    pub fn with_data(mut self, data: Value) -> Self {
        self.0.data = Some(data);
        self
    }

    /// Adds a heading for people; SDKs ignore it.
    #[must_use]
    pub fn with_title(mut self, title: impl Into<String>) -> Self {
        self.0.title = Some(title.into());
        self
    }

    /// The HTTP status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.0.status
    }

    /// The `type` of the wire.
    #[must_use]
    pub fn kind(&self) -> &str {
        &self.0.kind
    }

    /// The `message` of the wire.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// The tree of `spec/api.md` 1.6, where there is one.
    #[must_use]
    pub fn validation_errors(&self) -> Option<&Value> {
        self.0.validation_errors.as_ref()
    }

    /// The body of the wire.
    pub(super) fn body(&self) -> Vec<u8> {
        let inner = &self.0;
        let envelope = Envelope {
            error: Fields {
                kind: &inner.kind,
                message: &inner.message,
                title: inner.title.as_deref(),
                data: inner.data.as_ref(),
                validation_errors: inner.validation_errors.as_ref(),
            },
            ok: false,
        };
        // Text, numbers and JSON values cannot fail to serialise; an empty body would still carry the status.
        serde_json::to_vec(&envelope).unwrap_or_default()
    }

    /// What really happened, for the log only.
    #[must_use]
    pub fn cause(&self) -> Option<&str> {
        self.0.cause.as_deref()
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response<Body> {
        let inner = &self.0;
        let mut response = answer::json(inner.status, self.body());
        let headers = response.headers_mut();
        if let Some(accepted) = inner.allow {
            headers.insert(header::ALLOW, HeaderValue::from_static(accepted));
        }
        if inner.status == StatusCode::REQUEST_TIMEOUT || inner.status == StatusCode::PAYLOAD_TOO_LARGE {
            // The rest of the body is unread, so the connection cannot carry another request.
            headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
        response
    }
}
