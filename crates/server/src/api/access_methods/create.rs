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
    let (made, method) = App::change(call, "access_method.create", move |tx, moment, caller| {
        let made = engine::access_grants::request_access_methods(tx, moment, caller, id, &requested)?;
        let asked = made.grant.requested.as_array().and_then(|entries| entries.last()).cloned().unwrap_or_default();
        let newest = asked["created_access_method_ids"][0].as_str();
        let method = made.methods.iter().find(|method| newest == Some(method.method.id.to_string().as_str()));
        // Refused within the transaction, so that nothing of it is noted on the grant.
        let message = asked["error_message"].as_str().unwrap_or_default().to_owned();
        let method = method.cloned().ok_or(engine::Error::NotSupported { message })?;
        Ok((made, method))
    })?;
    report_double_booking(&call.state.counts, &made);
    Ok(Answer { access_method: resource::shown(call, method) })
}
