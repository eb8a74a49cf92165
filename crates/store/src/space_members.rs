//! What belongs to spaces: doors, phones and connected accounts, oldest first.
//!
//! A door that vanished from the lock server, and a phone that was deactivated, is passed over as long as it is gone.

use diesel::prelude::*;
use domain::id::{ConnectedAccountId, EntranceId, PhoneId, SpaceId, kind};

use crate::{
    Error, Tx,
    among::among,
    column::IdColumn,
    database::RunOn,
    schema::{entrances, phones, space_connected_accounts, space_devices, space_entrances, spaces},
};

/// The doors of these spaces: pairs of space and door.
///
/// # Errors
/// When the query fails.
pub fn entrances(tx: &mut Tx<'_>, ids: &[SpaceId]) -> Result<Vec<(SpaceId, EntranceId)>, Error> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let pairs: Vec<(IdColumn<kind::Space>, IdColumn<kind::Entrance>)> = space_entrances::table
        .inner_join(entrances::table.on(entrances::id.eq(space_entrances::entrance_id)))
        .filter(among(space_entrances::space_id, ids))
        .filter(entrances::removed_at.is_null())
        .order((space_entrances::space_id, entrances::created_at, entrances::id))
        .select((space_entrances::space_id, space_entrances::entrance_id))
        .load_on(tx)
        .map_err(Error::during("load the doors of spaces"))?;
    Ok(pairs.into_iter().map(|(space, door)| (space.into(), door.into())).collect())
}

/// The spaces to which these doors belong: pairs of door and space.
///
/// # Errors
/// When the query fails.
pub fn spaces_of_entrances(tx: &mut Tx<'_>, ids: &[EntranceId]) -> Result<Vec<(EntranceId, SpaceId)>, Error> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let pairs: Vec<(IdColumn<kind::Entrance>, IdColumn<kind::Space>)> = space_entrances::table
        .inner_join(spaces::table.on(spaces::id.eq(space_entrances::space_id)))
        .filter(among(space_entrances::entrance_id, ids))
        .filter(spaces::deleted_at.is_null())
        .order((spaces::created_at, spaces::id))
        .select((space_entrances::entrance_id, space_entrances::space_id))
        .load_on(tx)
        .map_err(Error::during("load the spaces of doors"))?;
    Ok(pairs.into_iter().map(|(door, space)| (door.into(), space.into())).collect())
}

/// Adds a door.
///
/// # Errors
/// When the query fails.
pub fn add_entrance(tx: &mut Tx<'_>, space: SpaceId, id: EntranceId) -> Result<(), Error> {
    diesel::insert_into(space_entrances::table)
        .values((space_entrances::space_id.eq(space.to_string()), space_entrances::entrance_id.eq(id.to_string())))
        .execute_on(tx)
        .map_err(Error::during("add a door to a space"))?;
    Ok(())
}

/// Takes doors from a space; those that do not belong to it do no harm.
///
/// # Errors
/// When the query fails.
pub fn remove_entrances(tx: &mut Tx<'_>, space: SpaceId, ids: &[EntranceId]) -> Result<(), Error> {
    let named = space_entrances::table
        .filter(space_entrances::space_id.eq(space.to_string()))
        .filter(among(space_entrances::entrance_id, ids));
    diesel::delete(named).execute_on(tx).map_err(Error::during("take the doors from a space"))?;
    Ok(())
}

/// The phones of these spaces: pairs of space and phone.
///
/// # Errors
/// When the query fails.
pub fn devices(tx: &mut Tx<'_>, ids: &[SpaceId]) -> Result<Vec<(SpaceId, PhoneId)>, Error> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let pairs: Vec<(IdColumn<kind::Space>, IdColumn<kind::Phone>)> = space_devices::table
        .inner_join(phones::table.on(phones::id.eq(space_devices::device_id)))
        .filter(among(space_devices::space_id, ids))
        .filter(phones::deactivated_at.is_null())
        .order((space_devices::space_id, phones::created_at, phones::id))
        .select((space_devices::space_id, space_devices::device_id))
        .load_on(tx)
        .map_err(Error::during("load the phones of spaces"))?;
    Ok(pairs.into_iter().map(|(space, phone)| (space.into(), phone.into())).collect())
}

/// The spaces to which these phones belong: pairs of phone and space.
///
/// # Errors
/// When the query fails.
pub fn spaces_of_devices(tx: &mut Tx<'_>, ids: &[PhoneId]) -> Result<Vec<(PhoneId, SpaceId)>, Error> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let pairs: Vec<(IdColumn<kind::Phone>, IdColumn<kind::Space>)> = space_devices::table
        .inner_join(spaces::table.on(spaces::id.eq(space_devices::space_id)))
        .filter(among(space_devices::device_id, ids))
        .filter(spaces::deleted_at.is_null())
        .order((spaces::created_at, spaces::id))
        .select((space_devices::device_id, space_devices::space_id))
        .load_on(tx)
        .map_err(Error::during("load the spaces of phones"))?;
    Ok(pairs.into_iter().map(|(phone, space)| (phone.into(), space.into())).collect())
}

/// Adds a phone.
///
/// # Errors
/// When the query fails.
pub fn add_device(tx: &mut Tx<'_>, space: SpaceId, id: PhoneId) -> Result<(), Error> {
    diesel::insert_into(space_devices::table)
        .values((space_devices::space_id.eq(space.to_string()), space_devices::device_id.eq(id.to_string())))
        .execute_on(tx)
        .map_err(Error::during("add a phone to a space"))?;
    Ok(())
}

/// Takes phones from a space; those that do not belong to it do no harm.
///
/// # Errors
/// When the query fails.
pub fn remove_devices(tx: &mut Tx<'_>, space: SpaceId, ids: &[PhoneId]) -> Result<(), Error> {
    let named = space_devices::table
        .filter(space_devices::space_id.eq(space.to_string()))
        .filter(among(space_devices::device_id, ids));
    diesel::delete(named).execute_on(tx).map_err(Error::during("take the phones from a space"))?;
    Ok(())
}

/// The accounts of these spaces: pairs of space and account.
///
/// # Errors
/// When the query fails.
pub fn accounts(tx: &mut Tx<'_>, ids: &[SpaceId]) -> Result<Vec<(SpaceId, ConnectedAccountId)>, Error> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let pairs: Vec<(IdColumn<kind::Space>, IdColumn<kind::ConnectedAccount>)> = space_connected_accounts::table
        .filter(among(space_connected_accounts::space_id, ids))
        .order((space_connected_accounts::space_id, space_connected_accounts::connected_account_id))
        .select((space_connected_accounts::space_id, space_connected_accounts::connected_account_id))
        .load_on(tx)
        .map_err(Error::during("load the accounts of spaces"))?;
    Ok(pairs.into_iter().map(|(space, account)| (space.into(), account.into())).collect())
}

/// Adds an account.
///
/// # Errors
/// When the query fails.
pub fn add_account(tx: &mut Tx<'_>, space: SpaceId, id: ConnectedAccountId) -> Result<(), Error> {
    diesel::insert_into(space_connected_accounts::table)
        .values((
            space_connected_accounts::space_id.eq(space.to_string()),
            space_connected_accounts::connected_account_id.eq(id.to_string()),
        ))
        .execute_on(tx)
        .map_err(Error::during("add an account to a space"))?;
    Ok(())
}

/// Takes accounts from a space; those that do not belong to it do no harm.
///
/// # Errors
/// When the query fails.
pub fn remove_accounts(tx: &mut Tx<'_>, space: SpaceId, ids: &[ConnectedAccountId]) -> Result<(), Error> {
    let named = space_connected_accounts::table
        .filter(space_connected_accounts::space_id.eq(space.to_string()))
        .filter(among(space_connected_accounts::connected_account_id, ids));
    diesel::delete(named).execute_on(tx).map_err(Error::during("take the accounts from a space"))?;
    Ok(())
}
