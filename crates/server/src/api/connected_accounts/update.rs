//! `/connected_accounts/update`

use domain::id::ConnectedAccountId;
use engine::connecting::{self, AccountUpdate};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::resource::{self, ConnectedAccount};
use crate::{
    adapter::{
        Call, Error,
        field::{Id, Text},
    },
    api::{connect_webviews::create::Capability, custom_metadata::CustomMetadata, id},
    app::App,
};

/// Changes a connected account. What is absent stays as it is.
#[derive(Deserialize, JsonSchema)]
pub struct Update {
    /// ID of the account.
    connected_account_id: Id,
    /// Name, for people.
    #[schemars(length(max = 255))]
    display_name: Option<Text>,
    /// Replaces all words of the account.
    custom_metadata: Option<CustomMetadata>,
    /// The customer; only an account without one gets one.
    customer_key: Option<Text>,
    /// Kept and shown.
    automatically_manage_new_devices: Option<bool>,
    /// Kept and shown.
    #[schemars(length(max = 10))]
    accepted_capabilities: Option<Vec<Capability>>,
}

/// What is answered.
#[derive(Serialize, JsonSchema)]
pub struct Answer {
    connected_account: ConnectedAccount,
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, request: Update) -> Result<Answer, Error> {
    let id: ConnectedAccountId = id::of(&request.connected_account_id)?;
    let words = request.custom_metadata.map(|words| words.kept("custom_metadata")).transpose()?;
    let capabilities = request.accepted_capabilities;
    let asked = AccountUpdate {
        display_name: request.display_name.map(Text::into_string),
        custom_metadata: words,
        customer_key: request.customer_key.map(Text::into_string),
        automatically_manage_new_devices: request.automatically_manage_new_devices,
        accepted_capabilities: capabilities.map(|list| list.into_iter().map(Capability::as_str).collect()),
    };
    let connected_account = App::change(call, "connected_account.update", move |tx, moment, caller| {
        let account = connecting::update(tx, moment, caller, id, &asked)?;
        resource::shown_one(tx, account)
    })?;
    Ok(Answer { connected_account })
}
