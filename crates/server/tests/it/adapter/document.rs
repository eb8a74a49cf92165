//! The published document, and the mistakes in a table that are found at start.

use innkeep_server::adapter::{Call, Error, Nothing, TableError, create, openapi, read, router};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use super::routes::{self, Hotel};

#[test]
fn every_route_is_described_with_every_verb() {
    let document = openapi::document(&routes::table(), "Innkeep", "0.1.0");
    assert_eq!(document["openapi"], "3.0.3");
    for route in routes::table() {
        let item = document["paths"][route.path()].as_object().unwrap();
        let verbs: Vec<String> = route.kind().methods().iter().map(|verb| verb.as_str().to_ascii_lowercase()).collect();
        assert_eq!(item.keys().collect::<Vec<_>>(), verbs.iter().collect::<Vec<_>>());
    }
}

#[test]
fn a_route_is_described_by_its_types() {
    let document = openapi::document(&routes::table(), "Innkeep", "0.1.0");
    let operation = &document["paths"]["/doors/get"]["get"];
    assert_eq!(operation["operationId"], "doorsGetGet");
    assert_eq!(operation["description"], "Gets a door.");
    assert_eq!(operation["x-response-key"], "door");
    let parameter = json!([{"name": "door_id", "in": "query", "required": true, "schema": {"type": "string"}}]);
    assert_eq!(operation["parameters"], parameter);
    assert_eq!(
        operation["responses"]["200"]["content"]["application/json"]["schema"],
        json!({
            "type": "object",
            "properties": {
                "door": {"$ref": "#/components/schemas/Door"},
                "ok": {"type": "boolean", "enum": [true]},
            },
            "required": ["door", "ok"],
        })
    );
    assert_eq!(
        document["components"]["schemas"]["Door"]["properties"]["name"],
        json!({"description": "Shown on the door.", "type": "string", "nullable": true})
    );
}

#[test]
fn a_request_body_says_what_may_be_null_and_what_must_be_there() {
    let document = openapi::document(&routes::table(), "Innkeep", "0.1.0");
    let body = &document["paths"]["/doors/create"]["post"]["requestBody"]["content"]["application/json"]["schema"];
    assert_eq!(body["required"], json!(["acs_entrance_id"]));
    assert_eq!(body["properties"]["acs_entrance_id"], json!({"type": "string", "format": "uuid"}));
    assert_eq!(body["properties"]["name"], json!({"type": "string", "minLength": 1, "maxLength": 20}));
    assert_eq!(body["properties"]["note"]["nullable"], true);
    let limit = &document["paths"]["/doors/list"]["post"]["requestBody"]["content"]["application/json"]["schema"];
    let expected = json!({"type": "integer", "minimum": 0, "exclusiveMinimum": true});
    assert_eq!(limit["properties"]["limit"], expected);
}

#[test]
fn a_path_stands_in_the_table_once() {
    let nothing = |_: &Call<'_, Hotel>, _: Nothing| Ok::<_, Error>(Nothing {});
    let table = vec![read("/twice", nothing), create("/twice", nothing)];
    assert!(matches!(router(table, routes::settings()), Err(TableError::Twice("/twice"))));
}

#[test]
fn a_request_type_with_an_unchecked_rule_is_found_at_start() {
    #[derive(Deserialize, JsonSchema)]
    #[expect(dead_code, reason = "only its schema is looked at")]
    struct Request {
        #[schemars(regex(pattern = "^[0-9]+$"))]
        code: String,
    }
    let table = vec![create("/code", |_: &Call<'_, Hotel>, _: Request| Ok(Nothing {}))];
    assert!(matches!(router(table, routes::settings()), Err(TableError::Request { path: "/code", .. })));
}
