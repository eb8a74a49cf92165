//! `/user_identities/remove_acs_user`

use domain::id::{AcsUserId, UserIdentityId};
use engine::Noun;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{
    adapter::{Call, Error, Nothing, field::Reference},
    api::id,
    app::App,
};

/// Takes a user from a person. The user's keys on the person's phones are taken back.
#[derive(Deserialize, JsonSchema)]
pub struct Remove {
    /// ID of the person.
    user_identity_id: Reference,
    /// ID of the user.
    acs_user_id: Reference,
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, request: Remove) -> Result<Nothing, Error> {
    let id: UserIdentityId = id::known(Noun::UserIdentity, &request.user_identity_id)?;
    let user: AcsUserId = id::known(Noun::AcsUser, &request.acs_user_id)?;
    App::change(call, "user_identity.remove_acs_user", move |tx, moment, caller| {
        engine::user_identities::remove_acs_user(tx, moment, caller, id, user)
    })?;
    Ok(Nothing {})
}
