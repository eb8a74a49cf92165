//! An encoder on the wire (`spec/api.md 3.5`).

use std::collections::BTreeMap;

use domain::id::{AcsSystemId, ConnectedAccountId, EncoderId, WorkspaceId};
use engine::Caller;
use schemars::JsonSchema;
use serde::Serialize;
use store::{Tx, encoders::Encoder, systems};

use crate::{
    adapter::field::{Id, Utc},
    api::problem::Problem,
};

/// A device that writes plastic cards.
#[derive(Debug, Serialize, JsonSchema)]
pub struct AcsEncoder {
    /// ID of the encoder.
    #[schemars(with = "Id")]
    acs_encoder_id: EncoderId,
    /// ID of the access system.
    #[schemars(with = "Id")]
    acs_system_id: AcsSystemId,
    /// ID of the connected account.
    #[schemars(with = "Id")]
    connected_account_id: ConnectedAccountId,
    /// ID of the workspace.
    #[schemars(with = "Id")]
    workspace_id: WorkspaceId,
    /// When it was first seen.
    created_at: Utc,
    /// Its name.
    display_name: String,
    /// What keeps it from working.
    errors: Vec<Problem>,
}

/// Encoders with what the API shows of them, in the same order.
///
/// # Errors
/// When storage fails.
pub fn shown(tx: &mut Tx<'_>, caller: &Caller, encoders: Vec<Encoder>) -> Result<Vec<AcsEncoder>, engine::Error> {
    let accounts: BTreeMap<AcsSystemId, ConnectedAccountId> = systems::list(tx, caller.workspace_id)?
        .into_iter()
        .map(|system| (system.id, system.connected_account_id))
        .collect();
    // An encoder's system is in its workspace (a foreign key), so none is left out.
    Ok(encoders.into_iter().filter_map(|encoder| Some(one(*accounts.get(&encoder.acs_system_id)?, encoder))).collect())
}

fn one(connected_account_id: ConnectedAccountId, encoder: Encoder) -> AcsEncoder {
    let removed = encoder.removed_at.map(|at| Problem {
        error_code: "acs_encoder_removed".to_owned(),
        message: "The lock server does not list this encoder any more; check that it is defined there.".to_owned(),
        created_at: Utc(at),
    });
    AcsEncoder {
        acs_encoder_id: encoder.id,
        acs_system_id: encoder.acs_system_id,
        connected_account_id,
        workspace_id: encoder.workspace_id,
        created_at: Utc(encoder.created_at),
        display_name: encoder.name,
        errors: removed.into_iter().collect(),
    }
}
