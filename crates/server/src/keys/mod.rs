//! API keys: made here, shown once, stored as a hash of their long part (design 11).

pub mod command;

use anyhow::Context;
use engine::sites::NewApiKey;

use crate::{adapter::api_key, config::Config, entropy};

/// A new key, as its owner gets it. `kind` begins its short part and tells trial keys from real ones.
pub fn fresh(kind: &str) -> String {
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    format!("seam_{kind}{}_{}", hex(&entropy::bytes::<4>()), hex(&entropy::bytes::<32>()))
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
