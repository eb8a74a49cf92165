//! Brings a database to the schema this program knows, or refuses it.
//!
//! The two folders hold the same numbers and names; `tests/it/migrations.rs` compares what they build.

use std::sync::Arc;

use diesel::backend::Backend;
use diesel::connection::SimpleConnection;
use diesel::migration::MigrationSource;
use diesel::sqlite::Sqlite;
use diesel::{PgConnection, QueryableByName, RunQueryDsl, SqliteConnection};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use crate::Error;

const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");

/// The advisory lock that nodes starting together take turns with. Any number will do that nobody else uses.
const ADVISORY_LOCK: i64 = 0x496e_6e6b_6565_7001;

/// Applies what is missing, each migration one transaction, under the file's write lock.
pub(super) fn sqlite(connection: &mut SqliteConnection) -> Result<(), Error> {
    sqlite_from(connection, &SQLITE)
}

fn sqlite_from(connection: &mut SqliteConnection, source: &impl MigrationSource<Sqlite>) -> Result<(), Error> {
    // A migration that rebuilds a table must drop the old one without its references acting on the rows, and the
    // setting cannot be changed inside a transaction. The references are checked before each commit instead.
    set(connection, "PRAGMA foreign_keys = OFF")?;
    while connection.immediate_transaction(|connection| {
        let is_applied = apply_next(connection, source)?;
        // Reads every reference of the database, so only when something was changed.
        if is_applied {
            check_references(connection)?;
        }
        Ok::<_, Error>(is_applied)
    })? {}
    set(connection, "PRAGMA foreign_keys = ON")
}

/// Applies what is missing, each migration one transaction, while other nodes wait.
pub(super) fn postgres(connection: &mut PgConnection) -> Result<(), Error> {
    set(connection, &format!("SELECT pg_advisory_lock({ADVISORY_LOCK})"))?;
    let applied = loop {
        match apply_next(connection, &POSTGRES) {
            Ok(true) => {}
            Ok(false) => break Ok(()),
            Err(error) => break Err(error),
        }
    };
    // A lost connection gives the lock back as well, and then the error before it says more.
    applied.and(set(connection, &format!("SELECT pg_advisory_unlock({ADVISORY_LOCK})")))
}

/// Applies the first missing migration; false when there is none.
fn apply_next<C, DB>(connection: &mut C, source: &impl MigrationSource<DB>) -> Result<bool, Error>
where
    C: MigrationHarness<DB>,
    DB: Backend,
{
    let mut known = source.migrations().map_err(|error| refused("read the program's migrations", error))?;
    known.sort_by(|left, right| left.name().version().cmp(&right.name().version()));
    let applied = connection.applied_migrations().map_err(|error| refused("read the database's migrations", error))?;

    let unknown = applied.iter().filter(|version| known.iter().all(|known| known.name().version() != **version));
    if let Some(found) = unknown.max() {
        let known = known.last().map(|newest| newest.name().version().to_string()).unwrap_or_default();
        return Err(Error::SchemaTooNew { found: found.to_string(), known });
    }
    let Some(missing) = known.iter().find(|known| !applied.contains(&known.name().version())) else {
        return Ok(false);
    };
    let name = missing.name().to_string();
    connection.run_migration(missing.as_ref()).map_err(|error| refused(&name, error))?;
    tracing::info!(migration = name, "migration applied");
    Ok(true)
}

#[derive(QueryableByName)]
struct Broken {
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    rows: i64,
}

fn check_references(connection: &mut SqliteConnection) -> Result<(), Error> {
    let broken: Broken = diesel::sql_query("SELECT count(*) AS rows FROM pragma_foreign_key_check")
        .get_result(connection)
        .map_err(Error::during("check references after a migration"))?;
    if broken.rows == 0 {
        return Ok(());
    }
    Err(refused("keep references whole", format!("{} rows refer to rows that are not there", broken.rows).into()))
}

fn set(connection: &mut impl SimpleConnection, statement: &str) -> Result<(), Error> {
    connection.batch_execute(statement).map_err(Error::during("prepare for migrations"))
}

fn refused(migration: &str, source: Box<dyn std::error::Error + Send + Sync>) -> Error {
    Error::Migration { migration: migration.to_owned(), source: Arc::from(source) }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use diesel::connection::SimpleConnection;
    use diesel::{Connection, SqliteConnection};
    use diesel_migrations::FileBasedMigrations;

    use super::sqlite_from;
    use crate::Error;

    fn add(folder: &Path, name: &str, statements: &str) {
        std::fs::create_dir_all(folder.join(name)).unwrap();
        std::fs::write(folder.join(name).join("up.sql"), statements).unwrap();
        std::fs::write(folder.join(name).join("down.sql"), "SELECT 1").unwrap();
    }

    fn apply(connection: &mut SqliteConnection, folder: &Path) -> Result<(), Error> {
        sqlite_from(connection, &FileBasedMigrations::from_path(folder).unwrap())
    }

    #[test]
    fn a_failed_migration_is_undone_as_a_whole_and_those_before_it_stay() {
        let folder = tempfile::tempdir().unwrap();
        add(folder.path(), "0001_room", "CREATE TABLE room (id TEXT)");
        add(folder.path(), "0002_key", "CREATE TABLE key (id TEXT); CREATE TABLE room (id TEXT)");
        let connection = &mut SqliteConnection::establish(":memory:").unwrap();
        match apply(connection, folder.path()) {
            Err(Error::Migration { migration, .. }) => assert_eq!(migration, "0002_key"),
            other => panic!("{other:?}"),
        }
        connection.batch_execute("SELECT id FROM room").unwrap();
        connection.batch_execute("SELECT id FROM key").unwrap_err();

        add(folder.path(), "0002_key", "CREATE TABLE key (id TEXT)");
        apply(connection, folder.path()).unwrap();
        connection.batch_execute("SELECT id FROM key").unwrap();
    }

    #[test]
    fn a_migration_may_rebuild_a_table_that_others_refer_to() {
        let folder = tempfile::tempdir().unwrap();
        add(
            folder.path(),
            "0001_start",
            "CREATE TABLE room (id TEXT NOT NULL PRIMARY KEY);
             CREATE TABLE key (room_id TEXT NOT NULL REFERENCES room (id) ON DELETE CASCADE);
             INSERT INTO room VALUES ('101'); INSERT INTO key VALUES ('101')",
        );
        add(
            folder.path(),
            "0002_rebuild",
            "CREATE TABLE new_room (id TEXT NOT NULL PRIMARY KEY, floor BIGINT);
             INSERT INTO new_room SELECT id, 1 FROM room; DROP TABLE room; ALTER TABLE new_room RENAME TO room",
        );
        let connection = &mut SqliteConnection::establish(":memory:").unwrap();
        apply(connection, folder.path()).unwrap();
        connection.batch_execute("DELETE FROM room").unwrap();
        // References are checked again.
        connection.batch_execute("INSERT INTO key VALUES ('101')").unwrap_err();
    }

    #[test]
    fn a_migration_that_leaves_a_reference_dangling_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        add(
            folder.path(),
            "0001_start",
            "CREATE TABLE room (id TEXT NOT NULL PRIMARY KEY);
             CREATE TABLE key (room_id TEXT NOT NULL REFERENCES room (id));
             INSERT INTO key VALUES ('101')",
        );
        let connection = &mut SqliteConnection::establish(":memory:").unwrap();
        assert!(matches!(apply(connection, folder.path()), Err(Error::Migration { .. })));
        connection.batch_execute("SELECT * FROM key").unwrap_err();
    }
}
