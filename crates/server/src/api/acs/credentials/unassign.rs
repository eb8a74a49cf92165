//! `/acs/credentials/unassign`

use domain::id::CredentialId;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::resource::AcsCredential;
use crate::{
    adapter::{Call, Error, field::Id},
    api::{acs::users::one::OneUser, id},
    app::App,
};

/// Takes the owner from a card. The card goes on opening its doors.
#[derive(Deserialize, JsonSchema)]
pub struct Unassign {
    /// ID of the credential.
    acs_credential_id: Id,
    /// ID of the user.
    acs_user_id: Option<Id>,
    /// ID of the person whose user it is.
    user_identity_id: Option<Id>,
}

/// What is answered.
#[derive(Serialize, JsonSchema)]
pub struct Answer {
    acs_credential: AcsCredential,
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, request: Unassign) -> Result<Answer, Error> {
    let id: CredentialId = id::of(&request.acs_credential_id)?;
    let one = OneUser::named(request.acs_user_id.as_ref(), request.user_identity_id.as_ref(), None)?;
    let now = call.now;
    let view = App::change(call, "acs_credential.unassign", move |tx, moment, caller| {
        let user = one.find(tx, caller)?;
        engine::credentials::unassign(tx, moment, caller, id, user.id)?;
        engine::credentials::find(tx, caller, id, now)
    })?;
    Ok(Answer { acs_credential: view.into() })
}
