//! A phone as a device on the wire (`spec/api.md 2.15`).

use std::collections::BTreeMap;

use domain::id::{AcsSystemId, ConnectedAccountId, PhoneId, SpaceId, WorkspaceId};
use engine::{Caller, phones::Enrolled};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};
use store::{Tx, space_members, systems};

use crate::{
    adapter::field::{Id, Utc},
    api::{
        phones::resource::Registrations,
        problem::{Problem, Warning},
    },
};

/// A phone, as callers see it who ask for devices.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Device {
    /// ID of the device.
    #[schemars(with = "Id")]
    device_id: PhoneId,
    /// ID of the workspace.
    #[schemars(with = "Id")]
    workspace_id: WorkspaceId,
    /// ID of the connected account of the credential manager that delivers its keys.
    #[schemars(with = "Option<Id>")]
    #[serde(skip_serializing_if = "Option::is_none")]
    connected_account_id: Option<ConnectedAccountId>,
    /// When it was first seen.
    created_at: Utc,
    /// `ios_phone` or `android_phone`.
    device_type: String,
    /// What people call it, or else the model.
    display_name: String,
    /// What people call it.
    #[serde(skip_serializing_if = "Option::is_none")]
    nickname: Option<String>,
    /// What it can do: `phone`.
    capabilities_supported: [&'static str; 1],
    /// The caller's own data about it.
    custom_metadata: Map<String, Value>,
    /// Whether it is managed here: always.
    is_managed: bool,
    /// The spaces it belongs to.
    #[schemars(with = "Vec<Id>")]
    space_ids: Vec<SpaceId>,
    /// What is known of it.
    properties: Properties,
    /// What keeps it from working.
    errors: [Problem; 0],
    /// What people should know.
    warnings: [Warning; 0],
}

/// What is known of a device.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Properties {
    /// Whether keys can be delivered to it.
    online: bool,
    /// What people call it, or else the model.
    name: String,
    /// How it presents itself.
    appearance: Appearance,
    /// Its model.
    model: Model,
    /// Where it stands with the credential managers.
    assa_abloy_credential_service_metadata: Registrations,
}

/// How a device presents itself.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Appearance {
    /// The model.
    name: String,
}

/// The model of a device.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Model {
    /// The model, for people.
    display_name: String,
    /// Who made it.
    manufacturer_display_name: String,
}

/// Phones as devices, in the same order.
///
/// # Errors
/// When storage fails.
pub fn shown(tx: &mut Tx<'_>, caller: &Caller, phones: Vec<Enrolled>) -> Result<Vec<Device>, engine::Error> {
    let accounts: BTreeMap<AcsSystemId, ConnectedAccountId> = systems::list(tx, caller.workspace_id)?
        .into_iter()
        .map(|system| (system.id, system.connected_account_id))
        .collect();
    let ids: Vec<PhoneId> = phones.iter().map(|enrolled| enrolled.phone.id).collect();
    let mut spaces: BTreeMap<PhoneId, Vec<SpaceId>> = BTreeMap::new();
    for (phone, space) in space_members::spaces_of_devices(tx, &ids)? {
        spaces.entry(phone).or_default().push(space);
    }
    let shown = phones.into_iter().map(|enrolled| {
        let space_ids = spaces.remove(&enrolled.phone.id).unwrap_or_default();
        one(&accounts, space_ids, enrolled)
    });
    Ok(shown.collect())
}

fn one(accounts: &BTreeMap<AcsSystemId, ConnectedAccountId>, space_ids: Vec<SpaceId>, enrolled: Enrolled) -> Device {
    let Enrolled { phone, endpoints, custom_metadata } = enrolled;
    let manager = endpoints.first().map(|endpoint| endpoint.credential_manager_id);
    let maker = phone.detail["phone_metadata"]["device_manufacturer"].as_str().unwrap_or("unknown").to_owned();
    let name = phone.nickname.clone().unwrap_or_else(|| phone.display_name.clone());
    let registrations = Registrations::of(endpoints);
    Device {
        device_id: phone.id,
        workspace_id: phone.workspace_id,
        connected_account_id: manager.and_then(|manager| accounts.get(&manager).copied()),
        created_at: Utc(phone.created_at),
        device_type: phone.device_type,
        display_name: name.clone(),
        nickname: phone.nickname,
        capabilities_supported: ["phone"],
        custom_metadata,
        is_managed: true,
        space_ids,
        properties: Properties {
            online: registrations.has_active_endpoint(),
            name,
            appearance: Appearance { name: phone.display_name.clone() },
            model: Model { display_name: phone.display_name, manufacturer_display_name: maker },
            assa_abloy_credential_service_metadata: registrations,
        },
        errors: [],
        warnings: [],
    }
}
