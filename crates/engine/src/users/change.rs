//! Changing a user, and its end.

use domain::{Moment, id::AcsUserId};
use serde_json::{Value, json};
use store::{
    Tx, credentials, systems,
    users::{self, AcsUser},
};

use super::find;
use crate::{Caller, Error, When, audit::personal, credentials::end, event, user_identities};

/// What is to be changed; parts that are none stay.
#[derive(Debug, Clone, Default)]
pub struct Update {
    /// Name.
    pub full_name: Option<String>,
    /// Email address.
    pub email_address: Option<String>,
    /// Phone number.
    pub phone_number: Option<String>,
    /// Access schedule: inner none clears it.
    pub access_schedule: Option<Option<(Option<When>, Option<When>)>>,
}

/// Changes a user.
///
/// # Errors
/// When there is no such user, or the schedule cannot be used.
pub fn update(
    tx: &mut Tx<'_>,
    moment: &mut Moment,
    caller: &Caller,
    id: AcsUserId,
    asked: &Update,
) -> Result<(), Error> {
    let mut user = find(tx, caller, id)?;
    let before = shown(&user);
    if let Some(name) = &asked.full_name {
        user.full_name = Some(name.clone());
    }
    if let Some(email) = &asked.email_address {
        user.email_address = Some(email.clone());
    }
    if let Some(phone) = &asked.phone_number {
        user.phone_number = Some(phone.clone());
    }
    if let Some(schedule) = asked.access_schedule {
        let system = systems::get(tx, user.acs_system_id)?;
        (user.access_starts_at, user.access_ends_at) = super::schedule(schedule, &system, moment.now)?;
    }
    users::update(tx, &user)?;
    caller.note_change(tx, moment, "acs_user.update", id, before, shown(&user))
}

/// A user as the audit log has it: without personal data.
pub(crate) fn shown(user: &AcsUser) -> Value {
    json!({
        "acs_system_id": user.acs_system_id,
        "user_identity_id": user.user_identity_id,
        "full_name": personal(user.id, user.full_name.as_deref()),
        "email_address": personal(user.id, user.email_address.as_deref()),
        "phone_number": personal(user.id, user.phone_number.as_deref()),
        "access_starts_at": user.access_starts_at,
        "access_ends_at": user.access_ends_at,
        "is_suspended": user.is_suspended,
    })
}

/// Asks for the end of a user: its credentials go first, then the user (`spec/api.md 2.2`). Asking again is fine.
///
/// # Errors
/// When there is no such user.
pub fn delete(tx: &mut Tx<'_>, moment: &mut Moment, caller: &Caller, id: AcsUserId) -> Result<(), Error> {
    let user = find(tx, caller, id)?;
    if user.deleting_at.is_some() {
        return Ok(());
    }
    caller.note_change(tx, moment, "acs_user.delete", id, shown(&user), json!({ "deleting_at": moment.now }))?;
    begin_end(tx, moment, &user)
}

/// Marks the user and ends its credentials; a user without any is gone at once.
pub(crate) fn begin_end(tx: &mut Tx<'_>, moment: &mut Moment, user: &AcsUser) -> Result<(), Error> {
    users::set_deleting(tx, user.id, moment.now)?;
    users::revoke_grants(tx, user.id)?;
    for credential in credentials::of_user(tx, user.id)? {
        if credential.deleting_at.is_none() {
            end(tx, moment, &credential)?;
        }
    }
    finish(tx, moment, user.id)
}

/// A user that is to be gone and has no credential left is gone; so is then a person without users.
pub(crate) fn finish(tx: &mut Tx<'_>, moment: &mut Moment, id: AcsUserId) -> Result<(), Error> {
    let Some(user) = users::by_id(tx, id)?.filter(|user| user.deleting_at.is_some() && user.deleted_at.is_none())
    else {
        return Ok(());
    };
    if !credentials::of_user(tx, id)?.is_empty() {
        return Ok(());
    }
    let system = systems::get(tx, user.acs_system_id)?;
    users::set_deleted(tx, id, moment.now)?;
    Caller::program(user.workspace_id).note(tx, moment, "acs_user.gone", id, json!({}))?;
    event::user(tx, moment, "acs_user.deleted", &system, &user)?;
    match user.user_identity_id {
        Some(identity) => user_identities::finish(tx, moment, identity),
        None => Ok(()),
    }
}
