//! The configuration file of `innkeep serve` (docs/OPERATING.md): one TOML file, checked as a whole before anything
//! is done.
//!
//! [`document`] is the file as people write it, [`Config`] what it means. A key that nobody knows is an error that
//! names the nearest one that is known. Secrets come from files or from the environment and are never printed.

mod document;
mod error;
mod secret;
mod stays;

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    time::Duration,
};

use http::Uri;
use jiff::{SignedDuration, tz::TimeZone};
use store::Location;
use visionline::{DiscardDialect, Secret, transport::Trust};

pub use error::ConfigError;
pub use stays::Stays;

use crate::{seal::Seal, webhooks};

/// Said wherever something needs the key.
pub const NO_SECRET_KEY: &str = "there is no secret key, so nothing secret can be kept: webhooks, and hotels that are \
                                 connected through the API, are refused. Make a key with `innkeep secret-key --file \
                                 secret.key` and write secret_key_file = \"secret.key\" into the configuration";

/// What `innkeep serve` is told.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where to listen.
    pub listen: SocketAddr,
    /// Where the metrics are shown; none to count nothing.
    pub metrics_listen: Option<SocketAddr>,
    /// The address under which callers reach the API, when a proxy stands in front.
    pub public_url: Option<Uri>,
    /// Where everything is kept.
    pub database: Location,
    /// Seals secrets for the database; none when the file names no secret key.
    pub seal: Option<Seal>,
    /// Where webhooks may lead.
    pub webhooks: webhooks::Policy,
    /// How long events are kept.
    pub events_kept: SignedDuration,
    /// How long a site rests when the program that works it dies, where several share a database.
    pub lease: Duration,
    /// The workspace.
    pub workspace: Workspace,
    /// What guests get who are pushed by a property system or sent a link.
    pub stays: Stays,
    /// Name of the credential manager, where mobile keys are issued.
    pub credential_manager: Option<String>,
    /// The hotels.
    pub sites: Vec<Site>,
}

/// The workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Workspace {
    /// Its name.
    pub name: String,
    /// Whether it is for trials against a simulator.
    pub is_sandbox: bool,
}

/// One hotel.
#[derive(Debug, Clone)]
pub struct Site {
    /// By which it is known again.
    pub key: String,
    /// Its name.
    pub name: String,
    /// Scheme, host and port of its lock server.
    pub url: String,
    /// The Visionline operator to sign in as.
    pub operator: String,
    /// The operator's password.
    pub password: Secret,
    /// Which certificate the lock server may show; none when the file does not say.
    pub trust: Option<Trust>,
    /// IANA name of its zone.
    pub zone_name: String,
    /// Its zone.
    pub zone: TimeZone,
    /// Whether timestamps without a zone are the hotel's own time; none where the file leaves it to the API.
    pub reads_local_time: Option<bool>,
    /// Whether double bookings are refused; none where the file leaves it to the API.
    pub refuses_double_bookings: Option<bool>,
    /// "Mobile Access UUID", where mobile keys are issued.
    pub mobile_access_uuid: Option<String>,
    /// System ID at the credential manager.
    pub system_id: Option<String>,
    /// Requests that may be under way at a time.
    pub requests_at_once: usize,
    /// How long the lock server may take for an answer.
    pub answer_within: Duration,
    /// How often doors and encoders are read.
    pub lists_every: Duration,
    /// How long a look at all guest doors' cards takes; none to never look.
    pub surveys_within: Option<Duration>,
    /// Whether encoders are read.
    pub lists_encoders: bool,
    /// How long a person has for placing a card on an encoder.
    pub encoder_window: Duration,
    /// The operation under which common doors are written on a card.
    pub common_door_operation: String,
    /// How cards are discarded, where that is known.
    pub discard_dialect: Option<DiscardDialect>,
}

impl Config {
    /// Reads and checks a file. Paths in it are relative to its folder.
    ///
    /// # Errors
    /// [`ConfigError`], with the line and what to do.
    pub fn load(file: &Path) -> Result<Self, ConfigError> {
        let text =
            std::fs::read_to_string(file).map_err(|source| ConfigError::Read { file: file.to_owned(), source })?;
        let folder = file.parent().map_or_else(PathBuf::new, Path::to_owned);
        Self::parse(&text, &folder, |name| std::env::var(name).ok())
    }

    /// Checks the text of a file that stands in this folder, with this environment.
    ///
    /// # Errors
    /// As [`Config::load`].
    pub fn parse(text: &str, folder: &Path, environment: impl Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        document::read(text, folder, &environment)
    }

    /// What works less than it could, each with what to do.
    pub fn warnings(&self) -> Vec<String> {
        let open = self.metrics_listen.filter(|address| !address.ip().is_loopback()).map(|address| {
            format!("the metrics at {address} ask for no key: see that only your monitoring reaches that address")
        });
        self.seal.is_none().then(|| NO_SECRET_KEY.to_owned()).into_iter().chain(open).collect()
    }

    /// That every site says which certificate its lock server may show: without that nothing is sent to it. `doctor`
    /// does without, to tell an operator what to write there.
    ///
    /// # Errors
    /// Naming the first site that does not say.
    pub fn require_trust(&self) -> Result<(), ConfigError> {
        match self.sites.iter().find(|site| site.trust.is_none()) {
            None => Ok(()),
            Some(site) => Err(ConfigError::NoTrust { site: site.key.clone() }),
        }
    }
}
