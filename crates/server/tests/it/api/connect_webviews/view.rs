//! The page in a sandbox; against a real wire it is tested with `innkeep serve`.

use serde_json::{Value, json};

use super::{JANE, connected, page, says, target};
use crate::api::Api;

async fn status(api: &Api, webview: &Value) -> Value {
    let body = json!({"connect_webview_id": webview["connect_webview_id"]});
    api.post("/connect_webviews/get", body).await.ok()["connect_webview"].clone()
}

async fn event_types(api: &Api) -> Vec<String> {
    let listed = api.post("/events/list", json!({"since": "2020-01-01T00:00:00Z", "limit": 1000})).await.ok();
    listed["events"].as_array().unwrap().iter().map(|event| event["event_type"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn the_page_opens_with_its_token_only() {
    let api = Api::new();
    let webview = page(&api, json!({})).await;
    let good = target(&webview);
    assert_eq!(api.open_page(&good, None).await.status, 200);
    let other = target(&page(&api, json!({})).await);
    let token = |target: &str| target.split("auth_token=").nth(1).unwrap().to_owned();
    let wrong = [
        good.replace(&token(&good), &token(&other)),
        good.replace(&token(&good), ""),
        good[..good.len() - 1].to_owned(),
        good.replace("auth_token", "token"),
        "/connect_webviews/view".to_owned(),
    ];
    for target in wrong {
        for form in [None, Some(JANE)] {
            let refused = api.open_page(&target, form).await;
            assert_eq!(refused.status, 404, "{target}");
            says(&refused, "This link opens nothing");
        }
    }
    assert_eq!(status(&api, &webview).await["status"], "pending");
}

#[tokio::test]
async fn the_page_can_be_read_by_everybody_and_runs_nothing() {
    let api = Api::new();
    let webview = page(&api, json!({"accepted_providers": ["visionline"], "custom_redirect_url": "app://done"})).await;
    let shown = api.open_page(&target(&webview), None).await;
    assert_eq!(shown.text.matches("<h1>").count(), 1);
    assert!(shown.text.contains("<html lang=\"en\">") && !shown.text.contains("<script"));
    for field in ["site_name", "lan_address", "time_zone", "username", "password", "mobile_keys", "system_id"] {
        says(&shown, &format!("<label for=\"{field}\">"));
        says(&shown, &format!("id=\"{field}\""));
    }
    let policy = shown.header("content-security-policy");
    assert!(policy.starts_with("default-src 'none'; style-src 'sha256-"), "{policy}");
    assert!(policy.contains("form-action 'self' app:; base-uri 'none'"), "{policy}");
    assert_eq!(shown.header("referrer-policy"), "no-referrer");
    assert_eq!(shown.header("cache-control"), "no-store");
}

#[tokio::test]
async fn with_several_providers_the_operator_chooses_first() {
    let api = Api::new();
    let webview = page(&api, json!({})).await;
    let shown = api.open_page(&target(&webview), None).await;
    says(&shown, "What do you want to connect?");
    let chosen = api.open_page(&format!("{}&provider=assa_abloy_credential_service", target(&webview)), None).await;
    says(&chosen, "Credential Services URL");
    // Nothing that was not offered.
    let webview = page(&api, json!({"accepted_providers": ["visionline"]})).await;
    let shown = api.open_page(&format!("{}&provider=assa_abloy_credential_service", target(&webview)), None).await;
    says(&shown, "Visionline Site Name");
}

#[tokio::test]
async fn connecting_a_hotel_for_the_first_time_tells_everything_in_order() {
    let api = Api::new();
    let accounts = api.post("/connected_accounts/list", json!({})).await.ok();
    for account in accounts["connected_accounts"].as_array().unwrap() {
        let body = json!({"connected_account_id": account["connected_account_id"]});
        api.post("/connected_accounts/delete", body).await.ok();
    }
    let before = event_types(&api).await.len();
    let words = json!({"branch": "north"});
    let webview = connected(&api, json!({"custom_metadata": words, "customer_key": "chain"})).await;
    assert_eq!(webview["login_successful"], true);
    assert_eq!(webview["selected_provider"], "visionline");
    let told = event_types(&api).await.split_off(before);
    let mut distinct = told.clone();
    distinct.dedup();
    assert_eq!(
        distinct,
        [
            "connect_webview.login_succeeded",
            "connected_account.successful_login",
            "connected_account.created",
            "connected_account.connected",
            "acs_system.added",
            "acs_system.connected",
            "acs_entrance.added",
            "acs_encoder.added",
            "connected_account.completed_first_sync",
        ]
    );
    assert_eq!(told.iter().filter(|kind| *kind == "acs_encoder.added").count(), 2);
    let account = json!({"connected_account_id": webview["connected_account_id"]});
    let account = api.post("/connected_accounts/get", account).await.ok()["connected_account"].clone();
    assert_eq!((&account["custom_metadata"], &account["customer_key"]), (&words, &json!("chain")));
    assert_eq!(account["errors"], json!([]));
    assert_eq!(account["user_identifier"]["username"], "jane");
    let systems = api.post("/acs/systems/list", json!({})).await.ok()["acs_systems"].clone();
    assert_eq!(systems.as_array().unwrap().len(), 1);
    assert_eq!(systems[0]["name"], "Hotel Zenith");
    assert_eq!(systems[0]["location"]["time_zone"], "Europe/Stockholm");
    assert_eq!(systems[0]["visionline_metadata"]["mobile_access_uuid"], "1");
    assert_eq!(systems[0]["default_credential_manager_acs_system_id"], Value::Null);
    let listed = api.post("/events/list", json!({"since": "2020-01-01T00:00:00Z", "limit": 1000})).await.ok();
    let login = listed["events"].as_array().unwrap()[before].clone();
    assert_eq!(login["connect_webview_id"], webview["connect_webview_id"]);
    assert_eq!(login["connected_account_id"], webview["connected_account_id"]);
    assert_eq!((&login["connected_account_custom_metadata"], &login["customer_key"]), (&words, &json!("chain")));

    // Then the manager: the hotel that has none gets it.
    let manager = page(&api, json!({"accepted_providers": ["assa_abloy_credential_service"]})).await;
    let form = "step=connect&username=jane&password=1234&service_url=https%3A%2F%2Fexample.com";
    assert_eq!(api.open_page(&target(&manager), Some(form)).await.status, 200);
    let systems = api.post("/acs/systems/list", json!({})).await.ok()["acs_systems"].clone();
    assert_eq!(systems[1]["external_type"], "assa_abloy_credential_service");
    assert_eq!(systems[0]["default_credential_manager_acs_system_id"], systems[1]["acs_system_id"]);
}

#[tokio::test]
async fn every_wrong_input_is_told_and_nothing_is_connected() {
    let api = Api::new();
    let webview = page(&api, json!({"accepted_providers": ["visionline"]})).await;
    let before = event_types(&api).await;
    let zone = "time_zone=Europe%2FStockholm";
    let cases = [
        ("step=connect&site_name=&username=jane&password=1234".to_owned(), "Enter the name of the site"),
        (format!("step=connect&site_name=a&{zone}&password=1234"), "Enter the username"),
        (format!("step=connect&site_name=a&{zone}&username=jane"), "Enter the password"),
        (format!("step=connect&site_name={}&username=jane&password=1234", "a".repeat(201)), "Use at most 200"),
        ("step=connect&site_name=a&time_zone=Mars&username=jane&password=1234".to_owned(), "Choose a time zone"),
        (
            "step=connect&site_name=a&time_zone=Europe%2FLisbon&username=jane&password=1234".to_owned(),
            "The clock of the simulated hotel is in the time zone Europe/Stockholm",
        ),
        ("step=connect&site_name=a&lan_address=http%3A%2F%2Fa&username=jane&password=1".to_owned(), "must begin with"),
        ("step=connect&site_name=a&lan_address=a%2Fb&username=jane&password=1".to_owned(), "without a path"),
        (
            "step=connect&site_name=a&username=jane&password=1234&mobile_keys=on&system_id=1".to_owned(),
            "Enter the Mobile Access UUID",
        ),
        (
            "step=connect&site_name=a&username=jane&password=12345".to_owned(),
            "check the operator jane and its password at the lock server",
        ),
        ("step=connect&site_name=%3Cb%3E&username=%22%3E%3Cimg&password=x".to_owned(), "&#60;b&#62;"),
        ("step=connect&site_name=%FF%FE&password=%00".to_owned(), "There is a problem"),
        (String::new(), "There is a problem"),
    ];
    for (form, told) in cases {
        let shown = api.open_page(&target(&webview), Some(&form)).await;
        assert_eq!(shown.status, 422, "{form}: {}", shown.text);
        says(&shown, told);
        says(&shown, "<title>Error: ");
        says(&shown, "role=\"alert\"");
        assert!(!shown.text.contains("12345") && !shown.text.contains("<img"), "{}", shown.text);
    }
    let large = api.open_page(&target(&webview), Some(&"a".repeat(70_000))).await;
    assert_eq!(large.status, 413);
    assert_eq!(status(&api, &webview).await["status"], "pending");
    assert_eq!(event_types(&api).await, before);
}

#[tokio::test]
async fn the_operator_goes_on_to_where_the_caller_wants() {
    let api = Api::new();
    let asked = json!({
        "accepted_providers": ["visionline"], "custom_redirect_url": "https://app.example/done?from=hotel",
        "custom_redirect_failure_url": "https://app.example/failed",
    });
    let webview = page(&api, asked.clone()).await;
    let id = webview["connect_webview_id"].as_str().unwrap().to_owned();
    let sent = api.open_page(&target(&webview), Some(JANE)).await;
    assert_eq!(sent.status, 303, "{}", sent.text);
    assert_eq!(sent.header("location"), format!("https://app.example/done?from=hotel&connect_webview_id={id}"));
    // Sent twice, and opened again: the same end, and no second account.
    let again = api.open_page(&target(&webview), Some(JANE)).await;
    assert_eq!((again.status, again.header("location")), (sent.status, sent.header("location")));
    says(&api.open_page(&target(&webview), None).await, "Connected");

    let webview = page(&api, asked).await;
    let id = webview["connect_webview_id"].as_str().unwrap().to_owned();
    let left = api.open_page(&target(&webview), Some("step=give_up")).await;
    assert_eq!(
        left.header("location"),
        format!(
            "https://app.example/failed?connect_webview_id={id}&error_code=canceled_by_user&error_message=\
             The+operator+did+not+connect+the+system."
        )
    );
    assert_eq!(status(&api, &webview).await["status"], "failed");
    assert_eq!(event_types(&api).await.last().unwrap(), "connect_webview.login_failed");
    // What failed stays failed.
    api.open_page(&target(&webview), Some(JANE)).await;
    assert_eq!(status(&api, &webview).await["status"], "failed");
    // Without an address of its own a failure goes to the other one.
    let webview = page(&api, json!({"custom_redirect_url": "hotelapp://connected"})).await;
    let left = api.open_page(&target(&webview), Some("step=give_up")).await;
    assert!(left.header("location").starts_with("hotelapp://connected?connect_webview_id="), "{left:?}");
}

#[tokio::test]
async fn passwords_cannot_be_guessed_for_ever() {
    let api = Api::new();
    let webview = page(&api, json!({"accepted_providers": ["visionline"]})).await;
    let form = "step=connect&site_name=a&username=jane&password=wrong";
    let mut tries = 0;
    while status(&api, &webview).await["status"] == "pending" {
        api.open_page(&target(&webview), Some(form)).await;
        tries += 1;
        assert!(tries <= 100, "a limit");
    }
    let after = status(&api, &webview).await;
    assert_eq!((&after["status"], &after["innkeep"]["error_code"]), (&json!("failed"), &json!("too_many_attempts")));
    says(&api.open_page(&target(&webview), Some(JANE)).await, "Not connected");
}

#[tokio::test]
async fn another_customers_hotel_is_not_connected() {
    let api = Api::new();
    let first = connected(&api, json!({"customer_key": "chain"})).await;
    // The same customer, and nobody in particular, may connect it again.
    assert_eq!(connected(&api, json!({"customer_key": "chain"})).await["status"], "authorized");
    assert_eq!(connected(&api, json!({})).await["connected_account_id"], first["connected_account_id"]);
    let webview = page(&api, json!({"customer_key": "other"})).await;
    api.open_page(&target(&webview), Some(JANE)).await;
    let after = status(&api, &webview).await;
    assert_eq!((&after["status"], &after["innkeep"]["error_code"]), (&json!("failed"), &json!("customer_conflict")));
    let account = api.post("/connected_accounts/list", json!({"customer_key": "chain"})).await.ok();
    assert_eq!(account["connected_accounts"].as_array().unwrap().len(), 1);
    let systems = |key: &'static str| api.post("/acs/systems/list", json!({"customer_key": key}));
    assert_eq!(systems("chain").await.ok()["acs_systems"].as_array().unwrap().len(), 1);
    assert_eq!(systems("other").await.ok()["acs_systems"], json!([]));
}
