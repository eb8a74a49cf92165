//! `/user_identities/generate_instant_key`

use engine::instant_keys::Create;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    adapter::{
        Call, Error,
        field::{Id, Text},
    },
    api::{
        id,
        instant_keys::resource::{self, InstantKey},
    },
    app::App,
    instant_links, session_tokens,
};

/// Makes a link that shows the person's keys in a browser, and the client session that it is worth.
#[derive(Deserialize, JsonSchema)]
pub struct Generate {
    /// ID of the person.
    user_identity_id: Id,
    /// How many browsers may open the link; 1 if absent.
    #[schemars(range(min = 1))]
    max_use_count: Option<i32>,
    /// How its page is to look; kept and shown again.
    customization_profile_id: Option<Text>,
}

/// What is answered.
#[derive(Serialize, JsonSchema)]
pub struct Answer {
    instant_key: InstantKey,
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, request: Generate) -> Result<Answer, Error> {
    let asked = Create {
        user_identity_id: id::of(&request.user_identity_id)?,
        max_use_count: request.max_use_count.unwrap_or(1),
        lasts: call.state.instant_key_life,
        customization_profile_id: request.customization_profile_id.map(Text::into_string),
        code: instant_links::fresh(call.state)?,
        token: session_tokens::fresh(call.state)?,
    };
    let view = App::change(call, "user_identity.generate_instant_key", move |tx, moment, caller| {
        engine::instant_keys::create(tx, moment, caller, &asked)
    })?;
    Ok(Answer { instant_key: resource::shown(call, view) })
}
