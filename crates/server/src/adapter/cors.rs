//! Browsers, `spec/api.md` 1.17: the SDK in a page sends credentials, so the origin is echoed.

use axum::body::Body;
use http::{HeaderMap, HeaderName, HeaderValue, Response, header};

const METHODS: HeaderValue = HeaderValue::from_static("GET, POST, PUT, PATCH, DELETE, OPTIONS");

/// The headers of `spec/api.md` 1.8 and the usual ones of browsers.
const ALLOWED_HEADERS: HeaderValue = HeaderValue::from_static(
    "authorization, seam-workspace, seam-client-session-token, client-session-token, seam-publishable-key, \
     seam-user-identifier-key, user-identifier-key, seam-sdk-name, seam-sdk-version, seam-lts-version, seam-api-key, \
     content-type, accept, idempotency-key, x-requested-with, x-csrf-token, user-agent",
);

/// Header by which SDKs learn the id of a request.
pub(super) const REQUEST_ID: HeaderName = HeaderName::from_static("seam-request-id");

/// The answer to `OPTIONS` on any path: 200 and no body.
pub(super) fn preflight() -> Response<Body> {
    let mut response = Response::new(Body::empty());
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, METHODS);
    headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, ALLOWED_HEADERS);
    response
}

/// Lets the page at `origin` read a response.
pub(super) fn allow(origin: HeaderValue, headers: &mut HeaderMap) {
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    headers.insert(header::ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
    headers.insert(
        header::ACCESS_CONTROL_EXPOSE_HEADERS,
        HeaderValue::from_static("seam-request-id, idempotency-replayed"),
    );
    headers.append(header::VARY, HeaderValue::from_static("origin"));
}
