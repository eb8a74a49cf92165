//! `/acs/encoders/encode_credential`

use domain::id::{CredentialId, EncoderId};
use engine::encoders;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    adapter::{Call, Error, field::Id},
    api::{action_attempts::resource::ActionAttempt, id},
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
    let credential: CredentialId = match (&request.acs_credential_id, &request.access_method_id) {
        (Some(credential), None) => id::of(credential)?,
        // There are no access methods yet, so none has this id.
        (None, Some(method)) => {
            let message = format!("access_method {} was not found in this workspace", method.as_str());
            return Err(Error::not_found("access_method_not_found".to_owned(), message));
        }
        _ => return Err(Error::invalid_input("Provide exactly one of acs_credential_id and access_method_id")),
    };
    let attempt = App::change(call, "acs_encoder.encode", move |tx, moment, caller| {
        encoders::encode(tx, moment, caller, encoder, credential)
    })?;
    Ok(Answer { action_attempt: attempt.into() })
}
