//! `/user_identities/list_accessible_entrances`

use domain::id::UserIdentityId;
use engine::Noun;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::user_identities::By;

use crate::{
    adapter::{Call, Error, field::Reference},
    api::{
        acs::entrances::resource::{self, AcsEntrance},
        id,
    },
    app::App,
};

/// Lists the doors that a person may open through any of the person's users.
#[derive(Deserialize, JsonSchema)]
pub struct List {
    /// ID of the person.
    user_identity_id: Reference,
}

/// What is answered.
#[derive(Serialize, JsonSchema)]
pub struct Answer {
    acs_entrances: Vec<AcsEntrance>,
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, request: List) -> Result<Answer, Error> {
    let id: UserIdentityId = id::known(Noun::UserIdentity, &request.user_identity_id)?;
    let acs_entrances = App::look(call, "user_identity.list_accessible_entrances", |tx, caller| {
        let person = engine::user_identities::find(tx, caller, &By::Id(id))?;
        let users = store::users::of_identity(tx, person.id)?;
        let mut doors = engine::users::accessible_entrances(tx, &users, call.now)?;
        doors.retain(|door| caller.sees_entrance(door));
        resource::shown(tx, caller, doors)
    })?;
    Ok(Answer { acs_entrances })
}
