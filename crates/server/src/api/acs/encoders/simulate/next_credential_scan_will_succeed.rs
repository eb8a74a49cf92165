//! `/acs/encoders/simulate/next_credential_scan_will_succeed`

use engine::encoders::Simulated;
use schemars::JsonSchema;
use serde::Deserialize;

use super::note;
use crate::{
    adapter::{Call, Error, Nothing, field::Id},
    api::id,
    app::App,
};

/// Lets the next scan at an encoder find a card. Sandbox workspaces only.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Succeed {
    /// ID of the encoder.
    acs_encoder_id: Id,
    /// What is found.
    #[serde(default)]
    scenario: Scenario,
    /// ID of the credential whose card is found, with `credential_exists_on_seam` and
    /// `credential_on_encoder_needs_update`; the one that was written last on the encoder if absent.
    acs_credential_id_on_seam: Option<Id>,
}

/// What is found.
#[derive(Clone, Copy, Deserialize, JsonSchema, Default, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
#[allow(clippy::enum_variant_names, reason = "the names are the API's own")]
enum Scenario {
    /// The card of a credential.
    #[default]
    CredentialExistsOnSeam,
    /// The card of a credential whose end has changed since.
    CredentialOnEncoderNeedsUpdate,
    /// A card of no credential.
    CredentialDoesNotExistOnSeam,
    /// A blank card.
    CredentialOnEncoderIsEmpty,
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, request: Succeed) -> Result<Nothing, Error> {
    let (scenario, is_known) = match request.scenario {
        Scenario::CredentialExistsOnSeam => ("credential_exists_on_seam", true),
        Scenario::CredentialOnEncoderNeedsUpdate => ("credential_on_encoder_needs_update", true),
        Scenario::CredentialDoesNotExistOnSeam => ("credential_does_not_exist_on_seam", false),
        Scenario::CredentialOnEncoderIsEmpty => ("credential_on_encoder_is_empty", false),
    };
    if request.acs_credential_id_on_seam.is_some() && !is_known {
        let message = "only with a scenario in which the card belongs to a credential";
        return Err(Error::invalid_field("acs_credential_id_on_seam", message));
    }
    let credential = id::of_optional(request.acs_credential_id_on_seam.as_ref())?;
    note(call, &request.acs_encoder_id, Simulated::ScanFinds(scenario.to_owned(), credential))
}
