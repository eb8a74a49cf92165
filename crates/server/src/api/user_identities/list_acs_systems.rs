//! `/user_identities/list_acs_systems`

use domain::id::UserIdentityId;
use engine::Noun;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::user_identities::By;

use crate::{
    adapter::{Call, Error, field::Reference},
    api::{
        acs::systems::resource::{self, AcsSystem},
        id,
    },
    app::App,
};

/// Lists the access systems in which a person has a user.
#[derive(Deserialize, JsonSchema)]
pub struct List {
    /// ID of the person.
    user_identity_id: Reference,
}

/// What is answered.
#[derive(Serialize, JsonSchema)]
pub struct Answer {
    acs_systems: Vec<AcsSystem>,
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, request: List) -> Result<Answer, Error> {
    let id: UserIdentityId = id::known(Noun::UserIdentity, &request.user_identity_id)?;
    let acs_systems = App::look(call, "user_identity.list_acs_systems", |tx, caller| {
        let person = engine::user_identities::find(tx, caller, &By::Id(id))?;
        let users = store::users::of_identity(tx, person.id)?;
        let ids: Vec<_> = users.iter().map(|user| user.acs_system_id).collect();
        let mut systems = store::systems::list(tx, caller.workspace_id)?;
        systems.retain(|system| ids.contains(&system.id));
        let mut seen = Vec::with_capacity(systems.len());
        for system in systems {
            if caller.sees_system(tx, system.id)? {
                seen.push(resource::shown(tx, system)?);
            }
        }
        Ok(seen)
    })?;
    Ok(Answer { acs_systems })
}
