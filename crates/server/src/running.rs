//! What every way of running the server has in common: the API behind a listener, and a worker for each site.

use std::{net::SocketAddr, sync::Arc};

use anyhow::Context;
use axum::Router;
use http::Uri;
use jiff::SignedDuration;
use store::Store;
use tokio::{net::TcpListener, sync::Notify};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    adapter, api,
    app::App,
    authenticate::authenticate,
    clock::Clock,
    config::Stays,
    connecting,
    counts::Counts,
    documents, entropy, guest_page, kept_answers,
    known_keys::KnownKeys,
    listen,
    metrics::Metrics,
    retention,
    sandbox::Sandbox,
    seal::Seal,
    sealer,
    site::{Contacts, Fleet},
    webhooks::{self, Courier},
};

/// Everything that runs.
pub struct Running {
    /// Where everything is kept.
    pub store: Store,
    /// What time it is.
    pub clock: Clock,
    /// Rings after every change; the workers have it too.
    pub changed: Arc<Notify>,
    /// The simulated hotel; only in a demonstration.
    pub sandbox: Option<Arc<Sandbox>>,
    /// Seals secrets for the database; none when the operator gave no secret key.
    pub seal: Option<Seal>,
    /// What guests get who are pushed or sent a link.
    pub stays: Stays,
    /// The address under which callers reach the API, when a proxy stands in front.
    pub public_url: Option<Uri>,
    /// Where webhooks may lead.
    pub webhooks: webhooks::Policy,
    /// How long events are kept.
    pub events_kept: SignedDuration,
    /// Whether no other program can be using the database.
    pub is_alone: bool,
    /// The workers of all sites.
    pub fleet: Fleet,
    /// Where the metrics are shown; none to count nothing.
    pub metrics: Option<Bound>,
}

/// An address that nobody else listens at.
pub struct Bound {
    listener: TcpListener,
    address: SocketAddr,
}

impl Bound {
    /// Takes the address. Port 0 picks a free one. `where_it_is_set` is named when that fails.
    ///
    /// # Errors
    /// When it cannot be listened at.
    pub async fn to(address: SocketAddr, where_it_is_set: &str) -> anyhow::Result<Self> {
        let listener = TcpListener::bind(address)
            .await
            .with_context(|| format!("cannot listen on {address}; choose another address with {where_it_is_set}"))?;
        let address = listener.local_addr().context("the listening address is unknown")?;
        Ok(Self { listener, address })
    }

    /// The address with its port.
    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Running {
    /// Calls `ready` once everything runs, serves until `stop`, and lets the workers finish.
    ///
    /// # Errors
    /// When the table of routes has a mistake.
    pub async fn serve(self, bound: Bound, stop: CancellationToken, ready: impl FnOnce()) -> anyhow::Result<()> {
        let (counts, contacts) = (Counts::default(), Contacts::default());
        let mut router = self.router(counts.clone())?;
        let tasks = TaskTracker::new();
        if let Some(metrics_at) = self.metrics {
            let metrics = Metrics::new(self.store.clone(), self.clock.clone(), counts, contacts.clone());
            router = metrics.count(router);
            let (page, limits, clock) = (metrics.routes(), listen::Limits::default(), self.clock.clone());
            tasks.spawn(listen::serve(metrics_at.listener, page, limits, clock, stop.clone()));
        }
        let courier = Courier::new(
            self.store.clone(),
            self.clock.clone(),
            Arc::clone(&self.changed),
            self.webhooks,
            self.seal,
            self.is_alone,
        );
        tasks.spawn(courier.run(stop.clone()));
        tasks.spawn(retention::run(self.store.clone(), self.clock.clone(), self.events_kept, stop.clone()));
        tasks.spawn(self.fleet.noting(&contacts).run(stop.clone()));
        tasks.spawn(sealer::run(self.store.clone(), stop.clone()));
        ready();
        listen::serve(bound.listener, router, listen::Limits::default(), self.clock, stop).await;
        tasks.close();
        tasks.wait().await;
        sealer::finish(&self.store).await;
        self.store.close();
        Ok(())
    }

    fn router(&self, counts: Counts) -> anyhow::Result<Router> {
        let app = App {
            store: self.store.clone(),
            clock: self.clock.clone(),
            changed: Arc::clone(&self.changed),
            sites_changed: self.fleet.bell(),
            known_keys: KnownKeys::default(),
            counts,
            sandbox: self.sandbox.clone(),
            seal: self.seal.clone(),
            webhooks: self.webhooks.clone(),
            instant_key_life: self.stays.instant_key_life,
            automation: self.stays.automation.clone(),
        };
        let app = Arc::new(app);
        let table = api::table();
        let guest_pages = guest_page::routes(Arc::clone(&app), self.public_url.as_ref());
        let connecting_pages = connecting::routes(Arc::clone(&app));
        let controls = self.sandbox.as_ref().map_or_else(Router::new, Sandbox::controls);
        let settings = adapter::Settings {
            state: app,
            authenticate,
            clock: |app: &App| app.clock.now(),
            request_ids: Box::new(|| format!("{:016x}", entropy::seed())),
            reads_wait: self.store.engine() == store::Engine::Postgres,
            answers: Some(kept_answers::ANSWERS),
            public_url: self.public_url.clone(),
            extra: documents::routes(&table).merge(controls).merge(guest_pages).merge(connecting_pages),
        };
        adapter::router(table, settings).context("the table of routes has a mistake")
    }
}
