use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{
    listed::{self, Gap},
    members::{Schema, missing},
    ours, page, published,
};
use crate::sdk;

/// The schema of what a route is sent, whichever way.
fn parameters(operations: &Value) -> Value {
    let mut parts = Vec::new();
    for operation in operations.as_object().into_iter().flatten().map(|(_, operation)| operation) {
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            let name = parameter["name"].as_str().expect("a name");
            parts.push(json!({"type": "object", "properties": {name: parameter["schema"]}}));
        }
        let body = &operation["requestBody"]["content"]["application/json"]["schema"];
        if !body.is_null() {
            parts.push(body.clone());
        }
    }
    json!({ "allOf": parts })
}

/// The schema of what a route answers.
fn answer(operations: &Value) -> Value {
    let operation = operations.as_object().and_then(|operations| operations.values().next());
    operation
        .map_or(Value::Null, |operation| operation["responses"]["200"]["content"]["application/json"]["schema"].clone())
}

/// Everything of the published document that is not in ours, and the routes and resources of which it was looked for.
fn gaps(published: &Value, ours: &Value, out_of_scope: &[String]) -> (BTreeSet<Gap>, BTreeSet<String>) {
    let (mut gaps, mut seen, mut compared) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for (path, operations) in published["paths"].as_object().expect("paths") {
        if out_of_scope.iter().any(|beginning| path.starts_with(beginning)) {
            continue;
        }
        let our_operations = &ours["paths"][path];
        if our_operations.is_null() {
            gaps.insert(Gap { place: path.clone(), name: "*".to_owned() });
            continue;
        }
        compared.insert(path.clone());
        for schema_of in [parameters, answer] {
            let (theirs, mine) = (schema_of(operations), schema_of(our_operations));
            let theirs = [Schema { document: published, schema: &theirs }];
            let mine = [Schema { document: ours, schema: &mine }];
            missing(path, "", &theirs, &mine, &mut seen, &mut gaps);
        }
    }
    compared.extend(seen.into_iter().map(|(resource, _)| resource));
    (gaps, compared)
}

#[test]
fn what_is_published_and_in_scope_is_served_or_listed_with_a_reason() {
    let Some(published) = published() else { return sdk::skip("the published document") };
    let listed = listed::read(&page());
    let (gaps, compared) = gaps(published, &ours(), &listed.out_of_scope);

    let unlisted: Vec<String> = gaps
        .iter()
        .filter(|gap| !listed.gaps.iter().any(|row| gap.is_listed_as(row)))
        .map(|gap| format!("{} {}", gap.place, gap.name))
        .collect();
    let outdated: Vec<String> = listed
        .gaps
        .iter()
        .filter(|row| compared.contains(&row.place) || (row.place.ends_with('*') && !listed.to_come.contains(row)))
        .filter(|row| !gaps.iter().any(|gap| gap.is_listed_as(row)))
        .map(|row| format!("{} {}", row.place, row.name))
        .collect();
    let no_such_path: Vec<&String> = listed
        .out_of_scope
        .iter()
        .filter(|beginning| {
            !published["paths"].as_object().expect("paths").keys().any(|path| path.starts_with(beginning.as_str()))
        })
        .collect();
    assert!(
        unlisted.is_empty() && outdated.is_empty() && no_such_path.is_empty(),
        "neither served nor listed in docs/COMPATIBILITY.md:\n{}\nlisted there although it is served or not \
         published:\n{}\n{no_such_path:?}",
        unlisted.join("\n"),
        outdated.join("\n"),
    );
}
