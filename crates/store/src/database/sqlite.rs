//! SQLite: opening, settings and reading. Writing is in `group_commit`.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use diesel::{Connection as _, ConnectionError, SqliteConnection};

use super::connection::{AnyConnection, Tx};
use super::job::lock;
use super::readers::{Readers, execute, run_and_end};
use super::{Location, migrate};
use crate::Error;

/// How long to wait for another process that holds the file, such as a backup, in milliseconds.
const BUSY_TIMEOUT_MS: u32 = 5_000;

/// The write-ahead log is copied into the database every so many pages of 4 KiB. The writer does it, so this trades
/// the length of a pause for the size of the log.
const CHECKPOINT_PAGES: u32 = 2_000;

/// Page cache of the writer and of a reader, in KiB. Reads go through the system's cache anyhow. The file is not
/// mapped into memory: a disk error would then kill the process instead of failing a query.
const WRITER_CACHE_KIB: u32 = 16_384;
const READER_CACHE_KIB: u32 = 2_048;

/// An opened and migrated SQLite database.
pub(super) struct Sqlite {
    /// The writing connection. The writer thread holds the lock while it works; reads of a memory database, which
    /// has no other connection, take turns with it.
    pub(super) writer: Arc<Mutex<AnyConnection>>,
    /// None for a memory database.
    pub(super) readers: Option<Readers>,
}

impl Sqlite {
    /// Opens the file, or memory when there is no path, and brings its schema up to date.
    pub(super) fn open(path: Option<&Path>, readers: usize) -> Result<Self, Error> {
        let mut connection = establish(path)?;
        prepare_writer(&mut connection).map_err(Error::during("prepare the database file"))?;
        migrate::sqlite(&mut connection)?;
        let readers = path.map(|path| {
            let path: PathBuf = path.to_owned();
            Readers::new(readers, "BEGIN DEFERRED", Box::new(move || open_reader(&path)))
        });
        Ok(Self { writer: Arc::new(Mutex::new(AnyConnection::Sqlite(connection))), readers })
    }

    /// Runs `work` on a snapshot, on the calling thread.
    pub(super) fn read<T, E: From<Error>>(
        &self,
        name: &'static str,
        work: impl FnOnce(&mut Tx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        if let Some(readers) = &self.readers {
            return readers.read(name, work);
        }
        let mut connection = lock(&self.writer);
        execute(&mut connection, "PRAGMA query_only = ON; BEGIN DEFERRED").map_err(Error::during("begin a read"))?;
        let (result, _) = run_and_end(&mut connection, name, work);
        execute(&mut connection, "PRAGMA query_only = OFF").map_err(Error::during("end a read"))?;
        result
    }

    /// Copies the write-ahead log into the database, so that the file alone is complete. To be called when nobody
    /// writes any more. A reader that is still at work may hold it up; the log is then copied at the next start.
    pub(super) fn checkpoint(&self) {
        if let Some(readers) = &self.readers {
            readers.close_idle();
            if let Err(error) = execute(&mut lock(&self.writer), "PRAGMA wal_checkpoint(TRUNCATE)") {
                tracing::warn!(%error, "the write-ahead log was not copied into the database on closing");
            }
        }
    }
}

fn establish(path: Option<&Path>) -> Result<SqliteConnection, Error> {
    let refused = |source| Error::Open {
        location: path.map_or(Location::Memory, |path| Location::File(path.to_owned())).to_string(),
        source: Arc::new(source),
    };
    let name = match path {
        None => ":memory:".to_owned(),
        // A relative name may look like a URL or a special name to SQLite; one that starts with a dot does not.
        Some(path) => match Path::new(".").join(path).to_str() {
            Some(name) => name.to_owned(),
            None => return Err(refused(ConnectionError::BadConnection("the path is not UTF-8".to_owned()))),
        },
    };
    SqliteConnection::establish(&name).map_err(refused)
}

/// How often the log is tried to be switched on before giving up; each time another process is waited for.
const LOG_ATTEMPTS: usize = 32;

/// Settings are statements of their own, the timeout first, so that each takes effect for the next.
fn prepare_writer(connection: &mut SqliteConnection) -> diesel::QueryResult<()> {
    use diesel::connection::SimpleConnection;
    connection.batch_execute(&format!("PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}"))?;
    use_write_ahead_log(connection)?;
    for setting in [
        "PRAGMA synchronous = FULL".to_owned(),
        "PRAGMA foreign_keys = ON".to_owned(),
        "PRAGMA temp_store = MEMORY".to_owned(),
        format!("PRAGMA cache_size = -{WRITER_CACHE_KIB}"),
        format!("PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}"),
    ] {
        connection.batch_execute(&setting)?;
    }
    Ok(())
}

/// Switches the log on. When others open a new file at the same moment, SQLite refuses this one statement at once
/// instead of waiting; a transaction of our own waits, and whoever was first has then switched it on for all.
fn use_write_ahead_log(connection: &mut SqliteConnection) -> diesel::QueryResult<()> {
    use diesel::connection::SimpleConnection;
    for _ in 1..LOG_ATTEMPTS {
        if connection.batch_execute("PRAGMA journal_mode = WAL").is_ok() {
            return Ok(());
        }
        connection.batch_execute("BEGIN EXCLUSIVE; ROLLBACK")?;
    }
    connection.batch_execute("PRAGMA journal_mode = WAL")
}

fn open_reader(path: &Path) -> Result<AnyConnection, Error> {
    let mut connection = AnyConnection::Sqlite(establish(Some(path))?);
    for setting in [
        format!("PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}"),
        "PRAGMA query_only = ON".to_owned(),
        "PRAGMA temp_store = MEMORY".to_owned(),
        format!("PRAGMA cache_size = -{READER_CACHE_KIB}"),
    ] {
        execute(&mut connection, &setting).map_err(Error::during("prepare a reader"))?;
    }
    Ok(connection)
}
