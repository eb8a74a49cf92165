//! One request to a route: from its schema, then spoilt.

use std::fmt;

use http::Method;
use serde_json::{Map, Value, json};

use super::known::Known;
use super::random::Random;
use super::values::{self, url_encoded};

const OURS: &str = "Bearer seam_testmeridian_0123456789abcdef";
const THEIRS: &str = "Bearer seam_testother_0123456789abcdef";

const OTHER_CALLERS: [&str; 12] = [
    "",
    "Bearer",
    "Bearer  ",
    "Basic c2VhbTp4",
    "Bearer seam_testmeridian_0123456789abcdeF",
    "Bearer seam_testmeridian_",
    "Bearer seam_cst1_0123456789abcdef",
    "Bearer seam_at1_0123456789abcdef",
    "Bearer seam_pk1_0123456789abcdef",
    "Bearer eyJhbGciOiJIUzI1NiJ9.e30.x",
    "bearer seam_testmeridian_0123456789abcdef extra",
    "Bearer \t\u{e4}",
];

const CONTENT_TYPES: [&str; 10] = [
    "",
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "application/json; charset=utf-16",
    "APPLICATION/JSON",
    "application/json/json",
    "application/json, text/html",
    "application/merge-patch+json",
    "\u{e4}",
];

const OTHER_HEADERS: [(&str, &str); 12] = [
    ("seam-workspace", "01970000-0000-7000-8000-0000000000ff"),
    ("seam-workspace", "\u{e4}"),
    ("idempotency-key", "one"),
    ("idempotency-key", "two"),
    ("idempotency-key", ""),
    ("idempotency-key", " \u{e4}\t"),
    ("origin", "null"),
    ("origin", "https://x.example"),
    ("host", "x.example:99999"),
    ("content-length", "99999999999999999999"),
    ("accept-encoding", "gzip;q=x"),
    ("x-forwarded-host", "x.example"),
];

/// What the generator knows of a route.
pub struct Target {
    pub path: &'static str,
    pub methods: &'static [Method],
    pub schema: Value,
}

/// A request as it is sent, and as a failure shows it.
pub struct Asked {
    pub method: Method,
    pub target: String,
    pub headers: Vec<(&'static str, Vec<u8>)>,
    pub body: Vec<u8>,
    /// What the body was made of, if it is no more than that.
    pub parameters: Option<Value>,
}

impl fmt::Display for Asked {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {}", self.method, shortened(&self.target))?;
        for (name, value) in &self.headers {
            write!(formatter, "\n{name}: {}", shortened(&String::from_utf8_lossy(value)))?;
        }
        write!(formatter, "\n\n{}", shortened(&String::from_utf8_lossy(&self.body)))
    }
}

fn shortened(text: &str) -> String {
    let mut start: String = text.chars().take(1_500).collect();
    if start.len() < text.len() {
        start.push_str(&format!("... ({} bytes)", text.len()));
    }
    start
}

/// The next request to the route.
pub fn next(random: &mut Random, target: &Target, known: &Known) -> Asked {
    let example = if random.percent(30) { known.example(random, target.path) } else { None };
    let mut in_body = example.unwrap_or_else(|| parameters(random, &target.schema, known));
    spoil(random, &mut in_body, known);
    let (mut query, mut body) = (String::new(), Vec::new());
    match random.below(10) {
        0..5 => body = in_body.to_string().into_bytes(),
        5..8 => query = as_query(random, &in_body),
        8 => {
            body = in_body.to_string().into_bytes();
            let mut in_query = parameters(random, &target.schema, known);
            spoil(random, &mut in_query, known);
            query = as_query(random, &in_query);
        }
        _ => body = values::broken_body(random, &in_body.to_string()),
    }
    if random.once_in(400)
        && let Some(name) = in_body.as_object().and_then(|members| members.keys().next())
    {
        body = json!({ name.clone(): values::huge(random) }).to_string().into_bytes();
    }
    let method = if random.percent(85) { random.pick(target.methods).clone() } else { any_method(random) };
    let query = if query.is_empty() { String::new() } else { format!("?{query}") };
    let is_plain = query.is_empty() && body == in_body.to_string().into_bytes();
    Asked {
        method,
        target: format!("{}{query}", path(random, target.path)),
        headers: headers(random),
        body,
        parameters: is_plain.then_some(in_body),
    }
}

fn any_method(random: &mut Random) -> Method {
    if random.percent(10) {
        return Method::from_bytes(b"PURGE").unwrap();
    }
    random
        .pick(&[Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE, Method::HEAD, Method::OPTIONS])
        .clone()
}

fn path(random: &mut Random, path: &str) -> String {
    if !random.once_in(100) {
        return path.to_owned();
    }
    match random.below(6) {
        0 => format!("{path}/"),
        1 => format!("/{path}"),
        2 => path.replace('/', "%2F"),
        3 => path.to_uppercase(),
        4 => format!("{path}/../get"),
        _ => format!("{path}%00"),
    }
}

fn headers(random: &mut Random) -> Vec<(&'static str, Vec<u8>)> {
    let caller = match random.below(100) {
        0..88 => OURS,
        88..96 => THEIRS,
        _ => random.pick(&OTHER_CALLERS),
    };
    let content_type = if random.percent(96) { "application/json" } else { random.pick(&CONTENT_TYPES) };
    let mut headers =
        vec![("authorization", caller.as_bytes().to_vec()), ("content-type", content_type.as_bytes().to_vec())];
    if random.percent(8) {
        let (name, value) = *random.pick(&OTHER_HEADERS);
        headers.push((name, value.as_bytes().to_vec()));
    }
    headers
}

/// What the route requires, nearly always, and some of its other parameters, under their names or older ones.
fn parameters(random: &mut Random, schema: &Value, known: &Known) -> Value {
    let mut members = Map::new();
    let parts = schema["allOf"].as_array().into_iter().flatten().chain([schema]);
    for part in parts {
        let required = part["required"].as_array();
        for (name, schema) in part["properties"].as_object().into_iter().flatten() {
            let is_required = required.is_some_and(|names| names.iter().any(|one| one == name));
            if !random.percent(if is_required { 95 } else { 20 }) {
                continue;
            }
            let aliases = schema["x-aliases"].as_array().filter(|_| random.percent(20));
            let alias = aliases.and_then(|names| random.pick(names).as_str());
            members.insert(alias.unwrap_or(name).to_owned(), fitting(random, name, schema, known));
        }
    }
    Value::Object(members)
}

/// A value that the schema admits, as a rule.
fn fitting(random: &mut Random, name: &str, schema: &Value, known: &Known) -> Value {
    if schema["properties"].is_object() || schema["allOf"].is_array() {
        return parameters(random, schema, known);
    }
    if let Some(only) = schema.get("const") {
        return only.clone();
    }
    for keyword in ["enum", "oneOf", "anyOf"] {
        if let Some(list) = schema[keyword].as_array().filter(|list| !list.is_empty()) {
            let choice = random.pick(list).clone();
            return if keyword == "enum" { choice } else { fitting(random, name, &choice, known) };
        }
    }
    let kind = match &schema["type"] {
        Value::Array(kinds) => random.pick(kinds).as_str(),
        kind => kind.as_str(),
    };
    match kind {
        Some("boolean") => json!(random.percent(50)),
        Some("integer" | "number") => json!(*random.pick(&[1, 1, 2, 3, 5, 24, 60, 1000])),
        Some("null") => Value::Null,
        Some("array") => (0..=random.below(3)).map(|_| fitting(random, name, &schema["items"], known)).collect(),
        Some("object") => {
            let members = (0..random.below(4)).map(|at| (format!("key_{at}"), json!("value")));
            Value::Object(members.collect())
        }
        _ => Value::from(fitting_text(random, name, schema, known)),
    }
}

fn fitting_text(random: &mut Random, name: &str, schema: &Value, known: &Known) -> String {
    const TIMES: [&str; 6] = [
        "2025-06-01T09:00:00Z",
        "2025-06-02T10:00:00.000Z",
        "2030-01-01T00:00:00Z",
        "2030-02-01 10:40:00.000",
        "2031-01-01T00:00:00+02:00",
        "2030-10-27T02:30:00",
    ];
    const WORDS: [&str; 7] =
        ["jane", "101", "Gym", "jane@example.com", "+15551234", "https://hotel.example/x", "key_1"];
    match schema["format"].as_str() {
        Some("date-time") => return (*random.pick(&TIMES)).to_owned(),
        Some("base64") => return known.cursor(random),
        _ => {}
    }
    if name.ends_with("_at") || ["before", "after", "between", "since"].iter().any(|word| name.contains(word)) {
        return (*random.pick(&TIMES)).to_owned();
    }
    match known.id(random, name) {
        Some(id) if random.percent(95) => id,
        _ if schema["format"] == "uuid" => known.any_id(random),
        _ => (*random.pick(&WORDS)).to_owned(),
    }
}

/// Makes one or more of the values wrong, as often as not.
fn spoil(random: &mut Random, value: &mut Value, known: &Known) {
    let Value::Object(members) = value else { return };
    if random.percent(50) {
        return;
    }
    let names: Vec<String> = members.keys().cloned().collect();
    for _ in 0..=random.below(2) {
        match random.below(8) {
            0 => {
                let name = random.pick(&["limit", "page_cursor", "search", "unheard_of", "_strict", "", "\0"]);
                members.insert((*name).to_owned(), values::value(random, 2));
            }
            1 if !names.is_empty() => {
                members.shift_remove(random.pick(&names).as_str());
            }
            2 if !names.is_empty() => {
                members.insert(random.pick(&names).clone(), json!(known.any_id(random)));
            }
            3 if !names.is_empty() => {
                let name = random.pick(&names).clone();
                let doubled = members.get(&name).cloned().unwrap_or_default();
                members.insert(name, json!([doubled.clone(), doubled]));
            }
            _ if !names.is_empty() => {
                let name = random.pick(&names).clone();
                match members.get_mut(&name) {
                    Some(inner @ Value::Object(_)) if random.percent(70) => spoil(random, inner, known),
                    Some(Value::Array(items)) if !items.is_empty() && random.percent(70) => {
                        let at = random.below(items.len());
                        items[at] = values::value(random, 2);
                    }
                    _ => {
                        members.insert(name, values::value(random, 3));
                    }
                }
            }
            _ => {
                members.insert(values::text(random), values::value(random, 2));
            }
        }
    }
}

/// The parameters as a query: arrays in any spelling, nested members with dots, some of it twice or broken.
fn as_query(random: &mut Random, parameters: &Value) -> String {
    let mut pairs = Vec::new();
    query_pairs(random, "", parameters, &mut pairs);
    if !pairs.is_empty() && random.percent(15) {
        let again = random.pick(&pairs).clone();
        pairs.push(again);
    }
    if random.percent(8) {
        let odd =
            ["%", "%zz=1", "a%00=b", "=", "&&", "_strict=true", "limit=%ff%fe", "limit[]=1", "limit[a]=1", "a.=1"];
        pairs.push((*random.pick(&odd)).to_owned());
    }
    pairs.join("&")
}

fn query_pairs(random: &mut Random, prefix: &str, value: &Value, pairs: &mut Vec<String>) {
    // Deep values are for bodies; as a query they would only be long.
    if pairs.len() > 200 {
        return;
    }
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                let name = url_encoded(name).replace("%5F", "_");
                let name = if prefix.is_empty() { name } else { format!("{prefix}.{name}") };
                query_pairs(random, &name, value, pairs);
            }
        }
        Value::Array(items) if random.percent(30) => {
            let texts: Vec<String> = items.iter().map(plain).collect();
            pairs.push(format!("{prefix}={}", texts.join(",")));
        }
        Value::Array(items) => {
            for item in items {
                let name = if random.percent(50) { format!("{prefix}[]") } else { prefix.to_owned() };
                query_pairs(random, &name, item, pairs);
            }
        }
        other => pairs.push(format!("{prefix}={}", plain(other))),
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => url_encoded(text),
        other => url_encoded(&other.to_string()),
    }
}
