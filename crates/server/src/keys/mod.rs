//! API keys: made here, shown once, stored as a hash of their long part (design 11).

pub mod command;

use anyhow::Context;
use engine::sites::NewApiKey;

use crate::{adapter::api_key, config::Config, entropy};

/// Begins a personal access token.
pub const PERSONAL_ACCESS_TOKEN: &str = "seam_at1";
/// Begins the token of a client session.
pub const CLIENT_SESSION: &str = "seam_cst1";
/// Begins a publishable key.
pub const PUBLISHABLE_KEY: &str = "seam_pk1_";

/// A new key, as its owner gets it. `kind` begins its short part and tells trial keys from real ones.
pub fn fresh(kind: &str) -> String {
    format!("seam_{kind}{}_{}", hex(&entropy::bytes::<4>()), hex(&entropy::bytes::<32>()))
}

/// A new token that begins with this prefix. Its short part is long enough for as many tokens as anybody has guests.
pub fn fresh_after(prefix: &str) -> String {
    format!("{prefix}{}_{}", hex(&entropy::bytes::<8>()), hex(&entropy::bytes::<32>()))
}

/// A new publishable key: a name nobody guesses, and no secret.
pub fn fresh_publishable() -> String {
    format!("{PUBLISHABLE_KEY}{}", hex(&entropy::bytes::<16>()))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The kind of the keys of a configured workspace.
pub fn kind_of(config: &Config) -> &'static str {
    if config.workspace.is_sandbox { "test" } else { "live" }
}

/// What is stored of a key.
///
/// # Errors
/// When the text is no key.
pub fn stored(token: &str) -> anyhow::Result<NewApiKey> {
    let (short, long) = api_key::parse(token)
        .context("an API key looks like seam_test1_0123456789abcdef: seam_, a short part, _, a long part")?;
    Ok(NewApiKey { short_token: short.to_owned(), long_token_sha256: api_key::sha256_hex(long) })
}

/// What is stored of a token that begins with this prefix.
///
/// # Errors
/// When the text is no such token.
pub fn stored_after(prefix: &str, token: &str) -> anyhow::Result<NewApiKey> {
    let (short, long) = api_key::parse_after(prefix, token).context("the token is none of this kind")?;
    Ok(NewApiKey { short_token: short.to_owned(), long_token_sha256: api_key::sha256_hex(long) })
}
