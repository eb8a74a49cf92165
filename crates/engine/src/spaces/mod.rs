//! Spaces: rooms, suites, floors and the like under a name of the caller's own, with the doors that belong to them.
//!
//! A space grants nothing by itself. Whoever is granted a space gets the doors that it has at that moment
//! (`spec/api.md 4.19`); what is added later is not granted to them.

mod change;
mod customer_data;
mod members;

pub use change::{Create, Update, create, delete, update};
pub use customer_data::CustomerData;
pub use members::{Members, add, members_of, remove};

use domain::id::{EntranceId, SpaceId};
use store::{
    Tx, space_members,
    spaces::{self, By, Space},
};

use crate::{Caller, Error, Noun};

/// A space of the caller's workspace.
///
/// # Errors
/// When there is none, or storage fails.
pub fn find(tx: &mut Tx<'_>, caller: &Caller, by: &By) -> Result<Space, Error> {
    let found = spaces::find(tx, caller.workspace_id, by)?;
    found.filter(|space| caller.sees_customer(space.customer_key.as_deref())).ok_or_else(|| match by {
        By::Id(id) => Error::not_found(Noun::Space, id),
        By::Key(key) => Error::not_found(Noun::Space, key),
    })
}

/// Spaces, and the doors that belong to them now.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Expanded {
    /// The spaces, each once.
    pub spaces: Vec<SpaceId>,
    /// Their doors, each once.
    pub entrances: Vec<EntranceId>,
}

/// What somebody who is granted these spaces gets.
///
/// # Errors
/// When one of the spaces is unknown.
pub fn expand(tx: &mut Tx<'_>, caller: &Caller, ids: &[SpaceId], keys: &[String]) -> Result<Expanded, Error> {
    let mut expanded = Expanded::default();
    let named = ids.iter().map(|id| By::Id(*id)).chain(keys.iter().map(|key| By::Key(key.clone())));
    for by in named {
        let space = find(tx, caller, &by)?;
        if !expanded.spaces.contains(&space.id) {
            expanded.spaces.push(space.id);
        }
    }
    let doors = space_members::entrances(tx, &expanded.spaces)?;
    for space in &expanded.spaces {
        for (_, door) in doors.iter().filter(|(of, _)| of == space) {
            if !expanded.entrances.contains(door) {
                expanded.entrances.push(*door);
            }
        }
    }
    Ok(expanded)
}
