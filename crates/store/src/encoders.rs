//! Encoders: devices that write plastic cards.

use diesel::prelude::*;
use domain::id::{AcsSystemId, EncoderId, WorkspaceId, kind};
use jiff::Timestamp;

use crate::{
    Error, Tx,
    column::{IdColumn, OptionalTimeColumn, TimeColumn, microseconds},
    database::RunOn,
    page::Page,
    schema::{acs_systems, encoders},
};

/// An encoder.
#[derive(Debug, Clone, Queryable)]
pub struct Encoder {
    /// Id.
    #[diesel(deserialize_as = IdColumn<kind::Encoder>)]
    pub id: EncoderId,
    /// Workspace.
    #[diesel(deserialize_as = IdColumn<kind::Workspace>)]
    pub workspace_id: WorkspaceId,
    /// Site.
    #[diesel(deserialize_as = IdColumn<kind::AcsSystem>)]
    pub acs_system_id: AcsSystemId,
    /// The lock server's id of it.
    pub native_id: String,
    /// Name, for people.
    pub name: String,
    /// When it was first seen.
    #[diesel(deserialize_as = TimeColumn)]
    pub created_at: Timestamp,
    /// When it vanished from the lock server.
    #[diesel(deserialize_as = OptionalTimeColumn)]
    pub removed_at: Option<Timestamp>,
}

/// Adds an encoder.
///
/// # Errors
/// When the query fails.
pub fn insert(tx: &mut Tx<'_>, encoder: &Encoder) -> Result<(), Error> {
    diesel::insert_into(encoders::table)
        .values((
            encoders::id.eq(encoder.id.to_string()),
            encoders::workspace_id.eq(encoder.workspace_id.to_string()),
            encoders::acs_system_id.eq(encoder.acs_system_id.to_string()),
            encoders::native_id.eq(&encoder.native_id),
            encoders::name.eq(&encoder.name),
            encoders::created_at.eq(microseconds(encoder.created_at)),
            encoders::removed_at.eq(encoder.removed_at.map(microseconds)),
        ))
        .execute(tx.connection)
        .map_err(Error::during("insert an encoder"))?;
    Ok(())
}

/// All encoders the site has or had, oldest first.
///
/// # Errors
/// When the query fails.
pub fn of_system(tx: &mut Tx<'_>, acs_system_id: AcsSystemId) -> Result<Vec<Encoder>, Error> {
    encoders::table
        .filter(encoders::acs_system_id.eq(acs_system_id.to_string()))
        .order((encoders::created_at, encoders::id))
        .load(tx.connection)
        .map_err(Error::during("load a site's encoders"))
}

/// The systems that are there: what belongs to a removed one is not shown.
#[diesel::dsl::auto_type]
fn live_systems() -> _ {
    acs_systems::table.filter(acs_systems::deleted_at.is_null()).select(acs_systems::id)
}

/// An encoder of the workspace; one that vanished from its lock server is still found.
///
/// # Errors
/// When the query fails.
pub fn find(tx: &mut Tx<'_>, workspace_id: WorkspaceId, id: EncoderId) -> Result<Option<Encoder>, Error> {
    encoders::table
        .find(id.to_string())
        .filter(encoders::workspace_id.eq(workspace_id.to_string()))
        .filter(encoders::acs_system_id.eq_any(live_systems()))
        .get_on(tx)
        .optional()
        .map_err(Error::during("find an encoder"))
}

/// Which encoders to list; the parts combine with AND.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Only these sites'.
    pub acs_system_ids: Option<Vec<AcsSystemId>>,
    /// Only these.
    pub ids: Option<Vec<EncoderId>>,
}

/// A page of the workspace's encoders, oldest first; those that vanished among them, marked.
///
/// # Errors
/// When the query fails.
pub fn list(tx: &mut Tx<'_>, workspace_id: WorkspaceId, filter: &Filter, page: Page) -> Result<Vec<Encoder>, Error> {
    let mut query = encoders::table
        .filter(encoders::workspace_id.eq(workspace_id.to_string()))
        .filter(encoders::acs_system_id.eq_any(live_systems()))
        .order((encoders::created_at, encoders::id))
        .limit(page.limit)
        .into_boxed();
    if let Some(ids) = &filter.acs_system_ids {
        query = query.filter(encoders::acs_system_id.eq_any(ids.iter().map(ToString::to_string).collect::<Vec<_>>()));
    }
    if let Some(ids) = &filter.ids {
        query = query.filter(encoders::id.eq_any(ids.iter().map(ToString::to_string).collect::<Vec<_>>()));
    }
    if let Some((created_at, id)) = page.after_columns() {
        query = query.filter(
            encoders::created_at.gt(created_at).or(encoders::created_at.eq(created_at).and(encoders::id.gt(id))),
        );
    }
    query.load(tx.connection).map_err(Error::during("list encoders"))
}

/// Notes what the lock server says of an encoder now: its name, and whether it is there.
///
/// # Errors
/// When the query fails.
pub fn set_seen(tx: &mut Tx<'_>, id: EncoderId, name: &str, removed_at: Option<Timestamp>) -> Result<(), Error> {
    diesel::update(encoders::table.find(id.to_string()))
        .set((encoders::name.eq(name), encoders::removed_at.eq(removed_at.map(microseconds))))
        .execute(tx.connection)
        .map_err(Error::during("update an encoder"))?;
    Ok(())
}
