//! `/acs/systems/list_compatible_credential_manager_acs_systems`

use domain::id::AcsSystemId;
use engine::Noun;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::systems::{self, CREDENTIAL_MANAGER, VISIONLINE};

use super::resource::{self, AcsSystem};
use crate::{
    adapter::{Call, Error, field::Reference},
    api::{error::missing, id},
    app::App,
};

/// Lists the credential managers that can deliver mobile keys of an access system.
#[derive(Deserialize, JsonSchema)]
pub struct List {
    /// ID of the access system whose keys are to be delivered.
    acs_system_id: Reference,
}

/// What is answered.
#[derive(Serialize, JsonSchema)]
pub struct Answer {
    acs_systems: Vec<AcsSystem>,
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, request: List) -> Result<Answer, Error> {
    let id: AcsSystemId = id::known(Noun::AcsSystem, &request.acs_system_id)?;
    let acs_systems = App::look(call, "acs_system.list_compatible", |tx, caller| {
        let all = systems::list(tx, caller.workspace_id)?;
        let system = all.iter().find(|system| system.id == id).ok_or_else(|| missing(Noun::AcsSystem, id))?;
        if system.kind != VISIONLINE {
            return Ok(Vec::new());
        }
        let managers = all.into_iter().filter(|system| system.kind == CREDENTIAL_MANAGER);
        managers.map(|system| resource::shown(tx, system)).collect()
    })?;
    Ok(Answer { acs_systems })
}
