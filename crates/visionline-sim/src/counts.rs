//! How often each kind of request has come, for tests that must know what a client did (style 3.7).

use std::collections::BTreeMap;

use http::Request;

use crate::target::Target;

/// Requests by method and route, ids left out.
#[derive(Clone, Debug, Default)]
pub(crate) struct Counts {
    by_route: BTreeMap<String, u64>,
}

impl Counts {
    /// Counts one request to a service whose paths start with `prefix`.
    pub(crate) fn note(&mut self, prefix: &str, request: &Request<Vec<u8>>) {
        let route = route(prefix, request).unwrap_or_else(|| "other".to_owned());
        *self.by_route.entry(route).or_default() += 1;
    }

    pub(crate) fn by_route(&self) -> &BTreeMap<String, u64> {
        &self.by_route
    }

    pub(crate) fn total(&self) -> u64 {
        self.by_route.values().sum()
    }
}

/// Such as `POST /cards?action=mobileAccess`: names from outside are left out, so that the table stays small.
fn route(prefix: &str, request: &Request<Vec<u8>>) -> Option<String> {
    let method = request.method().as_str();
    if !["GET", "POST", "PUT", "DELETE"].contains(&method) {
        return None;
    }
    let target = Target::under(prefix, request.uri())?;
    let path = match target.segments().as_slice() {
        [noun @ ("sessions" | "doors" | "cards" | "encoders")] => format!("/{noun}"),
        [noun @ ("sessions" | "doors" | "cards" | "encoders"), _] => format!("/{noun}/{{id}}"),
        ["encoders", _, "card"] => "/encoders/{id}/card".to_owned(),
        ["endpoint", "invitation"] => "/endpoint/invitation".to_owned(),
        ["endpoint", _] => "/endpoint/{id}".to_owned(),
        _ => return None,
    };
    let action =
        target.value("action").filter(|action| ["mobileAccess", "encode", "discard", "cancel"].contains(action));
    Some(match action {
        Some(action) => format!("{method} {path}?action={action}"),
        None => format!("{method} {path}"),
    })
}
