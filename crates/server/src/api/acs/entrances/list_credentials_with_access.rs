//! `/acs/entrances/list_credentials_with_access`

use domain::id::EntranceId;
use engine::Noun;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    adapter::{Call, Error, field::Reference},
    api::{acs::credentials::resource::AcsCredential, id},
    app::App,
};

/// Lists the credentials that open a door, oldest first: cards, parents and their children, any of which a new
/// credential can join.
#[derive(Deserialize, JsonSchema)]
pub struct List {
    /// ID of the entrance.
    acs_entrance_id: Reference,
    /// Conditions that a credential must meet to be listed.
    include_if: Option<Vec<Condition>>,
}

/// A condition for being listed.
#[derive(Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
pub enum Condition {
    /// The credential is valid, at this door.
    #[serde(rename = "visionline_metadata.is_valid")]
    IsValid,
}

/// What is answered.
#[derive(Serialize, JsonSchema)]
pub struct Answer {
    acs_credentials: Vec<AcsCredential>,
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, request: List) -> Result<Answer, Error> {
    let id: EntranceId = id::known(Noun::AcsEntrance, &request.acs_entrance_id)?;
    let valid_only = request.include_if.is_some_and(|conditions| conditions.contains(&Condition::IsValid));
    let found = App::look(call, "acs_entrance.list_credentials", |tx, caller| {
        engine::credentials::with_access(tx, caller, id, valid_only, call.now)
    })?;
    Ok(Answer { acs_credentials: found.into_iter().map(AcsCredential::from).collect() })
}
