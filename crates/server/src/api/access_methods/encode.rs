//! `/access_methods/encode`, and `/acs/encoders/encode_access_method`, which a guide shows for it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    adapter::{Call, Error, field::Id},
    api::{action_attempts::resource::ActionAttempt, id},
    app::App,
};

/// Writes the card of an access method on the next card that is placed on an encoder. The answer is a pending action
/// attempt; `/action_attempts/get` tells when the card was written, or why not.
#[derive(Deserialize, JsonSchema)]
pub struct Encode {
    /// ID of the access method.
    access_method_id: Id,
    /// ID of the encoder.
    acs_encoder_id: Id,
}

/// What is answered.
#[derive(Serialize, JsonSchema)]
pub struct Answer {
    action_attempt: ActionAttempt,
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, request: Encode) -> Result<Answer, Error> {
    let (encoder, method) = (id::of(&request.acs_encoder_id)?, id::of(&request.access_method_id)?);
    let attempt = App::change(call, "access_method.encode", move |tx, moment, caller| {
        engine::access_methods::encode(tx, moment, caller, encoder, method)
    })?;
    Ok(Answer { action_attempt: attempt.into() })
}
