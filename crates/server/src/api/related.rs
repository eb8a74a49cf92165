//! What the routes that get related things have in common (`spec/api.md 1.11`).

use std::collections::BTreeSet;

use domain::id::{AcsSystemId, ConnectedAccountId, EntranceId, SpaceId};
use engine::{Caller, Error, connecting};
use store::{
    Tx, connected_accounts,
    entrances::{self, Entrance},
    page::Page,
    spaces, systems,
};

use super::{
    acs::systems::resource::{self as system, AcsSystem},
    connected_accounts::resource::{self as account, ConnectedAccount},
    spaces::resource::{self as space, Space},
};

/// Which kinds of things are asked for.
pub struct Wanted<Kind> {
    /// Only these; all if absent.
    pub include: Option<Vec<Kind>>,
    /// None of these, whatever is included.
    pub exclude: Vec<Kind>,
}

impl<Kind: PartialEq> Wanted<Kind> {
    /// What `work` makes, where this kind is asked for.
    ///
    /// # Errors
    /// Those of `work`.
    pub fn then<T>(&self, kind: &Kind, work: impl FnOnce() -> Result<T, Error>) -> Result<Option<T>, Error> {
        let is_included = self.include.as_ref().is_none_or(|kinds| kinds.contains(kind));
        if is_included && !self.exclude.contains(kind) { work().map(Some) } else { Ok(None) }
    }
}

/// The doors with these ids, each once.
///
/// # Errors
/// When storage fails.
pub fn doors(tx: &mut Tx<'_>, ids: impl IntoIterator<Item = EntranceId>) -> Result<Vec<Entrance>, Error> {
    let ids: BTreeSet<EntranceId> = ids.into_iter().collect();
    Ok(entrances::by_ids(tx, &ids.into_iter().collect::<Vec<_>>())?)
}

/// The access systems of doors.
///
/// # Errors
/// When storage fails.
pub fn systems_of(tx: &mut Tx<'_>, caller: &Caller, doors: &[Entrance]) -> Result<Vec<AcsSystem>, Error> {
    let named = system_ids(doors);
    let mut shown = Vec::new();
    for row in systems::list(tx, caller.workspace_id)?.into_iter().filter(|row| named.contains(&row.id)) {
        shown.push(system::shown(tx, row)?);
    }
    Ok(shown)
}

/// The connected accounts of the systems of doors, and further ones; those that the caller sees.
///
/// # Errors
/// When storage fails.
pub fn accounts_of(
    tx: &mut Tx<'_>,
    caller: &Caller,
    doors: &[Entrance],
    further: impl IntoIterator<Item = ConnectedAccountId>,
) -> Result<Vec<ConnectedAccount>, Error> {
    let systems: Vec<AcsSystemId> = system_ids(doors).into_iter().collect();
    let mut ids: BTreeSet<ConnectedAccountId> =
        systems::accounts_of(tx, &systems)?.into_iter().map(|(_, account)| account).collect();
    ids.extend(further);
    let filter = connected_accounts::Filter { ids: Some(ids.into_iter().collect()), ..Default::default() };
    let found = connecting::list_accounts(tx, caller, &filter, Page::whole())?;
    account::shown(tx, found)
}

/// The spaces with these ids, each once.
///
/// # Errors
/// When storage fails.
pub fn spaces(tx: &mut Tx<'_>, caller: &Caller, ids: impl IntoIterator<Item = SpaceId>) -> Result<Vec<Space>, Error> {
    let ids: BTreeSet<SpaceId> = ids.into_iter().collect();
    let rows = spaces::by_ids(tx, caller.workspace_id, &ids.into_iter().collect::<Vec<_>>())?;
    space::shown(tx, caller, rows)
}

fn system_ids(doors: &[Entrance]) -> BTreeSet<AcsSystemId> {
    doors.iter().map(|door| door.acs_system_id).collect()
}
