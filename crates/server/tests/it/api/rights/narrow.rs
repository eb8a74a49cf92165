//! A session that was given nothing sees nothing of its own workspace: what is there is answered like what is not, and
//! lists are empty. As in [`super::foreign`], two hotels that are alike are asked.

use http::{Method, StatusCode};
use innkeep_server::{
    adapter::{Actor, Kind},
    api,
};
use serde_json::json;

use super::{
    foreign::unknown_like,
    requests::{bodies, naming, redacted, required},
    session_of_nothing,
    things::Things,
};
use crate::api::{Api, OURS};

/// Lists that are the same for everybody.
const FOR_EVERYBODY: [&str; 2] = ["/workspaces/list", "/devices/list_device_providers"];

struct Hotel {
    api: Api,
    things: Things,
    token: String,
}

impl Hotel {
    async fn new(customer_key: Option<&'static str>, is_read_only: bool) -> Self {
        let api = Api::new();
        api.list_encoders(&["Front Desk 1"]);
        let system = api.site.acs_system_id.to_string();
        let things = Things::of(&api, OURS, "ours", system, vec![api.door("101")]).await;
        let token = session_of_nothing(&api, customer_key, is_read_only);
        Self { api, things, token }
    }
}

#[tokio::test]
async fn a_client_session_of_nothing_sees_nothing_of_its_own_workspace() {
    sees_nothing(Actor::ClientSession(String::new()), None).await;
}

#[tokio::test]
async fn a_customer_without_anything_sees_nothing_of_the_workspace() {
    sees_nothing(Actor::CustomerSession(String::new()), Some("nobody")).await;
    sees_nothing(Actor::ReadOnlyCustomerSession(String::new()), Some("nobody")).await;
}

async fn sees_nothing(who: Actor, customer_key: Option<&'static str>) {
    let is_read_only = matches!(who, Actor::ReadOnlyCustomerSession(_));
    let two = async || [Hotel::new(customer_key, is_read_only).await, Hotel::new(customer_key, is_read_only).await];
    let mut hotels = two().await;
    for route in api::table().iter().filter(|route| route.admits(&who)) {
        let [there, elsewhere] = &hotels;
        let schema = route.request_schema();
        let named = naming(&schema);
        // Before anything is made: what a session makes itself it may see.
        if route.kind() == Kind::Read && !FOR_EVERYBODY.contains(&route.path()) {
            let body = required(&schema, &there.things);
            let reply = there.api.send(&there.token, Method::POST, route.path(), Some(body)).await;
            for (name, list) in reply.json.as_object().unwrap() {
                assert!(!list.is_array() || *list == json!([]), "{} shows {name}: {list}", route.path());
            }
        }
        for parameter in &named {
            let known = there.things.fitting(parameter.name());
            let unknown = unknown_like(&known);
            let with_known = bodies(&schema, &there.things, &named, parameter, &known);
            let with_unknown = bodies(&schema, &elsewhere.things, &named, parameter, &unknown);
            for (with_known, with_unknown) in with_known.into_iter().zip(with_unknown) {
                let shown = with_known.to_string();
                let of_known = there.api.send(&there.token, Method::POST, route.path(), Some(with_known)).await;
                if of_known.status == StatusCode::CONFLICT && parameter.name().ends_with("_key") {
                    // A key names one thing only; which one must not be told.
                    let told = redacted(&of_known.json, &known).to_string();
                    assert!(!told.contains("<id>"), "{} {shown}: {told}", route.path());
                    continue;
                }
                let of_unknown =
                    elsewhere.api.send(&elsewhere.token, Method::POST, route.path(), Some(with_unknown)).await;
                let answers = [
                    (of_known.status, redacted(&of_known.json, &known)),
                    (of_unknown.status, redacted(&of_unknown.json, &unknown)),
                ];
                assert_eq!(answers[0], answers[1], "{who:?} {} {shown}", route.path());
            }
        }
        if route.kind() != Kind::Read {
            // What was made in one of them and not in the other must not decide later.
            hotels = two().await;
        }
    }
}
