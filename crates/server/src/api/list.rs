//! What lists share: the bounds of their filters, and the page as the store wants it.

use domain::id::SpaceId;

use crate::{
    adapter::{
        Error,
        field::{Id, Nullable},
        page::Page,
    },
    api::id,
};

/// Longest text that is searched for, in characters. Databases refuse patterns that are much longer.
pub const LONGEST_SEARCH: usize = 500;

/// Most ids that one filter names. Databases bind a limited number of values per query.
pub const MOST_IDS: usize = 10_000;

/// The page as the store loads it: one row more than is shown.
pub fn stored_page(page: &Page<'_>) -> store::page::Page {
    store::page::Page {
        limit: i64::from(page.rows_to_fetch()),
        after: page.after.as_ref().map(|last| (last.created_at, last.id.clone())),
    }
}

/// Several ids; the schema has checked their form.
///
/// # Errors
/// 500 when the schema did not.
pub fn ids<Kind>(given: &[Id]) -> Result<Vec<domain::Id<Kind>>, Error> {
    given.iter().map(id::of).collect()
}

/// The ids that both `id` and `ids` leave, where the API has a parameter for one and one for several. None: no filter.
///
/// # Errors
/// 500 when the schema did not check their form.
pub fn one_or_several<Kind: PartialEq>(
    one: Option<&Id>,
    several: Option<&[Id]>,
) -> Result<Option<Vec<domain::Id<Kind>>>, Error> {
    let several = several.map(ids::<Kind>).transpose()?;
    let one = id::of_optional::<Kind>(one)?;
    Ok(match (one, several) {
        (None, several) => several,
        (Some(one), None) => Some(vec![one]),
        (Some(one), Some(several)) => Some(if several.contains(&one) { vec![one] } else { Vec::new() }),
    })
}

/// The space that `space_id` and its older name leave; inner none: of no space. Outer none: no filter.
///
/// # Errors
/// 400 when the two names contradict each other, 500 when the schema did not check their form.
pub fn space(space_id: Option<&Id>, older: &str, location: &Nullable<Id>) -> Result<Option<Option<SpaceId>>, Error> {
    match (space_id, location) {
        (None, Nullable::Absent) => Ok(None),
        (None, Nullable::Null) => Ok(Some(None)),
        (Some(id), Nullable::Absent) | (None, Nullable::Value(id)) => Ok(Some(Some(id::of(id)?))),
        (Some(id), Nullable::Value(location)) if id == location => Ok(Some(Some(id::of(id)?))),
        (Some(_), _) => {
            Err(Error::invalid_input(format!("{older} is the older name of space_id; provide one of them")))
        }
    }
}
