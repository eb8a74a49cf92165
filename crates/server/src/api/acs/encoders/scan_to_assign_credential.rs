//! `/acs/encoders/scan_to_assign_credential`

use domain::id::{AcsUserId, EncoderId, UserIdentityId};
use engine::{Noun, encoders};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    adapter::{Call, Error, field::Id},
    api::{action_attempts::resource::ActionAttempt, error::missing, id},
    app::App,
};

/// Reads the next card that is placed on an encoder, and gives its credential to a user. The answer is a pending action
/// attempt. Exactly one of `acs_user_id` and `user_identity_id` names the user; a person who has no user at the
/// encoder's system yet gets one.
#[derive(Deserialize, JsonSchema)]
pub struct Scan {
    /// ID of the encoder.
    acs_encoder_id: Id,
    /// ID of the user who gets the card.
    acs_user_id: Option<Id>,
    /// ID of the person who gets the card.
    user_identity_id: Option<Id>,
}

/// What is answered.
#[derive(Serialize, JsonSchema)]
pub struct Answer {
    action_attempt: ActionAttempt,
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, request: Scan) -> Result<Answer, Error> {
    let encoder: EncoderId = id::of(&request.acs_encoder_id)?;
    let user: Option<AcsUserId> = id::of_optional(request.acs_user_id.as_ref())?;
    let person: Option<UserIdentityId> = id::of_optional(request.user_identity_id.as_ref())?;
    if user.is_some() == person.is_some() {
        return Err(Error::invalid_input("Provide exactly one of acs_user_id and user_identity_id"));
    }
    let attempt = App::change(call, "acs_encoder.scan_to_assign", move |tx, moment, caller| {
        let system = store::encoders::find(tx, caller.workspace_id, encoder)?
            .filter(|encoder| caller.sees_whole_system(encoder.acs_system_id))
            .ok_or_else(|| missing(Noun::AcsEncoder, encoder))?
            .acs_system_id;
        let user = match (user, person) {
            (None, Some(person)) => engine::user_identities::user_at(tx, moment, caller, person, system)?.id,
            (Some(user), _) => user,
            (None, None) => return Err(missing(Noun::AcsUser, "")),
        };
        encoders::scan_to_assign(tx, moment, caller, encoder, user)
    })?;
    Ok(Answer { action_attempt: attempt.into() })
}
