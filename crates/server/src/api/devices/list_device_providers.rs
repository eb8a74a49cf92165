//! `/devices/list_device_providers`

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    adapter::{Call, Error},
    api::acs::systems::resource::IMAGE_URL,
    app::App,
};

/// The category of everything that can be connected here.
const CATEGORY: &str = "access_control_systems";

/// Lists the kinds of systems that can be connected.
#[derive(Deserialize, JsonSchema)]
pub struct List {
    /// Only those of this category.
    provider_category: Option<String>,
}

/// What is answered.
#[derive(Serialize, JsonSchema)]
pub struct Answer {
    device_providers: Vec<DeviceProvider>,
}

/// A kind of system that can be connected.
#[derive(Serialize, JsonSchema)]
pub struct DeviceProvider {
    /// The kind, for programs.
    device_provider_name: &'static str,
    /// The kind, for people.
    display_name: &'static str,
    /// A picture.
    image_url: &'static str,
    /// Its categories.
    provider_categories: [&'static str; 1],
}

/// Runs the route.
pub fn run(_: &Call<'_, App>, request: List) -> Result<Answer, Error> {
    let one = |device_provider_name, display_name| DeviceProvider {
        device_provider_name,
        display_name,
        image_url: IMAGE_URL,
        provider_categories: [CATEGORY],
    };
    let mut device_providers =
        vec![one("visionline", "Visionline"), one("assa_abloy_credential_service", "Assa Abloy Credential Service")];
    device_providers.retain(|_| request.provider_category.as_deref().is_none_or(|asked| asked == CATEGORY));
    Ok(Answer { device_providers })
}
