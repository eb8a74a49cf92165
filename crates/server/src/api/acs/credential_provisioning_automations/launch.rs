//! `/acs/credential_provisioning_automations/launch`

use domain::id::{AcsSystemId, EnrollmentAutomationId, UserIdentityId, WorkspaceId};
use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    adapter::{
        Call, Error,
        field::{Id, Utc},
    },
    api::user_identities::enrollment_automations::launch::{Launch, launch},
    app::App,
};

/// What is answered.
#[derive(Serialize, JsonSchema)]
pub struct Answer {
    acs_credential_provisioning_automation: Automation,
}

/// An enrolment automation under its older name.
#[derive(Serialize, JsonSchema)]
pub struct Automation {
    /// ID of the automation.
    #[schemars(with = "Id")]
    acs_credential_provisioning_automation_id: EnrollmentAutomationId,
    /// ID of the workspace.
    #[schemars(with = "Id")]
    workspace_id: WorkspaceId,
    /// ID of the person.
    #[schemars(with = "Id")]
    user_identity_id: UserIdentityId,
    /// ID of the credential manager.
    #[schemars(with = "Id")]
    credential_manager_acs_system_id: AcsSystemId,
    /// When it was launched.
    created_at: Utc,
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, request: Launch) -> Result<Answer, Error> {
    let automation = launch(call, request)?;
    let shown = Automation {
        acs_credential_provisioning_automation_id: automation.id,
        workspace_id: automation.workspace_id,
        user_identity_id: automation.user_identity_id,
        credential_manager_acs_system_id: automation.credential_manager_id,
        created_at: Utc(automation.created_at),
    };
    Ok(Answer { acs_credential_provisioning_automation: shown })
}
