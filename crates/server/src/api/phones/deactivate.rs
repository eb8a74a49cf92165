//! `/phones/deactivate`

use domain::id::PhoneId;
use engine::Noun;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{
    adapter::{Call, Error, Nothing, field::Reference},
    api::id,
    app::App,
};

/// Deactivates a phone, for instance one that was lost: its keys are discarded, those of other phones stay.
#[derive(Deserialize, JsonSchema)]
pub struct Deactivate {
    /// ID of the phone.
    device_id: Reference,
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, request: Deactivate) -> Result<Nothing, Error> {
    let id: PhoneId = id::known(Noun::Phone, &request.device_id)?;
    deactivate(call, id)?;
    Ok(Nothing {})
}

/// Deactivates a phone, here and in the simulated hotel.
///
/// # Errors
/// When there is no such phone.
pub fn deactivate(call: &Call<'_, App>, id: PhoneId) -> Result<(), Error> {
    let ended = App::change(call, "phone.deactivate", move |tx, moment, caller| {
        engine::phones::deactivate(tx, moment, caller, id)
    })?;
    // After the commit: a crash in between leaves a simulated phone that nobody sends keys to, and whose keys the
    // discards take away. The other way round it would leave an active phone here to which no key can be delivered.
    // Discarding the card of a key whose phone is gone works at the lock server like any other.
    if let Some(sandbox) = &call.state.sandbox {
        for endpoint in ended {
            sandbox.remove_phone(&endpoint.to_string());
        }
    }
    Ok(())
}
