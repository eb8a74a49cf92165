//! `/acs/users/revoke_access_to_all_entrances`

use schemars::JsonSchema;
use serde::Deserialize;

use super::one::OneUser;
use crate::{
    adapter::{Call, Error, Nothing, field::Id},
    app::App,
};

/// Ends all access of a user: doors granted beforehand are forgotten and every key is taken back.
#[derive(Deserialize, JsonSchema)]
pub struct RevokeAccess {
    /// ID of the user.
    acs_user_id: Option<Id>,
    /// ID of the person whose user it is.
    user_identity_id: Option<Id>,
    /// ID of the access system, where the person has users in several.
    acs_system_id: Option<Id>,
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, request: RevokeAccess) -> Result<Nothing, Error> {
    let (user, person) = (request.acs_user_id.as_ref(), request.user_identity_id.as_ref());
    let one = OneUser::named(user, person, request.acs_system_id.as_ref())?;
    App::change(call, "acs_user.revoke_access_to_all_entrances", move |tx, moment, caller| {
        let user = one.find(tx, caller)?;
        engine::users::revoke_all(tx, moment, caller, user.id)
    })?;
    Ok(Nothing {})
}
