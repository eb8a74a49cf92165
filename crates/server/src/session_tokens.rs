//! Tokens of client sessions: made here, let in by their hash, and shown again from their sealed form
//! (docs/decisions/0010-session-tokens.md).

use anyhow::Context;
use engine::client_sessions::NewToken;
use store::client_sessions::ClientSession;
use visionline::Secret;

use crate::{
    adapter::{Error, api_key},
    app::App,
    keys::{self, CLIENT_SESSION},
};

/// A new token, as a session is made with it.
///
/// # Errors
/// 400 `not_supported` when the operator gave no secret key, so that the token could not be shown again.
pub fn fresh(app: &App) -> Result<NewToken, Error> {
    let seal = app.seal.as_ref().ok_or_else(|| {
        Error::not_supported(
            "this server has no secret key, so it cannot keep the tokens of client sessions; its operator sets \
             secret_key_file in the configuration",
        )
    })?;
    let token = keys::fresh_after(CLIENT_SESSION);
    let (short, long) = api_key::parse_after(CLIENT_SESSION, &token)
        .context("a fresh token")
        .map_err(|error| Error::internal(&*error))?;
    Ok(NewToken {
        short_token: short.to_owned(),
        long_token_sha256: api_key::sha256_hex(long),
        sealed_token: seal.seal(&place(short), &Secret::new(token.clone())),
    })
}

/// The token of a session. Without the key that sealed it only its beginning is known.
pub fn shown(app: &App, session: &ClientSession) -> String {
    let opened = app.seal.as_ref().and_then(|seal| seal.open(&place(&session.short_token), &session.sealed_token).ok());
    opened.map_or_else(|| format!("{CLIENT_SESSION}{}_", session.short_token), |token| token.expose().to_owned())
}

fn place(short: &str) -> String {
    format!("client session {short}")
}
