//! The link and the client session that come with a mobile key (`spec/api.md 4.19`, `4.22`).

use serde_json::json;

use super::Hotel;

#[tokio::test]
async fn a_mobile_key_comes_with_a_link_and_a_session_which_end_with_it() {
    let hotel = Hotel::open().await;
    let ada = hotel.guest("ada").await;
    let booking = hotel.book(&ada, "R1", &["101"], &["mobile_key", "card"], 0, 72).await;
    let grant = hotel.grant(&booking).await;
    let (token, url) = (grant["client_session_token"].as_str().unwrap(), grant["instant_key_url"].as_str().unwrap());
    assert!(token.starts_with("seam_cst"), "{token}");
    let key = hotel.method(booking.key()).await;
    assert_eq!((key["client_session_token"].as_str(), key["instant_key_url"].as_str()), (Some(token), Some(url)));
    assert!(hotel.method(booking.card()).await.get("instant_key_url").is_none());
    let named = json!({"instant_key_url": url});
    let link = hotel.desk.api.post("/instant_keys/get", named.clone()).await.ok()["instant_key"].clone();
    assert_eq!(link["user_identity_id"], ada.as_str());
    let body = json!({"access_method_ids": [booking.key()], "include": ["instant_keys", "client_sessions"]});
    let related = hotel.desk.api.post("/access_methods/get_related", body).await.ok()["batch"].clone();
    assert_eq!(related["instant_keys"][0]["instant_key_id"], link["instant_key_id"]);
    assert_eq!(related["client_sessions"][0]["client_session_id"], link["client_session_id"]);

    hotel.cancel(&booking).await;
    assert_eq!(hotel.desk.api.post("/instant_keys/get", named).await.refusal().1, "instant_key_not_found");
}

#[tokio::test]
async fn the_grant_names_a_link_only_where_there_is_one_to_name() {
    let hotel = Hotel::open().await;
    let ada = hotel.guest("ada").await;
    let two = hotel.book(&ada, "R1", &["101"], &["mobile_key", "mobile_key"], 0, 72).await;
    let grant = hotel.grant(&two).await;
    assert!(grant.get("instant_key_url").is_none() && grant["client_session_token"].is_string(), "{grant}");
    let none = hotel.book(&ada, "R2", &["102"], &["card"], 0, 72).await;
    let grant = hotel.grant(&none).await;
    assert!(grant.get("client_session_token").is_none(), "{grant}");
}
