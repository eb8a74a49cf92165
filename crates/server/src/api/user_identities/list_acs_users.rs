//! `/user_identities/list_acs_users`

use domain::id::UserIdentityId;
use engine::Noun;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::user_identities::By;

use crate::{
    adapter::{Call, Error, field::Reference},
    api::{
        acs::users::resource::{self, AcsUser},
        id,
    },
    app::App,
};

/// Lists the users of a person, one per access system at most.
#[derive(Deserialize, JsonSchema)]
pub struct List {
    /// ID of the person.
    user_identity_id: Reference,
}

/// What is answered.
#[derive(Serialize, JsonSchema)]
pub struct Answer {
    acs_users: Vec<AcsUser>,
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, request: List) -> Result<Answer, Error> {
    let id: UserIdentityId = id::known(Noun::UserIdentity, &request.user_identity_id)?;
    let acs_users = App::look(call, "user_identity.list_acs_users", |tx, caller| {
        let person = engine::user_identities::find(tx, caller, &By::Id(id))?;
        let users = store::users::of_identity(tx, person.id)?;
        resource::shown(tx, caller, users, call.now)
    })?;
    Ok(Answer { acs_users })
}
