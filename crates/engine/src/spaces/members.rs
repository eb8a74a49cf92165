//! What belongs to a space.

use std::collections::BTreeSet;

use domain::{
    Moment,
    id::{ConnectedAccountId, EntranceId, PhoneId, SpaceId},
};
use serde_json::json;
use store::{
    Tx, entrances, phones, space_members,
    spaces::{By, Space},
    systems,
};

use super::find;
use crate::{Caller, Error, Noun, event};

/// Doors, phones and accounts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Members {
    /// Doors.
    pub entrances: Vec<EntranceId>,
    /// Phones.
    pub devices: Vec<PhoneId>,
    /// Accounts.
    pub accounts: Vec<ConnectedAccountId>,
}

impl Members {
    /// That each of them is one of the caller's workspace.
    pub(super) fn refuse_unknown(&self, tx: &mut Tx<'_>, caller: &Caller) -> Result<(), Error> {
        let doors = entrances::by_ids(tx, &self.entrances)?;
        let known: BTreeSet<EntranceId> = doors
            .into_iter()
            .filter(|door| door.workspace_id == caller.workspace_id && door.removed_at.is_none())
            .filter(|door| caller.sees_entrance(door))
            .map(|door| door.id)
            .collect();
        if let Some(id) = self.entrances.iter().find(|id| !known.contains(id)) {
            return Err(Error::not_found(Noun::AcsEntrance, id));
        }
        for id in &self.devices {
            phones::find(tx, caller.workspace_id, *id)?
                .filter(|phone| caller.sees_phone(phone))
                .ok_or_else(|| Error::not_found(Noun::Phone, id))?;
        }
        if !self.accounts.is_empty() {
            let systems = systems::list(tx, caller.workspace_id)?;
            let is_known = |id: &ConnectedAccountId| {
                caller.sees_account(*id) && systems.iter().any(|system| system.connected_account_id == *id)
            };
            if let Some(id) = self.accounts.iter().find(|id| !is_known(id)) {
                return Err(Error::not_found(Noun::ConnectedAccount, id));
            }
        }
        Ok(())
    }

    /// Writes those that are not there yet; true when there were any.
    pub(super) fn write(&self, tx: &mut Tx<'_>, space: SpaceId, present: &Self) -> Result<bool, Error> {
        let mut is_changed = false;
        for id in new(&self.entrances, &present.entrances) {
            space_members::add_entrance(tx, space, id)?;
            is_changed = true;
        }
        for id in new(&self.devices, &present.devices) {
            space_members::add_device(tx, space, id)?;
            is_changed = true;
        }
        for id in new(&self.accounts, &present.accounts) {
            space_members::add_account(tx, space, id)?;
            is_changed = true;
        }
        Ok(is_changed)
    }
}

/// Those that are not among the present ones, each once.
fn new<Id: Copy + Ord>(asked: &[Id], present: &[Id]) -> BTreeSet<Id> {
    asked.iter().filter(|id| !present.contains(id)).copied().collect()
}

/// What belongs to a space now, oldest first.
///
/// # Errors
/// When storage fails.
pub fn members_of(tx: &mut Tx<'_>, space: SpaceId) -> Result<Members, Error> {
    fn second<First, Second>(pairs: Vec<(First, Second)>) -> Vec<Second> {
        pairs.into_iter().map(|(_, second)| second).collect()
    }
    Ok(Members {
        entrances: second(space_members::entrances(tx, &[space])?),
        devices: second(space_members::devices(tx, &[space])?),
        accounts: second(space_members::accounts(tx, &[space])?),
    })
}

/// Adds to a space. What belongs to it already stays.
///
/// # Errors
/// When the space or one of the members is unknown; nothing is stored then.
pub fn add(tx: &mut Tx<'_>, moment: &mut Moment, caller: &Caller, id: SpaceId, added: &Members) -> Result<(), Error> {
    let space = find(tx, caller, &By::Id(id))?;
    added.refuse_unknown(tx, caller)?;
    let present = members_of(tx, id)?;
    if added.write(tx, id, &present)? {
        report_change(tx, moment, caller, &space)?;
    }
    Ok(())
}

/// Takes from a space. What does not belong to it does no harm.
///
/// # Errors
/// When the space is unknown.
pub fn remove(
    tx: &mut Tx<'_>,
    moment: &mut Moment,
    caller: &Caller,
    id: SpaceId,
    removed: &Members,
) -> Result<(), Error> {
    let space = find(tx, caller, &By::Id(id))?;
    let present = members_of(tx, id)?;
    // Only what is seen to belong to it: a phone that is no more has left it already, and nobody hears of it again.
    let gone = Members {
        entrances: among(&removed.entrances, &present.entrances),
        devices: among(&removed.devices, &present.devices),
        accounts: among(&removed.accounts, &present.accounts),
    };
    if gone == Members::default() {
        return Ok(());
    }
    space_members::remove_entrances(tx, id, &gone.entrances)?;
    space_members::remove_devices(tx, id, &gone.devices)?;
    space_members::remove_accounts(tx, id, &gone.accounts)?;
    report_change(tx, moment, caller, &space)
}

/// Those of the named ids that are present.
fn among<T: Copy + PartialEq>(named: &[T], present: &[T]) -> Vec<T> {
    named.iter().filter(|id| present.contains(id)).copied().collect()
}

/// Reports that other things belong to a space now.
pub(super) fn report_change(tx: &mut Tx<'_>, moment: &mut Moment, caller: &Caller, space: &Space) -> Result<(), Error> {
    let members = members_of(tx, space.id)?;
    event::space(tx, moment, "space.device_membership_changed", space, &members)?;
    let detail = json!({
        "acs_entrance_ids": members.entrances,
        "device_ids": members.devices,
        "connected_account_ids": members.accounts,
    });
    caller.note(tx, moment, "space.change_members", space.id, detail)
}
