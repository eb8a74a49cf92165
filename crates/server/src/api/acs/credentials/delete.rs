//! `/acs/credentials/delete`

use domain::id::CredentialId;
use engine::Noun;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{
    adapter::{Call, Error, Nothing, field::Reference},
    api::id,
    app::App,
};

/// Deletes a credential and everything under it. The keys are discarded at the lock server; the credential shows
/// `being_deleted` until each is confirmed.
#[derive(Deserialize, JsonSchema)]
pub struct Delete {
    /// ID of the credential.
    acs_credential_id: Reference,
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, request: Delete) -> Result<Nothing, Error> {
    let id: CredentialId = id::known(Noun::AcsCredential, &request.acs_credential_id)?;
    App::change(call, "acs_credential.delete", move |tx, moment, caller| {
        engine::credentials::delete(tx, moment, caller, id)
    })?;
    Ok(Nothing {})
}
