//! `/acs/encoders/scan_credential`

use domain::id::EncoderId;
use engine::encoders;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    adapter::{Call, Error, field::Id},
    api::{action_attempts::resource::ActionAttempt, id},
    app::App,
};

/// Reads the next card that is placed on an encoder, and compares it with the credential it belongs to. The answer is
/// a pending action attempt.
#[derive(Deserialize, JsonSchema)]
pub struct Scan {
    /// ID of the encoder.
    acs_encoder_id: Id,
}

/// What is answered.
#[derive(Serialize, JsonSchema)]
pub struct Answer {
    action_attempt: ActionAttempt,
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, request: Scan) -> Result<Answer, Error> {
    let encoder: EncoderId = id::of(&request.acs_encoder_id)?;
    let attempt =
        App::change(call, "acs_encoder.scan", move |tx, moment, caller| encoders::scan(tx, moment, caller, encoder))?;
    Ok(Answer { action_attempt: attempt.into() })
}
