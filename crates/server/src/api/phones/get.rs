//! `/phones/get`

use domain::id::PhoneId;
use engine::Noun;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::resource::Phone;
use crate::{
    adapter::{Call, Error, field::Reference},
    api::id,
    app::App,
};

/// Gets a phone.
#[derive(Deserialize, JsonSchema)]
pub struct Get {
    /// ID of the phone.
    device_id: Reference,
}

/// What is answered.
#[derive(Serialize, JsonSchema)]
pub struct Answer {
    phone: Phone,
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, request: Get) -> Result<Answer, Error> {
    let id: PhoneId = id::known(Noun::Phone, &request.device_id)?;
    let found = App::look(call, "phone.get", |tx, caller| engine::phones::find(tx, caller, id))?;
    Ok(Answer { phone: found.into() })
}
