//! `/acs/systems/list`

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::systems;

use super::resource::{self, AcsSystem};
use crate::{
    adapter::{
        Call, Error,
        field::{Id, Text},
    },
    api::{id, list::LONGEST_SEARCH},
    app::App,
};

/// Lists access systems: the hotels, and the credential managers that deliver keys to phones.
#[derive(Deserialize, JsonSchema)]
pub struct List {
    /// Only the system of this connected account.
    connected_account_id: Option<Id>,
    /// Only systems of this customer.
    customer_key: Option<Text>,
    /// Only systems whose name or ID holds this text, in any letter case.
    #[schemars(length(min = 1, max = LONGEST_SEARCH))]
    search: Option<String>,
}

/// What is answered.
#[derive(Serialize, JsonSchema)]
pub struct Answer {
    acs_systems: Vec<AcsSystem>,
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, request: List) -> Result<Answer, Error> {
    let account = id::of_optional(request.connected_account_id.as_ref())?;
    let search = request.search.map(|text| text.to_lowercase());
    let acs_systems = App::look(call, "acs_system.list", |tx, caller| {
        let customer = request.customer_key.as_ref().map(Text::as_str);
        let customers = customer.map(|key| systems::of_customer(tx, caller.workspace_id, key)).transpose()?;
        let mut found = systems::list(tx, caller.workspace_id)?;
        found.retain(|system| {
            account.is_none_or(|account| system.connected_account_id == account)
                && search.as_deref().is_none_or(|text| {
                    system.name.to_lowercase().contains(text) || system.id.to_string().contains(text)
                })
                && customers.as_ref().is_none_or(|systems| systems.contains(&system.id))
        });
        let mut seen = Vec::with_capacity(found.len());
        for system in found {
            if caller.sees_system(tx, system.id)? {
                seen.push(resource::shown(tx, system)?);
            }
        }
        Ok(seen)
    })?;
    Ok(Answer { acs_systems })
}
