//! The page behind an instant key: a guest's keys in a browser, in the guest's language, without a script
//! (`spec/api.md 4.22`).
//!
//! | path | does |
//! |---|---|
//! | `GET /ik/{code}` | shows the keys to a browser that has opened the link, asks any other one |
//! | `POST /ik/{code}` | opens the link in this browser, which is a use of it |
//! | `POST /ik/{code}/phone` | sandbox: gives the guest a simulated phone |
//! | `POST /ik/{code}/doors/{acs_entrance_id}` | sandbox: holds the guest's phone to a door of the guest's keys |
//!
//! A browser is known again by a cookie that belongs to the one link. Browsers do not send it with requests that other
//! sites make, so these cannot act for a guest.

mod answer;
mod pages;
mod trial;
mod words;

use std::sync::Arc;

use axum::{
    Router,
    extract::{Path, State},
    routing::{get, post},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use engine::instant_keys::{self, Access, Link, Over};
use http::{HeaderMap, Response, Uri, header};
use store::Tx;

use answer::{browser, page, redirect, with_browser};
use pages::{Closed, Keys, Question, Verdict};
use words::Words;

use crate::{
    app::App,
    entropy,
    instant_links::{PATH, hash},
};

/// Random bytes of a browser's cookie.
const BROWSER_LENGTH: usize = 18;

/// What every handler is given.
struct Guests {
    app: Arc<App>,
    /// The path under which callers reach us, when a proxy stands in front.
    base_path: String,
    is_https: bool,
}

type Page = Response<axum::body::Body>;

/// The routes of the page, which need no key.
pub fn routes(app: Arc<App>, public_url: Option<&Uri>) -> Router {
    let guests = Guests {
        app,
        base_path: public_url.map_or("", |url| url.path().trim_end_matches('/')).to_owned(),
        is_https: public_url.and_then(Uri::scheme_str) == Some("https"),
    };
    Router::new()
        .route("/ik/{code}", get(show).post(open))
        .route("/ik/{code}/phone", post(add_phone))
        .route("/ik/{code}/doors/{entrance_id}", post(hold))
        .with_state(Arc::new(guests))
}

/// One request of a guest's browser.
struct Visit {
    guests: Arc<Guests>,
    words: &'static Words,
    code: String,
    browser: Option<String>,
}

impl Visit {
    fn new(guests: Arc<Guests>, code: String, headers: &HeaderMap) -> Self {
        let languages = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        Self { guests, words: Words::wanted(languages.unwrap_or_default()), browser: browser(headers), code }
    }

    /// The path of the page, as browsers see it.
    fn address(&self) -> String {
        format!("{}{PATH}{}", self.guests.base_path, self.code)
    }

    fn look(&self) -> Result<Access, engine::Error> {
        let (code, browser) = (hash(&self.code), self.browser.as_deref().map(hash));
        let now = self.guests.app.clock.now();
        self.read(|tx| instant_keys::look(tx, &code, browser.as_deref(), now))
    }

    fn read<T>(&self, work: impl FnOnce(&mut Tx<'_>) -> Result<T, engine::Error>) -> Result<T, engine::Error> {
        self.guests.app.store.read("guest_page.read", work)
    }

    /// The page of a link that is good, or why there is none.
    fn shown(&self, access: Access, verdict: Option<Verdict>) -> Result<Page, engine::Error> {
        match access {
            Access::Keys(link) => self.keys(&link, verdict),
            Access::Question(_) => {
                Ok(page(self.words, &Question { words: self.words, address: self.address() }, http::StatusCode::OK))
            }
            Access::Nothing(over) => Ok(self.closed(over)),
        }
    }

    fn keys(&self, link: &Link, verdict: Option<Verdict>) -> Result<Page, engine::Error> {
        let now = self.guests.app.clock.now();
        let (keys, trial) = self.read(|tx| {
            let keys = instant_keys::keyring(tx, link, now)?;
            let trial = trial::offered(tx, &self.guests.app, link, &keys, self.words)?;
            Ok((keys, trial))
        })?;
        let shown = keys.iter().map(|key| pages::shown(self.words, key)).collect();
        let keys = Keys { words: self.words, address: self.address(), keys: shown, verdict, trial };
        Ok(page(self.words, &keys, http::StatusCode::OK))
    }

    fn closed(&self, over: Over) -> Page {
        let status = match over {
            Over::Unknown => http::StatusCode::NOT_FOUND,
            Over::Ended => http::StatusCode::GONE,
            Over::UsedUp => http::StatusCode::FORBIDDEN,
        };
        page(self.words, &Closed { words: self.words, closed: self.words.closed(over) }, status)
    }

    /// Runs what may wait for the store where it harms nobody.
    async fn answer(self, work: impl FnOnce(&Self) -> Result<Page, engine::Error> + Send + 'static) -> Page {
        let words = self.words;
        let done = tokio::task::spawn_blocking(move || work(&self)).await;
        let failure = match done {
            Ok(Ok(page)) => return page,
            Ok(Err(error)) => format!("{error:?}"),
            Err(error) => error.to_string(),
        };
        tracing::error!(failure, "a guest's page failed");
        let failed = Closed { words, closed: &words.failed };
        page(words, &failed, http::StatusCode::INTERNAL_SERVER_ERROR)
    }
}

async fn show(State(guests): State<Arc<Guests>>, Path(code): Path<String>, headers: HeaderMap) -> Page {
    Visit::new(guests, code, &headers).answer(|visit| visit.shown(visit.look()?, None)).await
}

async fn open(State(guests): State<Arc<Guests>>, Path(code): Path<String>, headers: HeaderMap) -> Page {
    Visit::new(guests, code, &headers).answer(opened).await
}

fn opened(visit: &Visit) -> Result<Page, engine::Error> {
    let app = &visit.guests.app;
    let known = visit.browser.clone();
    let browser = known.unwrap_or_else(|| URL_SAFE_NO_PAD.encode(entropy::bytes::<BROWSER_LENGTH>()));
    let (code, browser_hash) = (hash(&visit.code), hash(&browser));
    let moment = app.moment(app.clock.now());
    let access = app
        .store
        .write("guest_page.open", move |tx| instant_keys::open(tx, &mut moment.clone(), &code, &browser_hash))?;
    Ok(match access {
        Access::Keys(_) => with_browser(redirect(&visit.address()), &visit.address(), &browser, visit.guests.is_https),
        Access::Question(_) => redirect(&visit.address()),
        Access::Nothing(over) => visit.closed(over),
    })
}

async fn add_phone(State(guests): State<Arc<Guests>>, Path(code): Path<String>, headers: HeaderMap) -> Page {
    let act = |visit: &Visit| match visit.look()? {
        Access::Keys(link) => {
            trial::add_phone(&visit.guests.app, &link)?;
            Ok(redirect(&visit.address()))
        }
        other => visit.shown(other, None),
    };
    Visit::new(guests, code, &headers).answer(act).await
}

async fn hold(
    State(guests): State<Arc<Guests>>,
    Path((code, entrance_id)): Path<(String, String)>,
    headers: HeaderMap,
) -> Page {
    let act = move |visit: &Visit| match visit.look()? {
        Access::Keys(link) => {
            let now = visit.guests.app.clock.now();
            let held = visit.read(|tx| {
                let keys = instant_keys::keyring(tx, &link, now)?;
                Ok((trial::door(&keys, &entrance_id), instant_keys::endpoint_of(tx, &link)?))
            })?;
            // A door of nobody's is as good as one of somebody else's.
            let (Some(door), Some(sandbox)) = (held.0, &visit.guests.app.sandbox) else {
                return Ok(visit.closed(Over::Unknown));
            };
            let verdict = trial::hold(sandbox, &door, held.1, visit.words);
            visit.shown(Access::Keys(link), Some(verdict))
        }
        other => visit.shown(other, None),
    };
    Visit::new(guests, code, &headers).answer(act).await
}
