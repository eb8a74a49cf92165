use serde_json::json;

use super::{Api, asked, granted, id, told};
use crate::api::NOBODY;

/// P7: until the lock server has confirmed, it is there; asking again meanwhile is fine.
#[tokio::test]
async fn a_grant_that_is_being_deleted_says_so_and_can_be_deleted_again() {
    let api = Api::new();
    let ada = api.person("ada").await;
    let grant = granted(&api, &ada, "R1", &["101"], &["card", "mobile_key"]).await;
    for _ in 0..2 {
        api.post("/access_grants/delete", json!({"access_grant_id": id(&grant)})).await.ok();
    }
    let got = api.post("/access_grants/get", json!({"access_grant_id": id(&grant)})).await.ok()["access_grant"].clone();
    assert_eq!(got["warnings"][0]["warning_code"], "being_deleted");
    let methods = api.post("/access_methods/list", json!({"access_grant_id": id(&grant)})).await.ok();
    for method in methods["access_methods"].as_array().unwrap() {
        assert_eq!(method["warnings"][0]["warning_code"], "being_deleted");
        assert_eq!(method["pending_mutations"][0]["mutation_code"], "revoking_access");
    }
    for (route, body) in [
        ("update", json!({"access_grant_id": id(&grant), "name": "x"})),
        ("update", json!({"access_grant_id": id(&grant), "ends_at": "2030-01-05T10:00:00Z"})),
        (
            "request_access_methods",
            json!({"access_grant_id": id(&grant), "requested_access_methods": [{"mode": "card"}]}),
        ),
    ] {
        let reply = api.post(&format!("/access_grants/{route}"), body).await;
        let message = "the access grant is being deleted; create a new one instead";
        assert_eq!(reply.refusal(), (409, "conflict", message), "{route}");
    }
}

#[tokio::test]
async fn a_grant_without_methods_goes_at_once() {
    let api = Api::new();
    let ada = api.person("ada").await;
    let grant = granted(&api, &ada, "R1", &["101"], &["code"]).await;
    api.post("/access_grants/delete", json!({"access_grant_id": id(&grant)})).await.ok();
    let gone = api.post("/access_grants/get", json!({"access_grant_id": id(&grant)})).await;
    assert_eq!((gone.refusal().0, gone.refusal().1), (404, "access_grant_not_found"));
    let again = api.post("/access_grants/delete", json!({"access_grant_id": id(&grant)})).await;
    assert_eq!(again.refusal().1, "access_grant_not_found");
    assert_eq!(told(&api).await.last().map(String::as_str), Some("access_grant.deleted"));
}

#[tokio::test]
async fn methods_are_deleted_one_by_one_by_grant_or_by_reservation() {
    let api = Api::new();
    let (ada, bob) = (api.person("ada").await, api.person("bob").await);
    let first = granted(&api, &ada, "R1", &["101"], &["card", "mobile_key"]).await;
    let second = granted(&api, &bob, "R1", &["101"], &["card"]).await;
    let ending = async |grant: &serde_json::Value| {
        let listed = api.post("/access_methods/list", json!({"access_grant_id": id(grant)})).await.ok();
        let methods = listed["access_methods"].as_array().unwrap();
        methods.iter().filter(|method| !method["warnings"].as_array().unwrap().is_empty()).count()
    };
    let one = json!({"access_method_id": first["access_method_ids"][0]});
    api.post("/access_methods/delete", one).await.ok();
    assert_eq!((ending(&first).await, ending(&second).await), (1, 0));
    api.post("/access_methods/delete", json!({"access_grant_id": id(&first)})).await.ok();
    assert_eq!((ending(&first).await, ending(&second).await), (2, 0));
    api.post("/access_methods/delete", json!({"reservation_key": "R1"})).await.ok();
    assert_eq!((ending(&first).await, ending(&second).await), (2, 1));

    let none = api.post("/access_methods/delete", json!({})).await;
    assert_eq!(none.at(""), ["Provide exactly one of access_method_id, access_grant_id or reservation_key"]);
    let unknown = api.post("/access_methods/delete", json!({"reservation_key": "R9"})).await;
    assert_eq!(unknown.refusal().1, "access_grant_not_found");
}

/// P8: what is another workspace's is unknown, and stays as it is.
#[tokio::test]
async fn foreign_and_malformed_ids_are_unknown() {
    let api = Api::new();
    let theirs = api.post_there("/user_identities/create", json!({"full_name": "Stranger"})).await.ok();
    let theirs = theirs["user_identity"]["user_identity_id"].clone();
    let mut body = asked(&api, NOBODY, &[], &["card"], json!({"reservation_key": "R1", "access_grant_key": "K"}));
    body["user_identity_id"] = theirs;
    body["acs_entrance_ids"] = json!([api.foreign.doors["101"]]);
    let foreign = api.post_there("/access_grants/create", body).await.ok()["access_grant"].clone();
    for key in [foreign["access_grant_id"].as_str().unwrap(), NOBODY, "no-uuid"] {
        for route in ["get", "update", "delete"] {
            let reply = api.post(&format!("/access_grants/{route}"), json!({"access_grant_id": key})).await;
            assert_eq!((reply.refusal().0, reply.refusal().1), (404, "access_grant_not_found"), "{route} {key}");
        }
    }
    for key in [foreign["access_method_ids"][0].as_str().unwrap(), NOBODY, "no-uuid"] {
        for route in ["get", "delete"] {
            let reply = api.post(&format!("/access_methods/{route}"), json!({"access_method_id": key})).await;
            assert_eq!((reply.refusal().0, reply.refusal().1), (404, "access_method_not_found"), "{route} {key}");
        }
    }
    let by_key = api.post("/access_grants/get", json!({"access_grant_key": "K"})).await;
    assert_eq!(by_key.refusal().1, "access_grant_not_found");
    assert_eq!(
        api.post("/access_grants/list", json!({"reservation_key": "R1"})).await.ok()["access_grants"],
        json!([])
    );
    let still_there = api.post_there("/access_grants/get", json!({"access_grant_key": "K"})).await.ok();
    assert_eq!(still_there["access_grant"], foreign);
}
