//! A client of the simulated lock server that signs on its own account, and a clock in its hand.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use http::Request;
use innkeep_visionline_sim::{Exchange, Hotel, Presented, Property};
use jiff::{SignedDuration, Timestamp};
use md5::{Digest, Md5};
use serde_json::{Value, json};
use sha1::Sha1;

/// 2025-11-14 11:15:30 in Stockholm.
pub const MORNING: &str = "2025-11-14T10:15:30Z";
pub const DATE: &str = "Fri, 14 Nov 2025 10:15:30 GMT";

pub struct Desk {
    pub hotel: Hotel,
    pub now: Timestamp,
    pub session: (String, String),
}

impl Desk {
    /// A desk at Hotel Meridian with an open session and the phones `ep-1`, `ep-2` and `ep-3`.
    pub fn open() -> Self {
        Self::at(Property::meridian())
    }

    pub fn at(property: Property) -> Self {
        let mut desk =
            Self { hotel: Hotel::new(property, 42), now: MORNING.parse().unwrap(), session: Default::default() };
        desk.log_in();
        for endpoint_id in ["ep-1", "ep-2", "ep-3"] {
            desk.hotel.enrol_phone(endpoint_id);
        }
        desk
    }

    pub fn log_in(&mut self) {
        let body = r#"{"username":"sym","password":"sym"}"#;
        let request = Request::post("/api/v1/sessions")
            .header("content-type", "application/json;charset=utf-8")
            .header("date", DATE)
            .header("content-md5", digest(body.as_bytes()))
            .body(body.as_bytes().to_vec())
            .unwrap();
        let (status, answer) = read(self.hotel.lock_server(self.now, &request));
        assert_eq!(status, 201, "{answer}");
        self.session = (text(&answer["id"]), text(&answer["accessKey"]));
    }

    pub fn advance_minutes(&mut self, minutes: i64) {
        self.now += SignedDuration::from_mins(minutes);
        self.log_in();
    }

    pub fn go_to(&mut self, instant: &str) {
        self.now = instant.parse().unwrap();
        self.log_in();
    }

    pub fn signed(&self, method: &str, target: &str, body: Option<&str>) -> Request<Vec<u8>> {
        signed(&self.session, method, target, body.map(str::as_bytes))
    }

    pub fn exchange(&mut self, method: &str, target: &str, body: Option<&Value>) -> Exchange {
        let body = body.map(Value::to_string);
        let request = self.signed(method, target, body.as_deref());
        self.hotel.lock_server(self.now, &request)
    }

    pub fn send(&mut self, method: &str, target: &str, body: Option<&Value>) -> (u16, Value) {
        read(self.exchange(method, target, body))
    }

    pub fn get(&mut self, target: &str) -> Value {
        let (status, answer) = self.send("GET", target, None);
        assert_eq!(status, 200, "{answer}");
        answer
    }

    pub fn card(&mut self, id: u32) -> Value {
        self.get(&format!("/api/v1/cards/{id}"))
    }

    /// Orders a phone key; `flags` such as `override=true`.
    pub fn order(&mut self, flags: &str, endpoint_id: &str, body: &Value) -> (u16, Value) {
        let mut body = body.clone();
        body["endPointID"] = endpoint_id.into();
        self.send("POST", &format!("/api/v1/cards?action=mobileAccess&{flags}"), Some(&body))
    }

    /// The same, and it must work; tells the card's number.
    pub fn issue(&mut self, flags: &str, endpoint_id: &str, body: &Value) -> u32 {
        let (status, answer) = self.order(flags, endpoint_id, body);
        assert_eq!(status, 201, "{answer}");
        text(&answer["id"]).parse().unwrap()
    }

    /// A plastic card whose image the client writes itself.
    pub fn write_card(&mut self, flags: &str, serial: &str, body: &Value) -> u32 {
        let mut body = body.clone();
        body["serialNumbers"] = json!([serial]);
        let (status, answer) =
            self.send("POST", &format!("/api/v1/cards?{flags}&pendingImage=true&sendOnline=false"), Some(&body));
        assert_eq!(status, 201, "{answer}");
        text(&answer["id"]).parse().unwrap()
    }

    /// Reason and vendor code with which a door answers a card.
    pub fn show(&mut self, door: &str, card_id: u32) -> String {
        self.verdict(door, Presented::Card(card_id))
    }

    pub fn verdict(&mut self, door: &str, presented: Presented<'_>) -> String {
        let verdict = self.hotel.present(self.now, door, presented).unwrap();
        let word = if verdict.opened() { "opened" } else { "refused" };
        format!("{word} {} {}", verdict.reason(), verdict.code().unwrap_or_default())
    }
}

pub const OPENED: &str = "opened guest 0x0043";
pub const OVERRIDDEN: &str = "refused overridden 0x0011";

/// Rooms for two nights from now on.
pub fn stay(rooms: &[&str]) -> Value {
    between(rooms, "20251114T1000", "20251116T1100")
}

pub fn between(rooms: &[&str], start: &str, expire: &str) -> Value {
    json!({"startTime": start, "expireTime": expire, "format": "rfid48",
        "doorOperations": [{"doors": rooms, "operation": "guest"}]})
}

pub fn joining(mut body: Value, ids: &[u32]) -> Value {
    body["joiners"] = ids.iter().map(ToString::to_string).collect();
    body
}

pub fn with_common(mut body: Value, operation: &str, doors: &[&str]) -> Value {
    let element = json!({"doors": doors, "operation": operation});
    body["doorOperations"].as_array_mut().unwrap().push(element);
    body
}

pub fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

pub fn read(exchange: Exchange) -> (u16, Value) {
    let response = exchange.into_response().unwrap();
    let body = serde_json::from_slice(response.body()).unwrap_or(Value::Null);
    (response.status().as_u16(), body)
}

pub fn digest(body: &[u8]) -> String {
    STANDARD.encode(Md5::digest(body))
}

pub fn signed(session: &(String, String), method: &str, target: &str, body: Option<&[u8]>) -> Request<Vec<u8>> {
    signed_with(session, method, target, body, "application/json;charset=utf-8", DATE)
}

pub fn signed_with(
    (id, key): &(String, String),
    method: &str,
    target: &str,
    body: Option<&[u8]>,
    content_type: &str,
    date: &str,
) -> Request<Vec<u8>> {
    let (md5, content_type) = match body {
        Some(body) => (digest(body), content_type),
        None => (String::new(), ""),
    };
    let mut mac = Hmac::<Sha1>::new_from_slice(key.as_bytes()).unwrap();
    mac.update(format!("{method}\n{md5}\n{content_type}\n{date}\n{target}").as_bytes());
    let signature = STANDARD.encode(mac.finalize().into_bytes());
    let mut request = Request::builder()
        .method(method)
        .uri(target)
        .header("date", date)
        .header("authorization", format!("AWS {id}:{signature}"));
    if body.is_some() {
        request = request.header("content-md5", md5).header("content-type", content_type);
    }
    request.body(body.unwrap_or_default().to_vec()).unwrap()
}

/// A request to the control interface or, with a header, to Credential Services.
pub fn plain(method: &str, target: &str, body: Option<&Value>) -> Request<Vec<u8>> {
    let body = body.map(|body| body.to_string().into_bytes()).unwrap_or_default();
    Request::builder().method(method).uri(target).body(body).unwrap()
}
