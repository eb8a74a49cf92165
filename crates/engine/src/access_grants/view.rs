//! How grants look from outside.

use std::collections::BTreeMap;

use domain::id::{AccessGrantId, EntranceId, SpaceId};
use store::{
    Tx,
    access_grants::{self, AccessGrant, By, Filter, GrantDoor},
    page::Page,
};

use crate::{Caller, Error, Noun, access_methods};

/// A grant with what the API shows of it.
#[derive(Debug, Clone)]
pub struct View {
    /// The row.
    pub grant: AccessGrant,
    /// Its doors, in the order in which they were named.
    pub doors: Vec<GrantDoor>,
    /// The spaces that were named.
    pub space_ids: Vec<SpaceId>,
    /// Its methods that are not gone, oldest first.
    pub methods: Vec<access_methods::View>,
    /// The rooms at which another party is booked for the same time; looked for when methods are added or times
    /// change.
    pub double_booked: Vec<EntranceId>,
}

/// A grant of the caller's workspace, as a row.
///
/// # Errors
/// When there is none, or storage fails.
pub fn named(tx: &mut Tx<'_>, caller: &Caller, by: &By) -> Result<AccessGrant, Error> {
    let found = access_grants::find(tx, caller.workspace_id, by)?;
    found.filter(|grant| caller.sees_grant(grant)).ok_or_else(|| {
        let sought = match by {
            By::Id(id) => id.to_string(),
            By::Key(key) => key.clone(),
        };
        Error::not_found(Noun::AccessGrant, sought)
    })
}

/// A grant of the caller's workspace.
///
/// # Errors
/// When there is none, or storage fails.
pub fn find(tx: &mut Tx<'_>, caller: &Caller, by: &By) -> Result<View, Error> {
    let grant = named(tx, caller, by)?;
    let id = grant.id;
    views(tx, vec![grant])?.pop().ok_or_else(|| Error::not_found(Noun::AccessGrant, id))
}

/// A page of the caller's grants.
///
/// # Errors
/// When storage fails.
pub fn list(tx: &mut Tx<'_>, caller: &Caller, filter: &Filter, page: Page) -> Result<Vec<View>, Error> {
    let filter = Filter { sight: caller.sight().cloned(), ..filter.clone() };
    let rows = access_grants::list(tx, caller.workspace_id, &filter, page)?;
    views(tx, rows)
}

/// Rows that are shown at once: engines bind a limited number of values per query.
const ROWS_AT_ONCE: usize = 1_000;

fn views(tx: &mut Tx<'_>, mut rows: Vec<AccessGrant>) -> Result<Vec<View>, Error> {
    let mut views = Vec::with_capacity(rows.len());
    while !rows.is_empty() {
        let rest = rows.split_off(rows.len().min(ROWS_AT_ONCE));
        let ids: Vec<AccessGrantId> = rows.iter().map(|row| row.id).collect();
        let mut doors: BTreeMap<AccessGrantId, Vec<GrantDoor>> = BTreeMap::new();
        for door in access_grants::doors_of(tx, &ids)? {
            doors.entry(door.access_grant_id).or_default().push(door);
        }
        let mut spaces: BTreeMap<AccessGrantId, Vec<SpaceId>> = BTreeMap::new();
        for (grant, space) in access_grants::spaces_of(tx, &ids)? {
            spaces.entry(grant).or_default().push(space);
        }
        let mut methods: BTreeMap<AccessGrantId, Vec<access_methods::View>> = BTreeMap::new();
        let of_grants = store::access_methods::of_grants(tx, &ids)?;
        for method in access_methods::views(tx, of_grants)? {
            methods.entry(method.method.access_grant_id).or_default().push(method);
        }
        views.extend(std::mem::replace(&mut rows, rest).into_iter().map(|grant| View {
            doors: doors.remove(&grant.id).unwrap_or_default(),
            space_ids: spaces.remove(&grant.id).unwrap_or_default(),
            methods: methods.remove(&grant.id).unwrap_or_default(),
            double_booked: Vec::new(),
            grant,
        }));
    }
    Ok(views)
}
