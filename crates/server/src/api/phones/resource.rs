//! A phone on the wire (`spec/api.md 3.7`).

use domain::id::{EndpointId, PhoneId, WorkspaceId};
use engine::phones::Enrolled;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};
use store::phones;

use crate::{
    adapter::field::{Id, Utc},
    api::problem::{Problem, Warning},
};

/// A person's phone.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Phone {
    /// ID of the phone.
    #[schemars(with = "Id")]
    device_id: PhoneId,
    /// ID of the workspace.
    #[schemars(with = "Id")]
    workspace_id: WorkspaceId,
    /// When it was first seen.
    created_at: Utc,
    /// `ios_phone` or `android_phone`.
    device_type: String,
    /// What people call it, or else the model.
    display_name: String,
    /// What people call it.
    #[serde(skip_serializing_if = "Option::is_none")]
    nickname: Option<String>,
    /// The caller's own data about it.
    custom_metadata: Map<String, Value>,
    /// What is known of it.
    properties: Properties,
    /// What keeps it from getting keys.
    errors: [Problem; 0],
    /// What people should know.
    warnings: [Warning; 0],
}

/// What is known of a phone.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Properties {
    /// Where it stands with the credential managers.
    assa_abloy_credential_service_metadata: Registrations,
}

/// A phone's registrations at the credential managers.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Registrations {
    /// Each registration.
    endpoints: Vec<Endpoint>,
    /// Whether keys can be delivered to it.
    has_active_endpoint: bool,
}

/// A phone's registration at one credential manager.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Endpoint {
    /// ID of the registration.
    #[schemars(with = "Id")]
    endpoint_id: EndpointId,
    /// Whether keys can be delivered to it.
    is_active: bool,
}

impl Registrations {
    /// The registrations as the store has them.
    pub fn of(endpoints: Vec<phones::Endpoint>) -> Self {
        Self {
            has_active_endpoint: endpoints.iter().any(|endpoint| endpoint.is_active),
            endpoints: endpoints
                .into_iter()
                .map(|endpoint| Endpoint { endpoint_id: endpoint.id, is_active: endpoint.is_active })
                .collect(),
        }
    }

    /// Whether keys can be delivered to the phone.
    pub fn has_active_endpoint(&self) -> bool {
        self.has_active_endpoint
    }
}

impl From<Enrolled> for Phone {
    fn from(enrolled: Enrolled) -> Self {
        let Enrolled { phone, endpoints, custom_metadata } = enrolled;
        Self {
            device_id: phone.id,
            workspace_id: phone.workspace_id,
            created_at: Utc(phone.created_at),
            device_type: phone.device_type,
            display_name: phone.nickname.clone().unwrap_or(phone.display_name),
            nickname: phone.nickname,
            custom_metadata,
            properties: Properties { assa_abloy_credential_service_metadata: Registrations::of(endpoints) },
            errors: [],
            warnings: [],
        }
    }
}
