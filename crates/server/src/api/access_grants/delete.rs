//! `/access_grants/delete`

use engine::{Noun, access_grants::By};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{
    adapter::{Call, Error, Nothing, field::Reference},
    api::id,
    app::App,
};

/// Deletes a grant and all its access methods. Their keys are discarded at the lock server; the grant shows
/// `being_deleted` until each is confirmed.
#[derive(Deserialize, JsonSchema)]
pub struct Delete {
    /// ID of the grant.
    access_grant_id: Reference,
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, request: Delete) -> Result<Nothing, Error> {
    let by = By::Id(id::known(Noun::AccessGrant, &request.access_grant_id)?);
    App::change(call, "access_grant.delete", move |tx, moment, caller| {
        engine::access_grants::delete(tx, moment, caller, &by)
    })?;
    Ok(Nothing {})
}
