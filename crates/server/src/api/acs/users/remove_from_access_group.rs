//! `/acs/users/remove_from_access_group`

use engine::Noun;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{
    adapter::{
        Call, Error, Nothing,
        field::{Id, Reference},
    },
    api::{acs::users::one::OneUser, error::not_found},
    app::App,
};

/// Removes a user from an access group. Visionline has none, so every one is unknown.
#[derive(Deserialize, JsonSchema)]
pub struct Remove {
    /// ID of the access group.
    acs_access_group_id: Reference,
    /// ID of the user.
    acs_user_id: Option<Id>,
    /// ID of the person whose user it is.
    user_identity_id: Option<Id>,
}

/// Runs the route.
pub fn run(_: &Call<'_, App>, request: Remove) -> Result<Nothing, Error> {
    OneUser::named(request.acs_user_id.as_ref(), request.user_identity_id.as_ref(), None)?;
    Err(not_found(Noun::AcsAccessGroup, request.acs_access_group_id.as_str()))
}
