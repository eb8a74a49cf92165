//! `/acs/encoders/simulate/next_credential_encode_will_succeed`

use engine::encoders::Simulated;
use schemars::JsonSchema;
use serde::Deserialize;

use super::note;
use crate::{
    adapter::{Call, Error, Nothing, field::Id},
    app::App,
};

/// Lets the next encode at an encoder succeed: a blank card is laid on it. Sandbox workspaces only.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Succeed {
    /// ID of the encoder.
    acs_encoder_id: Id,
    /// What happens.
    #[serde(default)]
    #[allow(dead_code, reason = "there is only one")]
    scenario: Scenario,
}

/// What happens.
#[derive(Deserialize, JsonSchema, Default)]
#[serde(rename_all = "snake_case")]
enum Scenario {
    /// The card is written.
    #[default]
    CredentialIsIssued,
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, request: Succeed) -> Result<Nothing, Error> {
    note(call, &request.acs_encoder_id, Simulated::EncodeSucceeds)
}
