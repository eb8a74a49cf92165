//! `/acs/users/create`

use engine::Noun;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::resource::{self, AcsUser};
use crate::{
    adapter::{
        Call, Error,
        field::{Id, Nullable, Text, When},
    },
    api::{error::missing, id, spelling::agreed, when::meant},
    app::App,
};

/// Creates a user in a Visionline system.
#[derive(Deserialize, JsonSchema)]
pub struct Create {
    /// ID of the access system.
    acs_system_id: Id,
    /// Name of the user.
    full_name: Text,
    /// Email address of the user.
    email_address: Option<Text>,
    /// The older name of `email_address`.
    #[schemars(extend("deprecated" = true))]
    email: Option<Text>,
    /// Phone number of the user.
    phone_number: Option<Text>,
    /// ID of the person to link: one user per person and system.
    user_identity_id: Option<Id>,
    /// When the user has access.
    access_schedule: Option<AccessSchedule>,
    /// Access groups to add the user to; Visionline has none.
    acs_access_group_ids: Option<Vec<Id>>,
}

/// When a user has access.
#[derive(Deserialize, JsonSchema)]
struct AccessSchedule {
    /// Start; now if absent.
    starts_at: Option<When>,
    /// End, in the future and after the start; open if absent or `null`.
    #[serde(default)]
    ends_at: Nullable<When>,
}

/// What is answered.
#[derive(Serialize, JsonSchema)]
pub struct Answer {
    acs_user: AcsUser,
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, request: Create) -> Result<Answer, Error> {
    if request.acs_access_group_ids.is_some_and(|groups| !groups.is_empty()) {
        return Err(Error::not_supported("Visionline has no access groups; leave acs_access_group_ids out"));
    }
    let email = agreed([("email_address", request.email_address), ("email", request.email)])?;
    let asked = engine::users::Create {
        acs_system_id: id::of(&request.acs_system_id)?,
        full_name: request.full_name.into_string(),
        email_address: email.map(Text::into_string),
        phone_number: request.phone_number.map(Text::into_string),
        user_identity_id: id::of_optional(request.user_identity_id.as_ref())?,
        access_schedule: request
            .access_schedule
            .map(|schedule| (schedule.starts_at.map(meant), schedule.ends_at.into_value().map(meant))),
    };
    let now = call.now;
    let acs_user = App::change(call, "acs_user.create", move |tx, moment, caller| {
        let user = engine::users::create(tx, moment, caller, &asked)?;
        let id = user.id;
        resource::shown(tx, caller, vec![user], now)?.pop().ok_or_else(|| missing(Noun::AcsUser, id))
    })
    .map_err(unknown_person)?;
    Ok(Answer { acs_user })
}

/// An unknown person is a wrong parameter here, not a wrong address (`spec/api.md 1.7`).
fn unknown_person(error: Error) -> Error {
    if error.kind() == "user_identity_not_found" {
        Error::bad_request("user_identity_not_found", error.message())
    } else {
        error
    }
}
