//! An access system on the wire (`spec/api.md 3.1`).

use domain::id::{AcsSystemId, ConnectedAccountId, WorkspaceId};
use engine::acs_systems::Settings;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;
use store::{Tx, systems, systems::CREDENTIAL_MANAGER};

use crate::{
    adapter::field::{Id, Utc},
    api::problem::{Problem, stored},
};

/// A picture that needs no other server: a hotel on the local network may have no internet.
pub const IMAGE_URL: &str = "data:image/svg+xml,%3Csvg%20xmlns='http://www.w3.org/2000/svg'%20viewBox='0%200%2016%2016'%3E%3Cpath\
                             %20d='M3%201h10v14H3z'%20fill='none'%20stroke='%23444'/%3E%3Ccircle%20cx='11'%20cy='8'%20r='1'/%3E%3C/svg%3E";

/// A hotel's Visionline, or the service that delivers keys to phones.
#[derive(Debug, Serialize, JsonSchema)]
pub struct AcsSystem {
    /// ID of the access system.
    #[schemars(with = "Id")]
    acs_system_id: AcsSystemId,
    /// ID of the workspace.
    #[schemars(with = "Id")]
    workspace_id: WorkspaceId,
    /// ID of the connected account that it came with.
    #[schemars(with = "Id")]
    connected_account_id: ConnectedAccountId,
    /// The same, in the form that older SDKs look for.
    #[schemars(with = "Vec<Id>")]
    connected_account_ids: [ConnectedAccountId; 1],
    /// The site's name.
    name: String,
    /// When it was connected.
    created_at: Utc,
    /// `visionline_system` or `assa_abloy_credential_service`.
    external_type: String,
    /// The type, for people.
    external_type_display_name: &'static str,
    /// The type, under its older name.
    system_type: String,
    /// The type for people, under its older name.
    system_type_display_name: &'static str,
    /// A picture.
    image_url: &'static str,
    /// What the picture shows.
    image_alt_text: &'static str,
    /// Whether it delivers keys to phones.
    is_credential_manager: bool,
    /// The credential manager for mobile keys that name none.
    #[schemars(with = "Option<Id>")]
    default_credential_manager_acs_system_id: Option<AcsSystemId>,
    /// Where it is.
    location: Location,
    /// What only Visionline has.
    #[serde(skip_serializing_if = "Option::is_none")]
    visionline_metadata: Option<SystemMetadata>,
    /// How many users it has.
    acs_user_count: i64,
    /// How many access groups it has: Visionline has none.
    acs_access_group_count: u8,
    /// What keeps it from working.
    #[schemars(with = "Vec<Problem>")]
    errors: Vec<Value>,
    /// What people should know.
    warnings: Vec<Value>,
    /// Settings of ours; a hotel's system has them.
    #[serde(skip_serializing_if = "Option::is_none")]
    innkeep: Option<SystemSettings>,
}

/// Where a system is.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Location {
    /// IANA name of the time zone.
    time_zone: Option<String>,
}

/// What only Visionline has.
#[derive(Debug, Serialize, JsonSchema)]
pub struct SystemMetadata {
    /// Address of the lock server.
    #[serde(skip_serializing_if = "Option::is_none")]
    lan_address: Option<String>,
    /// UUID by which phones recognise the site.
    #[serde(skip_serializing_if = "Option::is_none")]
    mobile_access_uuid: Option<String>,
    /// The vendor's number of the system.
    #[serde(skip_serializing_if = "Option::is_none")]
    system_id: Option<String>,
}

/// What a hotel sets with `/innkeep/acs_systems/update`; not part of the API that we are compatible with.
#[derive(Debug, Serialize, JsonSchema)]
pub struct SystemSettings {
    /// `utc` or `local`: how times of credentials are read when they name no zone.
    timestamps_without_zone: &'static str,
    /// Hours that a credential lasts when it is created without an end.
    default_stay_hours: u16,
    /// `allow` or `refuse`: what becomes of a new stay at a door that another party has for the same time.
    double_bookings: &'static str,
}

/// The system with what the API shows of it.
///
/// # Errors
/// When storage fails.
pub fn shown(tx: &mut Tx<'_>, system: systems::AcsSystem) -> Result<AcsSystem, engine::Error> {
    let acs_user_count = systems::user_count(tx, system.id)?;
    let is_credential_manager = system.kind == CREDENTIAL_MANAGER;
    let kind = if is_credential_manager { "Assa Abloy Credential Service" } else { "Visionline" };
    let settings = Settings::of(&system);
    let settings = SystemSettings {
        timestamps_without_zone: settings.timestamps_without_zone.as_str(),
        default_stay_hours: settings.default_stay_hours,
        double_bookings: settings.double_bookings.as_str(),
    };
    let metadata = SystemMetadata {
        lan_address: system.lan_address,
        mobile_access_uuid: system.mobile_access_uuid,
        system_id: system.system_id,
    };
    Ok(AcsSystem {
        acs_system_id: system.id,
        workspace_id: system.workspace_id,
        connected_account_id: system.connected_account_id,
        connected_account_ids: [system.connected_account_id],
        name: system.name,
        created_at: Utc(system.created_at),
        external_type: system.kind.clone(),
        external_type_display_name: kind,
        system_type: system.kind,
        system_type_display_name: kind,
        image_url: IMAGE_URL,
        image_alt_text: "A door",
        is_credential_manager,
        default_credential_manager_acs_system_id: system.default_credential_manager_id,
        location: Location { time_zone: system.time_zone },
        visionline_metadata: (!is_credential_manager).then_some(metadata),
        acs_user_count,
        acs_access_group_count: 0,
        errors: stored(&system.errors),
        warnings: stored(&system.warnings),
        innkeep: (!is_credential_manager).then_some(settings),
    })
}
