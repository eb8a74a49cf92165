//! A pool of connections for reading, grown on demand up to a limit.
//!
//! It does not know the engines: how to open and begin is given by `sqlite` and `postgres`.

use std::sync::{Condvar, Mutex, PoisonError};

use diesel::{
    Connection as _,
    query_builder::{AstPass, QueryFragment, QueryId},
    sqlite::Sqlite,
};

use super::connection::{AnyConnection, Tx};
use super::job::{guarded, lock};
use crate::Error;

/// Opens a connection that can only read.
pub(super) type Open = Box<dyn Fn() -> Result<AnyConnection, Error> + Send + Sync>;

/// Connections for reading.
pub(super) struct Readers {
    open: Open,
    begin: &'static str,
    limit: usize,
    pool: Mutex<Pool>,
    returned: Condvar,
}

#[derive(Default)]
struct Pool {
    idle: Vec<AnyConnection>,
    /// Idle and lent together.
    opened: usize,
}

impl Readers {
    /// A pool of at most `limit` connections, each made by `open`; a snapshot starts with the statement `begin`.
    pub(super) fn new(limit: usize, begin: &'static str, open: Open) -> Self {
        Self { open, begin, limit: limit.max(1), pool: Mutex::default(), returned: Condvar::new() }
    }

    /// Runs `work` on a snapshot, on the calling thread.
    pub(super) fn read<T, E: From<Error>>(
        &self,
        name: &'static str,
        work: impl FnOnce(&mut Tx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut lent = self.begin()?;
        let Some(connection) = lent.connection.as_mut() else { return Err(E::from(Error::Closed)) };
        match run_and_end(connection, name, work) {
            (result, true) => result,
            (result, false) => {
                lent.connection = None;
                result
            }
        }
    }

    /// Closes what is idle; lent connections are closed when they come back, with the pool.
    pub(super) fn close_idle(&self) {
        let mut pool = lock(&self.pool);
        pool.opened -= pool.idle.len();
        pool.idle.clear();
    }

    /// Lends a connection with a transaction begun. An idle one that cannot begin has died and is replaced.
    fn begin(&self) -> Result<Lent<'_>, Error> {
        loop {
            let (mut lent, is_fresh) = self.lend()?;
            let Some(connection) = lent.connection.as_mut() else { return Err(Error::Closed) };
            match control(connection, self.begin) {
                Ok(()) => return Ok(lent),
                Err(error) => {
                    lent.connection = None;
                    if is_fresh {
                        return Err(Error::during("begin a read")(error));
                    }
                }
            }
        }
    }

    /// An idle connection, or a new one (then true), or one that somebody gives back.
    fn lend(&self) -> Result<(Lent<'_>, bool), Error> {
        let mut pool = lock(&self.pool);
        loop {
            if let Some(connection) = pool.idle.pop() {
                return Ok((Lent { readers: self, connection: Some(connection) }, false));
            }
            if pool.opened < self.limit {
                pool.opened += 1;
                drop(pool);
                // Gives its place back when opening fails.
                let mut lent = Lent { readers: self, connection: None };
                lent.connection = Some((self.open)()?);
                return Ok((lent, true));
            }
            pool = self.returned.wait(pool).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

/// A lent connection; goes back to the pool, or only its place does when the connection was taken out.
struct Lent<'a> {
    readers: &'a Readers,
    connection: Option<AnyConnection>,
}

impl Drop for Lent<'_> {
    fn drop(&mut self) {
        let mut pool = lock(&self.readers.pool);
        match self.connection.take() {
            Some(connection) => pool.idle.push(connection),
            None => pool.opened -= 1,
        }
        drop(pool);
        self.readers.returned.notify_one();
    }
}

/// A statement that is always the same text, so that SQLite prepares it once per connection.
struct Fixed(&'static str);

impl QueryFragment<Sqlite> for Fixed {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Sqlite>) -> diesel::QueryResult<()> {
        out.push_sql(self.0);
        Ok(())
    }
}

impl QueryId for Fixed {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

/// Runs one of the statements around transactions, which every transaction needs.
pub(super) fn control(connection: &mut AnyConnection, statement: &'static str) -> diesel::QueryResult<()> {
    match connection {
        AnyConnection::Sqlite(connection) => connection.execute_returning_count(&Fixed(statement)).map(|_| ()),
        AnyConnection::Postgres(_) => execute(connection, statement),
    }
}

/// Runs a statement without binds or rows, or several.
pub(super) fn execute(connection: &mut AnyConnection, statement: &str) -> diesel::QueryResult<()> {
    use diesel::connection::SimpleConnection;
    connection.batch_execute(statement)
}

/// Runs a reading closure in a begun transaction and ends that; false when the connection is not fit to be used again.
pub(super) fn run_and_end<T, E: From<Error>>(
    connection: &mut AnyConnection,
    name: &'static str,
    work: impl FnOnce(&mut Tx<'_>) -> Result<T, E>,
) -> (Result<T, E>, bool) {
    let ended = guarded(name, || work(&mut Tx { connection }));
    // Nothing was changed, so there is nothing to commit, and a rollback also ends a transaction that failed.
    let is_fit = control(connection, "ROLLBACK").is_ok();
    match ended {
        Ok(result) => (result, is_fit),
        Err(panicked) => (Err(E::from(panicked)), is_fit),
    }
}
