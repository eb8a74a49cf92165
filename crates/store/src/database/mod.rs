//! The database behind the queries: opening it, and running named transactions on it.
//!
//! [`Store`] is the same on both engines. How SQLite shares commits is in `group_commit`, how PostgreSQL repeats
//! overtaken transactions in `postgres`, and what they have in common in `job` and `readers`.

mod connection;
mod counts;
mod group_commit;
mod job;
mod location;
mod migrate;
mod postgres;
mod readers;
mod run;
mod sqlite;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::thread::{self, JoinHandle};

pub(crate) use connection::Backend;
pub use connection::{Engine, Tx};
pub use counts::{Counts, TransactionCounts};
pub use location::Location;
pub(crate) use run::RunOn;

use crate::Error;
use counts::Tally;
use job::{Queue, Write, answer, lock, refuse_nested};

/// How many connections a store may open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Connections for reading, on either engine. At least one.
    pub readers: usize,
    /// Connections for writing on PostgreSQL, each with a thread. SQLite always has one. At least one.
    pub postgres_writers: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { readers: 8, postgres_writers: 8 }
    }
}

/// A database, opened and migrated. Cheap to clone; the last one to be dropped closes it.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

struct Inner {
    database: Database,
    queue: Arc<Queue>,
    tally: Arc<Tally>,
    writers: Mutex<Vec<JoinHandle<()>>>,
    is_closed: AtomicBool,
}

enum Database {
    Sqlite(sqlite::Sqlite),
    Postgres(readers::Readers),
}

impl Store {
    /// Opens a database with the default [`Limits`] and brings its schema up to date.
    ///
    /// # Errors
    /// [`Error::Open`] when it cannot be reached, [`Error::SchemaTooNew`] when a newer version of this program wrote
    /// it, [`Error::Migration`] when a migration fails.
    pub fn open(location: &Location) -> Result<Self, Error> {
        Self::open_with(location, Limits::default())
    }

    /// Opens a database with other limits.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub fn open_with(location: &Location, limits: Limits) -> Result<Self, Error> {
        let database = match location {
            Location::File(path) => Database::Sqlite(sqlite::Sqlite::open(Some(path), limits.readers)?),
            Location::Memory => Database::Sqlite(sqlite::Sqlite::open(None, limits.readers)?),
            Location::Postgres(url) => Database::Postgres(postgres::open(url, limits.readers)?),
        };
        let store = Self {
            inner: Arc::new(Inner {
                database,
                queue: Arc::default(),
                tally: Arc::default(),
                writers: Mutex::default(),
                is_closed: AtomicBool::new(false),
            }),
        };
        store.inner.start_writers(location, limits)?;
        Ok(store)
    }

    /// Runs a transaction that may change the database, and returns when it is durable (P1).
    ///
    /// The closure runs on another thread, alone on SQLite, serializable on PostgreSQL, and may run more than once:
    /// whatever it does outside of `tx` must bear that. `Ok` commits, `Err` and a panic roll back. `name` stands in
    /// metrics and messages: `credential.create`.
    ///
    /// # Errors
    /// The closure's own, or [`Error`] converted: above all [`Error::Constraint`] from a check at the commit,
    /// [`Error::RetriesExhausted`], [`Error::ConnectionLost`], [`Error::OutcomeUnknown`], [`Error::Panicked`],
    /// [`Error::Closed`], and [`Error::Nested`] when called inside another transaction.
    pub fn write<T, E>(
        &self,
        name: &'static str,
        work: impl FnMut(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        refuse_nested(name)?;
        let (sender, receiver) = mpsc::sync_channel(1);
        self.write_then(name, work, move |result| {
            // The receiver waits below; it cannot be gone.
            sender.send(result).ok();
        });
        receiver.recv().unwrap_or_else(|_| Err(E::from(Error::Closed)))
    }

    /// Like [`Store::write`], without waiting: `reply` gets the answer, on a thread of the store, after the commit.
    /// It must be quick, such as sending into a channel: the next commit waits for it.
    pub fn write_then<T, E>(
        &self,
        name: &'static str,
        work: impl FnMut(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
        reply: impl FnOnce(Result<T, E>) + Send + 'static,
    ) where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        if let Err(job) = self.inner.queue.push(Box::new(Write { name, work, result: None, reply })) {
            answer(job, Some(Error::Closed));
        }
    }

    /// Runs a transaction that only reads, on one snapshot of what is committed, on the calling thread.
    ///
    /// # Errors
    /// The closure's own, or [`Error`] converted: [`Error::Open`] when no connection can be made,
    /// [`Error::Panicked`], [`Error::Closed`], and [`Error::Nested`] when called inside another transaction.
    pub fn read<T, E>(&self, name: &'static str, work: impl FnOnce(&mut Tx<'_>) -> Result<T, E>) -> Result<T, E>
    where
        E: From<Error>,
    {
        refuse_nested(name)?;
        if self.inner.is_closed.load(Ordering::Acquire) {
            return Err(E::from(Error::Closed));
        }
        match &self.inner.database {
            Database::Sqlite(sqlite) => sqlite.read(name, work),
            Database::Postgres(readers) => readers.read(name, work),
        }
    }

    /// The engine behind this store.
    pub fn engine(&self) -> Engine {
        match self.inner.database {
            Database::Sqlite(_) => Engine::Sqlite,
            Database::Postgres(_) => Engine::Postgres,
        }
    }

    /// What was written since the store was opened, for metrics.
    pub fn counts(&self) -> Counts {
        self.inner.tally.so_far()
    }

    /// Finishes the writes that wait, refuses new calls on every clone, and leaves an SQLite file complete without
    /// its log. Dropping the last clone does the same.
    pub fn close(&self) {
        self.inner.close();
    }
}

impl Inner {
    fn start_writers(&self, location: &Location, limits: Limits) -> Result<(), Error> {
        let mut writers = lock(&self.writers);
        match (&self.database, location) {
            (Database::Sqlite(sqlite), _) => {
                let (queue, tally) = (Arc::clone(&self.queue), Arc::clone(&self.tally));
                let connection = Arc::clone(&sqlite.writer);
                writers.push(start("store-writer", move || group_commit::serve(&queue, &connection, &tally))?);
            }
            (Database::Postgres(_), Location::Postgres(url)) => {
                let turn = Arc::default();
                for _ in 0..limits.postgres_writers.max(1) {
                    let worker = postgres::Worker::new(url, &turn, &self.tally);
                    let queue = Arc::clone(&self.queue);
                    writers.push(start("store-writer", move || worker.serve(&queue))?);
                }
            }
            (Database::Postgres(_), Location::File(_) | Location::Memory) => {}
        }
        Ok(())
    }

    fn close(&self) {
        self.is_closed.store(true, Ordering::Release);
        self.queue.close();
        for writer in std::mem::take(&mut *lock(&self.writers)) {
            // The last clone may be dropped by a closure on the writer's own thread, which cannot wait for itself.
            if writer.thread().id() != thread::current().id() && writer.join().is_err() {
                tracing::error!("a writer thread of the store panicked");
            }
        }
        match &self.database {
            Database::Sqlite(sqlite) => sqlite.checkpoint(),
            Database::Postgres(readers) => readers.close_idle(),
        }
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.close();
    }
}

fn start(name: &str, work: impl FnOnce() + Send + 'static) -> Result<JoinHandle<()>, Error> {
    thread::Builder::new()
        .name(name.to_owned())
        .spawn(work)
        .map_err(|source| Error::Thread { source: Arc::new(source) })
}
