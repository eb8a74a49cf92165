//! `/acs/access_groups/list`

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    adapter::{Call, Error, Nothing},
    app::App,
};

/// Lists access groups. Visionline has none, so the list is empty whatever it is asked for.
#[derive(Deserialize, JsonSchema)]
pub struct List {}

/// What is answered.
#[derive(Serialize, JsonSchema)]
pub struct Answer {
    acs_access_groups: [Nothing; 0],
}

/// Runs the route.
pub fn run(_: &Call<'_, App>, _: List) -> Result<Answer, Error> {
    Ok(Answer { acs_access_groups: [] })
}
