//! `/acs/users/update`

use schemars::JsonSchema;
use serde::Deserialize;

use super::one::OneUser;
use crate::{
    adapter::{
        Call, Error, Nothing,
        field::{Id, Nullable, Text, When},
    },
    api::{spelling::agreed, when::meant},
    app::App,
};

/// Changes a user. What is absent stays as it is.
#[derive(Deserialize, JsonSchema)]
pub struct Update {
    /// ID of the user.
    acs_user_id: Option<Id>,
    /// ID of the person whose user it is.
    user_identity_id: Option<Id>,
    /// ID of the access system, where the person has users in several.
    acs_system_id: Option<Id>,
    /// Name of the user.
    full_name: Option<Text>,
    /// Email address of the user.
    email_address: Option<Text>,
    /// The older name of `email_address`.
    #[schemars(extend("deprecated" = true))]
    email: Option<Text>,
    /// Phone number of the user.
    phone_number: Option<Text>,
    /// When the user has access; `null` clears it.
    #[serde(default)]
    access_schedule: Nullable<AccessSchedule>,
}

/// When a user has access.
#[derive(Deserialize, JsonSchema)]
struct AccessSchedule {
    /// Start.
    starts_at: When,
    /// End, in the future and after the start.
    ends_at: When,
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, request: Update) -> Result<Nothing, Error> {
    let (user, person) = (request.acs_user_id.as_ref(), request.user_identity_id.as_ref());
    let one = OneUser::named(user, person, request.acs_system_id.as_ref())?;
    let email = agreed([("email_address", request.email_address), ("email", request.email)])?;
    let asked = engine::users::Update {
        full_name: request.full_name.map(Text::into_string),
        email_address: email.map(Text::into_string),
        phone_number: request.phone_number.map(Text::into_string),
        access_schedule: request
            .access_schedule
            .into_change()
            .map(|schedule| schedule.map(|schedule| (Some(meant(schedule.starts_at)), Some(meant(schedule.ends_at))))),
    };
    App::change(call, "acs_user.update", move |tx, moment, caller| {
        let user = one.find(tx, caller)?;
        engine::users::update(tx, moment, caller, user.id, &asked)
    })?;
    Ok(Nothing {})
}
