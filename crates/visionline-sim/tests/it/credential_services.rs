//! Credential Services: invitations, endpoints, and what their end does to keys (`spec/visionline.md` 5).

use http::HeaderValue;
use innkeep_visionline_sim::{EndpointStatus, Presented, RedeemError};
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::client::{Desk, OPENED, plain, read, stay};

const JANE: &str = "Basic amFuZToxMjM0";

fn call(desk: &mut Desk, method: &str, target: &str, body: Option<&Value>) -> (u16, Value) {
    let mut request = plain(method, target, body);
    request.headers_mut().insert("authorization", HeaderValue::from_static(JANE));
    read(desk.hotel.credential_services(desk.now, &request))
}

fn invite(desk: &mut Desk, endpoint_id: &str) -> String {
    let (status, answer) = call(desk, "POST", "/endpoint/invitation", Some(&json!({"endpointId": endpoint_id})));
    assert_eq!((status, &answer["endpointId"]), (200, &json!(endpoint_id)));
    answer["invitationCode"].as_str().unwrap().to_owned()
}

#[test]
fn a_redeemed_code_makes_the_endpoint_active_and_ready_for_keys() {
    let mut desk = Desk::open();
    let code = invite(&mut desk, "guest 7");
    let groups: Vec<usize> = code.split('-').map(str::len).collect();
    assert_eq!(groups, [4, 4, 4, 4]);
    assert_eq!(call(&mut desk, "GET", "/endpoint/guest%207", None).1["status"], "INVITATION_PENDING");
    assert_eq!(desk.hotel.redeem(desk.now, &code).as_deref(), Ok("guest 7"));
    let (status, endpoint) = call(&mut desk, "GET", "/endpoint/guest%207", None);
    assert_eq!((status, &endpoint["status"], &endpoint["endpointId"]), (200, &json!("ACTIVE"), &json!("guest 7")));
    assert_eq!(endpoint["details"]["bleCapability"], true);
    let card = desk.issue("override=true", "guest 7", &stay(&["101"]));
    assert_eq!(desk.show("101", card), OPENED);
}

#[test]
fn a_code_works_once_and_a_new_one_replaces_the_old() {
    let mut desk = Desk::open();
    let old = invite(&mut desk, "ep-9");
    let new = invite(&mut desk, "ep-9");
    assert_eq!(desk.hotel.redeem(desk.now, &old), Err(RedeemError::Unknown));
    assert!(desk.hotel.redeem(desk.now, &new).is_ok());
    assert_eq!(desk.hotel.redeem(desk.now, &new), Err(RedeemError::Unknown));
}

#[test]
fn a_code_is_worthless_after_a_day() {
    let mut desk = Desk::open();
    let code = invite(&mut desk, "ep-9");
    let later = desk.now + SignedDuration::from_hours(24);
    assert_eq!(desk.hotel.redeem(later, &code), Err(RedeemError::TooOld));
    assert_eq!(desk.hotel.endpoint_status("ep-9"), Some(EndpointStatus::InvitationInvalid));
}

#[test]
fn inviting_an_active_endpoint_leaves_its_phone_and_keys_alone() {
    let mut desk = Desk::open();
    desk.issue("override=true", "ep-1", &stay(&["101"]));
    let code = invite(&mut desk, "ep-1");
    assert_eq!(desk.verdict("101", Presented::Endpoint("ep-1")), OPENED);
    assert!(desk.hotel.redeem(desk.now, &code).is_ok());
    assert_eq!(desk.verdict("101", Presented::Endpoint("ep-1")), OPENED);
}

#[test]
fn deleting_an_endpoint_ends_its_keys_at_once_on_a_phone_in_contact() {
    let mut desk = Desk::open();
    desk.issue("override=true", "ep-1", &stay(&["101"]));
    assert_eq!(call(&mut desk, "DELETE", "/endpoint/ep-1", None), (204, Value::Null));
    assert_eq!(call(&mut desk, "GET", "/endpoint/ep-1", None).1["status"], "TERMINATED");
    assert_eq!(desk.verdict("101", Presented::Endpoint("ep-1")), "refused no_key ");
    assert_eq!(desk.order("override=true", "ep-1", &stay(&["101"])).1["code"], 40903);
}

#[test]
fn deleting_an_endpoint_reaches_an_offline_phone_at_its_next_contact() {
    let mut desk = Desk::open();
    desk.issue("override=true", "ep-1", &stay(&["101"]));
    desk.hotel.set_phone_online("ep-1", false);
    call(&mut desk, "DELETE", "/endpoint/ep-1", None);
    assert_eq!(call(&mut desk, "GET", "/endpoint/ep-1", None).1["status"], "TERMINATING_FAILURE");
    assert_eq!(desk.verdict("101", Presented::Endpoint("ep-1")), OPENED);
    desk.hotel.set_phone_online("ep-1", true);
    assert_eq!(call(&mut desk, "GET", "/endpoint/ep-1", None).1["status"], "TERMINATED");
    assert_eq!(desk.verdict("101", Presented::Endpoint("ep-1")), "refused no_key ");
}

#[test]
fn unknown_endpoints_answer_10002_and_strangers_401() {
    let mut desk = Desk::open();
    for method in ["GET", "DELETE"] {
        let (status, error) = call(&mut desk, method, "/endpoint/nobody", None);
        assert_eq!((status, &error["code"]), (404, &json!(10002)));
    }
    for value in ["Basic amFuZTp3cm9uZw==", "Basic !!", "Bearer amFuZToxMjM0"] {
        let mut request = plain("GET", "/endpoint/ep-1", None);
        request.headers_mut().insert("authorization", HeaderValue::from_static(value));
        assert_eq!(read(desk.hotel.credential_services(desk.now, &request)).0, 401, "{value}");
    }
    assert_eq!(read(desk.hotel.credential_services(desk.now, &plain("GET", "/endpoint/ep-1", None))).0, 401);
}

#[test]
fn broken_requests_are_refused() {
    let mut desk = Desk::open();
    for body in [json!({}), json!({"endpointId": ""}), json!({"endpointId": 1}), json!([])] {
        assert_eq!(call(&mut desk, "POST", "/endpoint/invitation", Some(&body)).0, 400, "{body}");
    }
    assert_eq!(call(&mut desk, "POST", "/endpoint/ep-1", None).0, 405);
    assert_eq!(call(&mut desk, "GET", "/credential", None).0, 404);
}

#[test]
fn both_versions_of_the_media_type_are_spoken_and_no_other() {
    let mut desk = Desk::open();
    let version = |number: &str| format!("application/vnd.assaabloy-com.credential-{number}+json");
    let mut ask = |accept: Option<&str>, content_type: Option<&str>| {
        let mut request = plain("POST", "/endpoint/invitation", Some(&json!({"endpointId": "ep-9"})));
        let headers = request.headers_mut();
        headers.insert("authorization", HeaderValue::from_static(JANE));
        for (name, value) in [("accept", accept), ("content-type", content_type)] {
            if let Some(value) = value {
                headers.insert(name, value.parse().unwrap());
            }
        }
        let response = desk.hotel.credential_services(desk.now, &request).into_response().unwrap();
        (response.status().as_u16(), response.headers()["content-type"].to_str().unwrap().to_owned())
    };
    for number in ["2.3", "2.4"] {
        let version = version(number);
        assert_eq!(ask(Some(&version), Some(&format!("{version};charset=UTF-8"))), (200, version));
    }
    assert_eq!(ask(None, None), (200, "application/json".into()));
    assert_eq!(ask(Some("text/html, */*;q=0.1"), Some("application/json")).0, 200);
    assert_eq!(ask(Some(&version("9.9")), None).0, 406);
    assert_eq!(ask(None, Some("text/plain")).0, 415);
}

#[test]
fn without_the_lookup_an_endpoint_can_be_ended_but_not_read() {
    let mut property = innkeep_visionline_sim::Property::meridian();
    property.knobs.endpoint_lookup = false;
    let mut desk = Desk::at(property);
    assert_eq!(call(&mut desk, "GET", "/endpoint/ep-1", None).0, 405);
    assert_eq!(call(&mut desk, "DELETE", "/endpoint/ep-1", None).0, 204);
}
