//! `/user_identities/update`

use domain::id::UserIdentityId;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{
    adapter::{
        Call, Error, Nothing,
        field::{Id, Nullable, Text},
    },
    api::id,
    app::App,
};

/// Changes a person. What is absent stays as it is, `null` clears.
#[derive(Deserialize, JsonSchema)]
pub struct Update {
    /// ID of the person.
    user_identity_id: Id,
    /// The caller's own key, unique in the workspace.
    #[serde(default)]
    user_identity_key: Nullable<Text>,
    /// Email address, unique in the workspace.
    #[serde(default)]
    email_address: Nullable<Text>,
    /// Phone number, unique in the workspace.
    #[serde(default)]
    phone_number: Nullable<Text>,
    /// Name.
    #[serde(default)]
    full_name: Nullable<Text>,
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, request: Update) -> Result<Nothing, Error> {
    let id: UserIdentityId = id::of(&request.user_identity_id)?;
    let change = |asked: Nullable<Text>| asked.map(Text::into_string).into_change();
    let asked = engine::user_identities::Update {
        user_identity_key: change(request.user_identity_key),
        email_address: change(request.email_address),
        phone_number: change(request.phone_number),
        full_name: change(request.full_name),
    };
    App::change(call, "user_identity.update", move |tx, moment, caller| {
        engine::user_identities::update(tx, moment, caller, id, &asked)
    })?;
    Ok(Nothing {})
}
