//! An event on the wire: one flat object, the same in lists and webhooks (`spec/api.md 5.1`).

use domain::id::{
    AccessGrantId, AccessMethodId, AcsSystemId, AcsUserId, ActionAttemptId, ClientSessionId, ConnectWebviewId,
    ConnectedAccountId, CredentialId, EnrollmentAutomationId, EntranceId, EventId, PhoneId, SpaceId, UserIdentityId,
    WorkspaceId,
};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::adapter::field::{Id, Utc};

/// Something that happened. The ids are those of the things it happened to; further members depend on the type.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Event {
    /// ID of the event.
    #[schemars(with = "Id")]
    event_id: EventId,
    /// What happened.
    event_type: String,
    /// The workspace it happened in.
    #[schemars(with = "Id")]
    workspace_id: WorkspaceId,
    /// When it was recorded.
    created_at: Utc,
    /// When it happened.
    occurred_at: Utc,
    /// The connected account.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<Id>")]
    connected_account_id: Option<ConnectedAccountId>,
    /// The access system.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<Id>")]
    acs_system_id: Option<AcsSystemId>,
    /// The user.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<Id>")]
    acs_user_id: Option<AcsUserId>,
    /// The credential.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<Id>")]
    acs_credential_id: Option<CredentialId>,
    /// The entrance.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<Id>")]
    acs_entrance_id: Option<EntranceId>,
    /// The encoder.
    #[serde(skip_serializing_if = "Option::is_none")]
    acs_encoder_id: Option<String>,
    /// The person.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<Id>")]
    user_identity_id: Option<UserIdentityId>,
    /// The phone.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<Id>")]
    device_id: Option<PhoneId>,
    /// The customer, in the caller's words.
    #[serde(skip_serializing_if = "Option::is_none")]
    customer_key: Option<String>,
    /// The page on which a site was connected.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<Id>")]
    connect_webview_id: Option<ConnectWebviewId>,
    /// The client session.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<Id>")]
    client_session_id: Option<ClientSessionId>,
    /// The enrolment.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<Id>")]
    enrollment_automation_id: Option<EnrollmentAutomationId>,
    /// The action attempt.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<Id>")]
    action_attempt_id: Option<ActionAttemptId>,
    /// The grant.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<Id>")]
    access_grant_id: Option<AccessGrantId>,
    /// The method of a grant.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<Id>")]
    access_method_id: Option<AccessMethodId>,
    /// The space.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<Id>")]
    space_id: Option<SpaceId>,
    /// What else belongs to this type of event.
    #[serde(flatten)]
    detail: Map<String, Value>,
}

impl From<store::events::Event> for Event {
    fn from(event: store::events::Event) -> Self {
        let detail = if let Value::Object(members) = event.detail { members } else { Map::new() };
        Self {
            event_id: event.id,
            event_type: event.event_type,
            workspace_id: event.workspace_id,
            created_at: Utc(event.occurred_at),
            occurred_at: Utc(event.occurred_at),
            connected_account_id: event.connected_account_id,
            acs_system_id: event.acs_system_id,
            acs_user_id: event.acs_user_id,
            acs_credential_id: event.acs_credential_id,
            acs_entrance_id: event.acs_entrance_id,
            acs_encoder_id: event.acs_encoder_id,
            user_identity_id: event.user_identity_id,
            device_id: event.device_id,
            customer_key: event.customer_key,
            connect_webview_id: event.connect_webview_id,
            client_session_id: event.client_session_id,
            enrollment_automation_id: event.enrollment_automation_id,
            action_attempt_id: event.action_attempt_id,
            access_grant_id: event.access_grant_id,
            access_method_id: event.access_method_id,
            space_id: event.space_id,
            detail,
        }
    }
}
