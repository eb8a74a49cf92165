//! `/user_identities/enrollment_automations/launch`

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::resource::EnrollmentAutomation;
use crate::{
    adapter::{Call, Error, field::Id},
    api::id,
    app::App,
};

/// Launches an enrolment automation. Phones enrol by themselves, so it only keeps the note; launching again answers the
/// same one.
#[derive(Deserialize, JsonSchema)]
pub struct Launch {
    /// ID of the person.
    user_identity_id: Id,
    /// ID of the credential manager.
    credential_manager_acs_system_id: Id,
    /// Whether to make a user at the credential manager, which has none: nothing is made.
    create_credential_manager_user: Option<bool>,
    /// ID of the user at the credential manager.
    credential_manager_acs_user_id: Option<Id>,
    /// ID of a credential pool.
    acs_credential_pool_id: Option<Id>,
}

/// What is answered.
#[derive(Serialize, JsonSchema)]
pub struct Answer {
    enrollment_automation: EnrollmentAutomation,
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, request: Launch) -> Result<Answer, Error> {
    Ok(Answer { enrollment_automation: launch(call, request)?.into() })
}

/// Launches it, for this route and its older name.
///
/// # Errors
/// What the operation refuses.
pub fn launch(
    call: &Call<'_, App>,
    request: Launch,
) -> Result<store::enrollment_automations::EnrollmentAutomation, Error> {
    let asked = engine::enrollment_automations::Launch {
        user_identity_id: id::of(&request.user_identity_id)?,
        credential_manager_id: id::of(&request.credential_manager_acs_system_id)?,
        creates_user: request.create_credential_manager_user == Some(true),
        user_id: id::of_optional(request.credential_manager_acs_user_id.as_ref())?,
        names_pool: request.acs_credential_pool_id.is_some(),
    };
    App::change(call, "enrollment_automation.launch", move |tx, moment, caller| {
        engine::enrollment_automations::launch(tx, moment, caller, &asked)
    })
}
