//! `innkeep demo`: a sandbox workspace with the simulated hotel, ready to use (design 13).

pub mod command;

use std::{net::SocketAddr, path::PathBuf, sync::Arc, time::Duration};

use anyhow::Context;
use domain::Moment;
use engine::sites::{self, NewApiKey, NewSandbox};
use jiff::tz::TimeZone;
use serde_json::json;
use store::{Location, Store};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use visionline::{Client, Options, Secret};

use crate::{
    alone::Alone,
    clock::Clock,
    config::Stays,
    entropy, keys, retention,
    running::{Bound, Running},
    sandbox::Sandbox,
    seal::{Seal, key_file},
    site::{DeskSettings, Pace, Site, Worker},
    webhooks,
};

/// The simulated lock server is in this process: what people do there through the controls is seen soon, and the
/// faults they order are not used up by questions that nobody asked.
const PACE: Pace = Pace {
    lease: Duration::from_secs(30),
    answer_within: Duration::from_secs(60),
    lists_every: Duration::from_secs(600),
    lists_encoders: true,
    surveys_within: Some(Duration::from_secs(600)),
};

/// How long a person has for placing a card.
const ENCODER_WINDOW: Duration = Duration::from_secs(60);
/// Encoders that may wait for a person at the same time.
const ENCODERS_AT_ONCE: usize = 4;

/// What the demonstration is started with.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where to listen; port 0 picks a free one.
    pub listen: SocketAddr,
    /// Folder to keep everything in; none keeps it in memory.
    pub data: Option<PathBuf>,
    /// The API key; none makes one.
    pub api_key: Option<String>,
    /// Whether the clock can be moved.
    pub is_clock_virtual: bool,
}

/// Where a running demonstration is reached.
#[derive(Debug, Clone)]
pub struct Ready {
    /// The API.
    pub endpoint: String,
    /// The key that opens it.
    pub api_key: String,
    /// The sandbox.
    pub sandbox: sites::Sandbox,
    /// The controls of the simulated hotel.
    pub control: String,
}

impl Ready {
    /// The one line of `--json`.
    pub fn to_json(&self) -> serde_json::Value {
        json!({
            "endpoint": self.endpoint,
            "api_key": self.api_key,
            "workspace_id": self.sandbox.workspace_id,
            "acs_system_id": self.sandbox.acs_system_id,
            "credential_manager_acs_system_id": self.sandbox.credential_manager_id,
            "control": self.control,
        })
    }
}

/// Starts the demonstration, calls `ready` once it answers, and serves until `stop`.
///
/// # Errors
/// When the data folder or the address cannot be used.
pub async fn run(settings: Settings, stop: CancellationToken, ready: impl FnOnce(&Ready)) -> anyhow::Result<()> {
    let clock = if settings.is_clock_virtual { Clock::movable() } else { Clock::real() };
    let Place { store, hotel_file, seal, _alone } = open(settings.data)?;
    let sandbox = Arc::new(Sandbox::open(clock.clone(), hotel_file)?);
    let (token, key) = api_key_of(settings.api_key)?;
    let moment = Moment::new(clock.now(), entropy::seed());
    let ids = store.write("sandbox.prepare", prepare(&sandbox, moment, key))?;
    let (_, zone) = sandbox.name_and_zone();

    let changed = Arc::new(Notify::new());
    let site = Site {
        system_id: ids.acs_system_id,
        zone: TimeZone::get(&zone).context("the simulated hotel's time zone is unknown")?,
        clients: vec![client(&sandbox, &clock)],
        pace: PACE,
        is_alone: true,
        desk: DeskSettings {
            is_on: true,
            window: ENCODER_WINDOW,
            clients: (0..ENCODERS_AT_ONCE).map(|_| client(&sandbox, &clock)).collect(),
            sandbox: Some(Arc::clone(&sandbox)),
        },
    };
    let worker = Worker::new(site, store.clone(), clock.clone(), Arc::clone(&changed));
    worker.synchronise().await.context("the simulated lock server did not list its doors")?;

    let bound = Bound::to(settings.listen, "--listen").await?;
    let address = bound.address();
    let running = Running {
        store,
        clock,
        changed,
        sandbox: Some(sandbox),
        seal: Some(seal),
        stays: Stays::default(),
        public_url: None,
        metrics: None,
        webhooks: webhooks::Policy::default(),
        events_kept: retention::USUAL,
        is_alone: true,
        workers: vec![worker],
    };
    running
        .serve(bound, stop, || {
            ready(&Ready {
                endpoint: format!("http://{address}"),
                api_key: token,
                sandbox: ids,
                control: format!("http://{address}/control/v1"),
            });
        })
        .await
}

/// Where the demonstration keeps everything.
struct Place {
    store: Store,
    /// The file of the simulated hotel.
    hotel_file: Option<PathBuf>,
    seal: Seal,
    /// Nobody else uses it.
    _alone: Option<Alone>,
}

fn open(data: Option<PathBuf>) -> anyhow::Result<Place> {
    let Some(folder) = data else {
        let store = Store::open(&Location::Memory).context("cannot open a database in memory")?;
        return Ok(Place { store, hotel_file: None, seal: Seal::for_now(), _alone: None });
    };
    std::fs::create_dir_all(&folder).with_context(|| format!("cannot make the folder {}", folder.display()))?;
    let location = Location::File(folder.join("innkeep.db"));
    let alone = Alone::with(&location)?;
    let store = Store::open(&location).context("cannot open the database")?;
    let seal = key_file::open_or_make(&folder.join("secret.key"))?;
    Ok(Place { store, hotel_file: Some(folder.join("hotel.json")), seal, _alone: alone })
}

/// The given key, or a new one; with what is stored of it.
fn api_key_of(given: Option<String>) -> anyhow::Result<(String, NewApiKey)> {
    let token = given.unwrap_or_else(|| keys::fresh("test"));
    let key = keys::stored(&token).context("--api-key is no API key")?;
    Ok((token, key))
}

/// The sandbox of the database, made if there is none, opened by the key.
fn prepare(
    sandbox: &Sandbox,
    moment: Moment,
    key: NewApiKey,
) -> impl FnMut(&mut store::Tx<'_>) -> Result<sites::Sandbox, engine::Error> + Send + use<> {
    let (site_name, time_zone) = sandbox.name_and_zone();
    move |tx| {
        let mut moment = moment.clone();
        if let Some(there) = sites::find_sandbox(tx)? {
            sites::set_api_key(tx, &mut moment, there.workspace_id, &key)?;
            return Ok(there);
        }
        let new = NewSandbox {
            workspace_name: format!("{site_name} (sandbox)"),
            site_name: site_name.clone(),
            time_zone: time_zone.clone(),
            api_key: key.clone(),
        };
        sites::create_sandbox(tx, &mut moment, &new)
    }
}

fn client(sandbox: &Arc<Sandbox>, clock: &Clock) -> Client {
    let clock = clock.clone();
    // The operator of a fresh Visionline (spec/visionline.md 1.2), which the built-in hotel has.
    Client::new(sandbox.transport(), "sym", Secret::new("sym"), Options::default(), Arc::new(move || clock.now()))
}
