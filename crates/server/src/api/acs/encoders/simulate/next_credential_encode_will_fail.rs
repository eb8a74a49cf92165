//! `/acs/encoders/simulate/next_credential_encode_will_fail`

use engine::encoders::Simulated;
use schemars::JsonSchema;
use serde::Deserialize;

use super::note;
use crate::{
    adapter::{Call, Error, Nothing, field::Id},
    api::id,
    app::App,
};

/// Lets the next encode at an encoder fail. Sandbox workspaces only.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Fail {
    /// ID of the encoder.
    acs_encoder_id: Id,
    /// The type of the error.
    #[serde(default)]
    error_code: ErrorCode,
    /// Only the encode of this credential; with `uncategorized_error` and `action_attempt_expired`.
    acs_credential_id: Option<Id>,
}

/// The type of the error.
#[derive(Clone, Copy, Deserialize, JsonSchema, Default, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
enum ErrorCode {
    /// No card was placed in time.
    #[default]
    NoCredentialOnEncoder,
    /// The card was taken away too early.
    EncodingInterrupted,
    /// Something else.
    UncategorizedError,
    /// It took too long.
    ActionAttemptExpired,
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, request: Fail) -> Result<Nothing, Error> {
    let code = match request.error_code {
        ErrorCode::NoCredentialOnEncoder => "no_credential_on_encoder",
        ErrorCode::EncodingInterrupted => "encoding_interrupted",
        ErrorCode::UncategorizedError => "uncategorized_error",
        ErrorCode::ActionAttemptExpired => "action_attempt_expired",
    };
    let is_general = matches!(request.error_code, ErrorCode::UncategorizedError | ErrorCode::ActionAttemptExpired);
    if request.acs_credential_id.is_some() && !is_general {
        let message = "only with the error_code uncategorized_error or action_attempt_expired";
        return Err(Error::invalid_field("acs_credential_id", message));
    }
    let only = id::of_optional(request.acs_credential_id.as_ref())?;
    note(call, &request.acs_encoder_id, Simulated::EncodeFails(code.to_owned(), only))
}
