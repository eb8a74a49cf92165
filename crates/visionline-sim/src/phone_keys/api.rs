//! The tenant's API of Credential Services (`spec/visionline.md` 5.2).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderName, HeaderValue};
use http::{Method, Request, Response};
use jiff::Timestamp;
use serde_json::{Value, json};
use subtle::ConstantTimeEq;

use super::{Endpoint, EndpointStatus, PhoneKeys};
use crate::exchange::respond;
use crate::property::{Account, Property};
use crate::random::Random;
use crate::target::Target;

/// The vendor's code for an unknown endpoint.
const UNKNOWN_ENDPOINT: u32 = 10002;

/// The media types of the two versions in the field, the newer first.
const MEDIA_TYPES: [&str; 2] =
    ["application/vnd.assaabloy-com.credential-2.4+json", "application/vnd.assaabloy-com.credential-2.3+json"];

/// Answers one request, in the media type that it accepts. `in_contact` tells whether the phone of an endpoint can be
/// reached right now.
pub(crate) fn answer(
    service: &mut PhoneKeys,
    now: Timestamp,
    property: &Property,
    random: &mut Random,
    request: &Request<Vec<u8>>,
    in_contact: impl Fn(&str) -> bool,
) -> Response<Vec<u8>> {
    let media_type = media_type(request, ACCEPT);
    let mut response = if !is_authorized(&property.credential_services, request) {
        refuse(now, 401, 40101, "unknown user or wrong password")
    } else if media_type.is_none() {
        refuse(now, 406, 40601, "only versions 2.3 and 2.4 of the media type are spoken here")
    } else if request.method() == Method::POST && self::media_type(request, CONTENT_TYPE).is_none() {
        refuse(now, 415, 41501, "only versions 2.3 and 2.4 of the media type are understood here")
    } else {
        route(service, now, property, random, request, in_contact)
    };
    if let Some(media_type) = media_type
        && response.headers().contains_key(CONTENT_TYPE)
    {
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
    }
    response
}

fn route(
    service: &mut PhoneKeys,
    now: Timestamp,
    property: &Property,
    random: &mut Random,
    request: &Request<Vec<u8>>,
    in_contact: impl Fn(&str) -> bool,
) -> Response<Vec<u8>> {
    let Some(target) = Target::under("", request.uri()) else {
        return refuse(now, 404, 40401, "the resource does not exist");
    };
    match (request.method().as_str(), target.segments().as_slice()) {
        ("POST", ["endpoint", "invitation"]) => match invited(request.body()) {
            Some(endpoint_id) => {
                let code = service.invite(now, random, &endpoint_id);
                respond(now, 200, Some(&json!({"endpointId": endpoint_id, "invitationCode": code})))
            }
            None => refuse(now, 400, 40001, "the body needs a non-empty endpointId"),
        },
        ("GET", ["endpoint", id]) if property.knobs.endpoint_lookup => match service.endpoints.get(*id) {
            Some(endpoint) => respond(now, 200, Some(&endpoint_object(id, endpoint))),
            None => unknown(now, id),
        },
        ("DELETE", ["endpoint", id]) => {
            if service.terminate(id, in_contact(id)) {
                respond(now, 204, None)
            } else {
                unknown(now, id)
            }
        }
        (_, ["endpoint", _]) => refuse(now, 405, 40501, "the resource does not allow this method"),
        _ => refuse(now, 404, 40401, "the resource does not exist"),
    }
}

/// The media type in which a header asks or speaks: one of the two versions, or plain JSON where the header names
/// nothing narrower. `None` if it names other things only.
fn media_type(request: &Request<Vec<u8>>, header: HeaderName) -> Option<&'static str> {
    let values: Vec<&str> = request.headers().get_all(header).iter().filter_map(|value| value.to_str().ok()).collect();
    let named = values.iter().flat_map(|value| value.split(',')).filter_map(|one| one.split(';').next()).map(str::trim);
    let named: Vec<&str> = named.filter(|name| !name.is_empty()).collect();
    let is = |wanted: &str| named.iter().any(|name| name.eq_ignore_ascii_case(wanted));
    if let Some(version) = MEDIA_TYPES.into_iter().find(|version| is(version)) {
        return Some(version);
    }
    let is_open = named.is_empty() || is("*/*") || is("application/*") || is("application/json");
    is_open.then_some("application/json")
}

fn is_authorized(account: &Account, request: &Request<Vec<u8>>) -> bool {
    let header = request.headers().get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let given = header
        .and_then(|value| value.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("basic"))
        .and_then(|(_, encoded)| STANDARD.decode(encoded.trim()).ok());
    let expected = format!("{}:{}", account.username, account.password);
    given.is_some_and(|given| given.ct_eq(expected.as_bytes()).into())
}

fn invited(body: &[u8]) -> Option<String> {
    let body: Value = serde_json::from_slice(body).ok()?;
    body.get("endpointId")?.as_str().filter(|id| !id.is_empty()).map(str::to_owned)
}

fn endpoint_object(id: &str, endpoint: &Endpoint) -> Value {
    let mut details = json!({"seosTsmEndpointId": endpoint.tsm_endpoint_id});
    if endpoint.status == EndpointStatus::Active {
        details["bleCapability"] = true.into();
        details["hceCapability"] = true.into();
        details["nfcCapability"] = true.into();
        details["deviceManufacturer"] = "Simulated".into();
        details["deviceModel"] = "Phone".into();
        details["osVersion"] = "1".into();
        details["applicationVersion"] = "1".into();
        details["seosAppletVersion"] = "1".into();
    }
    json!({
        "endpointId": id,
        "invitationCode": endpoint.invitation.as_ref().map(|invitation| &invitation.code),
        "status": endpoint.status,
        "details": details,
    })
}

fn unknown(now: Timestamp, id: &str) -> Response<Vec<u8>> {
    refuse(now, 404, UNKNOWN_ENDPOINT, &format!("there is no endpoint {id:?}"))
}

fn refuse(now: Timestamp, status: u16, code: u32, message: &str) -> Response<Vec<u8>> {
    respond(now, status, Some(&json!({"code": code, "message": message, "developerMessage": message})))
}
