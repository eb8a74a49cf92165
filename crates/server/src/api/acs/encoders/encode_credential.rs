//! `/acs/encoders/encode_credential`

use domain::id::{AccessMethodId, CredentialId, EncoderId};
use engine::{Noun, access_methods, encoders};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    adapter::{Call, Error, field::Id},
    api::{action_attempts::resource::ActionAttempt, error::missing, id},
    app::App,
};

/// Writes a card credential on the next card that is placed on an encoder. The answer is a pending action attempt;
/// `/action_attempts/get` tells when the card was written, or why not.
#[derive(Deserialize, JsonSchema)]
pub struct Encode {
    /// ID of the encoder.
    acs_encoder_id: Id,
    /// ID of the card credential.
    acs_credential_id: Option<Id>,
    /// ID of the access method whose card is to be written.
    access_method_id: Option<Id>,
}

/// What is answered.
#[derive(Serialize, JsonSchema)]
pub struct Answer {
    action_attempt: ActionAttempt,
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, request: Encode) -> Result<Answer, Error> {
    let encoder: EncoderId = id::of(&request.acs_encoder_id)?;
    let credential: Option<CredentialId> = id::of_optional(request.acs_credential_id.as_ref())?;
    let method: Option<AccessMethodId> = id::of_optional(request.access_method_id.as_ref())?;
    if credential.is_some() == method.is_some() {
        return Err(Error::invalid_input("Provide exactly one of acs_credential_id and access_method_id"));
    }
    let attempt = App::change(call, "acs_encoder.encode", move |tx, moment, caller| match (credential, method) {
        (Some(credential), _) => encoders::encode(tx, moment, caller, encoder, credential),
        (None, Some(method)) => access_methods::encode(tx, moment, caller, encoder, method),
        (None, None) => Err(missing(Noun::AcsCredential, "")),
    })?;
    Ok(Answer { action_attempt: attempt.into() })
}
