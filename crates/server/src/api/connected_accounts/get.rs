//! `/connected_accounts/get`

use domain::id::ConnectedAccountId;
use engine::{Noun, connecting};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::resource::{self, ConnectedAccount};
use crate::{
    adapter::{
        Call, Error,
        field::{Reference, Text},
    },
    api::{error::not_found, id},
    app::App,
};

/// Gets a connected account. Exactly one of the parameters is required.
#[derive(Deserialize, JsonSchema)]
pub struct Get {
    /// ID of the account.
    connected_account_id: Option<Reference>,
    /// Email address that signs in. Operators of Visionline have names instead, so this finds nothing.
    email: Option<Text>,
}

/// What is answered.
#[derive(Serialize, JsonSchema)]
pub struct Answer {
    connected_account: ConnectedAccount,
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, request: Get) -> Result<Answer, Error> {
    let id: ConnectedAccountId = match (&request.connected_account_id, &request.email) {
        (Some(reference), None) => id::known(Noun::ConnectedAccount, reference)?,
        (None, Some(email)) => return Err(not_found(Noun::ConnectedAccount, email.as_str())),
        _ => return Err(Error::invalid_input("Provide either connected_account_id or email, and not both")),
    };
    let connected_account = App::look(call, "connected_account.get", |tx, caller| {
        let account = connecting::find_account(tx, caller, id)?;
        resource::shown_one(tx, account)
    })?;
    Ok(Answer { connected_account })
}
