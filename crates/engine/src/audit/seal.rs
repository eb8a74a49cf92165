//! Linking new lines into the chain of their workspace.

use std::collections::BTreeMap;

use store::{
    Tx,
    audit::{self, Head},
};

use super::chain::hash;
use crate::Error;

/// Seals the oldest lines that are not sealed yet, at most so many. Answers how many there were.
///
/// Lines of one workspace are linked one after the other behind the noted end of its chain. Two programs that do so at
/// once on PostgreSQL overtake each other there, and the slower one starts over.
///
/// # Errors
/// When storage fails.
pub fn seal(tx: &mut Tx<'_>, limit: u32) -> Result<usize, Error> {
    let rows = audit::unsealed(tx, i64::from(limit))?;
    let mut ends: BTreeMap<&str, (Head, bool)> = BTreeMap::new();
    for row in &rows {
        let (end, _) = match ends.entry(&row.workspace_id) {
            std::collections::btree_map::Entry::Occupied(there) => there.into_mut(),
            std::collections::btree_map::Entry::Vacant(place) => {
                let noted = audit::head(tx, &row.workspace_id)?;
                let is_first = noted.is_none();
                place.insert((noted.unwrap_or_default(), is_first))
            }
        };
        let sequence = end.sequence + 1;
        let hash = hash(&end.hash, sequence, row);
        audit::seal(tx, &row.id, sequence, &hash)?;
        *end = Head { sequence, hash };
    }
    for (workspace_id, (end, is_first)) in &ends {
        audit::set_head(tx, workspace_id, end, *is_first)?;
    }
    Ok(rows.len())
}
