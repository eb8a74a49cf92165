use domain::Moment;
use engine::sites::{SeenEncoder, record_encoders};
use serde_json::{Value, json};

use crate::api::{Api, NOBODY};

/// What the lock server of one of the sites lists now.
fn listed(api: &Api, is_ours: bool, seed: u64, names: &[&str]) {
    let site = if is_ours { api.site.acs_system_id } else { api.foreign.acs_system_id };
    let seen: Vec<SeenEncoder> =
        names.iter().map(|name| SeenEncoder { native_id: format!("id-{name}"), name: (*name).to_owned() }).collect();
    let moment = Moment::new(api.app.clock.now(), seed);
    let recorded =
        api.app.store.write("test.encoders", move |tx| record_encoders(tx, &mut moment.clone(), site, &seen));
    recorded.unwrap();
}

fn names(reply: &Value) -> Vec<&str> {
    reply["acs_encoders"].as_array().unwrap().iter().map(|row| row["display_name"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn an_encoder_is_shown_with_all_its_members_and_others_workspaces_have_none_of_it() {
    let api = Api::new();
    listed(&api, true, 3, &["Front Desk"]);
    listed(&api, false, 4, &["Elsewhere"]);
    let reply = api.get("/acs/encoders/list").await.ok();
    let mut row = reply["acs_encoders"][0].clone();
    row["acs_encoder_id"].take();
    assert_eq!(
        api.redacted(&row),
        json!({
            "acs_encoder_id": null, "acs_system_id": "<site>", "connected_account_id": "<id>",
            "workspace_id": "<workspace>", "created_at": "<now>", "display_name": "Front Desk", "errors": [],
        })
    );
    assert_eq!(names(&reply), ["Front Desk"]);
}

#[tokio::test]
async fn filters_combine_and_pages_follow() {
    let api = Api::new();
    listed(&api, true, 3, &["One", "Two"]);
    let all = api.get("/acs/encoders/list").await.ok();
    let second = all["acs_encoders"][1]["acs_encoder_id"].clone();
    let ask = async |body: Value| {
        let reply = api.post("/acs/encoders/list", body).await.ok();
        names(&reply).into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    let site = api.site.acs_system_id;
    assert_eq!(ask(json!({"acs_system_id": site})).await, ["One", "Two"]);
    assert_eq!(ask(json!({"acs_system_ids": [site, NOBODY]})).await, ["One", "Two"]);
    assert_eq!(ask(json!({"acs_system_id": NOBODY})).await, [] as [&str; 0]);
    assert_eq!(ask(json!({"acs_system_id": site, "acs_system_ids": [NOBODY]})).await, [] as [&str; 0]);
    assert_eq!(ask(json!({"acs_encoder_ids": [second]})).await, ["Two"]);
    let first = api.get("/acs/encoders/list?limit=1").await.ok();
    assert_eq!(names(&first), ["One"]);
    let next = api.get(first["pagination"]["next_page_url"].as_str().unwrap()).await.ok();
    assert_eq!(names(&next), ["Two"]);
    assert_eq!(next["pagination"]["has_next_page"], false);
}

#[tokio::test]
async fn an_encoder_that_vanished_stays_and_says_so_until_it_is_back() {
    let api = Api::new();
    listed(&api, true, 3, &["Lobby"]);
    listed(&api, true, 4, &[]);
    let gone = api.get("/acs/encoders/list").await.ok();
    assert_eq!(gone["acs_encoders"][0]["errors"][0]["error_code"], "acs_encoder_removed");
    listed(&api, true, 5, &["Lobby"]);
    let back = api.get("/acs/encoders/list").await.ok();
    assert_eq!(back["acs_encoders"][0]["errors"], json!([]));
    assert_eq!(back["acs_encoders"][0]["acs_encoder_id"], gone["acs_encoders"][0]["acs_encoder_id"]);
}
