//! Where a database is: the one string an operator writes into the configuration.

use std::fmt;
use std::path::PathBuf;

use crate::Error;

/// A place a [`super::Store`] can be opened at. Prints without the password.
#[derive(Clone, PartialEq, Eq)]
pub enum Location {
    /// An SQLite file; created when it is not there.
    File(PathBuf),
    /// SQLite in memory; gone when the store is closed.
    Memory,
    /// A PostgreSQL connection URL.
    Postgres(String),
}

impl Location {
    /// Reads `sqlite:PATH`, `memory`, `postgres://...` or `postgresql://...`.
    ///
    /// # Errors
    /// [`Error::UnknownLocation`] for anything else. The text is not repeated there: it may hold a password.
    pub fn parse(text: &str) -> Result<Self, Error> {
        if text == "memory" {
            return Ok(Self::Memory);
        }
        if let Some(path) = text.strip_prefix("sqlite:").filter(|path| !path.is_empty()) {
            return Ok(Self::File(PathBuf::from(path)));
        }
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return Ok(Self::Postgres(text.to_owned()));
        }
        Err(Error::UnknownLocation)
    }
}

impl fmt::Display for Location {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => write!(formatter, "sqlite:{}", path.display()),
            Self::Memory => formatter.write_str("memory"),
            Self::Postgres(url) => formatter.write_str(&without_secrets(url)),
        }
    }
}

impl fmt::Debug for Location {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Location({self})")
    }
}

/// Drops user, password and options: a password may stand before the `@` or among the options.
fn without_secrets(url: &str) -> String {
    let (scheme, rest) = url.split_once("://").unwrap_or((url, ""));
    let rest = rest.split('?').next().unwrap_or_default();
    let host = rest.rsplit_once('@').map_or(rest, |(_, host)| host);
    format!("{scheme}://{host}")
}

#[cfg(test)]
mod tests {
    use super::Location;

    #[test]
    fn each_form_of_location_is_read() {
        assert_eq!(Location::parse("memory").unwrap(), Location::Memory);
        assert_eq!(
            Location::parse("sqlite:/var/lib/innkeep/hotel.db").unwrap(),
            Location::File("/var/lib/innkeep/hotel.db".into())
        );
        assert_eq!(Location::parse("postgres://db/hotel").unwrap(), Location::Postgres("postgres://db/hotel".into()));
    }

    #[test]
    fn anything_else_is_refused_without_repeating_it() {
        for text in ["", "sqlite:", "hotel.db", "mysql://user:hunter2@db/hotel"] {
            let refusal = Location::parse(text).unwrap_err().to_string();
            assert!(!refusal.contains("hunter2"), "{refusal}");
        }
    }

    #[test]
    fn a_location_prints_without_its_password() {
        for url in [
            "postgres://innkeep:hunter2@db:5432/hotel",
            "postgres://innkeep:hunt@hunter2@db:5432/hotel",
            "postgres://db:5432/hotel?user=innkeep&password=hunter2",
        ] {
            let location = Location::parse(url).unwrap();
            assert_eq!(location.to_string(), "postgres://db:5432/hotel");
            assert_eq!(format!("{location:?}"), "Location(postgres://db:5432/hotel)");
        }
    }
}
