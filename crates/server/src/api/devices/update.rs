//! `/devices/update`

use domain::id::PhoneId;
use engine::Noun;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{
    adapter::{
        Call, Error, Nothing,
        field::{Nullable, Reference, Text},
    },
    api::{custom_metadata::CustomMetadata, id, spelling},
    app::App,
};

/// Changes what people call a device, and what is attached to it; `null` takes either away. Here that is a phone.
#[derive(Deserialize, JsonSchema)]
pub struct Update {
    /// ID of the device.
    device_id: Reference,
    /// What people call it.
    #[serde(default)]
    name: Nullable<Text>,
    /// The same, in the form of older SDKs.
    #[serde(default)]
    properties: Properties,
    /// What to attach to it; `null` or an empty text takes a word away, others stay.
    #[serde(default)]
    custom_metadata: CustomMetadata,
    /// Whether it is managed here: `true`.
    is_managed: Option<bool>,
    /// Whether it has spare access codes: phones have no codes.
    #[expect(dead_code, reason = "phones have no codes")]
    backup_access_code_pool_enabled: Option<bool>,
}

/// What is to be changed of a device, in the form of older SDKs.
#[derive(Default, Deserialize, JsonSchema)]
struct Properties {
    /// What people call it.
    #[serde(default)]
    name: Nullable<Text>,
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, request: Update) -> Result<Nothing, Error> {
    let id: PhoneId = id::known(Noun::Phone, &request.device_id)?;
    if request.is_managed == Some(false) {
        return Err(Error::not_supported("Phones are always managed; leave is_managed out"));
    }
    let change = |asked: Nullable<Text>| asked.map(Text::into_string).into_change();
    let (name, older) = (change(request.name), change(request.properties.name));
    let nickname = spelling::agreed([("name", name), ("properties.name", older)])?;
    let asked =
        engine::phones::Update { nickname, custom_metadata: request.custom_metadata.changes("custom_metadata")? };
    App::change(call, "device.update", move |tx, moment, caller| {
        engine::phones::update(tx, moment, caller, id, &asked)
    })?;
    Ok(Nothing {})
}
