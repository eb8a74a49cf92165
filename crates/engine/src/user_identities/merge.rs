//! Two records of one person become one.

use domain::Moment;
use serde_json::json;
use store::{
    Tx, access_grants, client_sessions, enrollment_automations, instant_keys,
    merged_user_identities::{self, Merged},
    phones,
    user_identities::{self, By, UserIdentity},
    users,
};

use super::find;
use crate::{Caller, Error};

/// Merges persons into one, who gets their users, phones, sessions and enrolments, and the email address and phone number that
/// were missing. Their ids and keys keep resolving (`spec/api.md 2.7`). Whoever was merged before is passed over.
///
/// Users and phones change hands together, so every key stays where it is and the phones of all get the keys of all
/// (P3).
///
/// # Errors
/// When one is unknown or being deleted, or both have a user at one site; nothing is merged then.
pub fn merge(
    tx: &mut Tx<'_>,
    moment: &mut Moment,
    caller: &Caller,
    primary: &By,
    merged: &[By],
    field: &'static str,
) -> Result<(), Error> {
    let mut target = find(tx, caller, primary)?;
    refuse_ending(&target)?;
    for by in merged {
        let source = find(tx, caller, by)?;
        if source.id == target.id {
            if names(by, &target) {
                return Err(Error::invalid(field, "a person cannot be merged into the same person; name others"));
            }
            continue;
        }
        refuse_ending(&source)?;
        take_over(tx, moment, &mut target, &source)?;
        let detail = json!({ "merged_user_identity_id": source.id });
        caller.note(tx, moment, "user_identity.merge", target.id, detail)?;
    }
    for user in users::of_identity(tx, target.id)? {
        crate::users::look_at_credentials_of(tx, moment, user.id)?;
    }
    Ok(())
}

/// Whether this is the person's own id or key, not one of before a merge.
fn names(by: &By, person: &UserIdentity) -> bool {
    match by {
        By::Id(id) => *id == person.id,
        By::Key(key) => person.user_identity_key.as_ref() == Some(key),
        By::Email(_) | By::Phone(_) => true,
    }
}

fn refuse_ending(person: &UserIdentity) -> Result<(), Error> {
    match person.deleting_at {
        Some(_) => Err(Error::Conflict {
            message: format!("the user identity {} is being deleted and cannot be merged", person.id),
        }),
        None => Ok(()),
    }
}

fn take_over(
    tx: &mut Tx<'_>,
    moment: &mut Moment,
    target: &mut UserIdentity,
    source: &UserIdentity,
) -> Result<(), Error> {
    let sites: Vec<_> = users::of_identity(tx, target.id)?.into_iter().map(|user| user.acs_system_id).collect();
    for user in users::of_identity(tx, source.id)? {
        if sites.contains(&user.acs_system_id) {
            return Err(Error::Conflict {
                message: format!(
                    "both persons have a user in system {}; remove the ACS user {} from its person first",
                    user.acs_system_id, user.id
                ),
            });
        }
        users::set_identity(tx, user.id, Some(target.id))?;
    }
    access_grants::hand_over(tx, source.id, target.id)?;
    phones::hand_over(tx, source.id, target.id)?;
    instant_keys::hand_over(tx, source.id, target.id)?;
    let of_source =
        client_sessions::Filter { user_identity_id: Some(Some(source.id)), ..client_sessions::Filter::default() };
    for session in client_sessions::list(tx, source.workspace_id, &of_source)? {
        client_sessions::set_identity(tx, session.id, target.id)?;
    }
    let enrolled: Vec<_> = enrollment_automations::of_identity(tx, target.id)?
        .into_iter()
        .map(|automation| automation.credential_manager_id)
        .collect();
    for automation in enrollment_automations::of_identity(tx, source.id)? {
        if enrolled.contains(&automation.credential_manager_id) {
            crate::enrollment_automations::remove(tx, moment, &automation)?;
        } else {
            enrollment_automations::set_identity(tx, automation.id, target.id)?;
        }
    }
    // First, so that email address and phone number are free.
    user_identities::set_deleted(tx, source.id, moment.now)?;
    if target.email_address.is_none() || target.phone_number.is_none() {
        target.email_address = target.email_address.take().or_else(|| source.email_address.clone());
        target.phone_number = target.phone_number.take().or_else(|| source.phone_number.clone());
        user_identities::update(tx, target)?;
    }
    let note = Merged {
        id: source.id,
        workspace_id: source.workspace_id,
        into_id: target.id,
        user_identity_key: source.user_identity_key.clone(),
        merged_at: moment.now,
    };
    Ok(merged_user_identities::insert(tx, &note)?)
}
