//! The audit log: every change with who, what and when, chained by hash (design 11, docs/decisions/0018-audit-log.md).
//!
//! A line is written in the transaction of its change. [`seal`] links the new lines into the chain of their workspace
//! soon after, so that no change waits for it. [`verify`] finds the first place where somebody altered the log.

mod chain;
mod seal;
mod verify;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

pub use self::{
    chain::hash,
    seal::seal,
    verify::{Finding, Verified, verify},
};

/// A personal value as it stands in the log: enough to tell whether it changed, and whether it was a value that one
/// knows already. Bound to the thing it belongs to, so that the same name of two guests does not look alike.
pub(crate) fn personal(subject_id: impl ToString, value: Option<&str>) -> Value {
    let Some(value) = value else { return Value::Null };
    let digest = Sha256::new().chain_update(subject_id.to_string()).chain_update([0]).chain_update(value).finalize();
    json!(format!("sha256:{}", hexadecimal(&digest[..8])))
}

fn hexadecimal(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a text cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
