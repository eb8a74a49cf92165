//! The end of things under a grant, by other ways than the grant's own.

use serde_json::json;

use super::Hotel;

#[tokio::test]
async fn a_method_whose_credential_is_deleted_by_itself_is_gone_and_so_are_its_doors() {
    let hotel = Hotel::open().await;
    let ada = hotel.guest("ada").await;
    let phone = hotel.phone(&ada).await;
    let booking = hotel.book(&ada, "R1", &["101"], &["mobile_key"], 0, 72).await;
    hotel.wait_until_issued(booking.key()).await;
    let credential = json!({"acs_credential_id": hotel.credential(booking.key()).await});
    hotel.desk.api.post("/acs/credentials/delete", credential).await.ok();
    hotel.wait_until_told(&booking, "access_grant.access_to_door_lost").await;
    assert_eq!(hotel.desk.hold(&phone, "101"), "no_key");
    assert_eq!(hotel.told_of_method(booking.key()).await.last().unwrap(), "access_method.deleted");
    let grant = hotel.grant(&booking).await;
    assert_eq!(grant["access_method_ids"], json!([]));
    assert_eq!(grant["requested_access_methods"][0]["created_access_method_ids"], json!([]));
    assert_eq!(hotel.warnings(&booking).await, ["underprovisioned_access"]);
    hotel.cancel(&booking).await;
}

#[tokio::test]
async fn a_guest_who_is_deleted_takes_all_grants_along() {
    let hotel = Hotel::open().await;
    let (ada, bob) = (hotel.guest("ada").await, hotel.guest("bob").await);
    let kept = hotel.phone(&bob).await;
    hotel.phone(&ada).await;
    let booking = hotel.book(&ada, "R1", &["101"], &["mobile_key", "card"], 0, 72).await;
    let companion = hotel.book(&bob, "R1", &["101"], &["mobile_key"], 0, 72).await;
    hotel.wait_until_issued(booking.key()).await;
    hotel.wait_until_issued(companion.key()).await;
    hotel.desk.api.post("/user_identities/delete", json!({"user_identity_id": ada})).await.ok();
    hotel.wait_until_told(&booking, "access_grant.deleted").await;
    let left = hotel.desk.records();
    assert_eq!(left.iter().filter(|card| card["discarded"] == false).count(), 1, "the companion's: {left:?}");
    assert_eq!(hotel.desk.hold(&kept, "101"), "guest");
    assert_eq!(hotel.told_of_grant(&companion).await.last().unwrap(), "access_grant.access_granted_to_all_doors");
}

#[tokio::test]
async fn access_that_is_revoked_altogether_is_told_as_revoked_and_lost() {
    let hotel = Hotel::open().await;
    let ada = hotel.guest("ada").await;
    let phone = hotel.phone(&ada).await;
    let booking = hotel.book(&ada, "R1", &["101"], &["mobile_key"], 0, 72).await;
    hotel.wait_until_issued(booking.key()).await;
    let users = hotel.desk.api.post("/user_identities/list_acs_users", json!({"user_identity_id": ada})).await.ok();
    let user = json!({"acs_user_id": users["acs_users"][0]["acs_user_id"]});
    hotel.desk.api.post("/acs/users/revoke_access_to_all_entrances", user).await.ok();
    hotel.wait_until_told(&booking, "access_grant.access_to_door_lost").await;
    hotel.desk.until("the key is gone", || async { (hotel.desk.hold(&phone, "101") == "no_key").then_some(()) }).await;
    assert_eq!(
        hotel.told_of_method(booking.key()).await,
        ["access_method.created", "access_method.issued", "access_method.revoked"]
    );
}
