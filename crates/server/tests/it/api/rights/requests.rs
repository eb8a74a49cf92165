//! Requests made from the schema of a route: what it requires with our own values, and one parameter with a value of
//! somebody else's.

use serde_json::{Value, json};

use super::things::Things;

/// A parameter that names something: where it stands, and whether it takes a list.
#[derive(Debug, Clone)]
pub struct Naming {
    /// The names from the outside in.
    pub path: Vec<String>,
    is_list: bool,
    is_of_objects: Option<String>,
}

/// Optional parameters that are tried beside the one that is looked at: some routes want two.
const BESIDE: usize = 4;

impl Naming {
    /// The name of the parameter itself.
    pub fn name(&self) -> &str {
        self.path.last().map_or("", String::as_str)
    }

    fn put(&self, body: &mut Value, text: &str) {
        let mut place = body;
        for step in &self.path {
            if place.is_null() {
                *place = json!({});
            }
            place = &mut place[step];
        }
        *place = match (&self.is_of_objects, self.is_list) {
            (Some(member), _) => json!([{ member: text }]),
            (None, true) => json!([text]),
            (None, false) => json!(text),
        };
    }
}

/// The parameters of a route that name something: ids, keys, and what is searched for.
pub fn naming(schema: &Value) -> Vec<Naming> {
    let mut found = Vec::new();
    walk(schema, &mut Vec::new(), &mut found);
    found
}

fn names_something(name: &str) -> bool {
    let one = name.strip_suffix('s').unwrap_or(name);
    one.ends_with("_id") || one.ends_with("_key") || name == "search"
}

fn walk(schema: &Value, path: &mut Vec<String>, found: &mut Vec<Naming>) {
    for (name, member) in schema["properties"].as_object().into_iter().flatten() {
        path.push(name.clone());
        let is_list = is(member, "array");
        if names_something(name) && !is(member, "object") {
            found.push(Naming { path: path.clone(), is_list, is_of_objects: None });
        } else if is_list {
            for inner in member["items"]["properties"].as_object().into_iter().flatten().map(|(name, _)| name) {
                if names_something(inner) {
                    found.push(Naming { path: path.clone(), is_list, is_of_objects: Some(inner.clone()) });
                }
            }
        } else {
            walk(member, path, found);
        }
        path.pop();
    }
    for keyword in ["anyOf", "oneOf", "allOf"] {
        for branch in schema[keyword].as_array().into_iter().flatten() {
            walk(branch, path, found);
        }
    }
}

fn is(schema: &Value, kind: &str) -> bool {
    schema["type"] == kind || schema["type"].as_array().is_some_and(|kinds| kinds.iter().any(|one| one == kind))
}

/// The bodies in which a parameter is tried with this text: alone beside what the route requires, and with one other
/// parameter of ours at a time.
pub fn bodies(schema: &Value, ours: &Things, naming_all: &[Naming], looked_at: &Naming, text: &str) -> Vec<Value> {
    let mut base = required(schema, ours);
    looked_at.put(&mut base, text);
    let others = naming_all.iter().filter(|other| {
        let is_there = base.pointer(&format!("/{}", other.path.join("/"))).is_some();
        !is_there && other.name() != "search" && other.path[0] != looked_at.path[0]
    });
    let mut bodies = vec![base.clone()];
    for other in others.take(BESIDE) {
        let mut body = base.clone();
        other.put(&mut body, &ours.fitting(other.name()));
        bodies.push(body);
    }
    bodies
}

/// What a route requires, with values of ours.
pub fn required(schema: &Value, ours: &Things) -> Value {
    let mut body = json!({});
    for name in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        body[name] = value(name, &schema["properties"][name], ours);
    }
    // The lists that want a beginning.
    if schema["properties"].get("since").is_some() {
        body["since"] = json!("2020-01-01T00:00:00Z");
    }
    body
}

fn value(name: &str, schema: &Value, ours: &Things) -> Value {
    for keyword in ["anyOf", "oneOf"] {
        if let Some(branches) = schema[keyword].as_array() {
            if let Some(word) = branches.iter().find_map(|branch| branch.get("const")) {
                return word.clone();
            }
            return value(name, &branches[0], ours);
        }
    }
    if let Some(words) = schema["enum"].as_array() {
        return words[0].clone();
    }
    if schema["properties"].is_object() {
        return required(schema, ours);
    }
    if is(schema, "array") {
        return json!([value(name, &schema["items"], ours)]);
    }
    if is(schema, "boolean") {
        return json!(true);
    }
    if is(schema, "integer") || is(schema, "number") {
        return json!(1);
    }
    if names_something(name) {
        return json!(ours.fitting(name));
    }
    if schema["format"] == "date-time" || name.ends_with("_at") {
        return json!("2030-01-02T10:00:00Z");
    }
    json!(if name == "url" { "http://127.0.0.1:9/hook" } else { "Jane" })
}

/// An answer without what differs between two calls in any case: ids, times, tokens and addresses are alike, and so is
/// `named`, what was asked for.
pub fn redacted(value: &Value, named: &str) -> Value {
    match value {
        Value::Array(items) => items.iter().map(|item| redacted(item, named)).collect(),
        Value::Object(members) => {
            members.iter().map(|(name, member)| (name.clone(), redacted(member, named))).collect()
        }
        Value::String(text) if text.parse::<jiff::Timestamp>().is_ok() => json!("<time>"),
        Value::String(text) if text.starts_with("seam_") || text.starts_with("whsec_") => json!("<token>"),
        Value::String(text) if text.starts_with('/') || text.starts_with("http") => json!("<address>"),
        Value::String(text) => json!(without_keys(&without_ids(&text.replace(named, "<id>")))),
        other => other.clone(),
    }
}

/// The keys of [`super::things`] are alike as well: one that was filled in stands beside the one that is looked at.
fn without_keys(text: &str) -> String {
    let is_key = |word: &str| word.ends_with("-ours") || word.ends_with("-theirs") || word == "nobodys-key";
    let words = text.split(' ').map(|word| if is_key(word) { "<id>" } else { word });
    words.collect::<Vec<_>>().join(" ")
}

fn without_ids(text: &str) -> String {
    let mut rest = text;
    let mut shown = String::new();
    while let Some(first) = rest.chars().next() {
        match rest.get(..36).filter(|start| start.parse::<domain::id::WorkspaceId>().is_ok()) {
            Some(id) => {
                shown.push_str("<id>");
                rest = &rest[id.len()..];
            }
            None => {
                shown.push(first);
                rest = &rest[first.len_utf8()..];
            }
        }
    }
    shown
}
