//! `/access_methods/get`

use engine::Noun;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::resource::{self, AccessMethod};
use crate::{
    adapter::{Call, Error, field::Reference},
    api::id,
    app::App,
};

/// Gets an access method: a card or a phone key of an access grant.
#[derive(Deserialize, JsonSchema)]
pub struct Get {
    /// ID of the access method.
    access_method_id: Reference,
}

/// What is answered.
#[derive(Serialize, JsonSchema)]
pub struct Answer {
    access_method: AccessMethod,
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, request: Get) -> Result<Answer, Error> {
    let id = id::known(Noun::AccessMethod, &request.access_method_id)?;
    let found = App::look(call, "access_method.get", |tx, caller| engine::access_methods::find(tx, caller, id))?;
    Ok(Answer { access_method: resource::shown(call, found) })
}
