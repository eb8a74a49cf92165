//! `innkeep demo`: a sandbox workspace with the simulated hotel, ready to use (design 13).

use std::{net::SocketAddr, path::PathBuf, sync::Arc};

use anyhow::Context;
use domain::Moment;
use engine::sites::{self, NewApiKey, NewSandbox};
use jiff::tz::TimeZone;
use serde_json::json;
use store::{Location, Store};
use tokio::{net::TcpListener, sync::Notify};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use visionline::{Client, Options, Secret};

use crate::{
    adapter::{self, api_key},
    api,
    app::App,
    authenticate::authenticate,
    clock::Clock,
    documents, entropy,
    known_keys::KnownKeys,
    listen,
    sandbox::Sandbox,
    site::Worker,
};

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
    let (store, hotel_file) = open(settings.data)?;
    let sandbox = Arc::new(Sandbox::open(clock.clone(), hotel_file)?);
    let (token, key) = api_key_of(settings.api_key)?;
    let moment = Moment::new(clock.now(), entropy::seed());
    let ids = store.write("sandbox.prepare", prepare(&sandbox, moment, key))?;
    let (_, zone) = sandbox.name_and_zone();

    let changed = Arc::new(Notify::new());
    let worker = Worker {
        system_id: ids.acs_system_id,
        zone: TimeZone::get(&zone).context("the simulated hotel's time zone is unknown")?,
        client: client(&sandbox, &clock),
        store: store.clone(),
        clock: clock.clone(),
        changed: Arc::clone(&changed),
    };
    worker.synchronise().await.context("the simulated lock server did not list its doors")?;

    let listener = TcpListener::bind(settings.listen)
        .await
        .with_context(|| format!("cannot listen on {}; choose another address with --listen", settings.listen))?;
    let address = listener.local_addr().context("the listening address is unknown")?;
    let service = service(store.clone(), clock.clone(), changed, &sandbox)?;

    let tasks = TaskTracker::new();
    tasks.spawn(worker.run(stop.clone()));
    ready(&Ready {
        endpoint: format!("http://{address}"),
        api_key: token,
        sandbox: ids,
        control: format!("http://{address}/control/v1"),
    });
    listen::serve(listener, service, listen::Limits::default(), clock, stop).await;
    tasks.close();
    tasks.wait().await;
    store.close();
    Ok(())
}

/// The database, and the file of the simulated hotel.
fn open(data: Option<PathBuf>) -> anyhow::Result<(Store, Option<PathBuf>)> {
    let Some(folder) = data else {
        return Ok((Store::open(&Location::Memory).context("cannot open a database in memory")?, None));
    };
    std::fs::create_dir_all(&folder).with_context(|| format!("cannot make the folder {}", folder.display()))?;
    let store = Store::open(&Location::File(folder.join("innkeep.db"))).context("cannot open the database")?;
    Ok((store, Some(folder.join("hotel.json"))))
}

/// The given key, or a new one; with what is stored of it.
fn api_key_of(given: Option<String>) -> anyhow::Result<(String, NewApiKey)> {
    let token = given.unwrap_or_else(|| {
        let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        format!("seam_test{}_{}", hex(&entropy::bytes::<4>()), hex(&entropy::bytes::<32>()))
    });
    let (short, long) = api_key::parse(&token)
        .context("--api-key must look like seam_test1_0123456789abcdef: seam_, a short part, _, a long part")?;
    let key = NewApiKey { short_token: short.to_owned(), long_token_sha256: api_key::sha256_hex(long) };
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

fn service(store: Store, clock: Clock, changed: Arc<Notify>, sandbox: &Arc<Sandbox>) -> anyhow::Result<axum::Router> {
    let reads_wait = store.engine() == store::Engine::Postgres;
    let app = App { store, clock, changed, known_keys: KnownKeys::default(), sandbox: Some(Arc::clone(sandbox)) };
    let table = api::table();
    let settings = adapter::Settings {
        state: Arc::new(app),
        authenticate,
        clock: |app: &App| app.clock.now(),
        request_ids: Box::new(|| format!("{:016x}", entropy::seed())),
        reads_wait,
        public_url: None,
        extra: documents::routes(&table).merge(sandbox.controls()),
    };
    adapter::router(table, settings).context("the table of routes has a mistake")
}
