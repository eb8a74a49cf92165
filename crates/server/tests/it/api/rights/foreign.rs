//! P8: what belongs to another workspace is answered like what is not there, whatever route is asked by whatever
//! parameter.
//!
//! Two hotels that are alike are asked the same, one for what is another workspace's, the other for what nobody has. So
//! a request that changes something changes it in both, and the answers still have to be alike.

use http::Method;
use innkeep_server::{adapter::Kind, api};
use serde_json::Value;

use super::{
    requests::{bodies, naming, redacted},
    things::Things,
};
use crate::api::{Api, NOBODY, OURS, app::THEIRS};

/// Our workspace and the other one, each with one of everything.
struct Two {
    api: Api,
    ours: Things,
    theirs: Things,
}

impl Two {
    async fn new() -> Self {
        let api = Api::new();
        api.list_encoders(&["Front Desk 1"]);
        let system = api.site.acs_system_id.to_string();
        let ours = Things::of(&api, OURS, "ours", system, vec![api.door("101")]).await;
        let there = &api.foreign;
        let door = there.doors["101"].to_string();
        let theirs = Things::of(&api, THEIRS, "theirs", there.acs_system_id.to_string(), vec![door]).await;
        Self { api, ours, theirs }
    }

    /// All that the other workspace shows of itself.
    async fn everything_there(&self) -> Vec<(&'static str, Value)> {
        let mut shown = Vec::new();
        for route in api::table() {
            if route.kind() == Kind::Read && route.path().ends_with("list") {
                let body = serde_json::json!({"since": "2020-01-01T00:00:00Z"});
                let reply = self.api.send(THEIRS, Method::POST, route.path(), Some(body)).await;
                shown.push((route.path(), reply.json));
            }
        }
        shown
    }
}

#[tokio::test]
async fn what_belongs_to_others_is_answered_like_what_is_not_there() {
    let mut hotels = [Two::new().await, Two::new().await];
    let mut untouched = hotels[0].everything_there().await;
    let (mut asked, mut came_to_it) = (0, 0);
    for route in api::table() {
        let schema = route.request_schema();
        let named = naming(&schema);
        for parameter in &named {
            let foreign = hotels[0].theirs.fitting(parameter.name());
            let unknown = unknown_like(&foreign);
            let with_foreign = bodies(&schema, &hotels[0].ours, &named, parameter, &foreign);
            let with_unknown = bodies(&schema, &hotels[1].ours, &named, parameter, &unknown);
            for (with_foreign, with_unknown) in with_foreign.into_iter().zip(with_unknown) {
                let shown = with_foreign.to_string();
                let of_foreign = hotels[0].api.send(OURS, Method::POST, route.path(), Some(with_foreign)).await;
                let of_unknown = hotels[1].api.send(OURS, Method::POST, route.path(), Some(with_unknown)).await;
                let answers = [
                    (of_foreign.status, redacted(&of_foreign.json, &foreign)),
                    (of_unknown.status, redacted(&of_unknown.json, &unknown)),
                ];
                assert_eq!(answers[0], answers[1], "{} {shown}", route.path());
                asked += 1;
                came_to_it += usize::from(of_unknown.status == 404 || of_unknown.status == 200);
            }
        }
        if route.kind() != Kind::Read && !named.is_empty() {
            assert_eq!(hotels[0].everything_there().await, untouched, "{} changed what is theirs", route.path());
            // The next route finds everything that it may want.
            hotels = [Two::new().await, Two::new().await];
            untouched = hotels[0].everything_there().await;
        }
    }
    // Two refusals for a parameter that is missing are alike as well, and prove nothing.
    assert!(came_to_it * 2 > asked, "{came_to_it} of {asked} requests came to the thing that was named");
}

/// What nobody has, of the same form.
pub fn unknown_like(named: &str) -> String {
    if named.len() == NOBODY.len() { NOBODY.to_owned() } else { "nobodys-key".to_owned() }
}
