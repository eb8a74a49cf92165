//! `/spaces/update`

use engine::spaces::Update as Asked;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::spaces::By;

use super::{
    one,
    resource::{self, CustomerData, Space},
};
use crate::{
    adapter::{
        Call, Error,
        field::{Id, Nullable, Reference, Text},
    },
    api::{
        id,
        list::{self, MOST_IDS},
    },
    app::App,
};

/// Changes a space, named by exactly one of `space_id` and `space_key`. What is absent stays as it is, `null` clears.
#[derive(Deserialize, JsonSchema)]
pub struct Update {
    /// ID of the space.
    space_id: Option<Reference>,
    /// The caller's own key for it.
    space_key: Option<Text>,
    /// Name.
    name: Option<Text>,
    /// The doors that belong to it from now on.
    #[schemars(length(max = MOST_IDS))]
    acs_entrance_ids: Option<Vec<Id>>,
    /// The phones that belong to it from now on.
    #[schemars(length(max = MOST_IDS))]
    device_ids: Option<Vec<Id>>,
    /// Address, usual times and zone; `null` in it clears that one.
    #[serde(default)]
    customer_data: CustomerData,
    /// The space that it is a part of.
    #[serde(default)]
    parent_space_id: Nullable<Id>,
    /// Key of the space that it is a part of, instead of its ID.
    #[serde(default)]
    parent_space_key: Nullable<Text>,
    /// The customer it belongs to, by the caller's key.
    #[serde(default)]
    customer_key: Nullable<Text>,
}

/// What is answered.
#[derive(Serialize, JsonSchema)]
pub struct Answer {
    space: Space,
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, request: Update) -> Result<Answer, Error> {
    let by = one::named(request.space_id, request.space_key)?;
    let parent = match (request.parent_space_id, request.parent_space_key) {
        (Nullable::Absent, Nullable::Absent) => None,
        (Nullable::Value(id), Nullable::Absent) => Some(Some(By::Id(id::of(&id)?))),
        (Nullable::Absent, Nullable::Value(key)) => Some(Some(By::Key(key.into_string()))),
        (Nullable::Value(_), _) | (_, Nullable::Value(_)) => {
            return Err(Error::invalid_input("Provide at most one of parent_space_id and parent_space_key"));
        }
        (Nullable::Null, _) | (_, Nullable::Null) => Some(None),
    };
    let asked = Asked {
        name: request.name.map(Text::into_string),
        entrances: request.acs_entrance_ids.as_deref().map(list::ids).transpose()?,
        devices: request.device_ids.as_deref().map(list::ids).transpose()?,
        customer_key: request.customer_key.map(Text::into_string).into_change(),
        customer_data: request.customer_data.into(),
        parent,
    };
    let space = App::change(call, "space.update", move |tx, moment, caller| {
        let space = engine::spaces::update(tx, moment, caller, &by, &asked)?;
        resource::shown_one(tx, caller, space)
    })?;
    Ok(Answer { space })
}
