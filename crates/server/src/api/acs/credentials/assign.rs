//! `/acs/credentials/assign`

use domain::id::CredentialId;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::resource::AcsCredential;
use crate::{
    adapter::{Call, Error, field::Id},
    api::{acs::users::one::OneUser, id},
    app::App,
};

/// Gives a credential that has no owner to a user. Only the link changes.
#[derive(Deserialize, JsonSchema)]
pub struct Assign {
    /// ID of the credential.
    acs_credential_id: Id,
    /// ID of the user.
    acs_user_id: Option<Id>,
    /// ID of the person whose user it is; a person without a user in the credential's system gets one.
    user_identity_id: Option<Id>,
}

/// What is answered.
#[derive(Serialize, JsonSchema)]
pub struct Answer {
    acs_credential: AcsCredential,
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, request: Assign) -> Result<Answer, Error> {
    let id: CredentialId = id::of(&request.acs_credential_id)?;
    let one = OneUser::named(request.acs_user_id.as_ref(), request.user_identity_id.as_ref(), None)?;
    let now = call.now;
    let view = App::change(call, "acs_credential.assign", move |tx, moment, caller| {
        let user = match one {
            // The credential says at which system the person's user is meant; a person without one there gets one.
            OneUser::OfPerson(person, None) => {
                let system_id = engine::credentials::find(tx, caller, id, now)?.credential.acs_system_id;
                engine::user_identities::user_at(tx, moment, caller, person, system_id)?
            }
            named => named.find(tx, caller)?,
        };
        engine::credentials::assign(tx, moment, caller, id, user.id)?;
        engine::credentials::find(tx, caller, id, now)
    })?;
    Ok(Answer { acs_credential: view.into() })
}
