//! `/instant_keys/list`

use domain::id::UserIdentityId;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::resource::{self, InstantKey};
use crate::{
    adapter::{Call, Error, field::Id},
    api::id,
    app::App,
};

/// Lists instant keys, oldest first.
#[derive(Deserialize, JsonSchema)]
pub struct List {
    /// Only those of this person.
    user_identity_id: Option<Id>,
}

/// What is answered.
#[derive(Serialize, JsonSchema)]
pub struct Answer {
    instant_keys: Vec<InstantKey>,
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, request: List) -> Result<Answer, Error> {
    let person: Option<UserIdentityId> = id::of_optional(request.user_identity_id.as_ref())?;
    let views = App::look(call, "instant_key.list", |tx, caller| engine::instant_keys::list(tx, caller, person))?;
    Ok(Answer { instant_keys: views.into_iter().map(|view| resource::shown(call, view)).collect() })
}
