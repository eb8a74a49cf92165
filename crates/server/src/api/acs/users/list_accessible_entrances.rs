//! `/acs/users/list_accessible_entrances`

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::one::OneUser;
use crate::{
    adapter::{Call, Error, field::Id},
    api::acs::entrances::resource::{self, AcsEntrance},
    app::App,
};

/// Lists the doors a user may open: those granted beforehand and those of the user's valid credentials.
#[derive(Deserialize, JsonSchema)]
pub struct List {
    /// ID of the user.
    acs_user_id: Option<Id>,
    /// ID of the person whose user it is.
    user_identity_id: Option<Id>,
    /// ID of the access system, where the person has users in several.
    acs_system_id: Option<Id>,
}

/// What is answered.
#[derive(Serialize, JsonSchema)]
pub struct Answer {
    acs_entrances: Vec<AcsEntrance>,
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, request: List) -> Result<Answer, Error> {
    let (user, person) = (request.acs_user_id.as_ref(), request.user_identity_id.as_ref());
    let one = OneUser::named(user, person, request.acs_system_id.as_ref())?;
    let acs_entrances = App::look(call, "acs_user.list_doors", |tx, caller| {
        let user = one.find(tx, caller)?;
        let doors = engine::users::accessible_entrances(tx, &[user], call.now)?;
        resource::shown(tx, caller, doors)
    })?;
    Ok(Answer { acs_entrances })
}
