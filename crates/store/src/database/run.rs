//! Running queries: each on the connection behind the transaction, in that engine's own terms.
//!
//! A query given to the connection of either engine at once (`query.load(tx.connection)`) is written out as text
//! three times at every use before Diesel finds the statement that it prepared earlier. Given to the engine's own
//! connection it is found by its type. So queries whose type fits both engines end in `.load_on(tx)` and the like;
//! only boxed ones, which are built for the common backend, are run on `tx.connection`.

use diesel::{
    PgConnection, QueryResult, RunQueryDsl, SqliteConnection,
    query_dsl::methods::{ExecuteDsl, LoadQuery},
};

use super::connection::{AnyConnection, Tx};

/// Ends a query that is checked against both engines.
pub(crate) trait RunOn: Sized {
    /// Runs a statement; answers how many rows it touched.
    fn execute_on(self, tx: &mut Tx<'_>) -> QueryResult<usize>
    where
        Self: ExecuteDsl<SqliteConnection> + ExecuteDsl<PgConnection>,
    {
        match tx.connection {
            AnyConnection::Sqlite(connection) => ExecuteDsl::execute(self, connection),
            AnyConnection::Postgres(connection) => ExecuteDsl::execute(self, connection),
        }
    }

    /// Loads all rows.
    fn load_on<'query, Row>(self, tx: &mut Tx<'_>) -> QueryResult<Vec<Row>>
    where
        Self: LoadQuery<'query, SqliteConnection, Row> + LoadQuery<'query, PgConnection, Row>,
    {
        match tx.connection {
            AnyConnection::Sqlite(connection) => RunQueryDsl::<SqliteConnection>::load(self, connection),
            AnyConnection::Postgres(connection) => RunQueryDsl::<PgConnection>::load(self, connection),
        }
    }

    /// Loads the only row, or the first; [`diesel::result::Error::NotFound`] when there is none.
    fn get_on<'query, Row>(self, tx: &mut Tx<'_>) -> QueryResult<Row>
    where
        Self: LoadQuery<'query, SqliteConnection, Row> + LoadQuery<'query, PgConnection, Row>,
    {
        match tx.connection {
            AnyConnection::Sqlite(connection) => RunQueryDsl::<SqliteConnection>::get_result(self, connection),
            AnyConnection::Postgres(connection) => RunQueryDsl::<PgConnection>::get_result(self, connection),
        }
    }
}

impl<Query> RunOn for Query {}
