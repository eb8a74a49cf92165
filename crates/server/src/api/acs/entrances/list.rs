//! `/acs/entrances/list`

use std::collections::BTreeSet;

use domain::id::{AccessGrantId, AccessMethodId, AcsSystemId, ConnectedAccountId, CredentialId, EntranceId, SpaceId};
use engine::{Caller, access_grants::By};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::{
    Tx,
    entrances::{self, Entrance, Filter},
    systems,
};

use super::resource::{self, AcsEntrance};
use crate::{
    adapter::{
        Call, Error,
        field::{Id, Limit, Nullable, Text},
        page::{Cursor, Pagination, Position},
    },
    api::{
        id,
        list::{self, LONGEST_SEARCH, MOST_IDS},
    },
    app::App,
};

const DEFAULT_LIMIT: u32 = 900;

/// Lists doors, oldest first. The parameters combine with AND.
#[derive(Deserialize, JsonSchema)]
pub struct List {
    /// Only doors of this access system.
    acs_system_id: Option<Id>,
    /// Only doors that this credential opens.
    acs_credential_id: Option<Id>,
    /// Only doors of this connected account.
    connected_account_id: Option<Id>,
    /// Only these doors.
    #[schemars(length(max = MOST_IDS))]
    acs_entrance_ids: Option<Vec<Id>>,
    /// Only doors of this access method.
    access_method_id: Option<Id>,
    /// Only doors of this access grant.
    access_grant_id: Option<Id>,
    /// Only doors of this space.
    space_id: Option<Id>,
    /// The older name of `space_id`; `null` stands for doors of no space.
    #[serde(default)]
    location_id: Nullable<Id>,
    /// Only doors of this customer.
    customer_key: Option<Text>,
    /// Only doors whose name holds this text, in any letter case.
    #[schemars(length(min = 1, max = LONGEST_SEARCH))]
    search: Option<String>,
    /// The most doors per page; 900 if absent.
    limit: Option<Limit>,
    /// Where the page before ended.
    #[serde(default)]
    page_cursor: Nullable<Cursor>,
}

/// What is answered.
#[derive(Serialize, JsonSchema)]
pub struct Answer {
    acs_entrances: Vec<AcsEntrance>,
    pagination: Pagination,
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, request: List) -> Result<Answer, Error> {
    let page = call.page(request.limit, &request.page_cursor, DEFAULT_LIMIT)?;
    let wanted = Wanted {
        system: id::of_optional(request.acs_system_id.as_ref())?,
        account: id::of_optional(request.connected_account_id.as_ref())?,
        credential: id::of_optional(request.acs_credential_id.as_ref())?,
        grant: id::of_optional(request.access_grant_id.as_ref())?,
        method: id::of_optional(request.access_method_id.as_ref())?,
        doors: request.acs_entrance_ids.as_deref().map(list::ids).transpose()?,
        search: request.search,
        space: list::space(request.space_id.as_ref(), "location_id", &request.location_id)?,
        customer_key: request.customer_key.map(Text::into_string),
    };
    let rows = list::stored_page(&page);
    let (acs_entrances, pagination) = App::look(call, "acs_entrance.list", |tx, caller| {
        let found = match wanted.filter(tx, caller, call.now)? {
            Some(filter) => entrances::list(tx, caller.workspace_id, &filter, rows)?,
            None => Vec::new(),
        };
        let place = |door: &Entrance| Position { created_at: door.created_at, id: door.id.to_string() };
        let (doors, pagination) = page.finish(found, place);
        Ok((resource::shown(tx, caller, doors)?, pagination))
    })?;
    Ok(Answer { acs_entrances, pagination })
}

/// The filters as ids.
struct Wanted {
    system: Option<AcsSystemId>,
    account: Option<ConnectedAccountId>,
    credential: Option<CredentialId>,
    grant: Option<AccessGrantId>,
    method: Option<AccessMethodId>,
    doors: Option<Vec<EntranceId>>,
    search: Option<String>,
    space: Option<Option<SpaceId>>,
    customer_key: Option<String>,
}

impl Wanted {
    /// The filter as the store knows it; none when nothing can match.
    fn filter(self, tx: &mut Tx<'_>, caller: &Caller, now: Timestamp) -> Result<Option<Filter>, engine::Error> {
        let mut system = self.system;
        if let Some(account) = self.account {
            let of_account = systems::list(tx, caller.workspace_id)?
                .into_iter()
                .find(|candidate| candidate.connected_account_id == account)
                .map(|candidate| candidate.id);
            if of_account.is_none() || system.is_some_and(|system| Some(system) != of_account) {
                return Ok(None);
            }
            system = of_account;
        }
        let mut ids = self.doors.clone();
        match self.opened(tx, caller, now) {
            Ok(sets) => {
                for opened in sets {
                    ids = Some(match ids {
                        None => opened.into_iter().collect(),
                        Some(ids) => ids.into_iter().filter(|id| opened.contains(id)).collect(),
                    });
                }
            }
            Err(engine::Error::NotFound { .. }) => return Ok(None),
            Err(error) => return Err(error),
        }
        Ok(Some(Filter {
            acs_system_id: system,
            ids,
            search: self.search,
            space_id: self.space,
            customer_key: self.customer_key,
            sight: caller.sight().cloned(),
        }))
    }

    /// The doors of the credential, the grant and the method that were named.
    fn opened(
        &self,
        tx: &mut Tx<'_>,
        caller: &Caller,
        now: Timestamp,
    ) -> Result<Vec<BTreeSet<EntranceId>>, engine::Error> {
        let mut sets = Vec::new();
        if let Some(credential) = self.credential {
            let view = engine::credentials::find(tx, caller, credential, now)?;
            sets.push(view.doors.into_iter().map(|door| door.id).collect());
        }
        let mut grants: Vec<AccessGrantId> = self.grant.into_iter().collect();
        if let Some(method) = self.method {
            grants.push(engine::access_methods::named(tx, caller, method)?.access_grant_id);
        }
        for grant in grants {
            let view = engine::access_grants::find(tx, caller, &By::Id(grant))?;
            sets.push(view.doors.into_iter().map(|door| door.entrance_id).collect());
        }
        Ok(sets)
    }
}
