//! `/acs/credential_pools/list`

use domain::id::AcsSystemId;
use engine::Noun;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    adapter::{Call, Error, Nothing, field::Reference},
    api::{error::missing, id},
    app::App,
};

/// Lists the credential pools of an access system. Visionline has none, so the list is empty.
#[derive(Deserialize, JsonSchema)]
pub struct List {
    /// ID of the access system.
    acs_system_id: Reference,
}

/// What is answered.
#[derive(Serialize, JsonSchema)]
pub struct Answer {
    acs_credential_pools: [Nothing; 0],
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, request: List) -> Result<Answer, Error> {
    let id: AcsSystemId = id::known(Noun::AcsSystem, &request.acs_system_id)?;
    App::look(call, "acs_credential_pool.list", |tx, caller| {
        store::systems::find(tx, caller.workspace_id, id)?.ok_or_else(|| missing(Noun::AcsSystem, id))
    })?;
    Ok(Answer { acs_credential_pools: [] })
}
