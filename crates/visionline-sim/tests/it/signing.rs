//! The test vectors of `spec/visionline.md` 1.5 from the server's side, and everything one byte off.

use http::{HeaderValue, Request};
use innkeep_visionline_sim::{Hotel, Property};

use crate::client::{MORNING, read};

const BODY_V: &str = r#"{"expireTime":"20251116T1100","startTime":"20251114T1500","format":"rfid48","endPointID":"ep-1","label":"%ROOMRANGE%:%UUID%:%CARDNUM%","description":"Test","doorOperations":[{"doors":["101"],"operation":"guest"}]}"#;
const MD5_V: &str = "4vXxQyQY3DXcGOqh0nRM9g==";
const CREATE: &str = "/api/v1/cards?action=mobileAccess&override=true";
const GMT: &str = "Fri, 14 Nov 2025 10:15:30 GMT";
const MINUS: &str = "Fri, 14 Nov 2025 10:15:30 -0000";
const TIGHT: &str = "application/json;charset=utf-8";
const BLANK: &str = "application/json; charset=utf-8";

struct Vector {
    method: &'static str,
    target: &'static str,
    body: Option<(&'static str, &'static str, &'static str)>,
    date: &'static str,
    signature: &'static str,
    status: u16,
}

fn vectors() -> Vec<Vector> {
    let create = |content_type, date, signature| Vector {
        method: "POST",
        target: CREATE,
        body: Some((BODY_V, MD5_V, content_type)),
        date,
        signature,
        status: 201,
    };
    let bare = |method, target, signature, status| Vector { method, target, body: None, date: GMT, signature, status };
    vec![
        create(TIGHT, GMT, "N7r7fcrudbw7BgR6wjPyk7USagM="),
        create(BLANK, GMT, "fICPR9VUTD1P//G8O+hd3K/kgxA="),
        create(TIGHT, MINUS, "EcrlR+9Ludwmo0ocLqWPmdEBgmw="),
        create(BLANK, MINUS, "V5Ajm2eKMC8Jl0LV6SUXHVG1nUg="),
        bare("GET", "/api/v1/doors", "kO7XjLiTUzNZad7A9rYTiavAKSw=", 200),
        bare("GET", "/api/v1/cards?guestDoor=101&validTime=20251114T1500", "zzvDgRvx7ACCuDqFthhOupZ6xww=", 200),
        bare("DELETE", "/api/v1/sessions/7f3a", "pcfOPdLbxWufRf6CRi3CiAoJB6E=", 201),
        Vector {
            method: "POST",
            target: "/api/v1/doors/101",
            body: Some((r#"{"checkedOut":true}"#, "qvMdwuGs0agAvjVVpbIZVQ==", TIGHT)),
            date: GMT,
            signature: "zWuTsLAOt16QG39IPWYiAabKzv4=",
            status: 200,
        },
    ]
}

impl Vector {
    fn request(&self) -> Request<Vec<u8>> {
        let mut request = Request::builder()
            .method(self.method)
            .uri(self.target)
            .header("date", self.date)
            .header("authorization", format!("AWS 7f3a:{}", self.signature));
        if let Some((_, md5, content_type)) = self.body {
            request = request.header("content-md5", md5).header("content-type", content_type);
        }
        request.body(self.body.map(|(body, ..)| body.as_bytes().to_vec()).unwrap_or_default()).unwrap()
    }
}

/// Status and detailed code with which a fresh hotel answers, in the session of the vectors.
fn answer(request: &Request<Vec<u8>>) -> (u16, u64) {
    let mut hotel = Hotel::new(Property::meridian(), 1);
    let now = MORNING.parse().unwrap();
    hotel.enrol_phone("ep-1");
    hotel.adopt_session(now, "7f3a", "k3yForTestsOnly");
    let (status, body) = read(hotel.lock_server(now, request));
    (status, body["code"].as_u64().unwrap_or(0))
}

#[test]
fn every_signed_vector_is_accepted() {
    for vector in vectors() {
        assert_eq!(answer(&vector.request()), (vector.status, 0), "{} {}", vector.method, vector.signature);
    }
}

#[test]
fn the_session_vector_needs_its_digest_and_no_signature() {
    let request = |md5: Option<&str>| {
        let mut request = Request::post("/api/v1/sessions").header("content-type", TIGHT).header("date", GMT);
        if let Some(md5) = md5 {
            request = request.header("content-md5", md5);
        }
        request.body(br#"{"username":"sym","password":"sym"}"#.to_vec()).unwrap()
    };
    assert_eq!(answer(&request(Some("62vvvkRi3TRtURahQ++3Zg=="))), (201, 0));
    assert_eq!(answer(&request(Some("62vvvkRi3TRtURahQ++3Zh=="))), (400, 40003));
    assert_eq!(answer(&request(None)), (400, 40003));
}

#[test]
fn a_changed_byte_of_the_body_is_refused_with_400() {
    for vector in vectors().iter().filter(|vector| vector.body.is_some()) {
        let length = vector.request().body().len();
        for at in [0, length / 2, length - 1] {
            let mut request = vector.request();
            request.body_mut()[at] ^= 1;
            assert_eq!(answer(&request), (400, 40003), "{} at {at}", vector.signature);
        }
        let mut request = vector.request();
        request.body_mut().push(b'\n');
        assert_eq!(answer(&request), (400, 40003));
    }
}

#[test]
fn a_changed_path_query_or_method_is_refused_with_401() {
    let first = &vectors()[0];
    for target in [
        "/api/v1/cards?action=mobileAccess&override=tru",
        "/api/v1/cards?override=true&action=mobileAccess",
        "/api/v1/cards/?action=mobileAccess&override=true",
        "/api/v1/c%61rds?action=mobileAccess&override=true",
        "/api/v1/doors",
    ] {
        let mut request = first.request();
        *request.uri_mut() = target.parse().unwrap();
        assert_eq!(answer(&request), (401, 40103), "{target}");
    }
    let mut request = first.request();
    *request.method_mut() = http::Method::PUT;
    assert_eq!(answer(&request), (401, 40103));
}

#[test]
fn a_changed_signed_header_is_refused_with_401() {
    for vector in vectors() {
        for (name, value) in [
            ("date", "Fri, 14 Nov 2025 10:15:31 GMT"),
            ("date", "Fri, 14 Nov 2025 10:15:30 +0000"),
            ("content-type", "application/json;charset=UTF-8"),
            ("content-type", "application/json"),
            ("content-md5", "AAAAAAAAAAAAAAAAAAAAAA=="),
        ] {
            let mut request = vector.request();
            request.headers_mut().insert(name, HeaderValue::from_static(value));
            assert_eq!(answer(&request), (401, 40103), "{name} {value}");
        }
        let mut request = vector.request();
        request.headers_mut().remove("date");
        assert_eq!(answer(&request), (401, 40103));
    }
}

#[test]
fn authorization_that_names_no_session_is_refused_by_its_kind() {
    let with = |value: &'static str| {
        let mut request = vectors()[4].request();
        request.headers_mut().insert("authorization", HeaderValue::from_static(value));
        answer(&request)
    };
    assert_eq!(with("AWS 7f3a:kO7XjLiTUzNZad7A9rYTiavAKSx="), (401, 40103));
    assert_eq!(with("AWS 7f3a:"), (401, 40103));
    assert_eq!(with("AWS 7f3b:kO7XjLiTUzNZad7A9rYTiavAKSw="), (401, 40104));
    assert_eq!(with("AWS 7f3a"), (401, 40102));
    assert_eq!(with("Basic c3ltOnN5bQ=="), (401, 40102));
    let mut request = vectors()[4].request();
    request.headers_mut().remove("authorization");
    assert_eq!(answer(&request), (401, 40102));
}
