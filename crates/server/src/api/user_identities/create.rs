//! `/user_identities/create`

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::resource::{self, UserIdentity};
use crate::{
    adapter::{
        Call, Error,
        field::{Id, Nullable, Text},
    },
    api::list,
    app::App,
};

/// The most access systems in which a person gets users at once.
const MOST_SYSTEMS: usize = 100;

/// Creates a person. Key, email address and phone number each name one person in the workspace.
#[derive(Deserialize, JsonSchema)]
pub struct Create {
    /// The caller's own key for the person.
    #[serde(default)]
    user_identity_key: Nullable<Text>,
    /// Email address.
    #[serde(default)]
    email_address: Nullable<Text>,
    /// Phone number.
    #[serde(default)]
    phone_number: Nullable<Text>,
    /// Name.
    #[serde(default)]
    full_name: Nullable<Text>,
    /// Access systems where the person gets a user: the one with the same email address or phone number, or a new one.
    #[schemars(length(max = MOST_SYSTEMS))]
    acs_system_ids: Option<Vec<Id>>,
}

/// What is answered.
#[derive(Serialize, JsonSchema)]
pub struct Answer {
    user_identity: UserIdentity,
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, request: Create) -> Result<Answer, Error> {
    let text = |given: Nullable<Text>| given.into_value().map(Text::into_string);
    let asked = engine::user_identities::Create {
        user_identity_key: text(request.user_identity_key),
        email_address: text(request.email_address),
        phone_number: text(request.phone_number),
        full_name: text(request.full_name),
        acs_system_ids: list::ids(request.acs_system_ids.as_deref().unwrap_or_default())?,
    };
    let user_identity = App::change(call, "user_identity.create", move |tx, moment, caller| {
        let identity = engine::user_identities::create(tx, moment, caller, &asked)?;
        resource::shown_one(tx, identity)
    })?;
    Ok(Answer { user_identity })
}
