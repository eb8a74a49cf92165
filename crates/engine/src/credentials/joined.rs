//! The credentials that a new one joins (`spec/api.md 4.6`).

use std::collections::{BTreeMap, BTreeSet};

use domain::{Window, id::CredentialId, joining::Target};
use jiff::Timestamp;
use store::{
    Tx, carriers,
    credentials::{self, Credential},
    systems::AcsSystem,
};

use super::{Joiner, doors};
use crate::{Caller, Error};

const FIELD: &str = "visionline_metadata.joiner_acs_credential_ids";

/// The named credentials, each once, in the order in which they were named.
pub(super) fn find(
    tx: &mut Tx<'_>,
    caller: &Caller,
    system: &AcsSystem,
    named: &[Joiner],
    now: Timestamp,
) -> Result<Vec<Credential>, Error> {
    let mut found: Vec<Credential> = Vec::with_capacity(named.len());
    for joiner in named {
        let credential = match joiner {
            Joiner::Credential(id) => credentials::find(tx, caller.workspace_id, *id)?,
            Joiner::Card(card_id) => match carriers::by_card_id(tx, system.id, card_id)? {
                Some(carrier) => credentials::find(tx, caller.workspace_id, carrier.credential_id)?,
                None => None,
            },
        };
        let name = match joiner {
            Joiner::Credential(id) => id.to_string(),
            Joiner::Card(card_id) => card_id.clone(),
        };
        let Some(credential) = credential else {
            return Err(Error::invalid(
                FIELD,
                format!("there is no credential {name}; list_credentials_with_access names those that can be joined"),
            ));
        };
        if let Some(why) = unfit(&credential, system, now) {
            let message = format!("credential {name} cannot be joined: {why}");
            return Err(Error::invalid(FIELD, message));
        }
        if found.iter().all(|other| other.id != credential.id) {
            found.push(credential);
        }
    }
    Ok(found)
}

fn unfit(credential: &Credential, system: &AcsSystem, now: Timestamp) -> Option<&'static str> {
    if credential.acs_system_id != system.id {
        Some("it belongs to another system; join credentials of the same system")
    } else if credential.deleting_at.is_some() {
        Some("it is being deleted; join another credential of the stay")
    } else if credential.revoked_at.is_some() {
        Some("its owner's access was revoked; join another credential of the stay")
    } else if credential.invalidated_at.is_some() {
        Some("a newer stay has taken its doors; join a credential that is valid")
    } else if credential.ends_at <= now {
        Some("it has expired; join a credential that is valid")
    } else {
        None
    }
}

/// Those that share some time with the new credential. The guides join every valid credential of a door, and among them
/// may be one of a later booking, which the new key never meets. All of them if none shares any: the rules refuse that.
pub(super) fn met(joiners: &[Credential], window: Window) -> Vec<Credential> {
    let of = |joiner: &Credential| Window { starts_at: joiner.starts_at, ends_at: joiner.ends_at };
    let met: Vec<Credential> = joiners.iter().filter(|joiner| of(joiner).overlaps(&window)).cloned().collect();
    if met.is_empty() { joiners.to_vec() } else { met }
}

/// What the rules need to know of them: a child opens the doors of its parent.
pub(super) fn targets(tx: &mut Tx<'_>, joiners: &[Credential]) -> Result<Vec<Target>, Error> {
    let holder = |joiner: &Credential| joiner.parent_id.unwrap_or(joiner.id);
    let holders: BTreeSet<CredentialId> = joiners.iter().map(holder).collect();
    let doors = credentials::doors_of(tx, &holders.into_iter().collect::<Vec<_>>())?;
    let lost = doors::lost(tx, &doors)?;
    Ok(joiners
        .iter()
        .map(|joiner| Target {
            credential: joiner.id,
            window: Window { starts_at: joiner.starts_at, ends_at: joiner.ends_at },
            guest_doors: doors
                .iter()
                .filter(|door| door.credential_id == holder(joiner))
                .filter_map(|door| Some((door.entrance_id, door.stay_id?)))
                .filter(|door| !lost.contains(door))
                .collect::<BTreeMap<_, _>>(),
        })
        .collect())
}
