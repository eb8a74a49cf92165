//! `innkeep serve`: real hotels, from a configuration file (docs/OPERATING.md).

pub mod command;

use std::{collections::HashMap, sync::Arc, time::Duration};

use anyhow::Context;
use domain::{
    Moment,
    id::{AcsSystemId, WorkspaceId},
};
use engine::{
    connecting::Posting,
    sites::{self, Configuration, ConfiguredSite, SiteConfiguration},
};
use serde_json::json;
use store::Store;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use visionline::{
    Client, Options,
    transport::{Https, HttpsOptions, Transport, Trust},
};

use crate::{
    alone::Alone,
    clock::Clock,
    config::{self, Config},
    connecting::connection,
    entropy, keys,
    running::{Bound, Running},
    seal::Seal,
    site::{DeskSettings, Fleet, Pace, Site},
};

/// Encoders of a site that may wait for a person at the same time.
const ENCODERS_AT_ONCE: usize = 8;

/// Where a running server is reached.
#[derive(Debug, Clone)]
pub struct Ready {
    /// The API.
    pub endpoint: String,
    /// The metrics, where they are shown.
    pub metrics: Option<String>,
    /// The workspace.
    pub workspace_id: WorkspaceId,
    /// The first API key, when this start made it.
    pub api_key: Option<String>,
    /// Whether there is any API key.
    pub has_keys: bool,
    /// The sites, by key.
    pub sites: Vec<(String, AcsSystemId)>,
}

impl Ready {
    /// The one line of `--json`.
    pub fn to_json(&self) -> serde_json::Value {
        json!({
            "endpoint": self.endpoint,
            "metrics": self.metrics,
            "workspace_id": self.workspace_id,
            "api_key": self.api_key,
            "sites": self.sites.iter().map(|(key, id)| (key.clone(), json!(id))).collect::<serde_json::Map<_, _>>(),
        })
    }
}

/// Starts the server, calls `ready` once it answers, and serves until `stop`. With `makes_first_key` a workspace
/// without any API key gets one.
///
/// # Errors
/// When the database or the address cannot be used.
pub async fn run(
    config: Config,
    makes_first_key: bool,
    stop: CancellationToken,
    ready: impl FnOnce(&Ready),
) -> anyhow::Result<()> {
    config.require_trust()?;
    let clock = Clock::real();
    let alone = Alone::with(&config.database)?;
    let store =
        Store::open(&config.database).with_context(|| format!("cannot open the database {}", config.database))?;
    let is_alone = alone.is_some();
    let prepared = prepare(&store, &clock, &config, makes_first_key)?;

    let changed = Arc::new(Notify::new());
    let staff = Staffing {
        configured: prepared.sites.iter().map(|site| site.acs_system_id).zip(config.sites).collect(),
        seal: config.seal.clone(),
        clock: clock.clone(),
        lease: config.lease,
        is_alone: alone.is_some(),
    };
    for (id, site) in &staff.configured {
        // What cannot be used is said at the start, and not by a worker.
        staff.site(*id, site, None)?;
    }
    let staff = Box::new(move |posting: &Posting| staff.of(posting));
    let fleet = Fleet::new(store.clone(), clock.clone(), Arc::clone(&changed), Arc::default(), staff);
    let bound = Bound::to(config.listen, "listen in the configuration").await?;
    let metrics = match config.metrics_listen {
        Some(address) => Some(Bound::to(address, "metrics_listen in the configuration").await?),
        None => None,
    };
    let told = Ready {
        endpoint: format!("http://{}", bound.address()),
        metrics: metrics.as_ref().map(|bound| format!("http://{}/metrics", bound.address())),
        workspace_id: prepared.workspace_id,
        api_key: prepared.first_key,
        has_keys: prepared.has_keys,
        sites: prepared.sites.iter().map(|site| (site.key.clone(), site.acs_system_id)).collect(),
    };
    let running = Running {
        store,
        clock,
        changed,
        sandbox: None,
        seal: config.seal,
        stays: config.stays,
        public_url: config.public_url,
        fleet,
        metrics,
        webhooks: config.webhooks,
        events_kept: config.events_kept,
        is_alone,
    };
    running.serve(bound, stop, || ready(&told)).await
}

struct Prepared {
    workspace_id: WorkspaceId,
    sites: Vec<ConfiguredSite>,
    has_keys: bool,
    first_key: Option<String>,
}

/// Brings the database in line with the configuration, in one transaction.
fn prepare(store: &Store, clock: &Clock, config: &Config, makes_first_key: bool) -> anyhow::Result<Prepared> {
    let wanted = wanted(config);
    let token = keys::fresh(keys::kind_of(config));
    let stored = keys::stored(&token)?;
    let moment = Moment::new(clock.now(), entropy::seed());
    let done = store.write("serve.prepare", move |tx| {
        let mut moment = moment.clone();
        let configured = sites::configure(tx, &mut moment, &wanted)?;
        let known = engine::keys::list(tx, configured.workspace_id)?;
        let has_keys = known.iter().any(|key| key.revoked_at.is_none());
        let makes_key = known.is_empty() && makes_first_key;
        if makes_key {
            engine::keys::create(tx, &mut moment, configured.workspace_id, "first key", &stored)?;
        }
        Ok::<_, engine::Error>((configured, has_keys || makes_key, makes_key))
    });
    let (configured, has_keys, makes_key) = done?;
    Ok(Prepared {
        workspace_id: configured.workspace_id,
        sites: configured.sites,
        has_keys,
        first_key: makes_key.then_some(token),
    })
}

/// The configuration as the engine wants it.
pub fn wanted(config: &Config) -> Configuration {
    Configuration {
        workspace_name: config.workspace.name.clone(),
        is_sandbox: config.workspace.is_sandbox,
        credential_manager: config.credential_manager.clone(),
        sites: config
            .sites
            .iter()
            .map(|site| SiteConfiguration {
                key: site.key.clone(),
                name: site.name.clone(),
                time_zone: site.zone_name.clone(),
                lan_address: site.url.clone(),
                mobile_access_uuid: site.mobile_access_uuid.clone(),
                system_id: site.system_id.clone(),
                reads_local_time: site.reads_local_time,
                refuses_double_bookings: site.refuses_double_bookings,
            })
            .collect(),
    }
}

/// How hotels are worked: those of the file as it says, those that were connected through a page as it was said there.
struct Staffing {
    configured: HashMap<AcsSystemId, config::Site>,
    seal: Option<Seal>,
    clock: Clock,
    lease: Duration,
    is_alone: bool,
}

impl Staffing {
    fn of(&self, posting: &Posting) -> anyhow::Result<Option<Site>> {
        let id = posting.system.id;
        let told;
        let settings = if let Some(there) = self.configured.get(&id) {
            there
        } else if let Some(connection) = &posting.connection {
            let seal = self.seal.as_ref().context(config::NO_SECRET_KEY)?;
            told = connection::settings(&posting.system, connection, seal)?;
            &told
        } else {
            // It stood in the file once.
            return Ok(None);
        };
        if settings.trust == Some(Trust::InsecureAnything) {
            tracing::warn!(
                site = settings.key,
                "the certificate of the lock server is not verified: whoever is in between can make keys"
            );
        }
        self.site(id, settings, sites::discard_dialect(&posting.system)).map(Some)
    }

    /// A site with its way to the lock server; nothing is sent yet.
    fn site(&self, system_id: AcsSystemId, site: &config::Site, remembered: Option<&str>) -> anyhow::Result<Site> {
        let trust = site.trust.clone().context("the site does not say which certificate to trust")?;
        let remembered = remembered.and_then(|text| serde_json::from_value(json!(text)).ok());
        let dialect = site.discard_dialect.or(remembered);
        let clients = |count: usize| -> anyhow::Result<Vec<Client>> {
            (0..count).map(|_| client(site, &trust, dialect, &self.clock)).collect()
        };
        Ok(Site {
            system_id,
            zone: site.zone.clone(),
            clients: clients(site.requests_at_once)?,
            is_alone: self.is_alone,
            pace: Pace {
                lease: self.lease,
                answer_within: site.answer_within,
                lists_every: site.lists_every,
                lists_encoders: site.lists_encoders,
                surveys_within: site.surveys_within,
            },
            desk: DeskSettings {
                is_on: site.lists_encoders,
                window: site.encoder_window,
                clients: clients(ENCODERS_AT_ONCE)?,
                sandbox: None,
            },
        })
    }
}

/// A client of the site's lock server, with a session of its own.
///
/// # Errors
/// When the address or the certificate setting is of no use.
pub fn client(
    site: &config::Site,
    trust: &Trust,
    discard_dialect: Option<visionline::DiscardDialect>,
    clock: &Clock,
) -> anyhow::Result<Client> {
    let usual = HttpsOptions::new(&site.url, trust.clone());
    let connect_timeout = usual.connect_timeout.min(site.answer_within);
    let options = HttpsOptions { answer_timeout: site.answer_within, connect_timeout, ..usual };
    let https = Https::new(&options).with_context(|| format!("site {}", site.key))?;
    let talk = Options {
        common_door_operation: site.common_door_operation.clone(),
        discard_dialect,
        encoder_timeout: DeskSettings::answer_within(site.encoder_window),
    };
    let clock = clock.clone();
    Ok(Client::new(
        Transport::Https(https),
        site.operator.clone(),
        site.password.clone(),
        talk,
        Arc::new(move || clock.now()),
    ))
}
