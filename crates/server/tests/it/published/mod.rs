//! The published document of the API beside ours (P10): every route, parameter and member of it that is in scope is
//! served, or stands in `docs/COMPATIBILITY.md` with the reason.

mod answers;
mod comparison;
mod listed;
mod members;
mod scenario;

use std::{fs, path::Path, sync::OnceLock};

use innkeep_server::{adapter::openapi, api};
use serde_json::Value;

use crate::sdk;

/// The published document; none where the packages of the SDKs are not installed.
fn published() -> Option<&'static Value> {
    static DOCUMENT: OnceLock<Option<Value>> = OnceLock::new();
    DOCUMENT
        .get_or_init(|| {
            let printed = sdk::printed_by_javascript("published_document", b"")?;
            Some(serde_json::from_slice(&printed).unwrap())
        })
        .as_ref()
}

/// Our document.
fn ours() -> Value {
    openapi::document(&api::table(), "Innkeep", "0")
}

fn page() -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/COMPATIBILITY.md")).unwrap()
}
