//! What holds for every line of the real table.

use std::collections::BTreeSet;

use http::Method;
use innkeep_server::{adapter::openapi, api};
use proptest::{
    prelude::*,
    sample::select,
    strategy::ValueTree as _,
    test_runner::{Config, TestRunner},
};
use serde_json::{Value, json};
use store::{access_grants, access_methods, credentials, events, page::Page, phones, spaces, user_identities, users};

use super::{Api, NOBODY, none_of_it::ALWAYS_REFUSE};

const KEY: &str = "seam_testmeridian_0123456789abcdef";

/// How many rows of each kind there are in both workspaces.
fn rows(api: &Api) -> Vec<usize> {
    api.look(|tx| {
        let mut counts = Vec::new();
        for site in [&api.site, &api.foreign] {
            let id = site.workspace_id;
            let every_event = events::Filter { limit: 100_000, ..events::Filter::default() };
            counts.push(credentials::list(tx, id, &credentials::Filter::default(), Page::whole())?.len());
            counts.push(users::list(tx, id, &users::Filter::default(), Page::whole())?.len());
            counts.push(user_identities::list(tx, id, &user_identities::Filter::default(), Page::whole())?.len());
            counts.push(phones::list(tx, id, None, None)?.len());
            counts.push(access_grants::list(tx, id, &access_grants::Filter::default(), Page::whole())?.len());
            counts.push(access_methods::list(tx, id, &access_methods::Filter::default(), Page::whole())?.len());
            counts.push(spaces::list(tx, id, &spaces::Filter::default(), Page::whole())?.len());
            counts.push(events::list(tx, id, &every_event)?.len());
        }
        Ok(counts)
    })
}

/// The names of the parameters of a schema, those of objects with their members.
fn parameters(schema: &Value) -> Vec<(String, Value)> {
    let properties = schema["properties"].as_object().into_iter().flatten();
    properties.map(|(name, schema)| (name.clone(), schema.clone())).collect()
}

/// An id, and the word that is in the names of the parameters it fits.
type Known = (&'static str, String);

/// Values that rarely fit.
fn any_value() -> BoxedStrategy<Value> {
    let words =
        ["", " ", "101", "%", "ä", "x", "AAAA", "2030-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "0000-01-01T00:00:00Z"];
    let leaf = prop_oneof![
        3 => select(words.to_vec()).prop_map(Value::from),
        1 => any::<bool>().prop_map(Value::from),
        1 => any::<i64>().prop_map(Value::from),
        1 => any::<f64>().prop_map(|number| json!(number)),
        1 => "\\PC{0,20}".prop_map(Value::from),
        1 => Just(Value::Null),
    ];
    let list = proptest::collection::vec(leaf.clone(), 0..4).prop_map(Value::from);
    prop_oneof![6 => leaf, 2 => list].boxed()
}

/// Values of the right form: ids of the right kind, ours and theirs, known and unknown.
fn fitting_value(name: &str, schema: &Value, known: &[Known]) -> BoxedStrategy<Value> {
    let is = |kind: &str| {
        schema["type"] == kind || schema["type"].as_array().is_some_and(|kinds| kinds.iter().any(|one| one == kind))
    };
    if !parameters(schema).is_empty() {
        return any_parameters(schema, known);
    }
    if let Some(choices) = choices(schema) {
        return select(choices).prop_map(Value::from).boxed();
    }
    if is("array") {
        let item = fitting_value(name, &schema["items"], known);
        return proptest::collection::vec(item, 1..3).prop_map(Value::from).boxed();
    }
    if is("boolean") {
        return any::<bool>().prop_map(Value::from).boxed();
    }
    if is("integer") || is("number") {
        return (1..10_u8).prop_map(Value::from).boxed();
    }
    if schema["format"] == "date-time" {
        let times = ["2030-01-01T00:00:00Z", "2030-02-01 10:40:00.000", "2031-01-01T00:00:00+02:00"];
        return select(times.to_vec()).prop_map(Value::from).boxed();
    }
    let mut ids: Vec<String> = known.iter().filter(|(word, _)| name.contains(word)).map(|(_, id)| id.clone()).collect();
    if !ids.is_empty() || schema["format"] == "uuid" {
        ids.push(NOBODY.to_owned());
        return select(ids).prop_map(Value::from).boxed();
    }
    select(vec!["jane", "101", "jane@example.com", "+15551234"]).prop_map(Value::from).boxed()
}

/// The words of an enumeration.
fn choices(schema: &Value) -> Option<Vec<String>> {
    let words = |list: &[Value], of: fn(&Value) -> &Value| {
        list.iter().filter_map(|item| of(item).as_str().map(str::to_owned)).collect::<Vec<_>>()
    };
    if let Some(list) = schema["enum"].as_array() {
        return Some(words(list, |item| item));
    }
    for keyword in ["oneOf", "anyOf"] {
        if let Some(list) = schema[keyword].as_array() {
            let found = words(list, |item| &item["const"]);
            return if found.is_empty() { choices(&list[0]) } else { Some(found) };
        }
    }
    None
}

/// A body or query for the route: what it requires, nearly always, and a few of its other parameters.
fn any_parameters(schema: &Value, known: &[Known]) -> BoxedStrategy<Value> {
    let is_required =
        |name: &str| schema["required"].as_array().is_some_and(|names| names.iter().any(|one| one == name));
    let members: Vec<BoxedStrategy<Option<(String, Value)>>> = parameters(schema)
        .into_iter()
        .map(|(name, schema)| {
            let value = prop_oneof![9 => fitting_value(&name, &schema, known), 1 => any_value()];
            let share = if is_required(&name) { 0.95 } else { 0.2 };
            let member = value.prop_map(move |value| (name.clone(), value));
            proptest::option::weighted(share, member).boxed()
        })
        .chain(
            [proptest::option::weighted(0.1, any_value().prop_map(|value| ("unheard_of".to_owned(), value))).boxed()],
        )
        .collect();
    members.prop_map(|members| Value::Object(members.into_iter().flatten().collect())).boxed()
}

/// The parameters as a query, nested ones with dots.
fn query(prefix: &str, value: &Value, pairs: &mut Vec<String>) {
    let encode = |text: &str| {
        text.bytes()
            .map(
                |byte| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02x}") },
            )
            .collect::<String>()
    };
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                let name = if prefix.is_empty() { name.clone() } else { format!("{prefix}.{name}") };
                query(&name, value, pairs);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| query(prefix, item, pairs)),
        Value::Null => pairs.push(format!("{}=", encode(prefix))),
        Value::String(text) => pairs.push(format!("{}={}", prefix, encode(text))),
        other => pairs.push(format!("{}={}", prefix, encode(&other.to_string()))),
    }
}

#[tokio::test]
async fn no_request_is_answered_with_a_fault_and_no_refused_one_leaves_a_trace() {
    let api = Api::new();
    let person = api.person("person").await;
    let user = api.user("Jane", Some(&person)).await;
    let card = api.card(&user, &["101", "Gym"]).await;
    let phone = api.post("/phones/simulate/create_sandbox_phone", json!({"user_identity_id": person})).await.ok();
    let stranger = api.foreign_user().await;
    let space = api.post("/spaces/create", json!({"name": "Suite", "acs_entrance_ids": [api.door("101")]})).await.ok();
    let space = space["space"]["space_id"].as_str().unwrap().to_owned();
    let grant = json!({
        "user_identity_id": person, "acs_entrance_ids": [api.door("Pool")], "access_grant_key": "jane",
        "requested_access_methods": [{"mode": "card"}],
    });
    let grant = api.post("/access_grants/create", grant).await.ok()["access_grant"].clone();
    let (grant, method) = (&grant["access_grant_id"], &grant["access_method_ids"][0]);
    let (grant, method) = (grant.as_str().unwrap().to_owned(), method.as_str().unwrap().to_owned());
    let text = |id: domain::id::AcsSystemId| id.to_string();
    let known: Vec<Known> = vec![
        ("acs_system_id", text(api.site.acs_system_id)),
        ("acs_system_id", text(api.foreign.acs_system_id)),
        ("credential_manager", text(api.site.manager_id)),
        ("entrance_id", api.door("101")),
        ("entrance_id", api.door("Pool")),
        ("acs_credential_id", card),
        ("joiners", "15".to_owned()),
        ("acs_user_id", user),
        ("acs_user_id", stranger),
        ("user_identity_id", person),
        ("space_id", space),
        ("access_grant_id", grant),
        ("access_method_id", method),
        ("device_id", phone["phone"]["device_id"].as_str().unwrap().to_owned()),
    ];

    let mut table = api::table();
    // Last, because it takes away what the others are asked for.
    table.sort_by_key(|route| route.path() == "/workspaces/reset_sandbox");
    // 25, or more where PROPTEST_CASES asks for more than its usual 256.
    let cases_per_route = Config::default().cases / 10;
    let mut runner = TestRunner::default();
    let mut accepted = BTreeSet::new();
    let mut before = rows(&api);
    for route in &table {
        let parameters = any_parameters(&route.request_schema(), &known);
        let verbs = [Method::GET, Method::POST, Method::POST, Method::POST, Method::PUT, Method::PATCH, Method::DELETE];
        let requests = (select(verbs.to_vec()), parameters.clone(), parameters, 0..8_u8);
        for _ in 0..cases_per_route {
            let (verb, in_query, in_body, place) = requests.new_tree(&mut runner).unwrap().current();
            let mut pairs = Vec::new();
            if place < 3 {
                query("", &in_query, &mut pairs);
            }
            let target = format!("{}?{}", route.path(), pairs.join("&"));
            let body = (place > 1).then_some(in_body);
            let reply = api.send(KEY, verb.clone(), &target, body.clone()).await;
            let shown = || format!("{verb} {target} {body:?}: {reply:?}");
            assert!(reply.status.as_u16() < 500, "{}", shown());
            let after = rows(&api);
            if reply.status == 200 {
                assert_eq!(reply.json["ok"], true, "{}", shown());
                accepted.insert(route.path());
            } else {
                reply.refusal();
                assert_eq!(after, before, "{}", shown());
            }
            before = after;
        }
    }
    // Encoding and the like need more luck than this; but a test that only ever sees refusals tests nothing.
    let able = table.iter().filter(|route| !ALWAYS_REFUSE.contains(&route.path())).count();
    assert!(accepted.len() * 2 > able, "most routes accepted something: {accepted:?}");
}

#[test]
fn every_route_and_every_parameter_is_described() {
    let table = api::table();
    for route in &table {
        let schema = route.request_schema();
        assert!(schema["description"].is_string(), "{}", route.path());
        for (name, parameter) in parameters(&schema) {
            assert!(parameter["description"].is_string(), "{name} of {}", route.path());
        }
    }
    let document = openapi::document(&table, "Innkeep", "0");
    assert_eq!(document["paths"].as_object().unwrap().len(), table.len());
}
