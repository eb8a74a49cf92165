//! `/connect_webviews/create`

use domain::id::ConnectWebviewId;
use engine::connecting;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::resource::{self, ConnectWebview};
use crate::{
    adapter::{
        Call, Error,
        field::{Nullable, Text},
    },
    api::custom_metadata::CustomMetadata,
    app::App,
    config::NO_SECRET_KEY,
    connecting::{link, redirect},
};

/// What can be connected here.
const SERVED: [&str; 2] = ["visionline", "assa_abloy_credential_service"];
/// An older name of `visionline`, from the time when a bridge was connected first.
const BRIDGE: &str = "seam_bridge";

/// Makes a page on which an operator connects a hotel or a credential manager. The answer has its address.
#[derive(Deserialize, JsonSchema)]
pub struct Create {
    /// What may be connected; anything if absent. Here: `visionline` and `assa_abloy_credential_service`.
    #[schemars(length(max = 100))]
    accepted_providers: Option<Vec<Text>>,
    /// A group of providers; whatever it is, those that are served here are offered.
    provider_category: Option<Text>,
    /// What it is connected for; access control if absent.
    #[schemars(length(max = 10))]
    accepted_capabilities: Option<Vec<Capability>>,
    /// What may not be connected.
    #[schemars(length(max = 100))]
    excluded_providers: Option<Vec<Text>>,
    /// Where the operator goes in the end.
    custom_redirect_url: Option<Text>,
    /// Where the operator goes when it failed; `custom_redirect_url` if absent.
    custom_redirect_failure_url: Option<Text>,
    /// Kept and shown.
    device_selection_mode: Option<Selection>,
    /// Words that the account gets.
    custom_metadata: Option<CustomMetadata>,
    /// Kept and shown.
    automatically_manage_new_devices: Option<bool>,
    /// Kept and shown: everything is read before the page is done.
    wait_for_device_creation: Option<bool>,
    /// The customer that the account will belong to.
    #[serde(default)]
    customer_key: Nullable<Text>,
}

/// What a system can do.
#[derive(Deserialize, Serialize, JsonSchema, Clone, Copy)]
#[serde(rename_all = "snake_case")]
pub enum Capability {
    /// Locks.
    Lock,
    /// Thermostats.
    Thermostat,
    /// Noise sensors.
    NoiseSensor,
    /// Access control systems.
    AccessControl,
    /// Cameras.
    Camera,
}

impl Capability {
    /// The API's word for it.
    pub fn as_str(self) -> String {
        let word = match self {
            Self::Lock => "lock",
            Self::Thermostat => "thermostat",
            Self::NoiseSensor => "noise_sensor",
            Self::AccessControl => "access_control",
            Self::Camera => "camera",
        };
        word.to_owned()
    }
}

#[derive(Deserialize, Serialize, JsonSchema, Clone, Copy, Default)]
#[serde(rename_all = "snake_case")]
enum Selection {
    #[default]
    None,
    Single,
    Multiple,
}

/// What is answered.
#[derive(Serialize, JsonSchema)]
pub struct Answer {
    connect_webview: ConnectWebview,
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, request: Create) -> Result<Answer, Error> {
    let seal = call.state.seal.clone().ok_or_else(|| Error::not_supported(NO_SECRET_KEY))?;
    let any_provider_allowed = request.accepted_providers.is_none();
    let capabilities = request.accepted_capabilities.unwrap_or_else(|| vec![Capability::AccessControl]);
    let asked = connecting::Create {
        accepted_providers: providers(request.accepted_providers, request.excluded_providers)?,
        options: json!({
            "accepted_capabilities": capabilities,
            "any_provider_allowed": any_provider_allowed,
            "provider_category": request.provider_category.as_ref().map(Text::as_str),
            "device_selection_mode": request.device_selection_mode.unwrap_or_default(),
            "automatically_manage_new_devices": request.automatically_manage_new_devices.unwrap_or(true),
            "wait_for_device_creation": request.wait_for_device_creation.unwrap_or(false),
        }),
        custom_redirect_url: address("custom_redirect_url", request.custom_redirect_url)?,
        custom_redirect_failure_url: address("custom_redirect_failure_url", request.custom_redirect_failure_url)?,
        customer_key: request.customer_key.into_value().map(Text::into_string),
        custom_metadata: request.custom_metadata.unwrap_or_default().kept("custom_metadata")?,
    };
    let links = resource::links(call);
    let token = link::fresh_token();
    let connect_webview = App::change(call, "connect_webview.create", move |tx, moment, caller| {
        let sealed = |id: ConnectWebviewId| seal.seal(&link::place(id), &token);
        let webview = connecting::create(tx, moment, caller, &asked, &sealed)?;
        resource::shown_one(tx, &links, webview)
    })?;
    Ok(Answer { connect_webview })
}

/// The providers as the caller named them, without the excluded ones; at least one must be served here.
fn providers(accepted: Option<Vec<Text>>, excluded: Option<Vec<Text>>) -> Result<Vec<String>, Error> {
    let is_named = accepted.is_some();
    let mut wanted: Vec<String> = match accepted {
        Some(named) => named.into_iter().map(Text::into_string).collect(),
        None => SERVED.map(str::to_owned).to_vec(),
    };
    let excluded: Vec<String> = excluded.into_iter().flatten().map(Text::into_string).collect();
    wanted.retain(|provider| !excluded.contains(provider));
    if wanted.iter().any(|provider| SERVED.contains(&provider.as_str()) || provider == BRIDGE) {
        return Ok(wanted);
    }
    let field = if is_named { "accepted_providers" } else { "excluded_providers" };
    Err(Error::invalid_field(field, "Name visionline or assa_abloy_credential_service; no other is served here"))
}

fn address(field: &str, given: Option<Text>) -> Result<Option<String>, Error> {
    let Some(text) = given.map(Text::into_string) else { return Ok(None) };
    if redirect::target(&text).is_none() {
        return Err(Error::invalid_field(field, "Invalid url: expected an absolute address to go to"));
    }
    Ok(Some(text))
}
