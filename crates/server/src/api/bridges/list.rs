//! `/bridges/list`

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    adapter::{Call, Error, Nothing},
    app::App,
};

/// Lists bridges. Hotels are reached without one, so the list is empty.
#[derive(Deserialize, JsonSchema)]
pub struct List {}

/// What is answered.
#[derive(Serialize, JsonSchema)]
pub struct Answer {
    bridges: [Nothing; 0],
}

/// Runs the route.
pub fn run(_: &Call<'_, App>, _: List) -> Result<Answer, Error> {
    Ok(Answer { bridges: [] })
}
