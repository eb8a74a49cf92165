//! Why a configuration file is refused: where, and what to do.

use std::path::PathBuf;

/// A refusal. Never repeats a secret.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file could not be read.
    #[error("the configuration file {} could not be read", file.display())]
    Read {
        /// The file.
        file: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The file is not TOML, or a value has another form than expected.
    #[error("line {line}: {problem}")]
    Form {
        /// The line.
        line: usize,
        /// What is wrong.
        problem: String,
    },
    /// A key that nobody knows.
    #[error("line {line}: there is no setting {key} here{}", nearest.as_ref().map_or_else(String::new, |name| format!("; did you mean {name}?")))]
    UnknownKey {
        /// The line.
        line: usize,
        /// The key.
        key: String,
        /// The known key that looks most like it.
        nearest: Option<String>,
    },
    /// A value that cannot be used.
    #[error("{place}{key}: {problem}")]
    Value {
        /// Where it stands, with a colon and a blank at the end; empty at the top.
        place: String,
        /// Its key.
        key: &'static str,
        /// What is wrong and what to do.
        problem: String,
    },
    /// A site does not say which certificate its lock server may show.
    #[error(
        "site {site}: nothing says which certificate its lock server may show. `innkeep doctor` prints its SHA-256 \
         fingerprint; compare it at the lock server and write it as certificate_sha256, or give its root as \
         root_certificate_file"
    )]
    NoTrust {
        /// Key of the site.
        site: String,
    },
}
