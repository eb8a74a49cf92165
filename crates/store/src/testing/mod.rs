//! Stores for tests: a fresh one per test on either engine, and plain SQL where a test needs a table of its own.
//!
//! Behind the feature `testing`; not for the program.

mod cluster;

use diesel::connection::SimpleConnection;
use diesel::{QueryableByName, RunQueryDsl, sql_query};
use tempfile::TempDir;

pub use cluster::{ClusterError, PrivateCluster};

use crate::{Error, Limits, Location, Store, Tx};

/// Where a fresh store is to be.
#[derive(Clone, Copy)]
pub enum Place<'a> {
    /// An SQLite file in a folder of its own.
    File,
    /// SQLite in memory.
    Memory,
    /// A new database of this cluster.
    Cluster(&'a PrivateCluster),
}

/// A store that nobody else uses. Its file goes with it, its database with the cluster.
pub struct FreshStore {
    /// The store.
    pub store: Store,
    /// Where it is, to open it a second time.
    pub location: Location,
    folder: Option<TempDir>,
}

impl FreshStore {
    /// Closes the store and opens it again where it was. A memory store comes back empty.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub fn reopen(self) -> Result<Self, Error> {
        let Self { store, location, folder } = self;
        store.close();
        drop(store);
        Ok(Self { store: Store::open(&location)?, location, folder })
    }
}

/// A migrated, empty store.
///
/// # Errors
/// When the folder, the database or the store cannot be made.
pub fn fresh_store(place: Place<'_>) -> Result<FreshStore, ClusterError> {
    let (location, folder) = match place {
        Place::Memory => (Location::Memory, None),
        Place::File => {
            let folder = TempDir::new().map_err(|source| ClusterError::File { doing: "make a folder", source })?;
            (Location::File(folder.path().join("store.db")), Some(folder))
        }
        Place::Cluster(cluster) => (cluster.fresh_database()?, None),
    };
    let store = Store::open_with(&location, Limits::default())?;
    Ok(FreshStore { store, location, folder })
}

/// Runs statements without binds.
///
/// # Errors
/// As any query.
pub fn execute(tx: &mut Tx<'_>, statements: &str) -> Result<(), Error> {
    tx.connection.batch_execute(statements).map_err(Error::during("run a test's statements"))
}

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = diesel::sql_types::Text)]
    text: String,
}

/// The column named `text`, which must be a text and not null, of every row.
///
/// # Errors
/// As any query.
pub fn texts(tx: &mut Tx<'_>, query: &str) -> Result<Vec<String>, Error> {
    let lines: Vec<Line> = sql_query(query).load(tx.connection).map_err(Error::during("run a test's query"))?;
    Ok(lines.into_iter().map(|line| line.text).collect())
}
