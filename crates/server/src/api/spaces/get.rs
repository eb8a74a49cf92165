//! `/spaces/get`

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    one,
    resource::{self, Space},
};
use crate::{
    adapter::{
        Call, Error,
        field::{Reference, Text},
    },
    app::App,
};

/// Gets a space, by exactly one of `space_id` and `space_key`.
#[derive(Deserialize, JsonSchema)]
pub struct Get {
    /// ID of the space.
    space_id: Option<Reference>,
    /// The caller's own key for it.
    space_key: Option<Text>,
}

/// What is answered.
#[derive(Serialize, JsonSchema)]
pub struct Answer {
    space: Space,
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, request: Get) -> Result<Answer, Error> {
    let by = one::named(request.space_id, request.space_key)?;
    let space = App::look(call, "space.get", |tx, caller| {
        let space = engine::spaces::find(tx, caller, &by)?;
        resource::shown_one(tx, caller, space)
    })?;
    Ok(Answer { space })
}
