//! Who may call which route, and that nobody sees what is not theirs: over the whole table, so that a route added
//! tomorrow is walked from the day it stands there.

mod foreign;
mod marks;
mod narrow;
mod requests;
pub mod things;

use serde_json::json;
use store::client_sessions::ClientSession;

use super::{Api, app};

/// A session of our workspace that was given nothing, with this customer.
pub fn session_of_nothing(api: &Api, customer_key: Option<&'static str>, is_read_only: bool) -> String {
    let token = innkeep_server::session_tokens::fresh(&api.app).unwrap();
    let workspace_id = api.site.workspace_id;
    let seed = u64::from(customer_key.is_some()) * 2 + u64::from(is_read_only) + 500;
    let made = api.app.store.write("test.session", move |tx| {
        let mut moment = domain::Moment::new(app::NOW.parse().unwrap(), seed);
        let caller = engine::Caller::of_workspace(workspace_id, "test".to_owned());
        let new = engine::client_sessions::Create {
            given: engine::client_sessions::Given::default(),
            user_identifier_key: None,
            customer_key: customer_key.map(str::to_owned),
            is_read_only,
            expires_at: None,
            token: token.clone(),
        };
        engine::client_sessions::create(tx, &mut moment, &caller, &new)
    });
    let made: ClientSession = made.map_err(|error: engine::Error| error).unwrap();
    innkeep_server::session_tokens::shown(&api.app, &made)
}

/// The publishable key of our workspace, switched on.
async fn publishable_key(api: &Api) -> String {
    api.post("/workspaces/update", json!({"is_publishable_key_auth_enabled": true})).await.ok();
    let workspace = api.get("/workspaces/get").await.ok();
    workspace["workspace"]["publishable_key"].as_str().unwrap().to_owned()
}
