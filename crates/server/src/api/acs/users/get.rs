//! `/acs/users/get`

use domain::id::{AcsSystemId, AcsUserId, UserIdentityId};
use engine::Noun;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::resource::{self, AcsUser};
use crate::{
    adapter::{
        Call, Error,
        field::{Reference, Text},
    },
    api::{error::missing, id},
    app::App,
};

/// Gets a user, by exactly one of `acs_user_id` and `user_identity_id`.
#[derive(Deserialize, JsonSchema)]
pub struct Get {
    /// ID of the user.
    acs_user_id: Option<Reference>,
    /// ID of the person whose user it is; needs `acs_system_id`.
    user_identity_id: Option<Reference>,
    /// ID of the access system of the user.
    acs_system_id: Option<Reference>,
    /// Email address of the user, as older callers have it instead of an ID.
    #[schemars(extend("x-aliases" = ["email"]))]
    email_address: Option<Text>,
}

/// What is answered.
#[derive(Serialize, JsonSchema)]
pub struct Answer {
    acs_user: AcsUser,
}

/// The ways of naming a user.
enum Sought {
    User(AcsUserId),
    OfPerson(UserIdentityId, AcsSystemId),
    ByEmail(String, Option<AcsSystemId>),
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, request: Get) -> Result<Answer, Error> {
    let sought = sought(request)?;
    let acs_user = App::look(call, "acs_user.get", |tx, caller| {
        let user = match sought {
            Sought::User(id) => engine::users::find(tx, caller, id)?,
            Sought::OfPerson(person, system) => engine::users::of_identity_at(tx, caller, person, system)?,
            Sought::ByEmail(email, system) => store::users::by_email(tx, caller.workspace_id, &email, system)?
                .ok_or_else(|| missing(Noun::AcsUser, &email))?,
        };
        let id = user.id;
        resource::shown(tx, caller, vec![user], call.now)?.pop().ok_or_else(|| missing(Noun::AcsUser, id))
    })?;
    Ok(Answer { acs_user })
}

fn sought(request: Get) -> Result<Sought, Error> {
    let system = request.acs_system_id.map(|system| id::known(Noun::AcsSystem, &system)).transpose()?;
    match (request.acs_user_id, request.user_identity_id, request.email_address) {
        (Some(user), None, None) => Ok(Sought::User(id::known(Noun::AcsUser, &user)?)),
        (None, Some(person), None) => match system {
            Some(system) => Ok(Sought::OfPerson(id::known(Noun::UserIdentity, &person)?, system)),
            None => Err(Error::invalid_field("acs_system_id", "Required")),
        },
        (None, None, Some(email)) => Ok(Sought::ByEmail(email.into_string(), system)),
        _ => Err(Error::invalid_input(
            "Provide exactly one of acs_user_id, user_identity_id (with acs_system_id) or email_address",
        )),
    }
}
