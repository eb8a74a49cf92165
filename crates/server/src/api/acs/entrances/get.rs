//! `/acs/entrances/get`

use domain::id::EntranceId;
use engine::Noun;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::{
    entrances::{self, Filter},
    page::Page,
};

use super::resource::{self, AcsEntrance};
use crate::{
    adapter::{
        Call, Error,
        field::{Reference, Text},
    },
    api::{error::missing, id, list::LONGEST_SEARCH},
    app::App,
};

/// Gets a door.
#[derive(Deserialize, JsonSchema)]
pub struct Get {
    /// ID of the entrance.
    acs_entrance_id: Option<Reference>,
    /// Name of the door, where the ID is not known.
    #[schemars(length(max = LONGEST_SEARCH))]
    name: Option<Text>,
}

/// What is answered.
#[derive(Serialize, JsonSchema)]
pub struct Answer {
    acs_entrance: AcsEntrance,
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, request: Get) -> Result<Answer, Error> {
    let id: Option<EntranceId> =
        request.acs_entrance_id.as_ref().map(|given| id::known(Noun::AcsEntrance, given)).transpose()?;
    let name = match (id, request.name) {
        (Some(id), _) => Err(id),
        (None, Some(name)) => Ok(name.into_string()),
        (None, None) => return Err(Error::invalid_field("acs_entrance_id", "Required")),
    };
    let acs_entrance = App::look(call, "acs_entrance.get", |tx, caller| {
        let (door, sought) = match name {
            Err(id) => {
                let found = entrances::find(tx, caller.workspace_id, id)?;
                (found.filter(|door| caller.sees_entrance(door)), id.to_string())
            }
            Ok(name) => {
                let sight = caller.sight().cloned();
                let filter = Filter { search: Some(name.clone()), sight, ..Filter::default() };
                let doors = entrances::list(tx, caller.workspace_id, &filter, Page::whole())?;
                (doors.into_iter().find(|door| door.door_name == name), name)
            }
        };
        let shown = resource::shown(tx, caller, door.into_iter().collect())?.pop();
        shown.ok_or_else(|| missing(Noun::AcsEntrance, sought))
    })?;
    Ok(Answer { acs_entrance })
}
