//! `/access_grants/request_access_methods`

use engine::Noun;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    create::report_double_booking,
    one::{self, MOST_METHODS, RequestedMethod},
    resource::{self, AccessGrant},
};
use crate::{
    adapter::{Call, Error, field::Reference},
    api::id,
    app::App,
};

/// Adds access methods to a grant, such as a second card. They have the grant's doors and times.
#[derive(Deserialize, JsonSchema)]
pub struct RequestAccessMethods {
    /// ID of the grant.
    access_grant_id: Reference,
    /// How the doors are to be opened as well.
    #[schemars(length(min = 1, max = MOST_METHODS))]
    requested_access_methods: Vec<RequestedMethod>,
}

/// What is answered.
#[derive(Serialize, JsonSchema)]
pub struct Answer {
    access_grant: AccessGrant,
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, request: RequestAccessMethods) -> Result<Answer, Error> {
    let id = id::known(Noun::AccessGrant, &request.access_grant_id)?;
    let requested = one::requested(call.state, request.requested_access_methods)?;
    let made = App::change(call, "access_grant.request_access_methods", move |tx, moment, caller| {
        engine::access_grants::request_access_methods(tx, moment, caller, id, &requested)
    })?;
    report_double_booking(&call.state.counts, &made);
    Ok(Answer { access_grant: resource::shown(call, made) })
}
