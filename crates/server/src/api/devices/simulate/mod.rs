//! `/devices/simulate`: what may happen to a phone of a sandbox.

pub mod connect;
pub mod connect_to_hub;
pub mod disconnect;
pub mod disconnect_from_hub;
pub mod paid_subscription;
pub mod remove;

use domain::id::PhoneId;
use engine::{Noun, phones::Enrolled};

use crate::{
    adapter::{Call, Error, field::Reference},
    api::id,
    app::App,
};

/// The phone that something is to happen to.
///
/// # Errors
/// Outside a sandbox, or when the phone is unknown.
fn phone(call: &Call<'_, App>, device: &Reference) -> Result<Enrolled, Error> {
    let id: Result<PhoneId, Error> = id::known(Noun::Phone, device);
    App::look(call, "device.simulate", engine::phones::refuse_outside_sandbox)?;
    let id = id?;
    App::look(call, "device.simulate", |tx, caller| engine::phones::find(tx, caller, id))
}

/// Cuts a simulated phone off, or brings it back.
fn set_online(call: &Call<'_, App>, device: &Reference, is_online: bool) -> Result<(), Error> {
    let phone = phone(call, device)?;
    if let Some(sandbox) = &call.state.sandbox {
        for endpoint in phone.endpoints {
            sandbox.set_phone_online(&endpoint.id.to_string(), is_online);
        }
    }
    Ok(())
}
