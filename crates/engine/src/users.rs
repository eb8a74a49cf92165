//! Users of one site.

mod access;
mod change;

pub use access::{accessible_entrances, grant, revoke_all, set_suspended};
pub use change::{Update, delete, update};
pub(crate) use change::{begin_end, finish, shown};

use domain::{
    Moment,
    id::{AcsSystemId, AcsUserId, UserIdentityId},
};
use jiff::Timestamp;
use serde_json::json;
use store::{
    Tx, credential_state, credentials,
    systems::{self, AcsSystem, VISIONLINE},
    tasks,
    user_identities::By,
    users::{self, AcsUser},
};

use crate::{Caller, Error, Noun, When, event, user_identities};

/// A user to be made.
#[derive(Debug, Clone)]
pub struct Create {
    /// The site.
    pub acs_system_id: AcsSystemId,
    /// Name.
    pub full_name: String,
    /// Email address.
    pub email_address: Option<String>,
    /// Phone number.
    pub phone_number: Option<String>,
    /// The person to link.
    pub user_identity_id: Option<UserIdentityId>,
    /// Start and end of the access schedule; a start that is none is now, an end that is none is open.
    pub access_schedule: Option<(Option<When>, Option<When>)>,
}

/// Makes a user.
///
/// # Errors
/// When a parameter cannot be used; nothing is stored then.
pub fn create(tx: &mut Tx<'_>, moment: &mut Moment, caller: &Caller, asked: &Create) -> Result<AcsUser, Error> {
    let system = systems::find(tx, caller.workspace_id, asked.acs_system_id)?
        .ok_or_else(|| Error::not_found(Noun::AcsSystem, asked.acs_system_id))?;
    if system.kind != VISIONLINE {
        return Err(Error::not_supported("users are created in a Visionline system, not in a credential manager"));
    }
    let identity = match asked.user_identity_id {
        Some(id) => Some(user_identities::find(tx, caller, &By::Id(id))?.id),
        None => None,
    };
    if let Some(identity) = identity {
        refuse_second(tx, identity, system.id)?;
    }
    let (access_starts_at, access_ends_at) = schedule(asked.access_schedule, &system, moment.now)?;
    let user = AcsUser {
        id: moment.id(),
        workspace_id: caller.workspace_id,
        acs_system_id: system.id,
        user_identity_id: identity,
        full_name: Some(asked.full_name.clone()),
        email_address: asked.email_address.clone(),
        phone_number: asked.phone_number.clone(),
        access_starts_at,
        access_ends_at,
        is_suspended: false,
        created_at: moment.now,
        deleting_at: None,
        deleted_at: None,
    };
    users::insert(tx, &user)?;
    event::user(tx, moment, "acs_user.created", &system, &user)?;
    caller.note(tx, moment, "acs_user.create", user.id, json!({ "after": shown(&user) }))?;
    Ok(user)
}

/// A user of the caller's workspace.
///
/// # Errors
/// When there is none, or storage fails.
pub fn find(tx: &mut Tx<'_>, caller: &Caller, id: AcsUserId) -> Result<AcsUser, Error> {
    users::find(tx, caller.workspace_id, id)?
        .filter(|user| caller.sees_user(user))
        .ok_or_else(|| Error::not_found(Noun::AcsUser, id))
}

/// The user of a person at a site.
///
/// # Errors
/// When the person is unknown or has no user there.
pub fn of_identity_at(
    tx: &mut Tx<'_>,
    caller: &Caller,
    identity: UserIdentityId,
    system_id: AcsSystemId,
) -> Result<AcsUser, Error> {
    let person = user_identities::find(tx, caller, &By::Id(identity))?;
    users::of_identity(tx, person.id)?
        .into_iter()
        .find(|user| user.acs_system_id == system_id && caller.sees_user(user))
        .ok_or_else(|| Error::not_found(Noun::AcsUser, identity))
}

/// One user per person and site (`spec/api.md 4.21`).
fn refuse_second(tx: &mut Tx<'_>, identity: UserIdentityId, system_id: AcsSystemId) -> Result<(), Error> {
    match users::of_identity(tx, identity)?.into_iter().find(|user| user.acs_system_id == system_id) {
        Some(other) => Err(Error::Conflict {
            message: format!("the user identity already has the ACS user {} in this system; use that one", other.id),
        }),
        None => Ok(()),
    }
}

/// Start and end of an access schedule, each none when there is no schedule.
type Schedule = (Option<Timestamp>, Option<Timestamp>);

fn schedule(
    asked: Option<(Option<When>, Option<When>)>,
    system: &AcsSystem,
    now: Timestamp,
) -> Result<Schedule, Error> {
    let Some((starts_at, ends_at)) = asked else { return Ok((None, None)) };
    let starts_at = starts_at.map(|when| when.as_start(system, "access_schedule.starts_at")).transpose()?;
    let starts_at = starts_at.unwrap_or(now);
    let ends_at = ends_at.map(|when| when.as_end(system, "access_schedule.ends_at")).transpose()?;
    if ends_at.is_some_and(|ends_at| ends_at <= starts_at) {
        return Err(Error::invalid("access_schedule.ends_at", "ends_at must be after starts_at"));
    }
    if ends_at.is_some_and(|ends_at| ends_at <= now) {
        return Err(Error::invalid("access_schedule.ends_at", "ends_at must be in the future"));
    }
    Ok((Some(starts_at), ends_at))
}

/// Links a user to a person. Parents of the user get children on the person's phones (`spec/api.md 4.9`).
///
/// # Errors
/// When the user belongs to another person, or the person has another user at the site.
pub(crate) fn link(
    tx: &mut Tx<'_>,
    moment: &mut Moment,
    user: &AcsUser,
    identity: UserIdentityId,
) -> Result<(), Error> {
    match user.user_identity_id {
        Some(linked) if linked == identity => return Ok(()),
        Some(_) => {
            let message = format!("the ACS user {} belongs to another user identity; remove it there first", user.id);
            return Err(Error::Conflict { message });
        }
        None => {}
    }
    refuse_second(tx, identity, user.acs_system_id)?;
    users::set_identity(tx, user.id, Some(identity))?;
    // Keys that went with an earlier link come back with the new one.
    for holder in credentials::of_user(tx, user.id)? {
        credential_state::forget_endpoints(tx, holder.id)?;
    }
    look_at_credentials_of(tx, moment, user.id)
}

/// Puts the credentials of a user in the outbox.
pub(crate) fn look_at_credentials_of(tx: &mut Tx<'_>, moment: &mut Moment, user: AcsUserId) -> Result<(), Error> {
    for credential in credentials::of_user(tx, user)? {
        tasks::add(tx, moment, credential.acs_system_id, credential.id, moment.now)?;
    }
    Ok(())
}
