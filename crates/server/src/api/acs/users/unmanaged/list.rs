//! `/acs/users/unmanaged/list`

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    adapter::{
        Call, Error, Nothing,
        field::{Id, Limit, Nullable, When},
    },
    api::list::LONGEST_SEARCH,
    app::App,
};

/// Lists users that are managed elsewhere. Every user here is managed, so the list is empty.
#[derive(Deserialize, JsonSchema)]
#[expect(dead_code, reason = "checked by the schema; they choose among none")]
pub struct List {
    /// Only those of this access system.
    acs_system_id: Option<Id>,
    /// Only those of this person.
    user_identity_id: Option<Id>,
    /// Only those whose person has this email address; `null` for those whose person has none.
    #[serde(default)]
    user_identity_email_address: Nullable<String>,
    /// Only those whose person has this phone number; `null` for those whose person has none.
    #[serde(default)]
    user_identity_phone_number: Nullable<String>,
    /// Only those made before this time.
    created_before: Option<When>,
    /// Only those that hold this text.
    #[schemars(length(min = 1, max = LONGEST_SEARCH))]
    search: Option<String>,
    /// The most users; 500 if absent.
    limit: Option<Limit>,
}

/// What is answered.
#[derive(Serialize, JsonSchema)]
pub struct Answer {
    acs_users: [Nothing; 0],
}

/// Runs the route.
pub fn run(_: &Call<'_, App>, _: List) -> Result<Answer, Error> {
    Ok(Answer { acs_users: [] })
}
