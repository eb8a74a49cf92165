//! Habits of programs in the field (`spec/visionline.md` 1.2 to 1.4, 8), which the real server puts up with.

use http::Request;
use serde_json::Value;

use crate::client::{DATE, Desk, digest, read, signed_with, text};

#[test]
fn both_spellings_of_the_content_type_and_three_of_the_date_are_signed_as_sent() {
    let body = br#"{"checkedOut": false}"#;
    for content_type in ["application/json;charset=utf-8", "application/json; charset=utf-8"] {
        for date in [DATE, "Fri, 14 Nov 2025 10:15:30 -0000", "Fri, 4 Jul 2025 10:15:30 GMT"] {
            let mut desk = Desk::open();
            let request = signed_with(&desk.session, "POST", "/api/v1/doors/101", Some(body), content_type, date);
            let (status, answer) = read(desk.hotel.lock_server(desk.now, &request));
            assert_eq!((status, text(&answer["id"])), (200, "101".into()), "{content_type} {date}");
        }
    }
}

#[test]
fn an_indented_body_with_carriage_returns_is_digested_as_sent() {
    let mut desk = Desk::open();
    let body = "{\r\n  \"expireTime\": \"20251116T1100\",\r\n  \"format\": \"rfid48\",\r\n  \"endPointID\": \"ep-1\",\r\n  \
                \"label\": \"%ROOMRANGE%:%UUID%:%CARDNUM%\",\r\n  \"description\": \"é\",\r\n  \"doorOperations\": [\r\n    \
                {\r\n      \"doors\": [\r\n        \"101\"\r\n      ],\r\n      \"operation\": \"guest\"\r\n    }\r\n  ]\r\n}";
    let request = desk.signed("POST", "/api/v1/cards?action=mobileAccess&override=true", Some(body));
    let (status, card) = read(desk.hotel.lock_server(desk.now, &request));
    assert_eq!(status, 201, "{card}");
    assert_eq!(card["startTime"], "20251114T1115");
    assert_eq!(desk.hotel.phone_keys("ep-1").unwrap()[0].label, format!("101:1:{}", card["credentialID"]));
}

#[test]
fn a_session_opened_with_a_slash_at_the_end_works() {
    let mut desk = Desk::open();
    let body = br#"{"username": "sym", "password": "sym"}"#;
    let request = Request::post("/api/v1/sessions/").header("content-md5", digest(body)).body(body.to_vec()).unwrap();
    let (status, answer) = read(desk.hotel.lock_server(desk.now, &request));
    assert_eq!(status, 201);
    desk.session = (text(&answer["id"]), text(&answer["accessKey"]));
    assert_eq!(desk.send("GET", "/api/v1/doors/", None).0, 200);
}

#[test]
fn a_misspelt_expire_time_leaves_the_end_at_noon_of_the_next_day() {
    let mut desk = Desk::open();
    let body = r#"{"expire_time": "20251116T1100", "format": "rfid48", "endPointID": "ep-1", "label": "x", "description": "y", "doorOperations": [{"doors": ["101"], "operation": "guest"}]}"#;
    let request = desk.signed("POST", "/api/v1/cards?action=mobileAccess&override=true", Some(body));
    let (status, card) = read(desk.hotel.lock_server(desk.now, &request));
    assert_eq!((status, &card["expireTime"]), (201, &Value::from("20251115T1200")));
}

#[test]
fn abandoned_sessions_do_not_stand_in_the_way() {
    let mut desk = Desk::open();
    for _ in 0..50 {
        desk.advance_minutes(1);
    }
    assert_eq!(desk.send("GET", "/api/v1/doors", None).0, 200);
}

#[test]
fn names_with_blanks_are_percent_encoded_and_signed_as_sent() {
    let mut desk = Desk::open();
    assert_eq!(desk.get("/api/v1/doors/Main%20Entrance")["doorCategory"], "common");
    assert_eq!(desk.get("/api/v1/doors/%4Dain%20Entrance")["id"], "Main Entrance");
}
