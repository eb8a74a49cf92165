//! Parsers of outside bytes: any request gets an answer and none a panic.

use http::{HeaderName, HeaderValue, Request};
use innkeep_visionline_sim::{Exchange, Property};
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::client::{Desk, signed};

fn method() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD"])
}

fn target() -> impl Strategy<Value = String> {
    let segment = prop_oneof![
        prop::sample::select(vec![
            "api",
            "v1",
            "control",
            "sessions",
            "doors",
            "cards",
            "encoders",
            "phones",
            "faults",
            "present",
            "keys",
            "endpoint",
            "invitation",
            "101",
            "100001",
            "ep-1",
            "redeem",
            "pull",
            "media",
            "write",
            "program",
            "place",
            "fail",
            "front-desk-1",
            "card",
            "answers",
            "release",
            "condition",
            "04aa",
            "%ff",
            "%20",
            "",
        ])
        .prop_map(str::to_owned),
        "[a-z0-9%.~-]{0,6}",
    ];
    let prefix = prop::sample::select(vec!["/api/v1/", "/control/v1/", "/endpoint/", "/"]);
    let query = prop_oneof![
        Just(String::new()),
        prop::sample::select(vec![
            "?action=mobileAccess&override=true",
            "?autoJoin=true",
            "?validTime=20251114T1500",
            "?guestDoor=101",
            "?serialNumber=04",
            "?action=discard",
            "?pendingImage=true&override=true",
            "?action=encode&encoder=front-desk-1&override=true",
        ])
        .prop_map(str::to_owned),
        "\\?[a-zA-Z=&%0-9]{0,12}",
    ];
    (prefix, vec(segment, 0..4), query)
        .prop_map(|(prefix, segments, query)| format!("{prefix}{}{query}", segments.join("/")))
}

fn member() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        prop::sample::select(vec!["101", "ep-1", "guest", "rfid48", "99991231T2359", "00000101T0000", "100001", "é"])
            .prop_map(Value::from),
        "\\PC{0,13}".prop_map(Value::from),
    ];
    leaf.prop_recursive(2, 8, 3, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..3).prop_map(Value::from),
            inner.prop_map(|doors| json!({"doors": doors, "operation": "guest"}))
        ]
    })
}

fn body() -> impl Strategy<Value = Value> {
    let names = [
        "startTime",
        "expireTime",
        "endPointID",
        "label",
        "joiners",
        "doorOperations",
        "format",
        "serialNumbers",
        "discarded",
        "checkedOut",
        "username",
        "password",
        "kind",
        "count",
        "seconds",
        "card_id",
        "endpoint_id",
        "endpointId",
        "clock_drift_seconds",
        "invitation_code",
        "serial_number",
        "technology",
        "memory_bytes",
        "result_code",
        "image",
        "function",
        "guest_doors",
        "cancels",
        "start",
        "expire",
        "held",
    ];
    let changed = vec((prop::sample::select(names.to_vec()), member()), 0..4);
    (any::<bool>(), changed).prop_map(|(sound, changed)| {
        let mut body = json!({});
        if sound {
            body = json!({"endPointID": "ep-1", "startTime": "20251114T1000", "expireTime": "20251116T1100",
                "doorOperations": [{"doors": ["101"], "operation": "guest"}]});
        }
        for (name, value) in changed {
            body[name] = value;
        }
        body
    })
}

proptest! {
    #[test]
    fn any_bytes_get_an_answer(
        method in method(),
        target in target(),
        headers in vec((prop::sample::select(vec!["authorization", "date", "content-md5", "content-type", "accept"]), vec(32_u8.., 0..40)), 0..4),
        bytes in vec(any::<u8>(), 0..64),
    ) {
        let mut desk = Desk::open();
        let Ok(mut request) = Request::builder().method(method).uri(&*target).body(bytes) else { return Ok(()) };
        for (name, value) in headers {
            if let Ok(value) = HeaderValue::from_bytes(&value) {
                request.headers_mut().insert(HeaderName::from_static(name), value);
            }
        }
        desk.hotel.lock_server(desk.now, &request);
        desk.hotel.credential_services(desk.now, &request);
        desk.hotel.control(desk.now, &request);
    }

    #[test]
    fn any_signed_body_is_answered_below_500(method in method(), target in target(), body in body()) {
        let mut desk = Desk::open();
        desk.issue("override=true", "ep-1", &crate::client::stay(&["101"]));
        let bytes = body.to_string().into_bytes();
        prop_assume!(target.parse::<http::Uri>().is_ok());
        let request = signed(&desk.session, method, &target, Some(&bytes));
        let exchange = desk.hotel.lock_server(desk.now, &request);
        desk.hotel.control(desk.now, &request);
        let response = match exchange {
            Exchange::Waiting { ticket, .. } => {
                desk.now += jiff::SignedDuration::from_secs(30);
                desk.hotel.resume(desk.now, ticket).into_response().unwrap()
            }
            answered => answered.into_response().unwrap(),
        };
        prop_assert!(response.status().as_u16() < 500);
        prop_assert!(response.status() != 401 || target.contains("sessions"), "{target}");
        desk.card(100_001);
    }

    #[test]
    fn any_control_body_is_answered_below_500(method in method(), target in target(), body in body()) {
        let mut desk = Desk::open();
        desk.issue("override=true", "ep-1", &crate::client::stay(&["101"]));
        let target = target.replacen("/api/v1/", "/control/v1/", 1);
        prop_assume!(target.parse::<http::Uri>().is_ok());
        let request = Request::builder().method(method).uri(&*target).body(body.to_string().into_bytes()).unwrap();
        let response = desk.hotel.control(desk.now, &request);
        prop_assert!(response.status().as_u16() < 500);
        prop_assert!(serde_json::from_slice::<Value>(response.body()).is_ok());
    }

    #[test]
    fn any_tenants_request_is_answered_below_500(method in method(), target in target(), bytes in vec(any::<u8>(), 0..64)) {
        let mut desk = Desk::open();
        let target = target.replacen("/api/v1/", "/endpoint/", 1);
        prop_assume!(target.parse::<http::Uri>().is_ok());
        let request = Request::builder().method(method).uri(&*target).header("authorization", "Basic amFuZToxMjM0");
        let exchange = desk.hotel.credential_services(desk.now, &request.body(bytes).unwrap());
        prop_assert!(exchange.into_response().unwrap().status().as_u16() < 500);
    }

    #[test]
    fn a_property_file_with_one_wrong_character_is_read_or_refused_with_its_line(
        at in any::<prop::sample::Index>(),
        wrong in any::<char>(),
    ) {
        let mut file: Vec<char> = include_str!("../../src/property/meridian.toml").chars().collect();
        let at = at.index(file.len());
        file[at] = wrong;
        let lines = file.iter().filter(|character| **character == '\n').count() + 1;
        if let Err(error) = Property::parse(&file.iter().collect::<String>()) {
            prop_assert!(error.line().is_none_or(|line| (1..=lines).contains(&line)), "{error}");
        }
    }

    #[test]
    fn any_text_is_an_image_or_is_refused(serial in "\\PC{0,18}", image in "[0-9a-f]{48}|\\PC{0,50}") {
        let mut desk = Desk::open();
        desk.write_card("override=true", "04aa", &crate::client::stay(&["101"]));
        prop_assert_ne!(desk.hotel.write_sealed(&serial, &image), Ok(true));
    }

    #[test]
    fn any_text_is_a_property_or_an_error_with_a_message(text in "\\PC{0,200}") {
        if let Err(error) = Property::parse(&text) {
            prop_assert!(!error.to_string().is_empty());
        }
    }
}
