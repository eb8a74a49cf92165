//! `/connect_webviews/delete`

use domain::id::ConnectWebviewId;
use engine::{Noun, connecting};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{
    adapter::{Call, Error, Nothing, field::Reference},
    api::id,
    app::App,
};

/// Deletes a connect webview: its address opens nothing any more. What was connected through it stays.
#[derive(Deserialize, JsonSchema)]
pub struct Delete {
    /// ID of the webview.
    connect_webview_id: Reference,
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, request: Delete) -> Result<Nothing, Error> {
    let id: ConnectWebviewId = id::known(Noun::ConnectWebview, &request.connect_webview_id)?;
    App::change(call, "connect_webview.delete", move |tx, moment, caller| connecting::delete(tx, moment, caller, id))?;
    Ok(Nothing {})
}
