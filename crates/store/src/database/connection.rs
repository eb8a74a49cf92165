//! One connection type over both engines, and the transaction handed to callers' closures.
//!
//! Diesel's derive generates the backend that all queries of this crate are written against. It does not support
//! `on_conflict`, batch inserts and `as_returning()`: those are portable `sql_query` texts, or a branch on the variant.

use diesel::{PgConnection, SqliteConnection};

/// A connection to either engine. Queries run on it as on any Diesel connection. It cannot be called `Connection`: the
/// derived code imports the trait of that name.
#[derive(diesel::MultiConnection)]
pub(crate) enum AnyConnection {
    /// An SQLite file or memory.
    Sqlite(SqliteConnection),
    /// A PostgreSQL server.
    Postgres(PgConnection),
}

/// The backend that both engines share, for the types of boxed queries.
pub(crate) type Backend = <AnyConnection as diesel::Connection>::Backend;

/// Which database is behind a [`super::Store`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Engine {
    /// SQLite, in a file or in memory.
    Sqlite,
    /// PostgreSQL.
    Postgres,
}

/// An open transaction. Everything done through it is kept together or not at all.
///
/// A failed statement must end the closure with an error: PostgreSQL refuses to go on after one, and a closure that
/// ignores it and returns `Ok` gets [`crate::Error::IgnoredFailure`] there.
pub struct Tx<'a> {
    /// What the query modules run their queries on.
    pub(crate) connection: &'a mut AnyConnection,
}

impl Tx<'_> {
    /// The engine this transaction runs on, for the few queries that differ.
    pub fn engine(&self) -> Engine {
        match self.connection {
            AnyConnection::Sqlite(_) => Engine::Sqlite,
            AnyConnection::Postgres(_) => Engine::Postgres,
        }
    }
}
