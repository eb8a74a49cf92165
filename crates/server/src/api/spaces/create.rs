//! `/spaces/create`

use engine::spaces::Members;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::resource::{self, CustomerData, Space};
use crate::{
    adapter::{
        Call, Error,
        field::{Id, Text},
    },
    api::list::{self, MOST_IDS},
    app::App,
};

/// Creates a space: rooms, suites, floors and the like, under a name of the caller's own.
#[derive(Deserialize, JsonSchema)]
pub struct Create {
    /// Name.
    name: Text,
    /// The caller's own key, unique in the workspace.
    space_key: Option<Text>,
    /// Doors that belong to it.
    #[serde(default)]
    #[schemars(length(max = MOST_IDS))]
    acs_entrance_ids: Vec<Id>,
    /// Phones that belong to it.
    #[serde(default)]
    #[schemars(length(max = MOST_IDS))]
    device_ids: Vec<Id>,
    /// Connected accounts that belong to it.
    #[serde(default)]
    #[schemars(length(max = MOST_IDS))]
    connected_account_ids: Vec<Id>,
    /// The customer it belongs to, by the caller's key.
    customer_key: Option<Text>,
    /// Address, usual times and zone.
    #[serde(default)]
    customer_data: CustomerData,
}

/// What is answered.
#[derive(Serialize, JsonSchema)]
pub struct Answer {
    space: Space,
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, request: Create) -> Result<Answer, Error> {
    let asked = engine::spaces::Create {
        name: request.name.into_string(),
        space_key: request.space_key.map(Text::into_string),
        customer_key: request.customer_key.map(Text::into_string),
        customer_data: request.customer_data.into(),
        members: Members {
            entrances: list::ids(&request.acs_entrance_ids)?,
            devices: list::ids(&request.device_ids)?,
            accounts: list::ids(&request.connected_account_ids)?,
        },
    };
    let space = App::change(call, "space.create", move |tx, moment, caller| {
        let space = engine::spaces::create(tx, moment, caller, &asked)?;
        resource::shown_one(tx, caller, space)
    })?;
    Ok(Answer { space })
}
