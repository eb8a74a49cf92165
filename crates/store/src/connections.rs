//! How systems are reached that were connected through a page of ours.

use diesel::prelude::*;
use domain::id::{AcsSystemId, kind};
use jiff::Timestamp;

use crate::{
    Error, Tx,
    among::among,
    column::{IdColumn, TimeColumn, microseconds},
    database::RunOn,
    schema::connections,
};

/// The way to one system.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct Connection {
    /// The system.
    #[diesel(deserialize_as = IdColumn<kind::AcsSystem>)]
    pub acs_system_id: AcsSystemId,
    /// Scheme, host and port.
    pub address: String,
    /// Who signs in.
    pub username: String,
    /// The password, sealed.
    pub sealed_password: String,
    /// Which certificate may be shown, in the shell's words.
    pub trust: String,
    /// Whether its encoders are used.
    pub uses_encoders: bool,
    /// Rises each time it is connected again.
    pub revision: i64,
    /// When it was connected last.
    #[diesel(deserialize_as = TimeColumn)]
    pub connected_at: Timestamp,
}

/// Sets how a system is reached.
///
/// # Errors
/// When the query fails.
pub fn set(tx: &mut Tx<'_>, connection: &Connection) -> Result<(), Error> {
    remove(tx, connection.acs_system_id)?;
    diesel::insert_into(connections::table)
        .values((
            connections::acs_system_id.eq(connection.acs_system_id.to_string()),
            connections::address.eq(&connection.address),
            connections::username.eq(&connection.username),
            connections::sealed_password.eq(&connection.sealed_password),
            connections::trust.eq(&connection.trust),
            connections::uses_encoders.eq(connection.uses_encoders),
            connections::revision.eq(connection.revision),
            connections::connected_at.eq(microseconds(connection.connected_at)),
        ))
        .execute_on(tx)
        .map_err(Error::during("set how a system is reached"))?;
    Ok(())
}

/// Forgets how a system is reached, password and all.
///
/// # Errors
/// When the query fails.
pub fn remove(tx: &mut Tx<'_>, acs_system_id: AcsSystemId) -> Result<(), Error> {
    diesel::delete(connections::table.find(acs_system_id.to_string()))
        .execute_on(tx)
        .map_err(Error::during("forget how a system is reached"))?;
    Ok(())
}

/// How a system is reached; none when it was not connected through a page.
///
/// # Errors
/// When the query fails.
pub fn find(tx: &mut Tx<'_>, acs_system_id: AcsSystemId) -> Result<Option<Connection>, Error> {
    connections::table
        .find(acs_system_id.to_string())
        .get_on(tx)
        .optional()
        .map_err(Error::during("find how a system is reached"))
}

/// How these systems are reached, in no particular order.
///
/// # Errors
/// When the query fails.
pub fn of(tx: &mut Tx<'_>, acs_system_ids: &[AcsSystemId]) -> Result<Vec<Connection>, Error> {
    if acs_system_ids.is_empty() {
        return Ok(Vec::new());
    }
    connections::table
        .filter(among(connections::acs_system_id, acs_system_ids))
        .load_on(tx)
        .map_err(Error::during("find how systems are reached"))
}
