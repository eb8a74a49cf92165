//! Pushed stays beside which another party is booked (design 6).

use domain::{Moment, id::EntranceId};
use store::{Tx, access_grants as grants, customers, customers::Name};

use crate::{Caller, Error, access_grants::booked_twice, credentials::doors::unique};

/// The rooms of a pushed stay at which another party is booked for some of the same time.
///
/// # Errors
/// When storage fails.
pub fn double_booked(tx: &mut Tx<'_>, moment: &Moment, caller: &Caller, stay: &Name) -> Result<Vec<EntranceId>, Error> {
    let ids: Vec<_> =
        customers::grants_of(tx, caller.workspace_id, stay)?.into_iter().map(|(_, grant)| grant).collect();
    let mut rooms = Vec::new();
    for grant in grants::by_ids(tx, &ids)? {
        if grant.deleting_at.is_none() {
            rooms.extend(booked_twice(tx, &grant, moment.now)?);
        }
    }
    Ok(unique(rooms))
}
