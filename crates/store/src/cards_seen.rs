//! Questions about cards that a lock server was seen to have.

use diesel::prelude::*;
use domain::{
    Stage,
    id::{AcsSystemId, EntranceId, StayId},
};
use jiff::Timestamp;

use crate::{
    Error, Tx,
    carriers::Carrier,
    column::microseconds,
    entrances::Entrance,
    schema::{carriers, entrances, tenancies},
};

/// The carriers with these cards at the site.
///
/// # Errors
/// When the query fails.
pub fn carriers_of(tx: &mut Tx<'_>, acs_system_id: AcsSystemId, card_ids: &[String]) -> Result<Vec<Carrier>, Error> {
    carriers::table
        .filter(carriers::acs_system_id.eq(acs_system_id.to_string()))
        .filter(carriers::card_id.eq_any(card_ids.to_vec()))
        .order((carriers::created_at, carriers::id))
        .load(tx.connection)
        .map_err(Error::during("find cards"))
}

/// The carrier of the site that asked for a card with this mark, whatever became of it. Looks at every carrier of the
/// site, so ask only for cards that nobody knows.
///
/// # Errors
/// When the query fails.
pub fn carrier_with_mark(tx: &mut Tx<'_>, acs_system_id: AcsSystemId, mark: &str) -> Result<Option<Carrier>, Error> {
    let is_mark = !mark.is_empty() && mark.bytes().all(|byte| byte.is_ascii_hexdigit());
    if !is_mark {
        return Ok(None);
    }
    carriers::table
        .filter(carriers::acs_system_id.eq(acs_system_id.to_string()))
        .filter(carriers::id.like(format!("%-{mark}")))
        .order((carriers::created_at.desc(), carriers::id.desc()))
        .first(tx.connection)
        .optional()
        .map_err(Error::during("find a card's mark"))
}

/// The site's doors of these names that have not vanished.
///
/// # Errors
/// When the query fails.
pub fn doors_named(tx: &mut Tx<'_>, acs_system_id: AcsSystemId, names: &[String]) -> Result<Vec<Entrance>, Error> {
    entrances::table
        .filter(entrances::acs_system_id.eq(acs_system_id.to_string()))
        .filter(entrances::removed_at.is_null())
        .filter(entrances::door_name.eq_any(names.to_vec()))
        .load(tx.connection)
        .map_err(Error::during("find doors by name"))
}

/// Marks the door as lost to this stay; answers whether it still held it.
///
/// # Errors
/// When the query fails.
pub fn lose(tx: &mut Tx<'_>, stay: StayId, door: EntranceId, at: Timestamp) -> Result<bool, Error> {
    let changed = diesel::update(tenancies::table.find((stay.to_string(), door.to_string())))
        .filter(tenancies::lost_at.is_null())
        .set(tenancies::lost_at.eq(microseconds(at)))
        .execute(tx.connection)
        .map_err(Error::during("take a door from a stay"))?;
    Ok(changed > 0)
}

/// Makes everything that waits for an outcome at the site due now: whoever sent it is gone, so nobody will report it.
///
/// # Errors
/// When the query fails.
pub fn wake(tx: &mut Tx<'_>, acs_system_id: AcsSystemId, now: Timestamp) -> Result<(), Error> {
    let waiting = [Stage::Sent, Stage::OnLockServer, Stage::Revoking].map(Stage::as_str);
    diesel::update(carriers::table)
        .filter(carriers::acs_system_id.eq(acs_system_id.to_string()))
        .filter(carriers::due_at.gt(microseconds(now)))
        .filter(carriers::stage.eq_any(waiting))
        .set(carriers::due_at.eq(microseconds(now)))
        .execute(tx.connection)
        .map_err(Error::during("wake the work of a site"))?;
    Ok(())
}
