//! Figures for Prometheus, at an address of their own (docs/OPERATING.md). Nothing is counted where it is not set.
//!
//! What can be read from the database is read when it is asked for; only requests, contacts with lock servers and
//! double bookings are counted as they happen.

mod requests;
mod text;

use std::sync::Arc;

use axum::{
    Router,
    body::Body,
    extract::{Request, State},
    response::IntoResponse,
    routing::get,
};
use http::{Response, StatusCode, header};
use hyper::service::Service as _;
use hyper_util::service::TowerToHyperService;
use jiff::SignedDuration;
use store::{Store, Tx, audit, figures, systems};

use self::{requests::Requests, text::Page};
use crate::{adapter::Who, clock::Clock, counts::Counts, site::Contacts};

/// What is watched.
pub struct Metrics {
    requests: Requests,
    store: Store,
    clock: Clock,
    counts: Counts,
    contacts: Contacts,
}

impl Metrics {
    /// Nothing is counted yet.
    pub fn new(store: Store, clock: Clock, counts: Counts, contacts: Contacts) -> Arc<Self> {
        Arc::new(Self { requests: Requests::default(), store, clock, counts, contacts })
    }

    /// The service with its requests counted.
    pub fn count(self: &Arc<Self>, service: Router) -> Router {
        let service = TowerToHyperService::new(service);
        let metrics = Arc::clone(self);
        Router::new().fallback(move |request: Request| {
            let (service, metrics) = (service.clone(), Arc::clone(&metrics));
            async move {
                let started = metrics.clock.elapsed();
                let response = service.call(request).await.unwrap_or_else(|never| match never {});
                let route = response.extensions().get::<Who>().map_or("other", |who| who.1);
                let taken = metrics.clock.elapsed().saturating_sub(started);
                metrics.requests.observe(route, response.status(), taken);
                response
            }
        })
    }

    /// `GET /metrics`, for everybody who reaches the address.
    pub fn routes(self: Arc<Self>) -> Router {
        Router::new().route("/metrics", get(show)).with_state(self)
    }

    fn page(&self) -> Result<String, store::Error> {
        let mut page = Page::default();
        self.requests.show(&mut page);
        self.store.read("metrics.read", |tx| self.show_stored(tx, &mut page))?;
        let name = "innkeep_double_booked_doors_total";
        let help = "Guest doors that were asked for while another party was booked there for the same time.";
        page.one(name, "counter", help, self.counts.double_booked_doors());
        self.show_transactions(&mut page);
        if let Some(bytes) = resident_bytes() {
            page.one("process_resident_memory_bytes", "gauge", "Memory of this program.", bytes);
        }
        Ok(page.into_text())
    }

    fn show_stored(&self, tx: &mut Tx<'_>, page: &mut Page) -> Result<(), store::Error> {
        let now = self.clock.now();
        let mut sites = Vec::new();
        for workspace in audit::workspaces(tx)? {
            sites.extend(systems::list(tx, workspace)?.into_iter().filter(|system| system.kind == systems::VISIONLINE));
        }
        let ids: Vec<String> = sites.iter().map(|site| site.id.to_string()).collect();

        let name = "innkeep_carriers_waiting";
        page.begin(name, "gauge", "Cards and phone keys that the worker of a site has still to look at, by stage.");
        for (site, id) in sites.iter().zip(&ids) {
            for (stage, count) in figures::waiting_carriers(tx, site.id)? {
                page.sample(name, &[("site", id), ("name", &site.name), ("stage", &stage)], count);
            }
        }
        let name = "innkeep_tasks_due";
        page.begin(name, "gauge", "Credentials that are to be looked at now, by site.");
        for (site, id) in sites.iter().zip(&ids) {
            let due = figures::due_tasks(tx, site.id, now)?;
            page.sample(name, &[("site", id), ("name", &site.name)], due);
        }
        let name = "innkeep_site_working";
        page.begin(name, "gauge", "1 where the lock server of a site can be worked with, else 0.");
        for (site, id) in sites.iter().zip(&ids) {
            let is_working = site.errors.as_array().is_none_or(Vec::is_empty);
            page.sample(name, &[("site", id), ("name", &site.name)], u8::from(is_working));
        }
        let name = "innkeep_site_last_contact_timestamp_seconds";
        page.begin(name, "gauge", "When the lock server of a site last answered this program.");
        for (site, id) in sites.iter().zip(&ids) {
            if let Some(at) = self.contacts.last(site.id) {
                let seconds = at.as_duration().as_secs_f64();
                page.sample(name, &[("site", id), ("name", &site.name)], seconds);
            }
        }
        let since = now.saturating_sub(SignedDuration::from_hours(24)).unwrap_or(jiff::Timestamp::MIN);
        let help = "Guest doors that were taken from a party during its own time, in the last 24 hours.";
        page.one("innkeep_occupied_doors_overridden_last_day", "gauge", help, figures::taken_doors(tx, since)?);
        let help = "Lines of the audit log that are not sealed yet.";
        page.one("innkeep_audit_unsealed_lines", "gauge", help, figures::unsealed_lines(tx)?);
        Ok(())
    }

    fn show_transactions(&self, page: &mut Page) {
        let counts = self.store.counts();
        page.one("innkeep_commits_total", "counter", "Commits that were made durable.", counts.commits);
        let name = "innkeep_transactions_total";
        page.begin(name, "counter", "Transactions that write, by name and outcome.");
        for (transaction, counted) in &counts.transactions {
            for (outcome, count) in [
                ("committed", counted.committed),
                ("refused", counted.refused),
                ("failed", counted.failed),
                ("retried", counted.retried),
            ] {
                page.sample(name, &[("transaction", transaction), ("outcome", outcome)], count);
            }
        }
    }
}

async fn show(State(metrics): State<Arc<Metrics>>) -> Response<Body> {
    match tokio::task::spawn_blocking(move || metrics.page()).await {
        Ok(Ok(text)) => ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text).into_response(),
        Ok(Err(error)) => {
            tracing::warn!(%error, "the metrics could not be read");
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// Unknown where the system does not say.
fn resident_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kibibytes: u64 = line.trim().trim_end_matches(" kB").parse().ok()?;
    Some(kibibytes * 1_024)
}
