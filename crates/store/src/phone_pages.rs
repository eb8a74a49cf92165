//! Phones page by page, as devices are listed (`spec/api.md 2.15`).

use diesel::prelude::*;
use domain::id::{AcsSystemId, PhoneId, SpaceId, UserIdentityId, WorkspaceId};
use jiff::Timestamp;

use crate::{
    Error, Tx,
    column::microseconds,
    custom_metadata::{Has, carrying, naming},
    page::{Page, containing, lower},
    phones::Phone,
    schema::{endpoints, phones, space_devices, spaces},
};

/// Which phones to list; the parts combine with AND.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Only these.
    pub ids: Option<Vec<PhoneId>>,
    /// Only this person's.
    pub owner: Option<UserIdentityId>,
    /// Only these types.
    pub device_types: Option<Vec<String>>,
    /// Only those with an endpoint at one of these credential managers.
    pub managers: Option<Vec<AcsSystemId>>,
    /// Only those in this space; inner none: in no space.
    pub space_id: Option<Option<SpaceId>>,
    /// Only those in spaces of this customer.
    pub customer_key: Option<String>,
    /// Only those that carry these words.
    pub custom_metadata: Has,
    /// Only those made before.
    pub created_before: Option<Timestamp>,
    /// Only those whose model, nickname or id holds this text, in any letter case.
    pub search: Option<String>,
}

/// A page of the workspace's live phones, oldest first.
///
/// # Errors
/// When the query fails.
pub fn list(tx: &mut Tx<'_>, workspace_id: WorkspaceId, filter: &Filter, page: Page) -> Result<Vec<Phone>, Error> {
    use phones::{created_at, device_type, display_name, id, nickname};
    let mut query = phones::table
        .filter(phones::workspace_id.eq(workspace_id.to_string()))
        .filter(phones::deactivated_at.is_null())
        .order((created_at, id))
        .limit(page.limit)
        .into_boxed();
    for (name, values) in filter.custom_metadata.pairs() {
        query = match values {
            Some(values) => query.filter(id.eq_any(carrying(name, values))),
            None => query.filter(id.ne_all(naming(name))),
        };
    }
    if let Some(ids) = &filter.ids {
        query = query.filter(id.eq_any(ids.iter().map(ToString::to_string).collect::<Vec<_>>()));
    }
    if let Some(owner) = filter.owner {
        query = query.filter(phones::user_identity_id.eq(owner.to_string()));
    }
    if let Some(types) = &filter.device_types {
        query = query.filter(device_type.eq_any(types.clone()));
    }
    if let Some(managers) = &filter.managers {
        let managers = managers.iter().map(ToString::to_string).collect::<Vec<_>>();
        let there =
            endpoints::table.filter(endpoints::credential_manager_id.eq_any(managers)).select(endpoints::phone_id);
        query = query.filter(id.eq_any(there));
    }
    let in_spaces = || {
        space_devices::table
            .inner_join(spaces::table.on(spaces::id.eq(space_devices::space_id)))
            .filter(spaces::deleted_at.is_null())
    };
    match filter.space_id {
        None => {}
        Some(Some(space)) => {
            let of_it = in_spaces().filter(spaces::id.eq(space.to_string())).select(space_devices::device_id);
            query = query.filter(id.eq_any(of_it));
        }
        Some(None) => query = query.filter(id.ne_all(in_spaces().select(space_devices::device_id))),
    }
    if let Some(customer) = &filter.customer_key {
        let of_it = in_spaces().filter(spaces::customer_key.eq(customer.clone())).select(space_devices::device_id);
        query = query.filter(id.eq_any(of_it));
    }
    if let Some(before) = filter.created_before {
        query = query.filter(created_at.lt(microseconds(before)));
    }
    if let Some(search) = &filter.search {
        let holds = || containing(search);
        query = query.filter(
            lower(id.nullable())
                .like(holds())
                .escape('\\')
                .or(lower(display_name.nullable()).like(holds()).escape('\\'))
                .or(lower(nickname).like(holds()).escape('\\')),
        );
    }
    if let Some((after_created_at, after_id)) = page.after_columns() {
        query = query.filter(created_at.gt(after_created_at).or(created_at.eq(after_created_at).and(id.gt(after_id))));
    }
    query.load(tx.connection).map_err(Error::during("list phones by page"))
}
