//! Whatever is sent, the answer is an envelope and never a 5xx.

use axum::body::Body;
use http::{Method, Request};
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Map, Value};

use super::{routes, send};

const NAMES: [&str; 22] = [
    "door_id",
    "acs_system_id",
    "device_ids",
    "numbers",
    "is_open",
    "search",
    "name",
    "created_before",
    "custom_metadata_has",
    "place",
    "limit",
    "page_cursor",
    "acs_entrance_id",
    "entrance_id",
    "category",
    "level",
    "access_schedule",
    "note",
    "target",
    "detail",
    "_errors",
    "floor",
];

fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        8 => prop::sample::select(&NAMES[..]).prop_map(str::to_owned),
        1 => any::<String>(),
        1 => (prop::sample::select(&NAMES[..]), prop::sample::select(&NAMES[..])).prop_map(|(a, b)| format!("{a}.{b}")),
        1 => prop::sample::select(&NAMES[..]).prop_map(|name| format!("{name}[]")),
    ]
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[0-9TZ:. +,-]{0,30}",
        "(true|no|1|,|guest|room|2f5c1a9e-0d63-4f4e-9a51-6c1f6f3d2b10|W10=|)",
        "x{0,3000}",
    ]
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        text().prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 64, 6, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..6).prop_map(Value::from),
            vec((name(), inner), 0..6).prop_map(|members| Value::Object(members.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

fn body() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        6 => vec((name(), value()), 0..8)
            .prop_map(|members| Value::Object(members.into_iter().collect()).to_string().into_bytes()),
        1 => vec(any::<u8>(), 0..200),
        1 => (1_usize..5000).prop_map(|depth| format!("{{\"detail\":{}", "[".repeat(depth)).into_bytes()),
        1 => (1_usize..30_000).prop_map(|count| format!("{{\"device_ids\":[{}1]}}", "1,".repeat(count)).into_bytes()),
        1 => Just(Vec::new()),
    ]
}

fn query() -> impl Strategy<Value = String> {
    let encoded = vec((name(), text()), 0..8)
        .prop_map(|pairs| url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish());
    prop_oneof![4 => encoded, 1 => "[!-~&&[^#<>\"`{}]]{0,80}"]
}

fn request() -> impl Strategy<Value = Request<Body>> {
    let paths: Vec<&str> = routes::table().iter().map(innkeep_server::adapter::Route::path).collect();
    let paths: Vec<&str> =
        paths.into_iter().filter(|path| !path.ends_with("panic") && !path.ends_with("break")).collect();
    let methods =
        vec![Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE, Method::HEAD, Method::OPTIONS];
    let content_type = prop_oneof![5 => Just("application/json"), 1 => Just("text/plain"), 1 => Just("")];
    (prop::sample::select(paths), prop::sample::select(methods), query(), body(), content_type).prop_map(
        |(path, method, query, body, content_type)| {
            Request::builder()
                .method(method)
                .uri(format!("{path}?{query}"))
                .header("authorization", "Bearer seam_front_desk1")
                .header("content-type", content_type)
                .body(Body::from(body))
                .unwrap()
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_request_is_answered_with_a_server_error(request in request()) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let is_preflight = *request.method() == Method::OPTIONS;
        let is_head = *request.method() == Method::HEAD;
        let reply = runtime.block_on(send(&routes::router(), request));
        prop_assert!(reply.status.as_u16() < 500, "{}: {}", reply.status, reply.text);
        prop_assert_eq!(reply.header("seam-request-id"), "request-0");
        if !is_preflight && !is_head {
            prop_assert_eq!(reply.json()["ok"].as_bool(), Some(reply.status == 200));
            prop_assert!(reply.text.len() < 200_000, "an answer of {} bytes", reply.text.len());
        }
    }
}
