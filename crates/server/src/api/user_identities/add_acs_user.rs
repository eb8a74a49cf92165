//! `/user_identities/add_acs_user`

use domain::id::AcsUserId;
use engine::user_identities::Person;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{
    adapter::{
        Call, Error, Nothing,
        field::{Id, Text},
    },
    api::id,
    app::App,
};

/// Links a user to a person. Mobile credentials of the user are then delivered to the person's phones. A key that
/// nobody has yet makes a person from the user's data.
#[derive(Deserialize, JsonSchema)]
pub struct Add {
    /// ID of the user.
    acs_user_id: Id,
    /// ID of the person. Exactly one of this and `user_identity_key` is required.
    user_identity_id: Option<Id>,
    /// The caller's own key for the person.
    user_identity_key: Option<Text>,
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, request: Add) -> Result<Nothing, Error> {
    let user: AcsUserId = id::of(&request.acs_user_id)?;
    let person = match (request.user_identity_id, request.user_identity_key) {
        (Some(id), None) => Person::Id(id::of(&id)?),
        (None, Some(key)) => Person::Key(key.into_string()),
        _ => return Err(Error::invalid_input("Provide exactly one of user_identity_id or user_identity_key")),
    };
    App::change(call, "user_identity.add_acs_user", move |tx, moment, caller| {
        engine::user_identities::add_acs_user(tx, moment, caller, user, &person)
    })?;
    Ok(Nothing {})
}
