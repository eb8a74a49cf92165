//! `/workspaces/create`

use domain::id::PersonalAccessTokenId;
use engine::workspaces::{self, Create as New};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{looks::Looks, resource::Workspace};
use crate::{
    adapter::{
        Actor, Call, Error,
        field::{Id, Text},
    },
    api::error::wire,
    app::{App, request_of},
};

/// Makes a workspace. The owner of the personal access token becomes its first member.
#[derive(Deserialize, JsonSchema)]
pub struct Create {
    /// Its name.
    #[schemars(length(max = 255))]
    name: Text,
    /// Name shown to people who connect an account.
    #[schemars(length(max = 255))]
    connect_partner_name: Option<Text>,
    /// The older name of `connect_partner_name`.
    #[schemars(length(max = 255))]
    company_name: Option<Text>,
    /// Whether it is for trials; phones may then be made up through the API.
    is_sandbox: Option<bool>,
    /// Looks of the pages that people see.
    connect_webview_customization: Option<Looks>,
    /// ID of the organization it belongs to.
    organization_id: Option<Id>,
}

/// What is answered.
#[derive(Serialize, JsonSchema)]
pub struct Answer {
    workspace: Workspace,
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, request: Create) -> Result<Answer, Error> {
    let token = token_of(call)?;
    let new = New {
        name: request.name.into_string(),
        is_sandbox: request.is_sandbox.unwrap_or(false),
        connect_partner_name: request.connect_partner_name.or(request.company_name).map(Text::into_string),
        connect_webview_customization: request.connect_webview_customization.and_then(Looks::chosen),
        organization_id: request.organization_id.map(Id::into_string),
    };
    let moment = call.state.moment(call.now);
    let asking = request_of(call);
    let made = call.state.store.write("workspace.create", move |tx| {
        // A repeated transaction starts from the same moment, so it makes the same ids.
        workspaces::create(tx, &mut moment.clone(), token, &asking, &new)
    });
    let made = made.map_err(|error: engine::Error| wire(&error))?;
    Ok(Answer { workspace: made.into() })
}

/// The personal access token that the request shows.
///
/// # Errors
/// 401 when it shows another kind of credential.
pub fn token_of(call: &Call<'_, App>) -> Result<PersonalAccessTokenId, Error> {
    match &call.access.who {
        Actor::PersonalAccessToken(id) | Actor::TokenWithoutWorkspace(id) => {
            id.parse().map_err(|error: domain::id::MalformedId| Error::internal(&error))
        }
        _ => Err(Error::unauthorized("use a personal access token")),
    }
}
