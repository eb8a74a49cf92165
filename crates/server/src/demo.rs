//! `innkeep demo`: a sandbox workspace with the simulated hotel, ready to use (design 13).

pub mod command;

use std::{net::SocketAddr, path::PathBuf, sync::Arc, time::Duration};

use anyhow::Context;
use domain::{Moment, id::AcsSystemId};
use engine::{
    connecting::Posting,
    sites::{self, NewApiKey, NewSandbox},
};
use jiff::tz::TimeZone;
use serde_json::json;
use store::{Location, Store};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use visionline::Secret;

use crate::{
    alone::Alone,
    clock::Clock,
    config::Stays,
    connecting::connection,
    entropy, keys, retention,
    running::{Bound, Running},
    sandbox::Sandbox,
    seal::{Seal, key_file},
    site::{DeskSettings, Fleet, Pace, Site, Worker},
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

    let changed = Arc::new(Notify::new());
    let staff = Staffing { sandbox: Arc::clone(&sandbox), clock: clock.clone(), seal: seal.clone() };
    let first = staff.site(ids.acs_system_id, &Operator::of_a_fresh_hotel())?;
    let worker = Worker::new(first, store.clone(), clock.clone(), Arc::clone(&changed));
    worker.synchronise().await.context("the simulated lock server did not list its doors")?;
    let staff = Box::new(move |posting: &Posting| staff.of(posting).map(Some));
    let fleet = Fleet::new(store.clone(), clock.clone(), Arc::clone(&changed), Arc::default(), staff);

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
        fleet,
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
        let new = NewSandbox {
            workspace_name: format!("{site_name} (sandbox)"),
            site_name: site_name.clone(),
            time_zone: time_zone.clone(),
            api_key: key.clone(),
        };
        match sites::reopen_sandbox(tx, &mut moment, &new)? {
            Some(there) => Ok(there),
            None => sites::create_sandbox(tx, &mut moment, &new),
        }
    }
}

/// Who signs in at the simulated lock server.
struct Operator {
    username: String,
    password: Secret,
}

impl Operator {
    /// The one of a fresh Visionline (`spec/visionline.md` 1.2), which the built-in hotel has.
    fn of_a_fresh_hotel() -> Self {
        Self { username: "sym".to_owned(), password: Secret::new("sym") }
    }
}

/// How the simulated hotel is worked.
struct Staffing {
    sandbox: Arc<Sandbox>,
    clock: Clock,
    seal: Seal,
}

impl Staffing {
    fn of(&self, posting: &Posting) -> anyhow::Result<Site> {
        let operator = match &posting.connection {
            None => Operator::of_a_fresh_hotel(),
            Some(way) => Operator { username: way.username.clone(), password: connection::password(way, &self.seal)? },
        };
        self.site(posting.system.id, &operator)
    }

    fn site(&self, system_id: AcsSystemId, operator: &Operator) -> anyhow::Result<Site> {
        let (_, zone) = self.sandbox.name_and_zone();
        let client = || connection::simulated(&self.sandbox, &self.clock, &operator.username, &operator.password);
        Ok(Site {
            system_id,
            zone: TimeZone::get(&zone).context("the simulated hotel's time zone is unknown")?,
            clients: vec![client()],
            pace: PACE,
            is_alone: true,
            desk: DeskSettings {
                is_on: true,
                window: ENCODER_WINDOW,
                clients: (0..ENCODERS_AT_ONCE).map(|_| client()).collect(),
                sandbox: Some(Arc::clone(&self.sandbox)),
            },
        })
    }
}
