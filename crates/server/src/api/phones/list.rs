//! `/phones/list`

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::credentials;

use super::resource::Phone;
use crate::{
    adapter::{Call, Error, field::Id},
    api::id,
    app::App,
};

/// Lists the phones that are in use, oldest first. The parameters combine with AND.
#[derive(Deserialize, JsonSchema)]
pub struct List {
    /// Only phones of this person.
    owner_user_identity_id: Option<Id>,
    /// Only phones that hold this credential, or a child of it.
    acs_credential_id: Option<Id>,
}

/// What is answered.
#[derive(Serialize, JsonSchema)]
pub struct Answer {
    phones: Vec<Phone>,
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, request: List) -> Result<Answer, Error> {
    let owner = id::of_optional(request.owner_user_identity_id.as_ref())?;
    let credential = id::of_optional(request.acs_credential_id.as_ref())?;
    let found = App::look(call, "phone.list", |tx, caller| {
        let holders = match credential {
            None => None,
            Some(id) => match credentials::find(tx, caller.workspace_id, id)? {
                Some(credential) => Some(credentials::phones_of(tx, credential.id)?),
                None => return Ok(Vec::new()),
            },
        };
        engine::phones::list(tx, caller, owner, holders.as_deref())
    })?;
    Ok(Answer { phones: found.into_iter().map(Phone::from).collect() })
}
