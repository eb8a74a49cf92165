//! `/user_identities/delete`

use domain::id::UserIdentityId;
use engine::Noun;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{
    adapter::{Call, Error, Nothing, field::Reference},
    api::id,
    app::App,
};

/// Deletes a person with all users, credentials and phones. Keys are gone when the lock server has confirmed each.
#[derive(Deserialize, JsonSchema)]
pub struct Delete {
    /// ID of the person.
    user_identity_id: Reference,
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, request: Delete) -> Result<Nothing, Error> {
    let id: UserIdentityId = id::known(Noun::UserIdentity, &request.user_identity_id)?;
    let endpoints = App::change(call, "user_identity.delete", move |tx, moment, caller| {
        engine::user_identities::delete(tx, moment, caller, id)
    })?;
    if let Some(sandbox) = &call.state.sandbox {
        for endpoint in endpoints {
            sandbox.remove_phone(&endpoint.to_string());
        }
    }
    Ok(Nothing {})
}
