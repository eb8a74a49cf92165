//! `/access_methods/create`

use engine::{Noun, access_grants::Requested};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::resource::{self, AccessMethod};
use crate::{
    adapter::{Call, Error, field::Reference},
    api::{
        access_grants::{
            create::report_double_booking,
            one::{Mode, link},
        },
        id,
    },
    app::App,
};

/// Adds one access method to a grant; it has the grant's doors and times.
#[derive(Deserialize, JsonSchema)]
pub struct Create {
    /// ID of the grant.
    access_grant_id: Reference,
    /// What opens the doors. Visionline has `card` and `mobile_key`.
    mode: Mode,
}

/// What is answered.
#[derive(Serialize, JsonSchema)]
pub struct Answer {
    access_method: AccessMethod,
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, request: Create) -> Result<Answer, Error> {
    let id = id::known(Noun::AccessGrant, &request.access_grant_id)?;
    let mode = request.mode.as_str();
    if !matches!(request.mode, Mode::Card | Mode::MobileKey) {
        return Err(Error::not_supported(format!("Visionline has no {mode}; use card or mobile_key")));
    }
    let requested = [Requested {
        mode: mode.to_owned(),
        code: None,
        instant_key_max_use_count: None,
        link: link(call.state, request.mode)?,
    }];
    let made = App::change(call, "access_method.create", move |tx, moment, caller| {
        engine::access_grants::request_access_methods(tx, moment, caller, id, &requested)
    })?;
    report_double_booking(&call.state.counts, &made);
    let asked = made.grant.requested.as_array().and_then(|entries| entries.last()).cloned().unwrap_or_default();
    let newest = asked["created_access_method_ids"][0].as_str().map(str::to_owned);
    let found = made.methods.into_iter().find(|method| Some(method.method.id.to_string()) == newest);
    match found {
        Some(method) => Ok(Answer { access_method: resource::shown(call, method) }),
        None => Err(Error::not_supported(asked["error_message"].as_str().unwrap_or_default())),
    }
}
