//! `/connect_webviews/get`

use domain::id::ConnectWebviewId;
use engine::{Noun, connecting};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::resource::{self, ConnectWebview};
use crate::{
    adapter::{Call, Error, field::Reference},
    api::id,
    app::App,
};

/// Gets a connect webview. Ask until its status is no longer `pending`.
#[derive(Deserialize, JsonSchema)]
pub struct Get {
    /// ID of the webview.
    connect_webview_id: Reference,
}

/// What is answered.
#[derive(Serialize, JsonSchema)]
pub struct Answer {
    connect_webview: ConnectWebview,
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, request: Get) -> Result<Answer, Error> {
    let id: ConnectWebviewId = id::known(Noun::ConnectWebview, &request.connect_webview_id)?;
    let links = resource::links(call);
    let connect_webview = App::look(call, "connect_webview.get", |tx, caller| {
        let webview = connecting::find(tx, caller, id)?;
        resource::shown_one(tx, &links, webview)
    })?;
    Ok(Answer { connect_webview })
}
