//! Telling a sandbox what the next card at an encoder shall come to (`spec/api.md 4.18`).

use domain::{
    Moment,
    id::{CredentialId, EncoderId},
};
use serde_json::{Value, json};
use store::{Tx, credentials, encoder_simulations, workspaces};

use super::{
    ask::find,
    failure::{self, Failure},
};
use crate::{Caller, Error, Noun};

/// What the next job at an encoder shall come to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Simulated {
    /// A blank card lies there, and is written.
    EncodeSucceeds,
    /// The encode fails with this error type.
    EncodeFails(String, Option<CredentialId>),
    /// The scan finds this, in the API's words; of a credential, this one or the last that was written there.
    ScanFinds(String, Option<CredentialId>),
    /// The scan fails with this error type.
    ScanFails(String, Option<CredentialId>),
}

impl Simulated {
    pub(super) const ENCODE: &str = "encode";
    pub(super) const SCAN: &str = "scan";

    /// The failure that was asked for, if one was.
    pub(super) fn failure(told: &Value) -> Option<Failure> {
        const ALL: [&str; 4] = [failure::NO_CARD, failure::INTERRUPTED, failure::UNCATEGORIZED, failure::EXPIRED];
        let kind = told["error_code"].as_str()?;
        let kind = ALL.into_iter().find(|known| *known == kind).unwrap_or(failure::UNCATEGORIZED);
        Some(Failure::new(kind, "The sandbox was told to let this fail."))
    }

    fn stored(&self) -> (&'static str, Option<CredentialId>, Value) {
        match self {
            Self::EncodeSucceeds => (Self::ENCODE, None, json!({ "scenario": "credential_is_issued" })),
            Self::EncodeFails(code, only) => (Self::ENCODE, *only, json!({ "error_code": code })),
            Self::ScanFinds(scenario, id) => {
                (Self::SCAN, None, json!({ "scenario": scenario, "acs_credential_id": id }))
            }
            Self::ScanFails(code, only) => (Self::SCAN, *only, json!({ "error_code": code })),
        }
    }
}

/// Notes what the next job shall come to, once. Sandbox workspaces only.
///
/// # Errors
/// When the workspace is no sandbox, or the encoder or the credential is unknown.
pub fn simulate(
    tx: &mut Tx<'_>,
    moment: &mut Moment,
    caller: &Caller,
    encoder_id: EncoderId,
    simulated: &Simulated,
) -> Result<(), Error> {
    let workspace = workspaces::find(tx, caller.workspace_id)?
        .ok_or_else(|| Error::not_found(Noun::Workspace, caller.workspace_id))?;
    if !workspace.is_sandbox {
        return Err(Error::NotSandbox);
    }
    let encoder = find(tx, caller, encoder_id)?;
    let (family, only, outcome) = simulated.stored();
    if let Some(id) = outcome["acs_credential_id"].as_str().and_then(|id| id.parse().ok()).or(only) {
        credentials::find(tx, caller.workspace_id, id)?.ok_or_else(|| Error::not_found(Noun::AcsCredential, id))?;
    }
    encoder_simulations::set(tx, encoder.id, family, only, &outcome)?;
    caller.note(tx, moment, "acs_encoder.simulate", encoder.id, outcome)
}
