//! `/acs/credentials/update`

use domain::id::CredentialId;
use engine::Noun;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::resource::AcsCredential;
use crate::{
    adapter::{
        Call, Error,
        field::{Reference, When},
    },
    api::{id, when},
    app::App,
};

/// Changes the end of a credential. Mobile keys are issued anew under the same IDs; an issued card must be encoded
/// again.
#[derive(Deserialize, JsonSchema)]
pub struct Update {
    /// ID of the credential.
    acs_credential_id: Reference,
    /// New end, in the future and after the start.
    ends_at: Option<When>,
    /// Codes belong to other access systems.
    code: Option<String>,
}

/// What is answered.
#[derive(Serialize, JsonSchema)]
pub struct Answer {
    acs_credential: AcsCredential,
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, request: Update) -> Result<Answer, Error> {
    if request.code.is_some() {
        return Err(Error::not_supported("Visionline has no codes; leave code out"));
    }
    let id: CredentialId = id::known(Noun::AcsCredential, &request.acs_credential_id)?;
    let ends_at = request.ends_at.map(when::meant);
    let now = call.now;
    let view = App::change(call, "acs_credential.update", move |tx, moment, caller| {
        if let Some(ends_at) = ends_at {
            engine::credentials::set_end(tx, moment, caller, id, ends_at)?;
        }
        engine::credentials::find(tx, caller, id, now)
    })?;
    Ok(Answer { acs_credential: view.into() })
}
