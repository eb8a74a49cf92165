//! `innkeep keys`: made once, shown once, revoked for good.

use serde_json::{Value, json};

use super::{LockServer, Office, SiteTable};

fn office() -> (LockServer, Office) {
    let hotel = LockServer::start();
    let office = Office::new();
    office.configure("", &[SiteTable::of(&hotel)]);
    (hotel, office)
}

fn parsed((succeeded, said, complained): (bool, String, String)) -> Value {
    assert!(succeeded, "{said}{complained}");
    serde_json::from_str(&said).unwrap()
}

#[test]
fn a_key_is_shown_once_and_opens_until_it_is_revoked() {
    let (_hotel, office) = office();
    let made = parsed(office.run(&["keys", "create", "--name", "PMS", "--json"]));
    let token = made["api_key"].as_str().unwrap();
    assert!(token.starts_with("seam_test"), "{token}");
    let listed = parsed(office.run(&["keys", "list", "--json"]));
    assert_eq!(listed["api_keys"][0]["name"], "PMS");
    assert!(!listed.to_string().contains(token.rsplit('_').next().unwrap()), "the secret part is shown again");
    let (_, table, _) = office.run(&["keys", "list"]);
    assert!(table.starts_with("id ") && table.contains("PMS"), "{table}");

    // A workspace that has a key gets no other at its first start.
    let desk = office.open(Some(token));
    assert_eq!(desk.ready.api_key, None);
    desk.post("/workspaces/get", json!({}));
    let short = made["short_token"].as_str().unwrap();
    let revoked = parsed(office.run(&["keys", "revoke", short, "--json"]));
    assert!(revoked["revoked_at"].is_string());
    desk.wait("the key is refused", |desk| {
        let (status, _) = desk.try_post("/workspaces/get", &json!({})).unwrap();
        (status == 401).then_some(())
    });
    let (succeeded, _, said) = office.run(&["keys", "revoke", "nobody"]);
    assert!(!succeeded && said.contains("there is no API key nobody"), "{said}");
}

#[test]
fn the_first_start_makes_a_key_and_the_second_does_not() {
    let (_hotel, office) = office();
    let first = office.open(None);
    let key = first.ready.api_key.clone().unwrap();
    assert!(!first.output().replacen(&key, "", 1).contains(&key), "the key is printed once, and logged never");
    first.stop();
    assert_eq!(office.open(Some(&key)).ready.api_key, None);
}

#[test]
fn a_real_workspace_has_no_simulated_phones_and_keys_of_its_own_kind() {
    let (_hotel, office) = office();
    let text = std::fs::read_to_string(office.path("innkeep.toml")).unwrap();
    office.write("innkeep.toml", &text.replace("sandbox = true", ""));
    let desk = office.open(None);
    assert!(desk.api_key.starts_with("seam_live"), "{}", desk.api_key);
    let person = desk.post("/user_identities/create", json!({}));
    let body = json!({"user_identity_id": person["user_identity"]["user_identity_id"]});
    let (status, answer) = desk.try_post("/phones/simulate/create_sandbox_phone", &body).unwrap();
    assert_eq!((status, &answer["error"]["type"]), (400, &json!("workspace_not_sandbox")));
    desk.stop();

    office.write("innkeep.toml", &text);
    let (started, _, said) = office.run(&["serve"]);
    assert!(!started && said.contains("choose another database"), "{said}");
}

#[test]
fn a_personal_access_token_opens_the_workspace_until_it_is_revoked() {
    let (_hotel, office) = office();
    let made = parsed(office.run(&["keys", "create", "--owner", "anna@example.org", "--name", "laptop", "--json"]));
    let token = made["personal_access_token"].as_str().unwrap();
    assert!(token.starts_with("seam_at1"), "{token}");
    let listed = parsed(office.run(&["keys", "list", "--json"]));
    assert_eq!(listed["personal_access_tokens"][0]["owner"], "anna@example.org");
    assert!(!listed.to_string().contains(token.rsplit('_').next().unwrap()), "the secret part is shown again");

    let desk = office.open(Some(token));
    let workspaces = desk.post("/workspaces/list", json!({}));
    assert_eq!(workspaces["workspaces"][0]["workspace_id"], made["workspace_id"]);
    let revoked = parsed(office.run(&["keys", "revoke", made["short_token"].as_str().unwrap(), "--json"]));
    assert!(revoked["revoked_at"].is_string());
    let (status, _) = desk.try_post("/workspaces/list", &json!({})).unwrap();
    assert_eq!(status, 401);
}

#[test]
fn the_publishable_key_is_made_when_it_is_first_accepted() {
    let (_hotel, office) = office();
    parsed(office.run(&["keys", "create", "--json"]));
    let before = parsed(office.run(&["keys", "publishable", "--json"]));
    assert_eq!(before, json!({"publishable_key": null, "is_publishable_key_auth_enabled": false}));
    let made = parsed(office.run(&["keys", "publishable", "--accept", "yes", "--json"]));
    let key = made["publishable_key"].as_str().unwrap();
    assert!(key.starts_with("seam_pk1_"), "{key}");
    let off = parsed(office.run(&["keys", "publishable", "--accept", "no", "--json"]));
    assert_eq!(off, json!({"publishable_key": key, "is_publishable_key_auth_enabled": false}));
}
