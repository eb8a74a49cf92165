//! `/access_methods/unmanaged/list`

use engine::access_grants::By;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    adapter::{Call, Error, Nothing, field::Id},
    api::id,
    app::App,
};

/// Lists the unmanaged access methods of a grant. Every one is managed here, so there is none.
#[derive(Deserialize, JsonSchema)]
pub struct List {
    /// ID of the grant.
    access_grant_id: Id,
    /// Only access methods of this door.
    #[expect(dead_code, reason = "nothing matches, whatever is asked for")]
    acs_entrance_id: Option<Id>,
    /// Only access methods of this device.
    #[expect(dead_code, reason = "nothing matches, whatever is asked for")]
    device_id: Option<Id>,
    /// Only access methods of this space.
    #[expect(dead_code, reason = "nothing matches, whatever is asked for")]
    space_id: Option<Id>,
}

/// What is answered.
#[derive(Serialize, JsonSchema)]
pub struct Answer {
    access_methods: [Nothing; 0],
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, request: List) -> Result<Answer, Error> {
    let by = By::Id(id::of(&request.access_grant_id)?);
    App::look(call, "access_method.list_unmanaged", |tx, caller| engine::access_grants::named(tx, caller, &by))?;
    Ok(Answer { access_methods: [] })
}
