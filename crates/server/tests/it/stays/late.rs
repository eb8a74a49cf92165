//! Keys that are not on the phone in time (`spec/api.md 4.20`).

use serde_json::json;

use super::Hotel;

#[tokio::test]
async fn a_key_that_cannot_be_delivered_is_late_then_too_late_and_neither_once_it_is_there() {
    let hotel = Hotel::open().await;
    let ada = hotel.guest("ada").await;
    let phone = hotel.phone(&ada).await;
    hotel.desk.control("POST", "faults", &json!({"kind": "unreachable", "seconds": 2 * 3600}));
    let booking = hotel.book(&ada, "R1", &["101"], &["mobile_key", "card"], 1, 24).await;
    let wait = async |expected: &[&str]| {
        hotel
            .desk
            .until("the events come", || async {
                (hotel.told_of_method(booking.key()).await == expected).then_some(())
            })
            .await;
    };
    assert_eq!(hotel.method(booking.key()).await["is_issued"], false);
    wait(&["access_method.created"]).await;
    hotel.desk.advance(52 * 60);
    wait(&["access_method.created", "access_method.delay_in_issuing"]).await;
    let warned = hotel.method(booking.key()).await;
    assert_eq!(warned["warnings"][0]["warning_code"], "delay_in_issuing");
    hotel.desk.advance(10 * 60);
    let late = ["access_method.created", "access_method.delay_in_issuing", "access_method.failed_to_issue"];
    wait(&late).await;
    assert_eq!(hotel.method(booking.key()).await["errors"][0]["error_code"], "failed_to_issue");
    hotel.desk.advance(3600);
    hotel.wait_until_issued(booking.key()).await;
    let key = hotel.method(booking.key()).await;
    assert_eq!((key["errors"].clone(), key["warnings"].clone()), (json!([]), json!([])));
    assert_eq!(hotel.desk.hold(&phone, "101"), "guest");
    wait(&[late[0], late[1], late[2], "access_method.issued"]).await;
    // A card awaits somebody at the desk, not the lock server.
    assert_eq!(
        hotel.told_of_method(booking.card()).await,
        ["access_method.created", "access_method.card_encoding_required"]
    );
}
