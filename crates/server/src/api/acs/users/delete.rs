//! `/acs/users/delete`

use schemars::JsonSchema;
use serde::Deserialize;

use super::one::OneUser;
use crate::{
    adapter::{Call, Error, Nothing, field::Id},
    app::App,
};

/// Deletes a user: its credentials first, then the user, which shows `being_deleted` meanwhile.
#[derive(Deserialize, JsonSchema)]
pub struct Delete {
    /// ID of the user.
    acs_user_id: Option<Id>,
    /// ID of the person whose user it is.
    user_identity_id: Option<Id>,
    /// ID of the access system, where the person has users in several.
    acs_system_id: Option<Id>,
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, request: Delete) -> Result<Nothing, Error> {
    let (user, person) = (request.acs_user_id.as_ref(), request.user_identity_id.as_ref());
    let one = OneUser::named(user, person, request.acs_system_id.as_ref())?;
    App::change(call, "acs_user.delete", move |tx, moment, caller| {
        let user = one.find(tx, caller)?;
        engine::users::delete(tx, moment, caller, user.id)
    })?;
    Ok(Nothing {})
}
