//! Cards that open more than their keys have by now.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    id::{CarrierId, CredentialId, EntranceId},
    plan::{Key, Wish},
};
use store::{Tx, carriers::Carrier, credentials::CredentialDoor, entrances};

use crate::Error;

/// The carriers that open a common door which was taken from their key. Only those of keys that have lost their rooms and
/// were changed are looked at: others are made anew, which puts their doors right.
pub(super) fn with_a_taken_door(
    tx: &mut Tx<'_>,
    carriers: &BTreeMap<CarrierId, Carrier>,
    keys: &[Key],
    doors_of: impl Fn(CredentialId) -> Vec<CredentialDoor>,
) -> Result<BTreeSet<CarrierId>, Error> {
    let mut found = BTreeSet::new();
    for carrier in carriers.values() {
        let key = keys.iter().find(|key| key.id == carrier.credential_id);
        let is_kept = |key: &&Key| key.wish == Wish::Keep && key.guest.is_empty() && carrier.revision < key.revision;
        let Some(key) = key.filter(is_kept) else { continue };
        let ids: Vec<EntranceId> = doors_of(key.id).into_iter().map(|door| door.entrance_id).collect();
        let rows = entrances::by_ids(tx, &ids)?;
        let mut opened = carrier.request["common_doors"].as_array().into_iter().flatten();
        if opened.any(|name| rows.iter().all(|row| name.as_str() != Some(row.door_name.as_str()))) {
            found.insert(carrier.id);
        }
    }
    Ok(found)
}
