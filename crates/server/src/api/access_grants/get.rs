//! `/access_grants/get`

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    one,
    resource::{self, AccessGrant},
};
use crate::{
    adapter::{
        Call, Error,
        field::{Reference, Text},
    },
    app::App,
};

/// Gets a grant, by exactly one of `access_grant_id` and `access_grant_key`.
#[derive(Deserialize, JsonSchema)]
pub struct Get {
    /// ID of the grant.
    access_grant_id: Option<Reference>,
    /// The caller's own key of it.
    access_grant_key: Option<Text>,
}

/// What is answered.
#[derive(Serialize, JsonSchema)]
pub struct Answer {
    access_grant: AccessGrant,
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, request: Get) -> Result<Answer, Error> {
    let by = one::named(request.access_grant_id, request.access_grant_key)?;
    let found = App::look(call, "access_grant.get", |tx, caller| engine::access_grants::find(tx, caller, &by))?;
    Ok(Answer { access_grant: resource::shown(call, found) })
}
