//! An enrolment automation on the wire (`spec/api.md 3.11`).

use domain::id::{AcsSystemId, EnrollmentAutomationId, UserIdentityId, WorkspaceId};
use schemars::JsonSchema;
use serde::Serialize;

use crate::adapter::field::{Id, Utc};

/// That a person's phones are enrolled at a credential manager.
#[derive(Debug, Serialize, JsonSchema)]
pub struct EnrollmentAutomation {
    /// ID of the automation.
    #[schemars(with = "Id")]
    enrollment_automation_id: EnrollmentAutomationId,
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

impl From<store::enrollment_automations::EnrollmentAutomation> for EnrollmentAutomation {
    fn from(automation: store::enrollment_automations::EnrollmentAutomation) -> Self {
        Self {
            enrollment_automation_id: automation.id,
            workspace_id: automation.workspace_id,
            user_identity_id: automation.user_identity_id,
            credential_manager_acs_system_id: automation.credential_manager_id,
            created_at: Utc(automation.created_at),
        }
    }
}
