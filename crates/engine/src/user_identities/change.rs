//! Changing a person, and the person's end.

use domain::{
    Moment,
    id::{AcsUserId, PhoneId, UserIdentityId},
};
use serde_json::{Value, json};
use store::{
    Tx, access_grants, enrollment_automations, merged_user_identities, phones, systems, tasks, user_identities,
    user_identities::{By, UserIdentity},
    users,
};

use super::{find, refuse_taken};
use crate::{Caller, Error, Noun, audit::personal};

/// What is to be changed; outer none stays, inner none clears.
#[derive(Debug, Clone, Default)]
pub struct Update {
    /// The caller's own key.
    pub user_identity_key: Option<Option<String>>,
    /// Email address.
    pub email_address: Option<Option<String>>,
    /// Phone number.
    pub phone_number: Option<Option<String>>,
    /// Name.
    pub full_name: Option<Option<String>>,
}

/// Changes a person.
///
/// # Errors
/// When there is none, or a new key, email or phone is taken.
pub fn update(
    tx: &mut Tx<'_>,
    moment: &mut Moment,
    caller: &Caller,
    id: UserIdentityId,
    asked: &Update,
) -> Result<(), Error> {
    let present = find(tx, caller, &By::Id(id))?;
    let id = present.id;
    let before = shown(&present);
    let choose = |asked: &Option<Option<String>>, present: &Option<String>| asked.clone().unwrap_or(present.clone());
    let changed = UserIdentity {
        user_identity_key: choose(&asked.user_identity_key, &present.user_identity_key),
        email_address: choose(&asked.email_address, &present.email_address),
        phone_number: choose(&asked.phone_number, &present.phone_number),
        full_name: choose(&asked.full_name, &present.full_name),
        ..present
    };
    let names = [
        ("user_identity_key", changed.user_identity_key.clone().map(By::Key)),
        ("email_address", changed.email_address.clone().map(By::Email)),
        ("phone_number", changed.phone_number.clone().map(By::Phone)),
    ];
    refuse_taken(tx, caller, names, Some(id))?;
    user_identities::update(tx, &changed)?;
    caller.note_change(tx, moment, "user_identity.update", id, before, shown(&changed))
}

/// A person as the audit log has it: without personal data.
pub(crate) fn shown(identity: &UserIdentity) -> Value {
    json!({
        "user_identity_key": personal(identity.id, identity.user_identity_key.as_deref()),
        "full_name": personal(identity.id, identity.full_name.as_deref()),
        "email_address": personal(identity.id, identity.email_address.as_deref()),
        "phone_number": personal(identity.id, identity.phone_number.as_deref()),
    })
}

/// Asks for the end of a person: credentials, users and phones go with it. Answers the phones, whose endpoints the
/// shell ends at the credential manager. Asking again is fine.
///
/// # Errors
/// When there is none.
pub fn delete(
    tx: &mut Tx<'_>,
    moment: &mut Moment,
    caller: &Caller,
    id: UserIdentityId,
) -> Result<Vec<domain::id::EndpointId>, Error> {
    let identity = find(tx, caller, &By::Id(id))?;
    let id = identity.id;
    if identity.deleting_at.is_some() {
        return Ok(Vec::new());
    }
    caller.note_change(
        tx,
        moment,
        "user_identity.delete",
        id,
        shown(&identity),
        json!({ "deleting_at": moment.now }),
    )?;
    user_identities::set_deleting(tx, id, moment.now)?;
    crate::client_sessions::delete_those_of(tx, moment, caller, id)?;
    for grant in access_grants::of_identity(tx, id)? {
        crate::access_grants::end(tx, moment, caller, &grant)?;
    }
    for user in users::of_identity(tx, id)? {
        if user.deleting_at.is_none() {
            crate::users::begin_end(tx, moment, &user)?;
        }
    }
    for automation in enrollment_automations::of_identity(tx, id)? {
        crate::enrollment_automations::remove(tx, moment, &automation)?;
    }
    let owned: Vec<PhoneId> =
        phones::list(tx, caller.workspace_id, Some(id), None)?.into_iter().map(|phone| phone.id).collect();
    let mut endpoints = Vec::new();
    for phone in owned {
        endpoints.extend(crate::phones::deactivate(tx, moment, caller, phone)?);
    }
    finish(tx, moment, id)?;
    Ok(endpoints)
}

/// A person that is to be gone and has no user left is gone.
pub(crate) fn finish(tx: &mut Tx<'_>, moment: &mut Moment, id: UserIdentityId) -> Result<(), Error> {
    let Some(identity) = user_identities::by_id(tx, id)? else { return Ok(()) };
    if identity.deleting_at.is_some() && identity.deleted_at.is_none() && users::of_identity(tx, id)?.is_empty() {
        user_identities::set_deleted(tx, id, moment.now)?;
        merged_user_identities::forget(tx, id)?;
        Caller::program(identity.workspace_id).note(tx, moment, "user_identity.gone", id, json!({}))?;
    }
    Ok(())
}

/// Takes a user from a person: keys on the person's phones go with the link (`spec/api.md 2.7`).
///
/// # Errors
/// When either is unknown, or they are not linked.
pub fn remove_acs_user(
    tx: &mut Tx<'_>,
    moment: &mut Moment,
    caller: &Caller,
    id: UserIdentityId,
    user: AcsUserId,
) -> Result<(), Error> {
    let identity = find(tx, caller, &By::Id(id))?;
    let user = crate::users::find(tx, caller, user)?;
    if user.user_identity_id != Some(identity.id) {
        return Err(Error::not_found(Noun::AcsUser, user.id));
    }
    users::set_identity(tx, user.id, None)?;
    let system = systems::get(tx, user.acs_system_id)?;
    for holder in store::credentials::of_user(tx, user.id)? {
        for child in store::credentials::children_of(tx, &[holder.id])? {
            store::credential_state::set_deleting(tx, child.id, moment.now)?;
        }
        tasks::add(tx, moment, system.id, holder.id, moment.now)?;
    }
    let before = json!({ "acs_user_id": user.id });
    caller.note_change(tx, moment, "user_identity.remove_acs_user", id, before, json!({ "acs_user_id": null }))
}
