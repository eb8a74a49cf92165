//! `/acs/credentials/list_accessible_entrances`

use domain::id::{CredentialId, EntranceId};
use engine::Noun;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::entrances;

use crate::{
    adapter::{Call, Error, field::Reference},
    api::{
        acs::entrances::resource::{self, AcsEntrance},
        id,
    },
    app::App,
};

/// Lists the doors of a credential, in the order in which they were named. A child has the doors of its parent.
#[derive(Deserialize, JsonSchema)]
pub struct List {
    /// ID of the credential.
    acs_credential_id: Reference,
}

/// What is answered.
#[derive(Serialize, JsonSchema)]
pub struct Answer {
    acs_entrances: Vec<AcsEntrance>,
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, request: List) -> Result<Answer, Error> {
    let id: CredentialId = id::known(Noun::AcsCredential, &request.acs_credential_id)?;
    let acs_entrances = App::look(call, "acs_credential.list_doors", |tx, caller| {
        let ids: Vec<EntranceId> =
            engine::credentials::find(tx, caller, id, call.now)?.doors.iter().map(|door| door.id).collect();
        let mut doors = entrances::by_ids(tx, &ids)?;
        doors.retain(|door| door.removed_at.is_none());
        doors.sort_by_key(|door| ids.iter().position(|id| *id == door.id));
        resource::shown(tx, caller, doors)
    })?;
    Ok(Answer { acs_entrances })
}
