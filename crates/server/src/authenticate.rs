//! Who calls (`spec/api.md 1.9`): keys and tokens are looked up by their short part and compared by the hash of their
//! long part.

use domain::id::WorkspaceId;
use http::HeaderMap;
use jiff::Timestamp;
use store::personal_access_tokens as tokens;
use subtle::ConstantTimeEq;

use crate::{
    adapter::{Access, Actor, Error, api_key},
    app::App,
    keys::{CLIENT_SESSION, PERSONAL_ACCESS_TOKEN},
};

/// Headers that carry the token of a client session instead of the bearer header.
const SESSION_HEADERS: [&str; 2] = ["seam-client-session-token", "client-session-token"];
const PUBLISHABLE_KEY_HEADER: &str = "seam-publishable-key";
const WORKSPACE_HEADER: &str = "seam-workspace";

/// Finds out who calls. A session header goes before the bearer header: it is the narrower right.
///
/// # Errors
/// 401 when nobody known does; 400 when a session header holds something else.
pub fn authenticate(app: &App, headers: &HeaderMap, now: Timestamp) -> Result<Access, Error> {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or_default());
    if let Some(token) = SESSION_HEADERS.into_iter().find_map(text) {
        if !token.starts_with("seam_cst") {
            let message = "the token of a client session begins with seam_cst";
            return Err(Error::bad_request("invalid_client_session_token", message));
        }
        return session(app, token, now);
    }
    match api_key::bearer(headers) {
        Some(token) if token.starts_with("seam_cst") => session(app, token, now),
        Some(token) if token.starts_with("seam_at") => personal_access_token(app, token, text(WORKSPACE_HEADER)),
        Some(token) => key(app, token, now),
        None => match text(PUBLISHABLE_KEY_HEADER) {
            Some(key) => publishable_key(app, key),
            None => Err(Error::unauthorized("send the API key in the header authorization: Bearer <key>")),
        },
    }
}

/// Compared in constant time, so that the time of a refusal tells nothing of the stored hash.
fn is_hash_of(stored: &str, long: &str) -> bool {
    stored.as_bytes().ct_eq(api_key::sha256_hex(long).as_bytes()).into()
}

fn key(app: &App, token: &str, now: Timestamp) -> Result<Access, Error> {
    let (short, long) = api_key::parse(token).ok_or_else(|| Error::unauthorized("this is not an API key"))?;
    let known = app.known_keys.find(&app.store, short, now).map_err(|error| Error::internal(&error))?;
    match known.filter(|known| is_hash_of(&known.long_token_sha256, long)) {
        Some(known) => {
            Ok(Access { workspace_id: known.workspace_id.to_string(), who: Actor::ApiKey(known.id.to_string()) })
        }
        None => Err(Error::unauthorized("the API key is not known here")),
    }
}

/// With a workspace: full rights there, if the owner is a member. Without: only the routes that need none.
fn personal_access_token(app: &App, token: &str, workspace: Option<&str>) -> Result<Access, Error> {
    let unknown = || Error::unauthorized("the personal access token is not known here");
    let (short, long) = api_key::parse_after(PERSONAL_ACCESS_TOKEN, token).ok_or_else(unknown)?;
    let found = app.store.read("token.find", |tx| {
        let Some(known) = tokens::by_short_token(tx, short)?.filter(|known| is_hash_of(&known.long_token_sha256, long))
        else {
            return Ok(None);
        };
        let memberships = tokens::workspaces_of(tx, &known.owner)?;
        Ok(Some((known.id, memberships)))
    });
    let found = found.map_err(|error: store::Error| Error::internal(&error))?;
    let (id, memberships) = found.ok_or_else(unknown)?;
    let Some(workspace) = workspace else {
        return Ok(Access { workspace_id: String::new(), who: Actor::TokenWithoutWorkspace(id.to_string()) });
    };
    let named = workspace.trim().to_ascii_lowercase().parse::<WorkspaceId>().ok();
    if memberships.iter().any(|workspace| Some(workspace.id) == named) {
        return Ok(Access {
            workspace_id: named.map_or_else(String::new, |id| id.to_string()),
            who: Actor::PersonalAccessToken(id.to_string()),
        });
    }
    Err(Error::unauthorized("the owner of the personal access token is no member of the workspace in seam-workspace"))
}

fn session(app: &App, token: &str, now: Timestamp) -> Result<Access, Error> {
    let refused = |kind: &'static str, message: &str| Error::new(http::StatusCode::UNAUTHORIZED, kind, message);
    let unknown = || refused("client_session_not_found", "the client session is not known here; make a new one");
    let (short, long) = api_key::parse_after(CLIENT_SESSION, token).ok_or_else(unknown)?;
    let found = app.store.read("client_session.find", |tx| store::client_sessions::by_short_token(tx, short));
    let session = found
        .map_err(|error: store::Error| Error::internal(&error))?
        .filter(|session| is_hash_of(&session.long_token_sha256, long))
        .ok_or_else(unknown)?;
    if session.revoked_at.is_some() {
        return Err(refused("client_session_revoked", "the client session was revoked; make a new one"));
    }
    if !session.is_live(now) {
        return Err(refused("client_session_expired", "the client session has expired; make a new one"));
    }
    let id = session.id.to_string();
    let who = match (session.customer_key.is_some(), session.is_read_only) {
        (false, _) => Actor::ClientSession(id),
        (true, false) => Actor::CustomerSession(id),
        (true, true) => Actor::ReadOnlyCustomerSession(id),
    };
    Ok(Access { workspace_id: session.workspace_id.to_string(), who })
}

fn publishable_key(app: &App, key: &str) -> Result<Access, Error> {
    let found = app.store.read("workspace.by_publishable_key", |tx| store::workspaces::by_publishable_key(tx, key));
    let workspace = found.map_err(|error: store::Error| Error::internal(&error))?.ok_or_else(|| {
        let message = "the publishable key is not known here";
        Error::new(http::StatusCode::UNAUTHORIZED, "invalid_publishable_key", message)
    })?;
    if !workspace.is_publishable_key_auth_enabled {
        let message = "publishable keys are switched off in this workspace; /workspaces/update switches them on";
        return Err(Error::unauthorized(message));
    }
    let id = workspace.id.to_string();
    Ok(Access { workspace_id: id.clone(), who: Actor::PublishableKey(id) })
}
