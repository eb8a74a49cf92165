//! `/access_methods/delete`

use engine::{Noun, access_methods::Which};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{
    adapter::{
        Call, Error, Nothing,
        field::{Reference, Text},
    },
    api::id,
    app::App,
};

/// Deletes access methods: one, all of a grant, or all of a reservation. The grants stay, and so do their other access
/// methods. Their keys are discarded at the lock server; each shows `being_deleted` until that is confirmed.
#[derive(Deserialize, JsonSchema)]
pub struct Delete {
    /// ID of the access method.
    access_method_id: Option<Reference>,
    /// ID of the grant whose access methods are deleted.
    access_grant_id: Option<Reference>,
    /// The reservation whose access methods are deleted.
    reservation_key: Option<Text>,
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, request: Delete) -> Result<Nothing, Error> {
    let which = match (request.access_method_id, request.access_grant_id, request.reservation_key) {
        (Some(id), None, None) => Which::Method(id::known(Noun::AccessMethod, &id)?),
        (None, Some(id), None) => Which::Grant(id::known(Noun::AccessGrant, &id)?),
        (None, None, Some(key)) => Which::Reservation(key.into_string()),
        _ => {
            let message = "Provide exactly one of access_method_id, access_grant_id or reservation_key";
            return Err(Error::invalid_input(message));
        }
    };
    App::change(call, "access_method.delete", move |tx, moment, caller| {
        engine::access_methods::delete(tx, moment, caller, &which)
    })?;
    Ok(Nothing {})
}
