mod delete;
mod generate;
mod get;
mod list;

use serde_json::{Value, json};

use crate::api::Api;

/// A new instant key of this person.
async fn generate(api: &Api, person: &str) -> Value {
    let body = json!({ "user_identity_id": person });
    api.post("/user_identities/generate_instant_key", body).await.ok()["instant_key"].clone()
}
