//! The configuration file as people write it.

use std::{
    collections::BTreeSet,
    net::SocketAddr,
    path::{Path, PathBuf},
    time::Duration,
};

use domain::address::MalformedNetwork;
use http::Uri;
use jiff::{SignedDuration, tz::TimeZone};
use serde::Deserialize;
use store::Location;
use toml::Spanned;
use visionline::{
    DiscardDialect,
    transport::{Fingerprint, Trust},
};

use super::{
    Config, ConfigError, Site, Workspace,
    secret::Source,
    stays::{self, StaysTable},
};
use crate::{retention, seal::Seal, webhooks};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    #[serde(default = "listen")]
    listen: SocketAddr,
    metrics_listen: Option<SocketAddr>,
    public_url: Option<String>,
    database: Option<String>,
    database_file: Option<PathBuf>,
    database_env: Option<String>,
    secret_key_file: Option<PathBuf>,
    secret_key_env: Option<String>,
    #[serde(default = "lease_seconds")]
    lease_seconds: u64,
    #[serde(default = "event_retention_days")]
    event_retention_days: i64,
    #[serde(default)]
    webhooks: WebhooksTable,
    #[serde(default)]
    workspace: WorkspaceTable,
    #[serde(default)]
    stays: StaysTable,
    credential_manager: Option<ManagerTable>,
    #[serde(default)]
    sites: Vec<Spanned<SiteTable>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
struct WorkspaceTable {
    name: String,
    sandbox: bool,
}

impl Default for WorkspaceTable {
    fn default() -> Self {
        Self { name: "Innkeep".to_owned(), sandbox: false }
    }
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct WebhooksTable {
    allowed_networks: Vec<String>,
    allow_http: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ManagerTable {
    #[serde(default = "manager_name")]
    name: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SiteTable {
    key: String,
    name: String,
    url: String,
    operator: String,
    password_file: Option<PathBuf>,
    password_env: Option<String>,
    root_certificate_file: Option<PathBuf>,
    certificate_sha256: Option<String>,
    #[serde(default)]
    insecure_no_verification: bool,
    time_zone: String,
    timestamps_without_zone: Option<WithoutZone>,
    double_bookings: Option<DoubleBookings>,
    mobile_access_uuid: Option<String>,
    system_id: Option<String>,
    #[serde(default = "one")]
    requests_at_once: usize,
    #[serde(default = "answer_timeout_seconds")]
    answer_timeout_seconds: u64,
    #[serde(default = "synchronise_seconds")]
    synchronise_seconds: u64,
    #[serde(default = "survey_seconds")]
    survey_seconds: u64,
    #[serde(default)]
    encoders: bool,
    #[serde(default = "encoder_wait_seconds")]
    encoder_wait_seconds: u64,
    #[serde(default = "common_door_operation")]
    common_door_operation: String,
    discard_dialect: Option<DiscardDialect>,
}

#[derive(Deserialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
enum WithoutZone {
    Utc,
    Local,
}

#[derive(Deserialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
enum DoubleBookings {
    Allow,
    Refuse,
}

fn listen() -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], 8080))
}

fn manager_name() -> String {
    "ASSA ABLOY Credential Services".to_owned()
}

fn common_door_operation() -> String {
    visionline::Options::default().common_door_operation
}

const fn event_retention_days() -> i64 {
    retention::USUAL.as_hours() / 24
}

const fn lease_seconds() -> u64 {
    30
}

const fn one() -> usize {
    1
}

const fn answer_timeout_seconds() -> u64 {
    60
}

const fn synchronise_seconds() -> u64 {
    300
}

const fn survey_seconds() -> u64 {
    900
}

const fn encoder_wait_seconds() -> u64 {
    60
}

/// Where everything is kept when the file does not say: beside the file.
const DEFAULT_DATABASE: &str = "sqlite:innkeep.db";

pub(super) fn read(
    text: &str,
    folder: &Path,
    environment: &dyn Fn(&str) -> Option<String>,
) -> Result<Config, ConfigError> {
    let document: Document = toml::from_str(text).map_err(|error| refused(text, &error))?;
    let mut keys = BTreeSet::new();
    let mut sites = Vec::with_capacity(document.sites.len());
    for entry in &document.sites {
        let table = entry.get_ref();
        let place = format!("line {}, site {}: ", line_at(text, entry.span().start), table.key);
        if !keys.insert(&table.key) {
            return Err(value(&place, "key", "two sites have this key; a key is a site's own for ever".to_owned()));
        }
        sites.push(site(table, &place, folder, environment)?);
    }
    let mobile = document.sites.iter().find(|entry| entry.get_ref().mobile_access_uuid.is_some());
    if let (Some(entry), None) = (mobile, &document.credential_manager) {
        let place = format!("line {}, site {}: ", line_at(text, entry.span().start), entry.get_ref().key);
        let problem = "mobile keys need a credential manager; add the table [credential_manager]".to_owned();
        return Err(value(&place, "mobile_access_uuid", problem));
    }
    if !(3..=600).contains(&document.lease_seconds) {
        return Err(value("", "lease_seconds", "must be between 3 and 600".to_owned()));
    }
    if !(1..=3650).contains(&document.event_retention_days) {
        return Err(value("", "event_retention_days", "must be between 1 and 3650".to_owned()));
    }
    Ok(Config {
        webhooks: webhook_policy(&document.webhooks)?,
        events_kept: SignedDuration::from_hours(24 * document.event_retention_days),
        lease: Duration::from_secs(document.lease_seconds),
        listen: document.listen,
        metrics_listen: document.metrics_listen,
        public_url: document.public_url.as_deref().map(public_url).transpose()?,
        database: database(&document, folder, environment)?,
        seal: seal(&document, folder, environment)?,
        stays: stays::read(document.stays)?,
        workspace: Workspace {
            name: filled("[workspace] ", "name", &document.workspace.name)?,
            is_sandbox: document.workspace.sandbox,
        },
        credential_manager: document
            .credential_manager
            .as_ref()
            .map(|manager| filled("[credential_manager] ", "name", &manager.name))
            .transpose()?,
        sites,
    })
}

fn webhook_policy(table: &WebhooksTable) -> Result<webhooks::Policy, ConfigError> {
    let networks = table.allowed_networks.iter().map(|text| {
        let problem = |error: MalformedNetwork| value("[webhooks] ", "allowed_networks", format!("{text:?}: {error}"));
        text.parse().map_err(problem)
    });
    Ok(webhooks::Policy {
        allowed_networks: networks.collect::<Result<_, _>>()?,
        allows_http: table.allow_http,
        names: webhooks::Names::of_the_machine(),
    })
}

fn site(
    table: &SiteTable,
    place: &str,
    folder: &Path,
    environment: &dyn Fn(&str) -> Option<String>,
) -> Result<Site, ConfigError> {
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    if table.key.is_empty() || !table.key.bytes().all(is_word) {
        let problem = "a key has letters, digits, '-', '_' and '.' only; it never changes, unlike the name".to_owned();
        return Err(value(place, "key", problem));
    }
    let source = Source {
        place,
        file_key: "password_file",
        file: table.password_file.as_deref(),
        env_key: "password_env",
        env: table.password_env.as_deref(),
    };
    let password = source.read(folder, environment)?.ok_or_else(|| {
        let problem = "name the file with the operator's password here, or an environment variable as password_env";
        value(place, "password_file", problem.to_owned())
    })?;
    let zone = TimeZone::get(&table.time_zone).map_err(|_| {
        let problem = format!("{:?} is no IANA time zone; write one like Europe/Stockholm", table.time_zone);
        value(place, "time_zone", problem)
    })?;
    let url = address(place, &table.url)?;
    for (key, number, most) in [
        ("requests_at_once", u64::try_from(table.requests_at_once).unwrap_or(u64::MAX), 16),
        ("answer_timeout_seconds", table.answer_timeout_seconds, 600),
        ("synchronise_seconds", table.synchronise_seconds, 86_400),
        ("encoder_wait_seconds", table.encoder_wait_seconds, 600),
    ] {
        if !(1..=most).contains(&number) {
            return Err(value(place, key, format!("must be between 1 and {most}")));
        }
    }
    Ok(Site {
        key: table.key.clone(),
        name: filled(place, "name", &table.name)?,
        url,
        operator: filled(place, "operator", &table.operator)?,
        password,
        trust: trust(table, place, folder)?,
        zone_name: table.time_zone.clone(),
        zone,
        reads_local_time: table.timestamps_without_zone.map(|reading| reading == WithoutZone::Local),
        refuses_double_bookings: table.double_bookings.map(|choice| choice == DoubleBookings::Refuse),
        mobile_access_uuid: table.mobile_access_uuid.clone(),
        system_id: table.system_id.clone(),
        requests_at_once: table.requests_at_once,
        answer_within: Duration::from_secs(table.answer_timeout_seconds),
        lists_every: Duration::from_secs(table.synchronise_seconds),
        surveys_within: (table.survey_seconds > 0).then(|| Duration::from_secs(table.survey_seconds)),
        lists_encoders: table.encoders,
        encoder_window: Duration::from_secs(table.encoder_wait_seconds),
        common_door_operation: filled(place, "common_door_operation", &table.common_door_operation)?,
        discard_dialect: table.discard_dialect,
    })
}

/// An address of a host alone, which is what the driver takes.
fn address(place: &str, url: &str) -> Result<String, ConfigError> {
    let problem = || {
        let shown = url.split('?').next().unwrap_or_default();
        let told = if url.contains('@') { "it" } else { shown };
        format!("{told} is no address of a lock server; write https://host or https://host:port, without a path")
    };
    let parsed = url::Url::parse(url).map_err(|_| value(place, "url", problem()))?;
    let is_bare = parsed.scheme() == "https"
        && parsed.has_host()
        && parsed.path() == "/"
        && parsed.query().is_none()
        && parsed.fragment().is_none()
        && parsed.username().is_empty()
        && parsed.password().is_none();
    if is_bare { Ok(parsed.origin().ascii_serialization()) } else { Err(value(place, "url", problem())) }
}

fn trust(table: &SiteTable, place: &str, folder: &Path) -> Result<Option<Trust>, ConfigError> {
    let given =
        [table.root_certificate_file.is_some(), table.certificate_sha256.is_some(), table.insecure_no_verification];
    if given.iter().filter(|given| **given).count() > 1 {
        let problem = "give one of root_certificate_file, certificate_sha256 and insecure_no_verification, not several";
        return Err(value(place, "certificate_sha256", problem.to_owned()));
    }
    if let Some(file) = &table.root_certificate_file {
        let path = folder.join(file);
        let pem = std::fs::read_to_string(&path).map_err(|error| {
            value(place, "root_certificate_file", format!("{} could not be read: {error}", path.display()))
        })?;
        if !pem.contains("-----BEGIN CERTIFICATE-----") {
            let problem = format!("{} holds no certificate in PEM form", path.display());
            return Err(value(place, "root_certificate_file", problem));
        }
        return Ok(Some(Trust::Roots(pem)));
    }
    if let Some(text) = &table.certificate_sha256 {
        let fingerprint: Fingerprint =
            text.parse().map_err(|error| value(place, "certificate_sha256", format!("{error}")))?;
        return Ok(Some(Trust::Fingerprint(fingerprint)));
    }
    Ok(table.insecure_no_verification.then_some(Trust::InsecureAnything))
}

fn database(
    document: &Document,
    folder: &Path,
    environment: &dyn Fn(&str) -> Option<String>,
) -> Result<Location, ConfigError> {
    let source = Source {
        place: "",
        file_key: "database_file",
        file: document.database_file.as_deref(),
        env_key: "database_env",
        env: document.database_env.as_deref(),
    };
    let kept_elsewhere = source.read(folder, environment)?;
    let refused = |problem: &str| value("", "database", problem.to_owned());
    if kept_elsewhere.is_some() && document.database.is_some() {
        return Err(refused("give one of database, database_file and database_env"));
    }
    let written = document.database.as_deref().unwrap_or(DEFAULT_DATABASE);
    if kept_elsewhere.is_none() && has_password(written) {
        return Err(refused(
            "a password has no place in this file; write the whole URL into a file and name it as database_file, or \
             into an environment variable and name it as database_env",
        ));
    }
    let text = kept_elsewhere.as_ref().map_or(written, |secret| secret.expose());
    match Location::parse(text).map_err(|error| value("", "database", error.to_string()))? {
        Location::File(path) => Ok(Location::File(folder.join(path))),
        Location::Memory => Err(refused("what is kept in memory is gone at the next start; name a file")),
        other => Ok(other),
    }
}

fn seal(
    document: &Document,
    folder: &Path,
    environment: &dyn Fn(&str) -> Option<String>,
) -> Result<Option<Seal>, ConfigError> {
    let source = Source {
        place: "",
        file_key: "secret_key_file",
        file: document.secret_key_file.as_deref(),
        env_key: "secret_key_env",
        env: document.secret_key_env.as_deref(),
    };
    let key = if source.file.is_some() { source.file_key } else { source.env_key };
    let text = source.read(folder, environment)?;
    text.map(|text| Seal::of_text(&text).map_err(|error| value("", key, error.to_string()))).transpose()
}

fn has_password(location: &str) -> bool {
    url::Url::parse(location).is_ok_and(|url| {
        url.password().is_some() || url.query_pairs().any(|(name, _)| name.eq_ignore_ascii_case("password"))
    })
}

fn public_url(text: &str) -> Result<Uri, ConfigError> {
    let problem =
        || value("", "public_url", format!("{text:?} is no address; write one like https://keys.example.org"));
    let uri: Uri = text.parse().map_err(|_| problem())?;
    let is_whole = matches!(uri.scheme_str(), Some("http" | "https")) && uri.authority().is_some();
    if is_whole { Ok(uri) } else { Err(problem()) }
}

fn filled(place: &str, key: &'static str, text: &str) -> Result<String, ConfigError> {
    if text.trim().is_empty() {
        return Err(value(place, key, "must not be empty".to_owned()));
    }
    Ok(text.to_owned())
}

pub(super) fn value(place: &str, key: &'static str, problem: String) -> ConfigError {
    ConfigError::Value { place: place.to_owned(), key, problem }
}

/// An error of the parser in our words. For an unknown key it names, between backticks, first the key and then those
/// that are known.
fn refused(text: &str, error: &toml::de::Error) -> ConfigError {
    let line = line_at(text, error.span().map_or(text.len(), |span| span.start));
    let problem = error.message().trim_end().replace('\n', " ");
    let mut quoted = problem.split('`').skip(1).step_by(2).map(str::to_owned);
    match quoted.next() {
        Some(key) if problem.starts_with("unknown field") => {
            let nearest = quoted
                .map(|known| (strsim::damerau_levenshtein(&known, &key), known))
                .min()
                // A word that shares less than half its letters is no help.
                .filter(|(distance, known)| *distance <= known.len().max(key.len()) / 2)
                .map(|(_, known)| known);
            ConfigError::UnknownKey { line, key, nearest }
        }
        _ => ConfigError::Form { line, problem },
    }
}

fn line_at(text: &str, offset: usize) -> usize {
    1 + text.bytes().take(offset).filter(|byte| *byte == b'\n').count()
}
