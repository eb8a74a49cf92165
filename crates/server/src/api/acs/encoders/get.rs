//! `/acs/encoders/get`

use domain::id::EncoderId;
use engine::Noun;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::resource::{self, AcsEncoder};
use crate::{
    adapter::{Call, Error, field::Reference},
    api::{error::missing, id},
    app::App,
};

/// Gets an encoder. One that the lock server does not list any more has the error `acs_encoder_removed`.
#[derive(Deserialize, JsonSchema)]
pub struct Get {
    /// ID of the encoder.
    acs_encoder_id: Reference,
}

/// What is answered.
#[derive(Serialize, JsonSchema)]
pub struct Answer {
    acs_encoder: AcsEncoder,
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, request: Get) -> Result<Answer, Error> {
    let id: EncoderId = id::known(Noun::AcsEncoder, &request.acs_encoder_id)?;
    let acs_encoder = App::look(call, "acs_encoder.get", |tx, caller| {
        let found = store::encoders::find(tx, caller.workspace_id, id)?;
        let shown = resource::shown(tx, caller, found.into_iter().collect())?;
        shown.into_iter().next().ok_or_else(|| missing(Noun::AcsEncoder, id))
    })?;
    Ok(Answer { acs_encoder })
}
