//! `/acs/encoders/simulate`: what the next card at an encoder comes to. Each call counts once, and only in a sandbox.
//! Their parameters are closed: one that is not known is refused (`spec/api.md` 1.3).

pub mod next_credential_encode_will_fail;
pub mod next_credential_encode_will_succeed;
pub mod next_credential_scan_will_fail;
pub mod next_credential_scan_will_succeed;

use domain::id::EncoderId;
use engine::encoders::{self, Simulated};

use crate::{
    adapter::{Call, Error, Nothing, field::Id},
    api::id,
    app::App,
};

fn note(call: &Call<'_, App>, encoder: &Id, simulated: Simulated) -> Result<Nothing, Error> {
    let encoder: EncoderId = id::of(encoder)?;
    App::change(call, "acs_encoder.simulate", move |tx, moment, caller| {
        encoders::simulate(tx, moment, caller, encoder, &simulated)
    })?;
    Ok(Nothing {})
}
