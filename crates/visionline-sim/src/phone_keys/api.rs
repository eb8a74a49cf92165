//! The tenant's API of Credential Services (`spec/visionline.md` 5.2).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::header::AUTHORIZATION;
use http::{Request, Response};
use jiff::Timestamp;
use serde_json::{Value, json};
use subtle::ConstantTimeEq;

use super::{Endpoint, EndpointStatus, PhoneKeys};
use crate::exchange::respond;
use crate::property::Account;
use crate::random::Random;
use crate::target::Target;

/// The vendor's code for an unknown endpoint.
const UNKNOWN_ENDPOINT: u32 = 10002;

/// Answers one request. `in_contact` tells whether the phone of an endpoint can be reached right now.
pub(crate) fn answer(
    service: &mut PhoneKeys,
    now: Timestamp,
    account: &Account,
    random: &mut Random,
    request: &Request<Vec<u8>>,
    in_contact: impl Fn(&str) -> bool,
) -> Response<Vec<u8>> {
    if !is_authorized(account, request) {
        return refuse(now, 401, 40101, "unknown user or wrong password");
    }
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
        ("GET", ["endpoint", id]) => match service.endpoints.get(*id) {
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
