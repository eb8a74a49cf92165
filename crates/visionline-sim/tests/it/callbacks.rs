//! What the services tell on their own account, and to whom (`spec/visionline.md` 2.7, 5.4).

use innkeep_visionline_sim::{Knobs, Property, Technology};
use serde_json::{Value, json};

use crate::client::{Desk, plain, stay};

const ENDPOINT: &str = "http://127.0.0.1:9/assaservice/api/callbackEndpoint";
const CREDENTIAL: &str = "http://127.0.0.1:9/assaservice/api/callbackCredential";
const VISIONLINE: &str = "http://127.0.0.1:9/visionline";

fn desk(turn: impl FnOnce(&mut Knobs)) -> Desk {
    let mut property = Property::meridian();
    turn(&mut property.knobs);
    let mut desk = Desk::at(property);
    desk.send("GET", "/api/v1/doors", None);
    let _ = desk.hotel.take_callbacks();
    desk
}

/// Address and body of each callback since the last time.
fn told(desk: &mut Desk) -> Vec<(String, Value)> {
    let callbacks = desk.hotel.take_callbacks();
    callbacks.into_iter().map(|one| (one.url, serde_json::from_str(&one.body).unwrap())).collect()
}

fn statuses(desk: &mut Desk, member: &str) -> Vec<String> {
    told(desk).into_iter().map(|(_, body)| body[member].as_str().unwrap().to_owned()).collect()
}

fn control(desk: &mut Desk, method: &str, path: &str, body: &Value) -> Value {
    let response = desk.hotel.control(desk.now, &plain(method, &format!("/control/v1/{path}"), Some(body)));
    assert_eq!(response.status(), 200);
    serde_json::from_slice(response.body()).unwrap()
}

fn invite(desk: &mut Desk, endpoint_id: &str) -> String {
    let mut request = plain("POST", "/endpoint/invitation", Some(&json!({"endpointId": endpoint_id})));
    request.headers_mut().insert("authorization", "Basic amFuZToxMjM0".parse().unwrap());
    let response = desk.hotel.credential_services(desk.now, &request).into_response().unwrap();
    let answer: Value = serde_json::from_slice(response.body()).unwrap();
    answer["invitationCode"].as_str().unwrap().to_owned()
}

#[test]
fn without_an_address_in_the_property_file_nothing_is_told() {
    let mut desk = desk(|_| {});
    desk.issue("override=true", "ep-1", &stay(&["101"]));
    assert_eq!(told(&mut desk), []);
}

#[test]
fn an_endpoint_tells_of_each_step_of_its_life() {
    let mut desk = desk(|knobs| knobs.endpoint_callback_url = Some(ENDPOINT.into()));
    let code = invite(&mut desk, "guest-7");
    let pending = json!({"callbackType": "ENDPOINT", "endpointId": "guest-7", "endpointStatus": "INVITATION_PENDING"});
    assert_eq!(told(&mut desk), [(ENDPOINT.to_owned(), pending)]);
    control(&mut desk, "POST", "phones/redeem", &json!({"invitation_code": code}));
    assert_eq!(statuses(&mut desk, "endpointStatus"), ["ACKNOWLEDGED", "ACTIVATING", "ACTIVE"]);
    control(&mut desk, "DELETE", "phones/guest-7", &json!({}));
    desk.send("GET", "/api/v1/doors", None);
    assert_eq!(statuses(&mut desk, "endpointStatus"), ["TERMINATED"]);
}

#[test]
fn a_phone_takes_its_time_to_become_active_and_may_fail() {
    let mut desk = desk(|knobs| knobs.activation_seconds = 10);
    let code = invite(&mut desk, "guest-7");
    let phone = control(&mut desk, "POST", "phones/redeem", &json!({"invitation_code": code}));
    assert_eq!(phone["status"], "ACTIVATING");
    assert_eq!(desk.order("override=true", "guest-7", &stay(&["101"])).1["code"], 40903);
    desk.now += jiff::SignedDuration::from_secs(10);
    assert_eq!(desk.order("override=true", "guest-7", &stay(&["101"])).0, 201);
    let code = invite(&mut desk, "guest-8");
    control(&mut desk, "POST", "phones/redeem", &json!({"invitation_code": code, "fails": true}));
    desk.now += jiff::SignedDuration::from_secs(10);
    assert_eq!(desk.order("override=true", "guest-8", &stay(&["102"])).1["code"], 40903);
    let phones = control(&mut desk, "GET", "phones", &json!({}));
    let failed = phones["phones"].as_array().unwrap().iter().find(|phone| phone["endpoint_id"] == "guest-8").unwrap();
    assert_eq!(failed["status"], "ACTIVATION_FAILURE");
}

#[test]
fn a_credential_tells_of_its_way_to_the_phone_and_back() {
    let mut desk = desk(|knobs| {
        knobs.credential_callback_url = Some(CREDENTIAL.into());
        knobs.callback_authorization = Some("Bearer of-the-test".into());
        knobs.delivery = innkeep_visionline_sim::Delivery::OnPull;
    });
    let mut body = stay(&["101"]);
    body["label"] = "%ROOMNUM%".into();
    body["description"] = "Ada".into();
    let card = desk.issue("override=true", "ep-1", &body);
    let sent = desk.hotel.take_callbacks();
    assert_eq!((sent[0].url.as_str(), sent[0].authorization.as_deref()), (CREDENTIAL, Some("Bearer of-the-test")));
    let expected = json!({"callbackType": "CREDENTIAL", "systemId": "1", "endpointId": "ep-1", "credentialId": "5001",
        "credentialStatus": "ISSUING", "label": "101", "description": "Ada",
        "validity": {"startDate": "2025-11-14T09:00:00Z", "endDate": "2025-11-16T10:00:00Z"}});
    assert_eq!(serde_json::from_str::<Value>(&sent[0].body).unwrap(), expected);
    assert_eq!(desk.card(card)["notIssued"], true);
    control(&mut desk, "POST", "phones/ep-1/pull", &json!({}));
    assert_eq!(desk.card(card)["notIssued"], false);
    assert_eq!(statuses(&mut desk, "credentialStatus"), ["ISSUED"]);
    desk.send("POST", &format!("/api/v1/cards/{card}"), Some(&json!({"discarded": true})));
    assert_eq!(statuses(&mut desk, "credentialStatus"), ["REVOKING"]);
    control(&mut desk, "POST", "phones/ep-1/pull", &json!({}));
    desk.send("GET", "/api/v1/doors", None);
    assert_eq!(statuses(&mut desk, "credentialStatus"), ["REVOKED"]);
}

#[test]
fn visionline_tells_of_cards_encoders_and_online_doors() {
    let mut property = Property::meridian();
    property.knobs.visionline_callback_url = Some(VISIONLINE.into());
    property.doors.iter_mut().find(|door| door.name == "101").unwrap().online = true;
    let mut desk = Desk::at(property);
    desk.hotel.place_card(desk.now, "front-desk-1", "04aa", Technology::Ultralight, None).unwrap();
    let encode = "/api/v1/cards?action=encode&encoder=front-desk-1&override=true";
    assert_eq!(desk.send("POST", encode, Some(&stay(&["101"]))).0, 201);
    desk.show("101", 100_001);
    desk.send("DELETE", "/api/v1/cards/100001", None);
    let at = "20251114T1115";
    let expected = [
        json!({"type": "cardCreated", "time": at, "card": "100001"}),
        json!({"type": "encoderFinished", "time": at, "encoder": "front-desk-1", "card": "100001", "resultCode": 0}),
        json!({"type": "doorEvent", "time": at, "door": "101", "card": "100001", "code": "0x0043", "opened": true}),
        json!({"type": "cardDiscarded", "time": at, "card": "100001"}),
    ];
    let bodies: Vec<Value> = told(&mut desk).into_iter().map(|(_, body)| body).collect();
    assert_eq!(bodies, expected);
    assert_eq!(control(&mut desk, "GET", "callbacks", &json!({}))["callbacks"].as_array().unwrap().len(), 4);
}
