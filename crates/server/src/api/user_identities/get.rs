//! `/user_identities/get`

use engine::Noun;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::user_identities::By;

use super::resource::{self, UserIdentity};
use crate::{
    adapter::{
        Call, Error,
        field::{Reference, Text},
    },
    api::id,
    app::App,
};

/// Gets a person, by exactly one of `user_identity_id` and `user_identity_key`.
#[derive(Deserialize, JsonSchema)]
pub struct Get {
    /// ID of the person.
    user_identity_id: Option<Reference>,
    /// The caller's own key for the person.
    user_identity_key: Option<Text>,
    /// Email address, as older callers have it instead of an ID.
    email_address: Option<Text>,
    /// Phone number, as older callers have it instead of an ID.
    phone_number: Option<Text>,
}

/// What is answered.
#[derive(Serialize, JsonSchema)]
pub struct Answer {
    user_identity: UserIdentity,
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, request: Get) -> Result<Answer, Error> {
    let by = match (request.user_identity_id, request.user_identity_key, request.email_address, request.phone_number) {
        (Some(id), None, None, None) => By::Id(id::known(Noun::UserIdentity, &id)?),
        (None, Some(key), None, None) => By::Key(key.into_string()),
        (None, None, Some(email), None) => By::Email(email.into_string()),
        (None, None, None, Some(phone)) => By::Phone(phone.into_string()),
        _ => {
            let message = "Provide exactly one of user_identity_id, user_identity_key, email_address or phone_number";
            return Err(Error::invalid_input(message));
        }
    };
    let user_identity = App::look(call, "user_identity.get", |tx, caller| {
        let identity = engine::user_identities::find(tx, caller, &by)?;
        resource::shown_one(tx, identity)
    })?;
    Ok(Answer { user_identity })
}
