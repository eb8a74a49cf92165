use serde_json::{Value, json};

use crate::api::{Api, NOBODY, assert_all_unknown};

const LAUNCH: &str = "/user_identities/enrollment_automations/launch";
const GET: &str = "/user_identities/enrollment_automations/get";
const DELETE: &str = "/user_identities/enrollment_automations/delete";

fn launch_of(api: &Api, person: &str) -> Value {
    json!({"user_identity_id": person, "credential_manager_acs_system_id": api.site.manager_id})
}

async fn listed(api: &Api, person: &str) -> Value {
    let target = format!("/user_identities/enrollment_automations/list?user_identity_id={person}");
    api.get(&target).await.ok()["enrollment_automations"].clone()
}

#[tokio::test]
async fn launching_again_answers_the_same_automation() {
    let api = Api::new();
    let person = api.person("Jane").await;
    let first = api.post(LAUNCH, launch_of(&api, &person)).await.ok();
    api.name(&first["enrollment_automation"]["enrollment_automation_id"], "automation");
    assert_eq!(
        api.redacted(&first),
        json!({
            "enrollment_automation": {
                "enrollment_automation_id": "<automation>",
                "workspace_id": "<workspace>",
                "user_identity_id": "<Jane>",
                "credential_manager_acs_system_id": "<manager>",
                "created_at": "<now>",
            },
            "ok": true,
        })
    );
    let mut again = launch_of(&api, &person);
    again["create_credential_manager_user"] = json!(true);
    assert_eq!(api.post(LAUNCH, again).await.ok(), first);
    assert_eq!(listed(&api, &person).await, json!([first["enrollment_automation"]]));
    let id = first["enrollment_automation"]["enrollment_automation_id"].as_str().unwrap();
    assert_eq!(api.get(&format!("{GET}?enrollment_automation_id={id}")).await.ok(), first);
}

#[tokio::test]
async fn the_older_name_launches_the_same() {
    let api = Api::new();
    let person = api.person("Jane").await;
    let old = api.post("/acs/credential_provisioning_automations/launch", launch_of(&api, &person)).await.ok();
    let new = api.post(LAUNCH, launch_of(&api, &person)).await.ok();
    let old = &old["acs_credential_provisioning_automation"];
    assert_eq!(
        old["acs_credential_provisioning_automation_id"],
        new["enrollment_automation"]["enrollment_automation_id"]
    );
    assert_eq!(old["created_at"], new["enrollment_automation"]["created_at"]);
}

#[tokio::test]
async fn an_automation_that_is_deleted_is_told_and_unknown() {
    let api = Api::new();
    let person = api.person("Jane").await;
    let made = api.post(LAUNCH, launch_of(&api, &person)).await.ok();
    let id = made["enrollment_automation"]["enrollment_automation_id"].clone();
    api.post(DELETE, json!({"enrollment_automation_id": id})).await.ok();
    let again = api.post(DELETE, json!({"enrollment_automation_id": id})).await;
    assert_eq!(again.refusal().1, "enrollment_automation_not_found");
    assert_eq!(listed(&api, &person).await, json!([]));
    let events = api.get("/events/list?since=2020-01-01T00:00:00Z&event_type=enrollment_automation.deleted").await.ok();
    assert_eq!(events["events"].as_array().unwrap().len(), 1);
    let event = &events["events"][0];
    assert_eq!((&event["enrollment_automation_id"], &event["user_identity_id"]), (&id, &json!(person)));
}

#[tokio::test]
async fn automations_go_with_their_person() {
    let api = Api::new();
    let person = api.person("Jane").await;
    let made = api.post(LAUNCH, launch_of(&api, &person)).await.ok();
    api.post("/user_identities/delete", json!({"user_identity_id": person})).await.ok();
    let id = &made["enrollment_automation"]["enrollment_automation_id"];
    assert_eq!(
        api.post(GET, json!({"enrollment_automation_id": id})).await.refusal().1,
        "enrollment_automation_not_found"
    );
}

#[tokio::test]
async fn what_credential_managers_do_not_have_is_refused() {
    let api = Api::new();
    let person = api.person("Jane").await;
    let user = api.user("Jane", None).await;
    let with = |members: Value| {
        let mut body = launch_of(&api, &person);
        body.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
        body
    };
    let both = with(json!({"create_credential_manager_user": true, "credential_manager_acs_user_id": user}));
    let text = "Provide either create_credential_manager_user or credential_manager_acs_user_id, not both";
    assert_eq!(api.post(LAUNCH, both).await.at(""), [text]);
    let named = api.post(LAUNCH, with(json!({"credential_manager_acs_user_id": user}))).await;
    assert_eq!(named.at("credential_manager_acs_user_id").len(), 1);
    let unknown = api.post(LAUNCH, with(json!({"credential_manager_acs_user_id": NOBODY}))).await;
    assert_eq!(unknown.refusal().1, "acs_user_not_found");
    let pool = api.post(LAUNCH, with(json!({"acs_credential_pool_id": NOBODY}))).await;
    assert_eq!(pool.refusal().1, "not_supported");
    let hotel = api.post(LAUNCH, with(json!({"credential_manager_acs_system_id": api.site.acs_system_id}))).await;
    assert_eq!(hotel.at("credential_manager_acs_system_id").len(), 1);
    assert_eq!(listed(&api, &person).await, json!([]), "nothing was launched");
}

#[tokio::test]
async fn foreign_ones_are_unknown() {
    let api = Api::new();
    let person = api.person("Jane").await;
    let theirs = api.post_there("/user_identities/create", json!({})).await.ok();
    let stranger = theirs["user_identity"]["user_identity_id"].as_str().unwrap();
    let body = json!({"user_identity_id": stranger, "credential_manager_acs_system_id": api.foreign.manager_id});
    let made = api.post_there(LAUNCH, body).await.ok();
    let foreign = made["enrollment_automation"]["enrollment_automation_id"].as_str().unwrap();
    for route in [GET, DELETE] {
        let mut replies = Vec::new();
        for id in [NOBODY, foreign, "x"] {
            replies.push((id, api.post(route, json!({"enrollment_automation_id": id})).await));
        }
        assert_all_unknown("enrollment_automation", replies.try_into().unwrap());
    }
    let mut replies = Vec::new();
    for id in [NOBODY, stranger, "x"] {
        let list = "/user_identities/enrollment_automations/list";
        replies.push((id, api.post(list, json!({"user_identity_id": id})).await));
    }
    assert_all_unknown("user_identity", replies.try_into().unwrap());
    assert_eq!(api.post(LAUNCH, launch_of(&api, stranger)).await.refusal().1, "user_identity_not_found");
    let elsewhere = json!({"user_identity_id": person, "credential_manager_acs_system_id": api.foreign.manager_id});
    assert_eq!(api.post(LAUNCH, elsewhere).await.refusal().1, "acs_system_not_found");
}
