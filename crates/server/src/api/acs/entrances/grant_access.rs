//! `/acs/entrances/grant_access`

use schemars::JsonSchema;
use serde::Deserialize;

use crate::{
    adapter::{Call, Error, Nothing, field::Id},
    api::{acs::users::one::OneUser, id},
    app::App,
};

/// Grants a user a door beforehand. It moves no key: the next credential that names no doors takes it.
#[derive(Deserialize, JsonSchema)]
pub struct GrantAccess {
    /// ID of the door.
    #[schemars(extend("x-aliases" = ["entrance_id"]))]
    acs_entrance_id: Id,
    /// ID of the user.
    acs_user_id: Option<Id>,
    /// ID of the person whose user it is.
    user_identity_id: Option<Id>,
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, request: GrantAccess) -> Result<Nothing, Error> {
    let entrance = id::of(&request.acs_entrance_id)?;
    let (user, person) = (request.acs_user_id.as_ref(), request.user_identity_id.as_ref());
    let one = OneUser::named(user, person, None)?;
    App::change(call, "acs_entrance.grant_access", move |tx, moment, caller| {
        let user = match one {
            // The door says at which system the person's user is meant.
            OneUser::OfPerson(person, None) => {
                let door = store::entrances::find(tx, caller.workspace_id, entrance)?;
                OneUser::OfPerson(person, door.map(|door| door.acs_system_id)).find(tx, caller)?
            }
            named => named.find(tx, caller)?,
        };
        engine::users::grant(tx, moment, caller, user.id, entrance)
    })?;
    Ok(Nothing {})
}
