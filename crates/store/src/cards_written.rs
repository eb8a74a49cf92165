//! Questions about plastic cards: what is on a medium, and which doors wait for a person at an encoder.

use diesel::prelude::*;
use domain::id::{AcsSystemId, EntranceId, kind};

use crate::{
    Error, Tx,
    carriers::Carrier,
    column::IdColumn,
    database::RunOn,
    schema::{carrier_doors, carriers, encoder_jobs},
};

/// The carriers of the site that were ever on this medium, oldest first.
///
/// # Errors
/// When the query fails.
pub fn on_medium(tx: &mut Tx<'_>, acs_system_id: AcsSystemId, serial_number: &str) -> Result<Vec<Carrier>, Error> {
    carriers::table
        .filter(carriers::acs_system_id.eq(acs_system_id.to_string()))
        .filter(carriers::serial_number.eq(serial_number))
        .order((carriers::created_at, carriers::id))
        .load_on(tx)
        .map_err(Error::during("find what is on a card"))
}

/// The doors of cards that are being written at the site's encoders now.
///
/// # Errors
/// When the query fails.
pub fn doors_at_encoders(tx: &mut Tx<'_>, acs_system_id: AcsSystemId) -> Result<Vec<EntranceId>, Error> {
    let held: Vec<IdColumn<kind::Entrance>> = encoder_jobs::table
        .inner_join(carrier_doors::table.on(carrier_doors::carrier_id.nullable().eq(encoder_jobs::carrier_id)))
        .filter(encoder_jobs::acs_system_id.eq(acs_system_id.to_string()))
        .filter(encoder_jobs::ended_at.is_null())
        .select(carrier_doors::entrance_id)
        .load_on(tx)
        .map_err(Error::during("find doors of cards that are being written"))?;
    Ok(held.into_iter().map(Into::into).collect())
}
