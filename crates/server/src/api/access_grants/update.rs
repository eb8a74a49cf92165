//! `/access_grants/update`

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    create::report_double_booking,
    one,
    resource::{self, Remarks},
};
use crate::{
    adapter::{
        Call, Error,
        field::{Id, Nullable, Reference, Text, When},
    },
    api::{
        list::{self, MOST_IDS},
        when,
    },
    app::App,
};

/// Changes the times or the name of a grant, named by exactly one of `access_grant_id` and `access_grant_key`. Keys in
/// phones are issued anew by themselves; cards that were written must be encoded again. The rooms are fixed: for other
/// rooms delete the grants of the reservation and create them anew.
#[derive(Deserialize, JsonSchema)]
pub struct Update {
    /// ID of the grant.
    access_grant_id: Option<Reference>,
    /// The caller's own key of it.
    access_grant_key: Option<Text>,
    /// When the doors start to open.
    starts_at: Option<When>,
    /// When they stop opening; `null` for an open end.
    #[serde(default)]
    ends_at: Nullable<When>,
    /// Name, for people.
    #[serde(default)]
    name: Nullable<Text>,
    /// The doors from now on, with those of the spaces; the rooms among them must be those that the grant has.
    #[schemars(length(max = MOST_IDS))]
    acs_entrance_ids: Option<Vec<Id>>,
    /// Spaces whose doors are meant; with other doors than before keys are issued anew.
    #[schemars(length(max = MOST_IDS))]
    space_ids: Option<Vec<Id>>,
    /// Keys of spaces whose doors are meant.
    #[schemars(length(max = MOST_IDS))]
    space_keys: Option<Vec<Text>>,
    /// IDs of devices; the locks of Visionline are entrances.
    #[schemars(length(max = MOST_IDS))]
    device_ids: Option<Vec<Id>>,
}

/// What is answered.
#[derive(Serialize, JsonSchema)]
pub struct Answer {
    /// What is remarkable, where there is something to say.
    #[serde(skip_serializing_if = "Option::is_none")]
    innkeep: Option<Remarks>,
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, request: Update) -> Result<Answer, Error> {
    let by = one::named(request.access_grant_id, request.access_grant_key)?;
    one::refuse_devices(request.device_ids.as_deref().unwrap_or_default())?;
    let asked = engine::access_grants::Update {
        starts_at: request.starts_at.map(when::meant),
        ends_at: request.ends_at.into_change().map(|end| end.map(when::meant)),
        name: request.name.into_change().map(|name| name.map(Text::into_string)),
        entrance_ids: request.acs_entrance_ids.as_deref().map(list::ids).transpose()?,
        space_ids: request.space_ids.as_deref().map(list::ids).transpose()?,
        space_keys: request.space_keys.map(|keys| keys.into_iter().map(Text::into_string).collect()),
    };
    let changed = App::change(call, "access_grant.update", move |tx, moment, caller| {
        engine::access_grants::update(tx, moment, caller, &by, &asked)
    })?;
    report_double_booking(&call.state.counts, &changed);
    Ok(Answer { innkeep: resource::remarks(&changed) })
}
