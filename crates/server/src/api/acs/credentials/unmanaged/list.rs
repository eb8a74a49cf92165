//! `/acs/credentials/unmanaged/list`

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    adapter::{Call, Error, Nothing, field::Id},
    api::list::LONGEST_SEARCH,
    app::App,
};

/// Lists credentials that are managed elsewhere. Keys made at the lock server itself are credentials like others, so the
/// list is empty.
#[derive(Deserialize, JsonSchema)]
#[expect(dead_code, reason = "checked by the schema; they choose among none")]
pub struct List {
    /// Only those of this access system.
    acs_system_id: Option<Id>,
    /// Only those of this user.
    acs_user_id: Option<Id>,
    /// Only those of this person.
    user_identity_id: Option<Id>,
    /// Only those that hold this text.
    #[schemars(length(min = 1, max = LONGEST_SEARCH))]
    search: Option<String>,
}

/// What is answered.
#[derive(Serialize, JsonSchema)]
pub struct Answer {
    acs_credentials: [Nothing; 0],
}

/// Runs the route.
pub fn run(_: &Call<'_, App>, _: List) -> Result<Answer, Error> {
    Ok(Answer { acs_credentials: [] })
}
