//! PostgreSQL: connecting, reading, and the worker threads that write.
//!
//! Writes are SERIALIZABLE: the same queries then mean the same as behind SQLite's single writer, without a list of
//! places that must lock rows. The price is that a transaction may be overtaken and is run again. Reads are
//! REPEATABLE READ, which is one snapshot and never has to be repeated.

use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Mutex};

use diesel::connection::{Connection as _, InstrumentationEvent, SimpleConnection};
use diesel::{PgConnection, RunQueryDsl};

use super::connection::{AnyConnection, Tx};
use super::counts::Tally;
use super::job::{Ended, Job, Queue, answer, lock, run};
use super::readers::{Readers, execute};
use super::{Location, migrate};
use crate::Error;
use crate::error::is_overtaken;

/// How often a transaction is tried before its caller is told.
const ATTEMPTS: u32 = 20;

const BEGIN_WRITE: &str = "BEGIN ISOLATION LEVEL SERIALIZABLE";
const BEGIN_READ: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

/// Brings the schema up to date and prepares a pool for reading.
pub(super) fn open(url: &str, readers: usize) -> Result<Readers, Error> {
    migrate::postgres(&mut connect(url)?)?;
    let url = url.to_owned();
    Ok(Readers::new(readers, BEGIN_READ, Box::new(move || Ok(AnyConnection::Postgres(connect(&url)?)))))
}

fn connect(url: &str) -> Result<PgConnection, Error> {
    let mut connection = PgConnection::establish(url).map_err(|source| Error::Open {
        location: Location::Postgres(url.to_owned()).to_string(),
        source: Arc::new(source),
    })?;
    // A server that acknowledges before it has written would break P1; stronger settings stay.
    diesel::sql_query(
        "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'",
    )
    .execute(&mut connection)
    .map_err(Error::during("make commits durable"))?;
    // The transaction of a node that froze in its midst would hold up all others for as long as it is frozen.
    connection
        .batch_execute("SET idle_in_transaction_session_timeout = '10s'")
        .map_err(Error::during("limit idle transactions"))?;
    // Only some users may ask for untranslated messages. Without it a deadlock is reported instead of retried.
    if let Err(error) = connection.batch_execute("SET lc_messages = 'C'") {
        tracing::debug!(%error, "the server keeps its own language");
    }
    Ok(connection)
}

/// What went wrong on a connection since a transaction began. The closure's error type is the caller's, so this is
/// the only way to know whether to run it again.
#[derive(Clone, Default)]
struct Trouble(Arc<AtomicU8>);

impl Trouble {
    const FAILED: u8 = 1;
    const OVERTAKEN: u8 = 2;

    fn watch(&self, connection: &mut PgConnection) {
        let seen = Arc::clone(&self.0);
        connection.set_instrumentation(move |event: InstrumentationEvent<'_>| {
            if let InstrumentationEvent::FinishQuery { error: Some(error), .. } = event {
                let overtaken = if is_overtaken(error) { Self::OVERTAKEN } else { 0 };
                seen.fetch_or(Self::FAILED | overtaken, Ordering::Relaxed);
            }
        });
    }

    fn take(&self) -> u8 {
        self.0.swap(0, Ordering::Relaxed)
    }
}

/// A worker thread's share.
pub(super) struct Worker {
    url: String,
    connection: Option<AnyConnection>,
    trouble: Trouble,
    /// Held while a transaction is run again, so that those of one node wait for each other and not for a clock.
    turn: Arc<Mutex<()>>,
    tally: Arc<Tally>,
}

/// How one try ended.
enum Tried {
    /// Committed, or rolled back with the caller's own error.
    Done,
    /// Nothing was stored and it may work the next time; the error is for the last time.
    Again(Error),
    /// Nothing more to try.
    Failed(Error),
}

impl Worker {
    /// A worker; it connects when its first job comes.
    pub(super) fn new(url: &str, turn: &Arc<Mutex<()>>, tally: &Arc<Tally>) -> Self {
        Self {
            url: url.to_owned(),
            connection: None,
            trouble: Trouble::default(),
            turn: Arc::clone(turn),
            tally: Arc::clone(tally),
        }
    }

    /// Serves the queue until it is closed and empty.
    pub(super) fn serve(mut self, queue: &Queue) {
        while let Some(mut job) = queue.next() {
            let instead = self.run(job.as_mut()).err();
            if instead.is_some() {
                self.tally.add(job.name(), |counts| counts.failed += 1);
            }
            answer(job, instead);
        }
    }

    fn run(&mut self, job: &mut dyn Job) -> Result<(), Error> {
        let turns = Arc::clone(&self.turn);
        let mut turn = None;
        let mut attempt = 1;
        loop {
            match self.attempt(job) {
                Tried::Done => return Ok(()),
                Tried::Failed(error) => return Err(error),
                Tried::Again(error) if attempt == ATTEMPTS => {
                    return Err(match error {
                        Error::ConnectionLost => error,
                        _ => Error::RetriesExhausted { transaction: job.name(), attempts: ATTEMPTS },
                    });
                }
                Tried::Again(_) => {
                    attempt += 1;
                    self.tally.add(job.name(), |counts| counts.retried += 1);
                    turn.get_or_insert_with(|| lock(&turns));
                }
            }
        }
    }

    fn attempt(&mut self, job: &mut dyn Job) -> Tried {
        let mut connection = match self.take_connection() {
            Ok(connection) => connection,
            Err(error) => return Tried::Failed(error),
        };
        if let Err(error) = execute(&mut connection, BEGIN_WRITE) {
            return if self.roll_back(connection) {
                Tried::Failed(Error::during("begin a transaction")(error))
            } else {
                Tried::Again(Error::ConnectionLost)
            };
        }
        self.trouble.take();
        let ended = run(job, &mut Tx { connection: &mut connection });
        let trouble = self.trouble.take();
        // PostgreSQL answers the COMMIT of a transaction with a failed statement with success, and rolls back.
        if trouble == 0 && matches!(ended, Ended::Kept) {
            return self.commit(connection, job);
        }
        let is_alive = self.roll_back(connection);
        match ended {
            Ended::Panicked(error) => Tried::Failed(error),
            _ if trouble & Trouble::OVERTAKEN != 0 => Tried::Again(overtaken(job)),
            _ if trouble != 0 && !is_alive => Tried::Again(Error::ConnectionLost),
            Ended::Kept => Tried::Failed(Error::IgnoredFailure { transaction: job.name() }),
            Ended::Refused => {
                self.tally.add(job.name(), |counts| counts.refused += 1);
                Tried::Done
            }
        }
    }

    fn commit(&mut self, mut connection: AnyConnection, job: &dyn Job) -> Tried {
        let Err(error) = execute(&mut connection, "COMMIT") else {
            self.connection = Some(connection);
            self.tally.commit();
            self.tally.add(job.name(), |counts| counts.committed += 1);
            return Tried::Done;
        };
        if !self.roll_back(connection) {
            // Whether the server had the COMMIT before it went away cannot be known here.
            return Tried::Failed(Error::OutcomeUnknown { transaction: job.name(), source: Arc::new(error) });
        }
        if is_overtaken(&error) { Tried::Again(overtaken(job)) } else { Tried::Failed(Error::during("commit")(error)) }
    }

    /// Ends the transaction and keeps the connection, or finds that it is dead and drops it: then false. Asking the
    /// server is the only sure way, because Diesel does not always notice.
    fn roll_back(&mut self, mut connection: AnyConnection) -> bool {
        let is_alive = execute(&mut connection, "ROLLBACK").is_ok();
        if is_alive {
            self.connection = Some(connection);
        }
        is_alive
    }

    fn take_connection(&mut self) -> Result<AnyConnection, Error> {
        if let Some(connection) = self.connection.take() {
            return Ok(connection);
        }
        let mut connection = connect(&self.url)?;
        self.trouble.watch(&mut connection);
        Ok(AnyConnection::Postgres(connection))
    }
}

fn overtaken(job: &dyn Job) -> Error {
    Error::RetriesExhausted { transaction: job.name(), attempts: ATTEMPTS }
}
