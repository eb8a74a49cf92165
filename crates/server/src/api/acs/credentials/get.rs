//! `/acs/credentials/get`

use domain::id::CredentialId;
use engine::Noun;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::resource::AcsCredential;
use crate::{
    adapter::{Call, Error, field::Reference},
    api::id,
    app::App,
};

/// Gets a credential: a card, a parent, or the child of a parent on one phone.
#[derive(Deserialize, JsonSchema)]
pub struct Get {
    /// ID of the credential.
    acs_credential_id: Reference,
}

/// What is answered.
#[derive(Serialize, JsonSchema)]
pub struct Answer {
    acs_credential: AcsCredential,
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, request: Get) -> Result<Answer, Error> {
    let id: CredentialId = id::known(Noun::AcsCredential, &request.acs_credential_id)?;
    let found =
        App::look(call, "acs_credential.get", |tx, caller| engine::credentials::find(tx, caller, id, call.now))?;
    Ok(Answer { acs_credential: found.into() })
}
