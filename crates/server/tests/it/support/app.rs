//! The whole API in this process: a database in memory, a sandbox with a simulated hotel, and a second workspace whose
//! ids must be as good as unknown. No worker runs, so nothing happens that a test did not ask for.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use axum::body::Body;
use bytes::Bytes;
use domain::{
    Moment,
    id::{AcsSystemId, EntranceId, WorkspaceId},
};
use engine::sites::{self, NewApiKey, NewSandbox, SeenDoor, SeenEncoder};
use http::{HeaderMap, Method, Request, StatusCode};
use http_body_util::BodyExt;
use hyper::service::Service;
use hyper_util::service::TowerToHyperService;
use innkeep_server::{
    adapter::{self, Settings, api_key},
    api,
    app::App,
    authenticate::authenticate,
    clock::Clock,
    counts::Counts,
    kept_answers, keys,
    known_keys::KnownKeys,
    sandbox::Sandbox,
    seal::Seal,
    webhooks,
};
use jiff::Timestamp;
use serde_json::{Value, json};
use store::{Location, Store, Tx, entrances, page::Page};
use tokio::sync::Notify;

/// When every test begins.
pub const NOW: &str = "2025-06-01T10:00:00Z";

/// Name, category, and ids and types of the profiles.
type Door = (&'static str, &'static str, &'static [(&'static str, &'static str)]);

/// The doors of each workspace.
const DOORS: [Door; 5] = [
    ("101", "guest", &[("1", "BLE")]),
    ("102", "guest", &[("1", "BLE")]),
    ("103", "guest", &[("1", "BLE")]),
    ("Gym", "common", &[("2", "commonDoor")]),
    ("Pool", "common (PMS)", &[("1", "BLE"), ("2", "commonDoor")]),
];

pub const OURS: &str = "seam_testmeridian_0123456789abcdef";
pub const THEIRS: &str = "seam_testother_0123456789abcdef";

/// What came back.
#[derive(Debug)]
pub struct Reply {
    pub status: StatusCode,
    pub json: Value,
}

impl Reply {
    /// The body of a success.
    #[track_caller]
    pub fn ok(self) -> Value {
        assert_eq!(self.status, 200, "{}", self.json);
        assert_eq!(self.json["ok"], true);
        self.json
    }

    /// Status, type and message of a refusal.
    #[track_caller]
    pub fn refusal(&self) -> (u16, &str, &str) {
        assert_eq!(self.json["ok"], false, "{}", self.json);
        let text = |member: &str| self.json["error"][member].as_str().unwrap();
        (self.status.as_u16(), text("type"), text("message"))
    }

    /// The texts at a field of a refused request; at the root with an empty path.
    #[track_caller]
    pub fn at(&self, path: &str) -> Vec<&str> {
        assert_eq!(self.refusal().1, "invalid_input", "{}", self.json);
        let pointer: String = path.split('.').filter(|step| !step.is_empty()).map(|step| format!("/{step}")).collect();
        let node = self.json.pointer(&format!("/error/validation_errors{pointer}/_errors"));
        let texts = node.and_then(Value::as_array).unwrap_or_else(|| panic!("nothing at {path} in {}", self.json));
        texts.iter().map(|text| text.as_str().unwrap()).collect()
    }
}

/// What came back, whatever it is.
pub struct RawReply {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

/// What a browser was answered.
#[derive(Debug)]
pub struct Browsed {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
}

/// A page for people that came back.
#[derive(Debug)]
pub struct Opened {
    pub status: u16,
    pub headers: HeaderMap,
    pub text: String,
}

impl Opened {
    /// A header that must be there.
    #[track_caller]
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).unwrap_or_else(|| panic!("no {name} in {self:?}")).to_str().unwrap()
    }
}

/// One workspace with its hotel.
pub struct Site {
    pub workspace_id: WorkspaceId,
    pub acs_system_id: AcsSystemId,
    pub manager_id: AcsSystemId,
    pub doors: BTreeMap<String, EntranceId>,
}

/// The API, and the ids a test knows by name.
pub struct Api {
    router: axum::Router,
    pub app: Arc<App>,
    pub site: Site,
    pub foreign: Site,
    names: Mutex<BTreeMap<String, String>>,
}

impl Api {
    pub fn new() -> Self {
        Self::with_sandbox(true)
    }

    /// `has_hotel`: whether the program has a simulated hotel.
    pub fn with_sandbox(has_hotel: bool) -> Self {
        let clock = Clock::starting_at(NOW.parse().unwrap());
        let store = Store::open(&Location::Memory).unwrap();
        let site = make_site(&store, "Hotel Meridian", OURS, 1);
        let foreign = make_site(&store, "Hotel Elsewhere", THEIRS, 2);
        let sandbox = has_hotel.then(|| Arc::new(Sandbox::open(clock.clone(), None).unwrap()));
        let app = Arc::new(App {
            store,
            clock,
            changed: Arc::new(Notify::new()),
            sites_changed: Arc::default(),
            known_keys: KnownKeys::default(),
            counts: Counts::default(),
            sandbox,
            seal: Some(Seal::for_now()),
            instant_key_life: innkeep_server::instant_links::USUAL_LIFE,
            webhooks: webhooks::Policy::default(),
            automation: engine::customers::Automation::default(),
        });
        let settings = Settings {
            state: Arc::clone(&app),
            authenticate,
            clock: |app: &App| app.clock.now(),
            request_ids: Box::new(|| "a-request".to_owned()),
            reads_wait: false,
            answers: Some(kept_answers::ANSWERS),
            public_url: None,
            extra: innkeep_server::guest_page::routes(Arc::clone(&app), None)
                .merge(innkeep_server::connecting::routes(Arc::clone(&app))),
        };
        let router = adapter::router(api::table(), settings).unwrap();
        let mut names = BTreeMap::from([
            (site.workspace_id.to_string(), "<workspace>".to_owned()),
            (site.acs_system_id.to_string(), "<site>".to_owned()),
            (site.manager_id.to_string(), "<manager>".to_owned()),
        ]);
        names.extend(site.doors.iter().map(|(name, id)| (id.to_string(), format!("<{name}>"))));
        Self { router, app, site, foreign, names: Mutex::new(names) }
    }

    pub async fn send(&self, key: &str, method: Method, target: &str, body: Option<Value>) -> Reply {
        self.send_with(&[("authorization", &format!("Bearer {key}"))], method, target, body).await
    }

    /// As over a network: with the name of the host, of which addresses in answers are made.
    pub async fn post_over_the_network(&self, path: &str, body: Value) -> Reply {
        let key = format!("Bearer {OURS}");
        let headers = [("authorization", key.as_str()), ("host", "keys.hotel.example")];
        self.send_with(&headers, Method::POST, path, Some(body)).await
    }

    /// Sends with these headers instead of an API key.
    pub async fn send_with(
        &self,
        headers: &[(&str, &str)],
        method: Method,
        target: &str,
        body: Option<Value>,
    ) -> Reply {
        let mut request = Request::builder().method(method).uri(target);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if body.is_some() {
            request = request.header("content-type", "application/json");
        }
        let body = body.map_or_else(Body::empty, |body| Body::from(body.to_string()));
        let RawReply { status, body, .. } = self.send_raw(request.body(body).unwrap()).await;
        Reply { status, json: serde_json::from_slice(&body).unwrap() }
    }

    pub async fn send_raw(&self, request: Request<Body>) -> RawReply {
        let response = TowerToHyperService::new(self.router.clone()).call(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        RawReply { status: parts.status, headers: parts.headers, body }
    }

    /// A request of a browser: status, headers and text of the answer.
    pub async fn browse(&self, method: Method, target: &str, headers: &[(&str, &str)]) -> Browsed {
        let mut request = Request::builder().method(method).uri(target);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Body::empty()).unwrap();
        let response = TowerToHyperService::new(self.router.clone()).call(request).await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        let bytes = response.into_body().collect().await.unwrap().to_bytes();
        Browsed { status, headers, text: String::from_utf8(bytes.to_vec()).unwrap() }
    }

    /// Opens a page as a browser does, or sends the form on it.
    pub async fn open_page(&self, target: &str, form: Option<&str>) -> Opened {
        let method = if form.is_some() { Method::POST } else { Method::GET };
        let request = Request::builder()
            .method(method)
            .uri(target)
            .header("host", "keys.example")
            .header("content-type", "application/x-www-form-urlencoded")
            .body(form.map_or_else(Body::empty, |form| Body::from(form.to_owned())));
        let response = TowerToHyperService::new(self.router.clone()).call(request.unwrap()).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        let text = String::from_utf8(bytes.to_vec()).unwrap();
        Opened { status: parts.status.as_u16(), headers: parts.headers, text }
    }

    pub async fn post(&self, path: &str, body: Value) -> Reply {
        self.send(OURS, Method::POST, path, Some(body)).await
    }

    pub async fn get(&self, target: &str) -> Reply {
        self.send(OURS, Method::GET, target, None).await
    }

    /// The same, as the other workspace.
    pub async fn post_there(&self, path: &str, body: Value) -> Reply {
        self.send(THEIRS, Method::POST, path, Some(body)).await
    }

    /// A client session of ours with these parameters; answers its token.
    pub async fn session(&self, body: Value) -> String {
        let made = self.post("/client_sessions/create", body).await.ok();
        made["client_session"]["token"].as_str().unwrap().to_owned()
    }

    /// Posts as a client session.
    pub async fn post_as(&self, token: &str, path: &str, body: Value) -> Reply {
        self.send(token, Method::POST, path, Some(body)).await
    }

    /// A personal access token whose owner is a member of our workspace.
    pub fn personal_access_token(&self, owner: &'static str) -> String {
        let workspace_id = self.site.workspace_id;
        let token = keys::fresh_after(keys::PERSONAL_ACCESS_TOKEN);
        let stored = keys::stored_after(keys::PERSONAL_ACCESS_TOKEN, &token).unwrap();
        let made = self.app.store.write("test.token", move |tx| {
            let mut moment = Moment::new(NOW.parse().unwrap(), 77);
            engine::workspaces::create_token(tx, &mut moment, workspace_id, owner, "laptop", &stored)
        });
        made.map_err(|error: engine::Error| error).unwrap();
        token
    }

    /// Looks at the database.
    pub fn look<T>(&self, work: impl FnOnce(&mut Tx<'_>) -> Result<T, store::Error>) -> T {
        self.app.store.read("test.look", work).unwrap()
    }

    /// Changes the database behind the API's back.
    pub fn change(&self, mut work: impl FnMut(&mut Tx<'_>) -> Result<(), store::Error> + Send + 'static) {
        self.app.store.write("test.change", move |tx| work(tx)).unwrap();
    }

    /// The id of one of our doors.
    pub fn door(&self, name: &str) -> String {
        self.site.doors[name].to_string()
    }

    /// Makes an id known by a name, for [`Self::redacted`].
    pub fn name(&self, id: &Value, name: &str) -> String {
        let id = id.as_str().unwrap().to_owned();
        self.names.lock().unwrap().insert(id.clone(), format!("<{name}>"));
        id
    }

    /// The value with ids by their names, unknown ones as `<id>`, and times of today as `<now>`.
    pub fn redacted(&self, value: &Value) -> Value {
        match value {
            Value::Array(items) => items.iter().map(|item| self.redacted(item)).collect(),
            Value::Object(members) => {
                members.iter().map(|(name, member)| (name.clone(), self.redacted(member))).collect()
            }
            Value::String(text) if text.parse::<WorkspaceId>().is_ok() => {
                json!(self.names.lock().unwrap().get(text).map_or("<id>", String::as_str))
            }
            Value::String(text) if text.starts_with(&NOW[..10]) && text.parse::<Timestamp>().is_ok() => {
                assert!(text.ends_with('Z') && text.len() == "2025-06-01T10:00:00.000Z".len(), "{text}");
                json!("<now>")
            }
            other => other.clone(),
        }
    }

    /// A user of ours, with a person if `person` is one.
    pub async fn user(&self, name: &str, person: Option<&str>) -> String {
        let mut body = json!({"acs_system_id": self.site.acs_system_id, "full_name": name});
        if let Some(person) = person {
            body["user_identity_id"] = json!(person);
        }
        let made = self.post("/acs/users/create", body).await.ok();
        self.name(&made["acs_user"]["acs_user_id"], name)
    }

    /// A person of ours.
    pub async fn person(&self, name: &str) -> String {
        let made = self.post("/user_identities/create", json!({"full_name": name})).await.ok();
        self.name(&made["user_identity"]["user_identity_id"], name)
    }

    /// A user of the other workspace.
    pub async fn foreign_user(&self) -> String {
        let body = json!({"acs_system_id": self.foreign.acs_system_id, "full_name": "Stranger"});
        let made = self.post_there("/acs/users/create", body).await.ok();
        made["acs_user"]["acs_user_id"].as_str().unwrap().to_owned()
    }

    /// What our lock server lists as its encoders now; answers the ids of all that it ever listed.
    pub fn list_encoders(&self, names: &'static [&'static str]) -> Vec<String> {
        let system_id = self.site.acs_system_id;
        let now = self.app.clock.now();
        let listed = self.app.store.write("test.encoders", move |tx| -> Result<Vec<String>, engine::Error> {
            // Two calls in one millisecond must not make the same ids.
            let mut moment = Moment::new(now, now.as_microsecond().unsigned_abs());
            let seen: Vec<SeenEncoder> = names
                .iter()
                .map(|name| SeenEncoder { native_id: name.to_lowercase().replace(' ', "-"), name: (*name).to_owned() })
                .collect();
            sites::record_encoders(tx, &mut moment, system_id, &seen)?;
            Ok(store::encoders::of_system(tx, system_id)?.into_iter().map(|row| row.id.to_string()).collect())
        });
        listed.unwrap()
    }

    /// A card of ours that opens these doors next year, by override.
    pub async fn card(&self, user: &str, doors: &[&str]) -> String {
        let doors: Vec<String> = doors.iter().map(|name| self.door(name)).collect();
        let body = json!({
            "acs_user_id": user, "access_method": "card", "allowed_acs_entrance_ids": doors,
            "starts_at": "2030-01-01T15:00:00Z", "ends_at": "2030-01-03T10:00:00Z",
            "visionline_metadata": {"override": true},
        });
        let made = self.post("/acs/credentials/create", body).await.ok();
        made["acs_credential"]["acs_credential_id"].as_str().unwrap().to_owned()
    }
}

fn make_site(store: &Store, name: &str, key: &str, seed: u64) -> Site {
    let name = name.to_owned();
    let (short, long) = api_key::parse(key).unwrap();
    let key = NewApiKey { short_token: short.to_owned(), long_token_sha256: api_key::sha256_hex(long) };
    store
        .write("test.site", move |tx| -> Result<Site, engine::Error> {
            let mut moment = Moment::new(NOW.parse().unwrap(), seed);
            let new = NewSandbox {
                workspace_name: format!("{name} (sandbox)"),
                site_name: name.clone(),
                time_zone: "Europe/Stockholm".to_owned(),
                api_key: key.clone(),
            };
            let made = sites::create_sandbox(tx, &mut moment, &new)?;
            let seen: Vec<SeenDoor> = DOORS.iter().map(seen).collect();
            sites::record_doors(tx, &mut moment, made.acs_system_id, &seen)?;
            let doors = entrances::list(tx, made.workspace_id, &entrances::Filter::default(), Page::whole())?;
            Ok(Site {
                workspace_id: made.workspace_id,
                acs_system_id: made.acs_system_id,
                manager_id: made.credential_manager_id,
                doors: doors.into_iter().map(|door| (door.door_name, door.id)).collect(),
            })
        })
        .unwrap()
}

fn seen((name, category, profiles): &Door) -> SeenDoor {
    SeenDoor {
        name: (*name).to_owned(),
        category: (*category).to_owned(),
        profiles: profiles.iter().map(|(id, kind)| ((*id).to_owned(), (*kind).to_owned())).collect(),
    }
}
