//! The published document: OpenAPI 3.0 made from the table of routes and the types they name. Where it is served is
//! left to the application.

use http::Method;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use super::Route;

/// The document of all routes. `title` and `version` describe this program.
#[must_use]
pub fn document<S>(table: &[Route<S>], title: &str, version: &str) -> Value {
    let mut answers = SchemaSettings::draft2020_12()
        .for_serialize()
        .with(|settings| {
            settings.definitions_path = "/components/schemas".into();
            settings.meta_schema = None;
        })
        .into_generator();
    let mut paths = Map::new();
    for route in table {
        let answer = route.answer_schema(&mut answers);
        paths.insert(route.path().to_owned(), path_item(route, answer));
    }
    let mut schemas = answers.take_definitions(true);
    for schema in schemas.values_mut() {
        to_openapi(schema, true);
    }
    schemas.insert("error".to_owned(), error_schema());
    json!({
        "openapi": "3.0.3",
        "info": {"title": title, "version": version},
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {"api_key": {"type": "http", "scheme": "bearer"}},
        },
        "security": [{"api_key": []}],
    })
}

/// The member of the answer that carries the resource, if it has one (`spec/api.md` 1.5).
#[must_use]
pub fn response_key(answer_schema: &Value) -> Option<&str> {
    let members = answer_schema.get("properties")?.as_object()?;
    members.keys().map(String::as_str).find(|name| *name != "pagination")
}

fn path_item<S>(route: &Route<S>, mut answer: Value) -> Value {
    to_openapi(&mut answer, true);
    let response_key = response_key(&answer).map(str::to_owned);
    let mut request = route.request_schema();
    let description = request.get("description").and_then(Value::as_str).unwrap_or_default().to_owned();
    to_openapi(&mut request, false);
    let response = json!({
        "200": {"description": "OK", "content": {"application/json": {"schema": with_ok(answer)}}},
        "default": {
            "description": "Refused or failed",
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/error"}}},
        },
    });
    let mut item = Map::new();
    for method in route.kind().methods() {
        let verb = method.as_str().to_ascii_lowercase();
        let mut operation = json!({
            "operationId": operation_id(route.path(), &verb),
            "summary": route.path(),
            "description": description,
            "tags": [tag(route.path())],
            "responses": response,
        });
        if let Some(key) = &response_key {
            operation["x-response-key"] = json!(key);
        }
        if *method == Method::GET || *method == Method::DELETE {
            operation["parameters"] = query_parameters(&request);
        } else {
            operation["requestBody"] = json!({"content": {"application/json": {"schema": request}}});
        }
        item.insert(verb, operation);
    }
    Value::Object(item)
}

fn query_parameters(request: &Value) -> Value {
    let required = request.get("required").and_then(Value::as_array);
    let properties = request.get("properties").and_then(Value::as_object);
    properties
        .into_iter()
        .flatten()
        .map(|(name, schema)| {
            json!({
                "name": name,
                "in": "query",
                "required": required.is_some_and(|names| names.iter().any(|required| required == name)),
                "schema": schema,
            })
        })
        .collect()
}

fn with_ok(mut answer: Value) -> Value {
    if let Value::Object(schema) = &mut answer {
        let properties = schema.entry("properties").or_insert_with(|| json!({}));
        properties["ok"] = json!({"type": "boolean", "enum": [true]});
        let required = schema.entry("required").or_insert_with(|| json!([]));
        if let Value::Array(required) = required {
            required.push(json!("ok"));
        }
    }
    answer
}

fn error_schema() -> Value {
    json!({
        "type": "object",
        "required": ["error", "ok"],
        "properties": {
            "error": {
                "type": "object",
                "required": ["type", "message"],
                "properties": {
                    "type": {"type": "string"},
                    "message": {"type": "string"},
                    "title": {"type": "string"},
                    "data": {},
                    "validation_errors": {
                        "type": "object",
                        "description": "A tree by parameter name; each node lists its texts in `_errors`.",
                        "additionalProperties": true,
                    },
                },
            },
            "ok": {"type": "boolean", "enum": [false]},
        },
    })
}

/// `/acs/credentials/create` and `post` become `acsCredentialsCreatePost`.
fn operation_id(path: &str, verb: &str) -> String {
    let words = path.split(['/', '_']).filter(|word| !word.is_empty()).chain([verb]);
    let mut id = String::new();
    for word in words {
        let (first, rest) = word.split_at(word.chars().next().map_or(0, char::len_utf8));
        if id.is_empty() {
            id.push_str(first)
        } else {
            id.push_str(&first.to_ascii_uppercase())
        }
        id.push_str(rest);
    }
    id
}

/// `/acs/credentials/create` belongs to `acs/credentials`.
fn tag(path: &str) -> &str {
    let path = path.trim_start_matches('/');
    path.rsplit_once('/').map_or(path, |(group, _)| group)
}

/// Rewrites JSON Schema into the dialect of OpenAPI 3.0. In requests an optional parameter is not a nullable one, so
/// `null` disappears there unless the type says `nullable` itself.
fn to_openapi(schema: &mut Value, null_is_kept: bool) {
    match schema {
        Value::Array(items) => items.iter_mut().for_each(|item| to_openapi(item, null_is_kept)),
        Value::Object(keywords) => {
            remove_null(keywords, null_is_kept);
            for keyword in ["$schema", "title", "x-aliases", "x-not-blank"] {
                // A property may be called `title`; then the keyword's place holds a schema.
                if keywords.get(keyword).is_some_and(|value| !value.is_object()) {
                    keywords.remove(keyword);
                }
            }
            if let Some(only) = keywords.remove("const") {
                keywords.insert("enum".to_owned(), json!([only]));
            }
            if let Some(bound) = keywords.remove("exclusiveMinimum") {
                keywords.insert("minimum".to_owned(), bound);
                keywords.insert("exclusiveMinimum".to_owned(), json!(true));
            }
            keywords.values_mut().for_each(|value| to_openapi(value, null_is_kept));
        }
        _ => {}
    }
}

fn remove_null(keywords: &mut Map<String, Value>, null_is_kept: bool) {
    let mut had_null = false;
    if let Some(Value::Array(names)) = keywords.get_mut("type") {
        let before = names.len();
        names.retain(|name| name != "null");
        had_null |= names.len() < before;
        if let [only] = names.as_slice() {
            let only = only.clone();
            keywords.insert("type".to_owned(), only);
        }
    }
    if let Some(Value::Array(values)) = keywords.get_mut("enum")
        && had_null
        && !null_is_kept
    {
        values.retain(|value| !value.is_null());
    }
    for keyword in ["anyOf", "oneOf"] {
        let Some(Value::Array(branches)) = keywords.get_mut(keyword) else { continue };
        let before = branches.len();
        branches.retain(|branch| branch.get("type").is_none_or(|name| name != "null"));
        if branches.len() == before {
            continue;
        }
        had_null = true;
        if branches.len() == 1
            && let Some(Value::Array(only)) = keywords.remove(keyword)
        {
            // Beside a `$ref` OpenAPI 3.0 ignores everything, so it is wrapped.
            keywords.insert("allOf".to_owned(), Value::Array(only));
        }
    }
    if had_null && null_is_kept {
        keywords.insert("nullable".to_owned(), json!(true));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operations_are_named_after_path_and_verb() {
        assert_eq!(
            operation_id("/acs/credentials/list_accessible_entrances", "get"),
            "acsCredentialsListAccessibleEntrancesGet"
        );
        assert_eq!(tag("/acs/credentials/create"), "acs/credentials");
        assert_eq!(tag("/health"), "health");
    }

    #[test]
    fn null_becomes_nullable_in_answers_and_disappears_from_optional_parameters() {
        let schema = json!({"type": ["string", "null"]});
        let mut answer = schema.clone();
        to_openapi(&mut answer, true);
        assert_eq!(answer, json!({"type": "string", "nullable": true}));
        let mut request = schema;
        to_openapi(&mut request, false);
        assert_eq!(request, json!({"type": "string"}));
        let mut reference = json!({"anyOf": [{"$ref": "#/components/schemas/Phone"}, {"type": "null"}]});
        to_openapi(&mut reference, true);
        assert_eq!(reference, json!({"allOf": [{"$ref": "#/components/schemas/Phone"}], "nullable": true}));
    }
}
