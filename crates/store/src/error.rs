//! What can go wrong in storage, sorted by what the caller can do about it.

use std::sync::Arc;

use diesel::result::{DatabaseErrorInformation, DatabaseErrorKind};

/// An error of the store. Cheap to clone: one failed commit may have to be told to several callers.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The configured location is of no known form.
    #[error("unknown database location; write sqlite:PATH, memory, or postgres://USER@HOST/DATABASE")]
    UnknownLocation,
    /// The database could not be opened or connected to. Nothing was stored.
    #[error("cannot open the database {location}")]
    Open {
        /// The location, without its password.
        location: String,
        /// What the driver said.
        source: Arc<diesel::ConnectionError>,
    },
    /// The connection was lost before the commit. Nothing was stored; the same call may succeed later.
    #[error("the connection to the database was lost; nothing was stored")]
    ConnectionLost,
    /// The commit was sent and its answer did not come, or came as a failure to write. It may be stored or not: look
    /// before doing it again.
    #[error("committing {transaction:?} failed and it is not known whether it is stored")]
    OutcomeUnknown {
        /// Name of the transaction.
        transaction: &'static str,
        /// What the engine said.
        source: Arc<diesel::result::Error>,
    },
    /// A rule of the schema refused the change.
    #[error("{kind} constraint violated{}", place(.table.as_deref(), .columns, .name.as_deref()))]
    Constraint {
        /// Which kind of rule.
        kind: ConstraintKind,
        /// The table, when the engine tells.
        table: Option<String>,
        /// The columns, when the engine tells; in the order of the constraint.
        columns: Vec<String>,
        /// The constraint's or index's name: always on PostgreSQL; on SQLite for checks and indexes on expressions.
        name: Option<String>,
    },
    /// A stored row does not make sense to this program.
    #[error("row {row:?} of {table} holds a value in {column} that this program cannot read")]
    InconsistentRow {
        /// Table of the row.
        table: &'static str,
        /// Column with the value.
        column: &'static str,
        /// Id of the row.
        row: String,
    },
    /// Other transactions kept changing the same rows. Nothing was stored.
    #[error("{transaction:?} was overtaken by other transactions {attempts} times; nothing was stored")]
    RetriesExhausted {
        /// Name of the transaction.
        transaction: &'static str,
        /// How often it was tried.
        attempts: u32,
    },
    /// The store was closed before the transaction ran. Nothing was stored.
    #[error("the store is closed")]
    Closed,
    /// A closure that runs on a connection called the store again and would have waited for itself.
    #[error("{transaction:?} was started inside another transaction")]
    Nested {
        /// Name of the inner transaction.
        transaction: &'static str,
    },
    /// The closure panicked. Nothing of it was stored.
    #[error("{transaction:?} panicked: {message}")]
    Panicked {
        /// Name of the transaction.
        transaction: &'static str,
        /// The panic's message.
        message: String,
    },
    /// The closure ignored a failed statement and asked to commit. Nothing was stored.
    #[error("{transaction:?} went on after a failed statement; nothing was stored")]
    IgnoredFailure {
        /// Name of the transaction.
        transaction: &'static str,
    },
    /// The database was written by a newer version of this program.
    #[error(
        "the database holds migration {found}, this program knows migrations up to {known}; start the version that \
         wrote it, or restore a backup made before the upgrade"
    )]
    SchemaTooNew {
        /// The newest migration in the database that is unknown here.
        found: String,
        /// The newest migration this program knows.
        known: String,
    },
    /// A migration failed and was rolled back; those before it remain.
    #[error("cannot apply migration {migration}")]
    Migration {
        /// Name of the migration, or what was done around migrations.
        migration: String,
        /// What the engine said.
        source: Arc<dyn std::error::Error + Send + Sync>,
    },
    /// A thread of the store could not be started.
    #[error("cannot start a thread for the database")]
    Thread {
        /// What the system said.
        source: Arc<std::io::Error>,
    },
    /// Any other failed query.
    #[error("cannot {doing}")]
    Query {
        /// What was being tried, as a verb phrase.
        doing: &'static str,
        /// What the engine said.
        source: Arc<diesel::result::Error>,
    },
}

/// The kinds of rules a schema can hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ConstraintKind {
    /// A primary key or a unique constraint or index.
    Unique,
    /// A reference to a row that is not there, or the last reference to one that should go.
    ForeignKey,
    /// A value is missing.
    NotNull,
    /// A check on the row.
    Check,
}

impl std::fmt::Display for ConstraintKind {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            Self::Unique => "unique",
            Self::ForeignKey => "foreign key",
            Self::NotNull => "not null",
            Self::Check => "check",
        })
    }
}

impl Error {
    /// Sorts a failed query, for `map_err`; `doing` is a verb phrase: `insert a credential`.
    pub(crate) fn during(doing: &'static str) -> impl FnOnce(diesel::result::Error) -> Self {
        move |source| Self::of_query(doing, source)
    }

    /// Whether a unique constraint or index over exactly these columns of `table` refused the change.
    pub fn is_unique_violation(&self, table: &str, columns: &[&str]) -> bool {
        matches!(
            self,
            Self::Constraint { kind: ConstraintKind::Unique, table: Some(at), columns: over, .. }
                if at == table && over == columns
        )
    }

    fn of_query(doing: &'static str, error: diesel::result::Error) -> Self {
        use diesel::result::Error as Query;
        match error {
            Query::DatabaseError(kind, ref said) => match kind {
                DatabaseErrorKind::UniqueViolation => constraint(ConstraintKind::Unique, said.as_ref()),
                DatabaseErrorKind::ForeignKeyViolation | DatabaseErrorKind::RestrictViolation => {
                    constraint(ConstraintKind::ForeignKey, said.as_ref())
                }
                DatabaseErrorKind::NotNullViolation => constraint(ConstraintKind::NotNull, said.as_ref()),
                DatabaseErrorKind::CheckViolation => constraint(ConstraintKind::Check, said.as_ref()),
                _ if is_connection_lost(&error) => Self::ConnectionLost,
                _ => Self::Query { doing, source: Arc::new(error) },
            },
            _ if is_connection_lost(&error) => Self::ConnectionLost,
            _ => Self::Query { doing, source: Arc::new(error) },
        }
    }
}

impl From<diesel::result::Error> for Error {
    fn from(error: diesel::result::Error) -> Self {
        Self::of_query("run a query", error)
    }
}

/// Whether the connection is gone. Diesel says so on some paths; on others only libpq's text, which it does not
/// translate, or the server's last words.
fn is_connection_lost(error: &diesel::result::Error) -> bool {
    match error {
        diesel::result::Error::BrokenTransactionManager
        | diesel::result::Error::DatabaseError(
            DatabaseErrorKind::ClosedConnection | DatabaseErrorKind::UnableToSendCommand,
            _,
        ) => true,
        diesel::result::Error::DatabaseError(DatabaseErrorKind::Unknown, said) => [
            "server closed the connection unexpectedly",
            "terminating connection due to",
            "no connection to the server",
        ]
        .iter()
        .any(|words| said.message().starts_with(words)),
        _ => false,
    }
}

/// Whether the same transaction may succeed when it is run again.
pub(crate) fn is_overtaken(error: &diesel::result::Error) -> bool {
    match error {
        diesel::result::Error::DatabaseError(DatabaseErrorKind::SerializationFailure, _) => true,
        // Diesel knows no kind for SQLSTATE 40P01, so its text must do; connections ask for untranslated messages.
        diesel::result::Error::DatabaseError(_, said) => said.message() == "deadlock detected",
        _ => false,
    }
}

fn constraint(kind: ConstraintKind, said: &(dyn DatabaseErrorInformation + Send + Sync)) -> Error {
    let (table, columns, name) = match said.table_name() {
        Some(table) => {
            let columns = match (said.column_name(), said.details()) {
                (Some(column), _) => vec![column.to_owned()],
                (None, Some(detail)) if kind != ConstraintKind::Check => columns_of_key(detail),
                _ => Vec::new(),
            };
            (Some(table.to_owned()), columns, said.constraint_name().map(str::to_owned))
        }
        None => place_in_sqlite_message(kind, said.message()),
    };
    Error::Constraint { kind, table, columns, name }
}

/// PostgreSQL names the columns only in its detail, `Key (a, b)=(1, 2) already exists.` The values are left behind:
/// they may be personal data. Translated servers change the words, not the brackets.
fn columns_of_key(detail: &str) -> Vec<String> {
    let Some((before, _)) = detail.split_once(")=(") else { return Vec::new() };
    let Some((_, columns)) = before.split_once('(') else { return Vec::new() };
    columns.split(", ").map(|column| column.trim_matches('"').to_owned()).collect()
}

/// SQLite puts the place behind the colon: `UNIQUE constraint failed: stay.site_id, stay.number`, or
/// `...: index 'name'` for an index on expressions, or the name of a check.
fn place_in_sqlite_message(kind: ConstraintKind, message: &str) -> (Option<String>, Vec<String>, Option<String>) {
    let Some((_, place)) = message.split_once("failed: ") else { return (None, Vec::new(), None) };
    if kind == ConstraintKind::Check {
        return (None, Vec::new(), Some(place.to_owned()));
    }
    if let Some(name) = place.strip_prefix("index '").and_then(|rest| rest.strip_suffix('\'')) {
        return (None, Vec::new(), Some(name.to_owned()));
    }
    let mut table = None;
    let mut columns = Vec::new();
    for qualified in place.split(", ") {
        if let Some((of, column)) = qualified.split_once('.') {
            table = Some(of.to_owned());
            columns.push(column.to_owned());
        }
    }
    (table, columns, None)
}

fn place(table: Option<&str>, columns: &[String], name: Option<&str>) -> String {
    let mut text = String::new();
    if let Some(name) = name {
        text = format!(": {name}");
    }
    if let Some(table) = table {
        text = format!("{text} on {table}");
    }
    if !columns.is_empty() {
        text = format!("{text} ({})", columns.join(", "));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{ConstraintKind, columns_of_key, place_in_sqlite_message};

    #[test]
    fn the_columns_of_a_key_are_read_without_its_values() {
        assert_eq!(columns_of_key("Key (a, \"order\")=(1, x)=(y) already exists."), ["a", "order"]);
        assert_eq!(columns_of_key("Schlüssel »(a)=(1)« existiert bereits."), ["a"]);
        assert!(columns_of_key("Failing row contains (1, null).").is_empty());
    }

    #[test]
    fn the_place_of_an_sqlite_violation_is_read() {
        let place = |kind, message| place_in_sqlite_message(kind, message);
        assert_eq!(
            place(ConstraintKind::Unique, "UNIQUE constraint failed: stay.site, stay.number"),
            (Some("stay".into()), vec!["site".into(), "number".into()], None)
        );
        assert_eq!(
            place(ConstraintKind::Unique, "UNIQUE constraint failed: index 'stay_name'"),
            (None, vec![], Some("stay_name".into()))
        );
        assert_eq!(
            place(ConstraintKind::Check, "CHECK constraint failed: stay_window"),
            (None, vec![], Some("stay_window".into()))
        );
        assert_eq!(place(ConstraintKind::ForeignKey, "FOREIGN KEY constraint failed"), (None, vec![], None));
    }
}
