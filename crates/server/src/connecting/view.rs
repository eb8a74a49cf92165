//! The page: asks, tries while the operator waits, says what is wrong, and connects.
//!
//! Nothing is kept between two steps but what the form carries; the password is asked for in the last step only, when
//! the operator has seen which certificate the other side shows. What opens the page is the token in its address, and
//! nothing else does: there is no cookie that another site could use.

use std::{collections::HashMap, sync::Arc};

use axum::{Router, body::Body, extract::Request, routing::get};
use domain::{Moment, id::AcsSystemId};
use engine::connecting::{self, Connect, Outcome, Provider, Which};
use http::{Response, StatusCode, Uri};
use store::{
    Tx,
    connect_webviews::{AUTHORIZED, ConnectWebview, PENDING},
};
use tokio::task;
use visionline::transport::Fingerprint;

use super::{
    check::{self, Checked},
    connection,
    form::{self, Entry, Form, Place, Problem, Reality},
    link,
    page::{self, Link, Message},
    questions, redirect,
};
use crate::{app::App, config::NO_SECRET_KEY, doctor, entropy};

/// Largest form, in bytes.
const LARGEST_FORM_BYTES: usize = 64 * 1024;

/// The page, below the address of the API.
pub fn routes(app: Arc<App>) -> Router {
    let posting = Arc::clone(&app);
    Router::new().route(
        link::PATH,
        get(move |request: Request| show(Arc::clone(&app), request))
            .post(move |request: Request| take(Arc::clone(&posting), request)),
    )
}

/// An open page: who may look at it has been checked.
struct Open {
    app: Arc<App>,
    webview: ConnectWebview,
    query: HashMap<String, String>,
}

async fn show(app: Arc<App>, request: Request) -> Response<Body> {
    let open = match Open::by(app, request.uri()).await {
        Ok(open) => open,
        Err(refusal) => return *refusal,
    };
    if open.webview.status != PENDING {
        return end(&open.webview);
    }
    match open.provider(&Form::default()) {
        Some(provider) => open.first(provider, Form::default(), Vec::new()),
        None => open.choose(),
    }
}

async fn take(app: Arc<App>, request: Request) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let open = match Open::by(app, &parts.uri).await {
        Ok(open) => open,
        Err(refusal) => return *refusal,
    };
    let Ok(body) = axum::body::to_bytes(body, LARGEST_FORM_BYTES).await else {
        let texts = ["The form is too large or was cut off. Go back and try again."];
        return Message::new("The form did not arrive", &texts).answer(StatusCode::PAYLOAD_TOO_LARGE);
    };
    // A form that is sent twice, or after the end, leads to the same end.
    if open.webview.status != PENDING {
        return finish(&open.webview);
    }
    let form = Form::read(&body);
    if form.get("step") == "give_up" {
        return open.give_up().await;
    }
    let Some(provider) = open.provider(&form) else { return open.choose() };
    match form.get("step") {
        "back" => open.first(provider, form, Vec::new()),
        "look" if open.reality() == Reality::Real => open.look(provider, form).await,
        _ => open.connect(provider, form).await,
    }
}

impl Open {
    /// Opens the page of this address.
    async fn by(app: Arc<App>, uri: &Uri) -> Result<Self, Box<Response<Body>>> {
        let query: HashMap<String, String> =
            url::form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()).into_owned().collect();
        let invalid = || {
            let texts = ["The link is incomplete or was withdrawn. Ask whoever sent it to you for a new one."];
            Box::new(Message::new("This link opens nothing", &texts).answer(StatusCode::NOT_FOUND))
        };
        let Some(seal) = app.seal.clone() else {
            let texts = ["This server cannot keep passwords yet. Tell whoever runs it:", NO_SECRET_KEY];
            let told = Message::new("Nothing can be connected here", &texts);
            return Err(Box::new(told.answer(StatusCode::SERVICE_UNAVAILABLE)));
        };
        let Some(id) = query.get("connect_webview_id").and_then(|id| id.parse().ok()) else { return Err(invalid()) };
        let store = app.store.clone();
        let looked =
            task::spawn_blocking(move || store.read("connect_webview.open", move |tx| connecting::open(tx, id)));
        let webview = match looked.await {
            Ok(Ok(webview)) => webview,
            Ok(Err(error)) => return Err(Box::new(broken(&error))),
            Err(error) => return Err(Box::new(broken(&error))),
        };
        let given = query.get("auth_token").map_or("", String::as_str);
        match webview.filter(|webview| link::opens(&seal, webview, given)) {
            Some(webview) => Ok(Self { app, webview, query }),
            None => Err(invalid()),
        }
    }

    fn reality(&self) -> Reality {
        if self.app.sandbox.is_some() { Reality::Simulated } else { Reality::Real }
    }

    /// What may be connected through this page.
    fn offered(&self) -> Vec<Provider> {
        let named: Vec<&str> =
            self.webview.accepted_providers.as_array().into_iter().flatten().filter_map(|name| name.as_str()).collect();
        let mut offered = Vec::new();
        if named.iter().any(|name| matches!(*name, "visionline" | "seam_bridge")) {
            offered.push(Provider::Visionline);
        }
        if named.contains(&Provider::CredentialService.as_str()) {
            offered.push(Provider::CredentialService);
        }
        offered
    }

    /// What is connected: the only thing that may be, or what was chosen.
    fn provider(&self, form: &Form) -> Option<Provider> {
        let offered = self.offered();
        let chosen = match form.get("provider") {
            "" => self.query.get("provider").map_or("", String::as_str),
            chosen => chosen,
        };
        match offered.as_slice() {
            [only] => Some(*only),
            several => several.iter().copied().find(|provider| provider.as_str() == chosen),
        }
    }

    fn choose(&self) -> Response<Body> {
        let here = |provider: Provider| {
            let token = self.query.get("auth_token").map_or("", String::as_str);
            format!("?connect_webview_id={}&auth_token={token}&provider={}", self.webview.id, provider.as_str())
        };
        let label = |provider| match provider {
            Provider::Visionline => "Visionline: the lock server of a hotel",
            Provider::CredentialService => "Credential Services: keys on phones",
        };
        let links =
            self.offered().into_iter().map(|provider| Link { href: here(provider), label: label(provider) }).collect();
        Message::new("What do you want to connect?", &[]).with(links).answer(StatusCode::OK)
    }

    /// The first form.
    fn first(&self, provider: Provider, mut form: Form, problems: Vec<Problem>) -> Response<Body> {
        match &self.app.sandbox {
            Some(sandbox) => {
                let (name, zone) = sandbox.name_and_zone();
                form.fill("site_name", &name);
                form.fill("time_zone", &zone);
                form.fill("mobile_access_uuid", "1");
                form.fill("system_id", "1");
                let mut page = questions::all_at_once(provider, &form);
                page.problems = problems;
                page.answer(&self.webview)
            }
            None => {
                if let Some(zone) = jiff::tz::TimeZone::system().iana_name() {
                    form.fill("time_zone", zone);
                }
                let mut page = questions::place(provider, &form);
                page.problems = problems;
                page.answer(&self.webview)
            }
        }
    }

    /// Looks at the certificate that the other side shows.
    async fn look(&self, provider: Provider, mut form: Form) -> Response<Body> {
        let place = match form::place(&form, provider, Reality::Real) {
            Ok(place) => place,
            Err(problems) => return self.first(provider, form, problems),
        };
        match doctor::reach(&place.address, doctor::SettingsIn::Page).await {
            Ok(shown) => {
                form.fill("mobile_keys", "");
                self.second(provider, &form, &place, Some(shown), Checked::default())
            }
            Err(told) => match self.tried().await {
                Ok(()) => {
                    let problem = Problem::at(form::address_field(provider), check::sentence(&told));
                    self.first(provider, form, vec![problem])
                }
                Err(end) => *end,
            },
        }
    }

    /// The second form: the certificate, and how to sign in. Of a simulated system there is but one form.
    fn second(
        &self,
        provider: Provider,
        form: &Form,
        place: &Place,
        shown: Option<Fingerprint>,
        checked: Checked,
    ) -> Response<Body> {
        let mut page = match self.reality() {
            Reality::Simulated => questions::all_at_once(provider, form),
            Reality::Real => questions::entry(provider, form, place, shown),
        };
        page.problems = checked.problems;
        page.tried = checked.tried;
        page.answer(&self.webview)
    }

    async fn connect(&self, provider: Provider, mut form: Form) -> Response<Body> {
        let reality = self.reality();
        if let Some(sandbox) = &self.app.sandbox {
            form.fill("time_zone", &sandbox.name_and_zone().1);
        }
        let place = match form::place(&form, provider, reality).and_then(|place| self.fits(place)) {
            Ok(place) => place,
            Err(problems) => return self.first(provider, form, problems),
        };
        // What the operator compared. It is only shown again here: which certificate may be shown stands in the form.
        let shown = form.get("certificate_sha256").parse().ok();
        let entry = match form::entry(&form, provider, reality) {
            Ok(entry) => entry,
            Err(problems) => {
                return self.second(provider, &form, &place, shown, Checked { problems, ..Checked::default() });
            }
        };
        let checked = match provider {
            Provider::Visionline => check::lock_server(&self.app, &place, &entry).await,
            Provider::CredentialService => check::credential_service(&self.app, &place, &entry).await,
        };
        if !checked.problems.is_empty() {
            return match self.tried().await {
                Ok(()) => self.second(provider, &form, &place, shown, checked),
                Err(end) => *end,
            };
        }
        let which = match (reality, form.get("same_name")) {
            (Reality::Simulated, _) => Which::TheOnlyOne,
            (_, "moved") => Which::SameName,
            (_, "another") => Which::AnotherOfThisName,
            _ => Which::SameAddress,
        };
        let outcome = self.store(provider, which, &place, &entry, checked).await;
        let refused = |field: &'static str, message: String| {
            let problems = vec![Problem::at(field, message)];
            self.second(provider, &form, &place, shown, Checked { problems, ..Checked::default() })
        };
        match outcome {
            Ok(Outcome::Connected(webview)) => {
                self.app.changed.notify_waiters();
                self.app.sites_changed.notify_waiters();
                finish(&webview)
            }
            Ok(Outcome::Settled(webview) | Outcome::Failed(webview)) => finish(&webview),
            Ok(Outcome::InConfiguration { name }) => refused(
                "",
                format!(
                    "This lock server is connected as {name} in the configuration file of the server. Change it there."
                ),
            ),
            Ok(Outcome::SameName { address }) => refused(
                "same_name",
                format!("A system of this name is connected at {address}. Say whether it has moved or is another one."),
            ),
            Ok(Outcome::Gone) => {
                let texts = ["The link was withdrawn while you used it. Ask for a new one."];
                Message::new("This link opens nothing", &texts).answer(StatusCode::NOT_FOUND)
            }
            Err(error) => broken(&error),
        }
    }

    /// The simulated hotel has a clock of its own.
    fn fits(&self, place: Place) -> Result<Place, Vec<Problem>> {
        let Some(sandbox) = &self.app.sandbox else { return Ok(place) };
        let (_, zone) = sandbox.name_and_zone();
        match &place.zone {
            Some((typed, _)) if *typed != zone => {
                let message = format!("The clock of the simulated hotel is in the time zone {zone}");
                Err(vec![Problem::at("time_zone", message)])
            }
            _ => Ok(place),
        }
    }

    async fn store(
        &self,
        provider: Provider,
        which: Which,
        place: &Place,
        entry: &Entry,
        checked: Checked,
    ) -> Result<Outcome, engine::Error> {
        let asked = Connect {
            webview_id: self.webview.id,
            provider,
            which,
            name: place.name.clone(),
            time_zone: place.zone.as_ref().map(|(name, _)| name.clone()),
            mobile: entry.mobile.clone(),
            address: place.address.clone(),
            username: entry.username.clone(),
            trust: connection::written(&entry.trust),
            doors: checked.doors,
            encoders: checked.encoders,
        };
        // Asked for when the page was opened.
        let seal = self.app.seal.clone().ok_or(store::Error::Closed)?;
        let password = entry.password.clone();
        self.write("connect_webview.connect", move |tx, moment| {
            let sealed = |id: AcsSystemId| seal.seal(&connection::place(id), &password);
            connecting::connect(tx, moment, &asked, &sealed)
        })
        .await
    }

    /// Counts a try in vain.
    async fn tried(&self) -> Result<(), Box<Response<Body>>> {
        let id = self.webview.id;
        let counted = self.write("connect_webview.tried", move |tx, moment| connecting::tried(tx, moment, id));
        match counted.await {
            Ok(Some(webview)) if webview.status != PENDING => Err(Box::new(finish(&webview))),
            Ok(_) => Ok(()),
            Err(error) => Err(Box::new(broken(&error))),
        }
    }

    async fn give_up(&self) -> Response<Body> {
        let id = self.webview.id;
        let given = self.write("connect_webview.give_up", move |tx, moment| connecting::give_up(tx, moment, id));
        match given.await {
            Ok(webview) => finish(&webview.unwrap_or_else(|| self.webview.clone())),
            Err(error) => broken(&error),
        }
    }

    async fn write<T: Send + 'static>(
        &self,
        name: &'static str,
        mut work: impl FnMut(&mut Tx<'_>, &mut Moment) -> Result<T, engine::Error> + Send + 'static,
    ) -> Result<T, engine::Error> {
        let moment = Moment::new(self.app.clock.now(), entropy::seed());
        let store = self.app.store.clone();
        let written = task::spawn_blocking(move || store.write(name, move |tx| work(tx, &mut moment.clone())));
        written.await.unwrap_or_else(|_| Err(store::Error::Closed.into()))
    }
}

/// The end of a page, after a form: to where the caller wants the operator, or a word of farewell.
fn finish(webview: &ConnectWebview) -> Response<Body> {
    redirect::after(webview).and_then(|address| page::go_to(&address)).unwrap_or_else(|| end(webview))
}

/// The end of a page, when somebody comes back to it.
fn end(webview: &ConnectWebview) -> Response<Body> {
    let on = redirect::after(webview).map(|href| Link { href, label: "Continue" });
    let message = if webview.status == AUTHORIZED {
        Message::new("Connected", &["Everything was read. You can close this page."])
    } else {
        let told = webview.failure.as_ref().and_then(|told| told["error_message"].as_str()).unwrap_or_default();
        Message::new("Not connected", &[told, "Ask for a new link to try again."])
    };
    message.with(on.into_iter().collect()).answer(StatusCode::OK)
}

fn broken(error: &dyn std::error::Error) -> Response<Body> {
    tracing::error!(error = crate::site::chain(error), "a step of connecting failed");
    let texts = ["Nothing was connected. Try again in a moment."];
    Message::new("Something went wrong on our side", &texts).answer(StatusCode::INTERNAL_SERVER_ERROR)
}
