//! `/acs/systems/report_devices`

use domain::id::AcsSystemId;
use engine::Noun;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::{
    adapter::{Call, Error, Nothing, field::Id},
    api::{error::missing, id, list::MOST_IDS},
    app::App,
};

/// Tells which doors and encoders an access system has. Visionline says so itself: doors and encoders are read from
/// there.
#[derive(Deserialize, JsonSchema)]
pub struct Report {
    /// ID of the access system.
    acs_system_id: Id,
    /// The encoders.
    #[schemars(length(max = MOST_IDS))]
    #[expect(dead_code, reason = "no system here takes such reports")]
    acs_encoders: Option<Vec<Map<String, Value>>>,
    /// The doors.
    #[schemars(length(max = MOST_IDS))]
    #[expect(dead_code, reason = "no system here takes such reports")]
    acs_entrances: Option<Vec<Map<String, Value>>>,
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, request: Report) -> Result<Nothing, Error> {
    let id: AcsSystemId = id::of(&request.acs_system_id)?;
    App::look(call, "acs_system.report_devices", |tx, caller| {
        store::systems::find(tx, caller.workspace_id, id)?.ok_or_else(|| missing(Noun::AcsSystem, id))
    })?;
    Err(Error::not_supported("Visionline tells its doors and encoders itself; they are listed once it was read"))
}
