//! What is served without a key: the OpenAPI document of the table.

use axum::{Router, routing::get};
use http::header;

use crate::{
    adapter::{Route, openapi},
    app::App,
};

/// `GET /openapi.json`, prepared once.
pub fn routes(table: &[Route<App>]) -> Router {
    let document = openapi::document(table, "Innkeep", env!("CARGO_PKG_VERSION")).to_string();
    Router::new().route(
        "/openapi.json",
        get(move || {
            let document = document.clone();
            async move { ([(header::CONTENT_TYPE, "application/json; charset=utf-8")], document) }
        }),
    )
}
