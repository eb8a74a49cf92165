//! `/acs/systems/get`

use domain::id::AcsSystemId;
use engine::Noun;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::resource::{self, AcsSystem};
use crate::{
    adapter::{Call, Error, field::Reference},
    api::{error::missing, id},
    app::App,
};

/// Gets an access system.
#[derive(Deserialize, JsonSchema)]
pub struct Get {
    /// ID of the access system.
    acs_system_id: Reference,
}

/// What is answered.
#[derive(Serialize, JsonSchema)]
pub struct Answer {
    acs_system: AcsSystem,
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, request: Get) -> Result<Answer, Error> {
    let id: AcsSystemId = id::known(Noun::AcsSystem, &request.acs_system_id)?;
    let acs_system = App::look(call, "acs_system.get", |tx, caller| {
        let system = store::systems::find(tx, caller.workspace_id, id)?;
        resource::shown(tx, system.ok_or_else(|| missing(Noun::AcsSystem, id))?)
    })?;
    Ok(Answer { acs_system })
}
