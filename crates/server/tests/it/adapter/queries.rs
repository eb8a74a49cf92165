//! `spec/api.md` 1.4: query strings as the SDKs and the vendor's parser have them.

use serde_json::json;

use super::get;

#[tokio::test]
async fn arrays_are_read_in_three_spellings() {
    for (query, expected) in [
        ("device_ids=a&device_ids=b", json!(["a", "b"])),
        ("device_ids[]=a&device_ids[]=b", json!(["a", "b"])),
        ("device_ids%5B%5D=a", json!(["a"])),
        ("device_ids=a,b", json!(["a", "b"])),
        ("device_ids=a", json!(["a"])),
        ("device_ids=", json!([])),
        ("device_ids[]=", json!([])),
        ("device_ids=+", json!([])),
    ] {
        let reply = get(&format!("/doors/filter?{query}")).await;
        assert_eq!(reply.echo(), json!({"device_ids": expected}), "{query}");
    }
    assert_eq!(get("/doors/filter?numbers=1&numbers=+2.5").await.echo(), json!({"numbers": [1, 2.5]}));
}

#[tokio::test]
async fn mixed_array_formats_and_blanks_are_refused() {
    for (query, text) in [
        ("device_ids=a&device_ids[]=b", "Expected one array format, received name= and name[]= mixed"),
        ("device_ids=a,b&device_ids=c", "Expected one array format, received values with commas"),
        ("device_ids[]=a,b", "Expected one array format, received values with commas"),
        ("device_ids=a,,b", "Expected array, received an empty value among its elements"),
        ("device_ids=&device_ids=b", "Expected array, received an empty value among its elements"),
    ] {
        let (message, tree) = get(&format!("/doors/filter?{query}")).await.refusal();
        assert_eq!(message, format!("{text} for \"device_ids\""), "{query}");
        assert_eq!(tree, json!({"_errors": [], "device_ids": {"_errors": [text]}}));
    }
}

#[tokio::test]
async fn indexed_arrays_are_not_supported_and_unknown_names_are_ignored() {
    assert_eq!(get("/doors/filter?device_ids[0]=a&unknown=1&place.unknown=2&_strict=true").await.echo(), json!({}));
}

#[tokio::test]
async fn booleans_are_read_in_every_published_spelling() {
    for (spellings, expected) in [
        (["true", "True", "TRUE", "yes", "Yes", "YES", "1"], true),
        (["false", "False", "FALSE", "no", "No", "NO", "0"], false),
    ] {
        for spelling in spellings {
            let reply = get(&format!("/doors/filter?is_open=+{spelling}+")).await;
            assert_eq!(reply.echo(), json!({"is_open": expected}), "{spelling}");
        }
    }
    let (message, _) = get("/doors/filter?is_open=tRue").await.refusal();
    assert_eq!(message, "Expected boolean, received string for \"is_open\"");
}

#[tokio::test]
async fn numbers_arrive_as_text_and_are_coerced() {
    assert_eq!(get("/doors/filter?limit=10").await.echo(), json!({"limit": 10}));
    assert_eq!(get("/doors/filter?limit=+1e2%20").await.echo(), json!({"limit": 100}));
    for nonsense in ["ten", "NaN", "Infinity", "inf", "1e999"] {
        let (message, _) = get(&format!("/doors/filter?limit={nonsense}")).await.refusal();
        assert_eq!(message, "Expected number, received string for \"limit\"", "{nonsense}");
    }
}

#[tokio::test]
async fn an_empty_value_is_null_where_null_is_meant() {
    assert_eq!(get("/doors/filter?search=").await.echo(), json!({"search": null}));
    assert_eq!(get("/doors/filter?name=").await.echo(), json!({"name": ""}));
    for name in ["is_open", "limit", "created_before", "custom_metadata_has", "place"] {
        let (message, _) = get(&format!("/doors/filter?{name}=")).await.refusal();
        assert!(message.ends_with(&format!("received null for \"{name}\"")), "{message}");
    }
}

#[tokio::test]
async fn text_is_form_decoded_and_kept_as_it_is() {
    let reply = get("/doors/filter?name=+Caf%C3%A9+%26+Bar+&created_before=2023-01-01+10:40:00.000+").await;
    assert_eq!(reply.echo(), json!({"created_before": "2023-01-01 10:40:00.000", "name": " Café & Bar "}));
    let (message, tree) = get("/doors/filter?name=%ff").await.refusal();
    assert_eq!(message, "The query string is not valid UTF-8");
    assert_eq!(tree, json!({"_errors": [message]}));
}

#[tokio::test]
async fn objects_and_records_are_read_from_dot_paths() {
    let reply = get("/doors/filter?custom_metadata_has.room=101&custom_metadata_has.floor=1").await;
    assert_eq!(reply.echo(), json!({"custom_metadata_has": {"floor": "1", "room": "101"}}));
    let reply = get("/doors/filter?place.floor=3&place.wings=a,b").await;
    assert_eq!(reply.echo(), json!({"place": {"floor": 3, "wings": ["a", "b"]}}));
    let (message, _) = get("/doors/filter?custom_metadata_has.a.b=1").await.refusal();
    assert_eq!(message, "Expected one name inside a record, received a path for \"custom_metadata_has.a.b\"");
    let (message, _) = get("/doors/filter?place=&place.floor=1").await.refusal();
    assert_eq!(message, "Expected nested values only, received a value for place as well for \"place.floor\"");
}

#[tokio::test]
async fn a_repeated_scalar_is_refused() {
    let (message, tree) = get("/doors/filter?limit=1&limit=2").await.refusal();
    assert_eq!(message, "Expected one value, received 2 for \"limit\"");
    assert_eq!(tree, json!({"_errors": [], "limit": {"_errors": ["Expected one value, received 2"]}}));
    let (message, _) = get("/doors/filter?limit[]=1").await.refusal();
    assert_eq!(message, "Expected one value, received an array for \"limit\"");
}
