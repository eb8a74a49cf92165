//! `/phones/simulate/create_sandbox_phone`

use engine::phones::CreateSandbox;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{
    adapter::{
        Call, Error,
        field::{Id, Text},
    },
    api::{id, phones::resource::Phone},
    app::App,
};

/// Makes a simulated phone for a person, ready to receive keys. Sandbox workspaces only.
#[derive(Deserialize, JsonSchema)]
pub struct Create {
    /// ID of the person whose phone it is.
    user_identity_id: Id,
    /// ID of the installation of the caller's app.
    custom_sdk_installation_id: Option<Text>,
    /// What kind of phone it is.
    #[serde(default)]
    phone_metadata: PhoneMetadata,
    /// What its key app can do.
    #[serde(default)]
    assa_abloy_metadata: AssaAbloyMetadata,
}

/// What kind of phone it is.
#[derive(Deserialize, Serialize, JsonSchema)]
#[serde(default)]
struct PhoneMetadata {
    /// Operating system.
    operating_system: OperatingSystem,
    /// Version of the operating system.
    os_version: String,
    /// Who made it.
    device_manufacturer: String,
    /// Its model.
    #[schemars(length(min = 1))]
    device_model: String,
}

impl Default for PhoneMetadata {
    fn default() -> Self {
        Self {
            operating_system: OperatingSystem::Android,
            os_version: "10".to_owned(),
            device_manufacturer: "Samsung".to_owned(),
            device_model: "Samsung Galaxy S10".to_owned(),
        }
    }
}

/// An operating system of phones.
#[derive(Deserialize, Serialize, JsonSchema, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
enum OperatingSystem {
    /// Android.
    Android,
    /// iOS.
    Ios,
}

/// What the key app of a phone can do.
#[derive(Deserialize, Serialize, JsonSchema)]
#[serde(default)]
struct AssaAbloyMetadata {
    /// Whether it speaks Bluetooth Low Energy.
    ble_capability: bool,
    /// Whether it can act as a card.
    hce_capability: bool,
    /// Whether it has near-field communication.
    nfc_capability: bool,
    /// Version of the app.
    application_version: String,
    /// Version of the key container.
    seos_applet_version: String,
    /// The key service's number of the phone.
    seos_tsm_endpoint_id: f64,
}

impl Default for AssaAbloyMetadata {
    fn default() -> Self {
        Self {
            ble_capability: true,
            hce_capability: false,
            nfc_capability: false,
            application_version: "1.0.0".to_owned(),
            seos_applet_version: "1.0.0".to_owned(),
            seos_tsm_endpoint_id: 1.0,
        }
    }
}

/// What is answered.
#[derive(Serialize, JsonSchema)]
pub struct Answer {
    phone: Phone,
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, request: Create) -> Result<Answer, Error> {
    // None where the sandbox's simulated hotel is another program: then that has to be told of the phone by itself.
    let sandbox = call.state.sandbox.clone();
    let metadata = request.phone_metadata;
    let is_android = metadata.operating_system == OperatingSystem::Android;
    let asked = CreateSandbox {
        user_identity_id: id::of(&request.user_identity_id)?,
        device_type: if is_android { "android_phone" } else { "ios_phone" }.to_owned(),
        device_model: metadata.device_model.clone(),
        detail: json!({
            "custom_sdk_installation_id": request.custom_sdk_installation_id.as_ref().map(Text::as_str),
            "phone_metadata": metadata,
            "assa_abloy_metadata": request.assa_abloy_metadata,
        }),
    };
    let enrolled = App::change(call, "phone.create_sandbox", move |tx, moment, caller| {
        let enrolled = engine::phones::create_sandbox(tx, moment, caller, &asked)?;
        // Before the commit: a crash in between leaves a simulated phone that nobody knows, which does no harm. The
        // other way round it would leave a phone here to which no key can ever be delivered. A repeated transaction
        // makes the same ids, and enrolling twice is harmless.
        if let Some(sandbox) = &sandbox {
            for endpoint in &enrolled.endpoints {
                sandbox.enrol_phone(&endpoint.id.to_string());
            }
        }
        Ok(enrolled)
    })?;
    Ok(Answer { phone: enrolled.into() })
}
