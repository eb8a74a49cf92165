//! A PostgreSQL of a test's own, made from the installed programs and gone with the test.
//!
//! It listens on a socket in its own folder and nowhere else, so it never meets a server that was there before.
//! Unix only.

use std::ffi::OsStr;
use std::fs;
use std::io::{self, Write};
use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, PoisonError};

use diesel::connection::SimpleConnection;
use diesel::{Connection as _, PgConnection};
use tempfile::TempDir;

use crate::{Location, Store};

/// Set to `1` where PostgreSQL must be there, so that its absence fails the tests instead of skipping them.
const REQUIRE: &str = "INNKEEP_TEST_REQUIRE_POSTGRES";

/// Longest folder name that leaves room for the socket's name in the system's limit of about 107 bytes.
const FOLDER_LIMIT_BYTES: usize = 60;

/// Why there is no private cluster or no fresh store.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ClusterError {
    /// PostgreSQL's server programs are neither in `PATH` nor where Debian puts them.
    #[error("PostgreSQL's initdb, pg_ctl and postgres were not found in PATH or under /usr/lib/postgresql")]
    NotInstalled,
    /// Running as root, and there is no other user to run the server as.
    #[error("the server does not run as root, and there is neither a user postgres nor nobody")]
    NoUser,
    /// A folder or file of the test could not be made.
    #[error("cannot {doing}")]
    File {
        /// What was being tried, as a verb phrase.
        doing: &'static str,
        /// What the system said.
        source: io::Error,
    },
    /// A program of PostgreSQL failed.
    #[error("{program} failed: {output}")]
    Program {
        /// Its name.
        program: &'static str,
        /// What it printed, and the server's log.
        output: String,
    },
    /// The cluster could not be connected to.
    #[error("cannot connect to the private cluster")]
    Connect(#[from] diesel::ConnectionError),
    /// A statement on the cluster failed.
    #[error("cannot run a statement on the private cluster")]
    Statement(#[from] diesel::result::Error),
    /// The store could not be opened.
    #[error("cannot open the fresh store")]
    Store(#[from] crate::Error),
}

/// A running PostgreSQL server that belongs to the test.
pub struct PrivateCluster {
    programs: PathBuf,
    folder: TempDir,
    /// Whom the server runs as, when that is not the test's own user: user and group id.
    user: Option<(u32, u32)>,
    databases: Mutex<Databases>,
}

#[derive(Default)]
struct Databases {
    has_template: bool,
    made: u32,
}

impl PrivateCluster {
    /// Starts a cluster that does not wait for the disk.
    ///
    /// # Errors
    /// [`ClusterError::NotInstalled`] when there is no PostgreSQL, others when it does not start.
    pub fn start() -> Result<Self, ClusterError> {
        Self::start_with("fsync = off\nfull_page_writes = off\n")
    }

    /// Starts a cluster that survives a power cut, for measuring.
    ///
    /// # Errors
    /// As [`PrivateCluster::start`].
    pub fn start_durable() -> Result<Self, ClusterError> {
        Self::start_with("fsync = on\n")
    }

    /// Starts a cluster; without PostgreSQL prints that the test is skipped and answers none.
    ///
    /// # Panics
    /// When it does not start, or when `INNKEEP_TEST_REQUIRE_POSTGRES=1` and PostgreSQL is not there.
    #[expect(clippy::print_stderr, reason = "a skipped test must say so, and this runs in tests only")]
    pub fn start_or_skip(test: &str) -> Option<Self> {
        match Self::start() {
            Ok(cluster) => Some(cluster),
            Err(ClusterError::NotInstalled) if std::env::var(REQUIRE).as_deref() != Ok("1") => {
                eprintln!("SKIPPED {test}: {}", ClusterError::NotInstalled);
                None
            }
            Err(error) => panic!("{test} needs a private cluster: {error:?}"),
        }
    }

    /// The URL of a database of this cluster.
    pub fn url(&self, database: &str) -> String {
        format!("postgres://innkeep@/{database}?host={}", self.folder.path().display())
    }

    /// Runs a statement as superuser, outside of a transaction.
    ///
    /// # Errors
    /// When the cluster cannot be connected to or refuses the statement.
    pub fn execute(&self, statement: &str) -> Result<(), ClusterError> {
        let mut connection = PgConnection::establish(&self.url("postgres"))?;
        Ok(connection.batch_execute(statement)?)
    }

    /// A new, migrated database, copied from one that was migrated once.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn fresh_database(&self) -> Result<Location, ClusterError> {
        let mut databases = self.databases.lock().unwrap_or_else(PoisonError::into_inner);
        if !databases.has_template {
            self.execute("CREATE DATABASE migrated")?;
            Store::open(&Location::Postgres(self.url("migrated")))?.close();
            databases.has_template = true;
        }
        databases.made += 1;
        let name = format!("fresh_{}", databases.made);
        self.execute(&format!("CREATE DATABASE {name} TEMPLATE migrated"))?;
        Ok(Location::Postgres(self.url(&name)))
    }

    /// A new database without any table.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn empty_database(&self) -> Result<Location, ClusterError> {
        let mut databases = self.databases.lock().unwrap_or_else(PoisonError::into_inner);
        databases.made += 1;
        let name = format!("empty_{}", databases.made);
        self.execute(&format!("CREATE DATABASE {name}"))?;
        Ok(Location::Postgres(self.url(&name)))
    }

    /// Stops the server at once, as a crash would, keeping its files.
    ///
    /// # Errors
    /// When it does not stop.
    pub fn stop_server(&self) -> Result<(), ClusterError> {
        self.run("pg_ctl", ["stop", "--wait", "--mode=immediate", "--pgdata", "data"])
    }

    /// Starts the server on its files and waits until it answers.
    ///
    /// # Errors
    /// When it does not start.
    pub fn start_server(&self) -> Result<(), ClusterError> {
        self.run("pg_ctl", ["start", "--wait", "--timeout=60", "--pgdata", "data", "--log", "log"])
    }

    fn start_with(durability: &str) -> Result<Self, ClusterError> {
        let programs = programs().ok_or(ClusterError::NotInstalled)?;
        let file = |doing| move |source| ClusterError::File { doing, source };
        let temporary = std::env::temp_dir();
        let parent = if temporary.as_os_str().len() > FOLDER_LIMIT_BYTES { Path::new("/tmp") } else { &temporary };
        let folder = tempfile::Builder::new()
            .prefix("innkeep-pg-")
            .tempdir_in(parent)
            .map_err(file("make the cluster's folder"))?;
        // A new folder belongs to whoever this process is.
        let is_root = fs::metadata(folder.path()).map_err(file("look at the cluster's folder"))?.uid() == 0;
        let user = if is_root { Some(server_user().ok_or(ClusterError::NoUser)?) } else { None };
        if let Some((user, group)) = user {
            chown(folder.path(), Some(user), Some(group)).map_err(file("hand over the cluster's folder"))?;
        }
        let cluster = Self { programs, folder, user, databases: Mutex::default() };
        cluster.initialise()?;
        fs::OpenOptions::new()
            .append(true)
            .open(cluster.folder.path().join("data/postgresql.conf"))
            .and_then(|mut settings| settings.write_all(cluster.settings(durability).as_bytes()))
            .map_err(file("write the cluster's settings"))?;
        cluster.start_server()?;
        Ok(cluster)
    }

    /// Sorts text by English rules where that can be had: a query that relies on byte order without saying so must
    /// fail here, as it would on an operator's server.
    fn initialise(&self) -> Result<(), ClusterError> {
        let common = ["--pgdata=data", "--username=innkeep", "--auth=trust", "--encoding=UTF8", "--no-sync"];
        let english = ["--locale=C", "--locale-provider=icu", "--icu-locale=en"];
        if self.run("initdb", common.iter().chain(&english)).is_ok() {
            return Ok(());
        }
        self.run("initdb", common.iter().chain(&["--locale=C"]))
    }

    fn settings(&self, durability: &str) -> String {
        format!(
            "\n{durability}listen_addresses = ''\nunix_socket_directories = '{}'\nmax_connections = 200\n\
             deadlock_timeout = 20ms\n",
            self.folder.path().display()
        )
    }

    fn run(
        &self,
        program: &'static str,
        arguments: impl IntoIterator<Item = impl AsRef<OsStr>>,
    ) -> Result<(), ClusterError> {
        let mut command = Command::new(self.programs.join(program));
        command.args(arguments).current_dir(self.folder.path()).env("LC_ALL", "C");
        // PGDATA, PGHOST and their like may point at a server that is not ours.
        for (name, _) in std::env::vars_os().filter(|(name, _)| name.as_encoded_bytes().starts_with(b"PG")) {
            command.env_remove(name);
        }
        if let Some((user, group)) = self.user {
            command.uid(user).gid(group);
        }
        let output = command.output().map_err(|source| ClusterError::File { doing: "run PostgreSQL", source })?;
        if output.status.success() {
            return Ok(());
        }
        let log = fs::read_to_string(self.folder.path().join("log")).unwrap_or_default();
        let said = String::from_utf8_lossy(&output.stderr);
        Err(ClusterError::Program { program, output: format!("{said}{log}") })
    }
}

impl Drop for PrivateCluster {
    fn drop(&mut self) {
        if self.folder.path().join("data/postmaster.pid").exists()
            && let Err(error) = self.stop_server()
        {
            tracing::error!(%error, "a private cluster may be left running");
        }
    }
}

/// The folder with the server programs: of `PATH` first, then Debian's newest.
fn programs() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut debian: Vec<(u32, PathBuf)> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin"))))
        .collect();
    debian.sort();
    std::env::split_paths(&path)
        .chain(debian.into_iter().rev().map(|(_, folder)| folder))
        .find(|folder| ["initdb", "pg_ctl", "postgres"].iter().all(|program| folder.join(program).is_file()))
}

/// User and group id of the account that Debian's package makes, or of one that owns nothing.
fn server_user() -> Option<(u32, u32)> {
    let accounts = fs::read_to_string("/etc/passwd").ok()?;
    ["postgres", "nobody"].iter().find_map(|wanted| {
        let line = accounts.lines().find(|line| line.split(':').next() == Some(wanted))?;
        let mut ids = line.split(':').skip(2);
        Some((ids.next()?.parse().ok()?, ids.next()?.parse().ok()?))
    })
}
