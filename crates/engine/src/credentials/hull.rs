//! The windows of tenancies: the hull of their members' (design 6).

use std::collections::BTreeMap;

use domain::{
    Window,
    id::{CredentialId, EntranceId, StayId},
};
use jiff::Timestamp;
use store::{Tx, credentials, stays};

use crate::Error;

/// Fits the tenancies of a credential's stays to the members that are left. A tenancy without any ends now: nobody
/// can auto-join it, and it is no double booking.
pub(crate) fn refit(tx: &mut Tx<'_>, holder: CredentialId, now: Timestamp) -> Result<(), Error> {
    let doors = credentials::doors_of(tx, &[holder])?;
    let stay_ids: Vec<StayId> = doors.iter().filter_map(|door| door.stay_id).collect();
    let mut members = credentials::in_stays(tx, &stay_ids)?;
    members.retain(|member| member.deleting_at.is_none() && member.revoked_at.is_none());
    let ids: Vec<CredentialId> = members.iter().map(|member| member.id).collect();
    let mut hulls: BTreeMap<(StayId, EntranceId), Window> = BTreeMap::new();
    for door in credentials::doors_of(tx, &ids)? {
        let member = members.iter().find(|member| member.id == door.credential_id);
        let (Some(stay), Some(member)) = (door.stay_id, member) else { continue };
        let window = Window { starts_at: member.starts_at, ends_at: member.ends_at };
        hulls.entry((stay, door.entrance_id)).and_modify(|hull| *hull = hull.hull(&window)).or_insert(window);
    }
    for tenancy in stays::tenancies_of(tx, &stay_ids)? {
        let present = tenancy.tenancy().window;
        let over = Window { starts_at: present.starts_at.min(now), ends_at: present.ends_at.min(now) };
        let hull = hulls.get(&(tenancy.stay_id, tenancy.entrance_id)).copied().unwrap_or(over);
        if hull != present {
            stays::set_window(tx, tenancy.stay_id, tenancy.entrance_id, hull)?;
        }
    }
    Ok(())
}
