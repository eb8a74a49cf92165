//! People, across sites.

mod change;
mod merge;

pub(crate) use change::finish;
pub use change::{Update, delete, remove_acs_user, update};
pub use merge::merge;

use domain::{
    Moment,
    id::{AcsSystemId, AcsUserId, UserIdentityId},
};
use serde_json::json;
use store::{
    Tx,
    systems::{self, VISIONLINE},
    user_identities::{self, By, UserIdentity},
    users::{self, AcsUser},
};

use crate::{Caller, Error, Noun};

/// A person to be made.
#[derive(Debug, Clone, Default)]
pub struct Create {
    /// The caller's own key.
    pub user_identity_key: Option<String>,
    /// Email address.
    pub email_address: Option<String>,
    /// Phone number.
    pub phone_number: Option<String>,
    /// Name.
    pub full_name: Option<String>,
    /// Sites where the person gets a user: one that matches, or a new one.
    pub acs_system_ids: Vec<AcsSystemId>,
}

/// Makes a person.
///
/// # Errors
/// When key, email or phone are taken, or a site is unknown; nothing is stored then.
pub fn create(tx: &mut Tx<'_>, moment: &mut Moment, caller: &Caller, asked: &Create) -> Result<UserIdentity, Error> {
    let names = [
        ("user_identity_key", asked.user_identity_key.clone().map(By::Key)),
        ("email_address", asked.email_address.clone().map(By::Email)),
        ("phone_number", asked.phone_number.clone().map(By::Phone)),
    ];
    refuse_taken(tx, caller, names, None)?;
    let identity = UserIdentity {
        id: moment.id(),
        workspace_id: caller.workspace_id,
        user_identity_key: asked.user_identity_key.clone(),
        email_address: asked.email_address.clone(),
        phone_number: asked.phone_number.clone(),
        full_name: asked.full_name.clone(),
        created_at: moment.now,
        deleting_at: None,
        deleted_at: None,
    };
    user_identities::insert(tx, &identity)?;
    let mut served: Vec<AcsSystemId> = Vec::new();
    for system_id in &asked.acs_system_ids {
        if !served.contains(system_id) {
            give_user(tx, moment, caller, &identity, *system_id, "acs_system_ids")?;
            served.push(*system_id);
        }
    }
    let after = change::shown(&identity);
    caller.note(tx, moment, "user_identity.create", identity.id, json!({ "after": after }))?;
    Ok(identity)
}

/// Key, email and phone each name one person in the workspace (`spec/api.md 2.7`); `except` is the person who may have
/// them already.
fn refuse_taken(
    tx: &mut Tx<'_>,
    caller: &Caller,
    names: [(&'static str, Option<By>); 3],
    except: Option<UserIdentityId>,
) -> Result<(), Error> {
    for (field, by) in names {
        let Some(by) = by else { continue };
        let other = user_identities::find(tx, caller.workspace_id, &by)?;
        if let Some(other) = other.filter(|other| Some(other.id) != except) {
            let message = if caller.sees_identity(tx, other.id)? {
                format!("{field} already belongs to user identity {}; use that one or another value", other.id)
            } else {
                format!("{field} already belongs to somebody else; use another value")
            };
            return Err(Error::Conflict { message });
        }
    }
    Ok(())
}

/// Links the site's user with the same email address or phone number, or makes one.
fn give_user(
    tx: &mut Tx<'_>,
    moment: &mut Moment,
    caller: &Caller,
    identity: &UserIdentity,
    system_id: AcsSystemId,
    field: &'static str,
) -> Result<AcsUser, Error> {
    let system = systems::find(tx, caller.workspace_id, system_id)?
        .ok_or_else(|| Error::not_found(Noun::AcsSystem, system_id))?;
    if system.kind != VISIONLINE {
        return Err(Error::invalid(field, "name Visionline systems only: a credential manager has no users"));
    }
    let (email, phone) = (identity.email_address.as_deref(), identity.phone_number.as_deref());
    if let Some(user) = users::unlinked_match(tx, system_id, email, phone)? {
        crate::users::link(tx, moment, &user, identity.id)?;
        let detail = json!({ "acs_user_id": user.id });
        caller.note(tx, moment, "user_identity.add_acs_user", identity.id, detail)?;
        return crate::users::find(tx, caller, user.id);
    }
    let name = [&identity.full_name, &identity.email_address, &identity.phone_number, &identity.user_identity_key];
    let new = crate::users::Create {
        acs_system_id: system_id,
        full_name: name.into_iter().flatten().next().cloned().unwrap_or_else(|| identity.id.to_string()),
        email_address: identity.email_address.clone(),
        phone_number: identity.phone_number.clone(),
        user_identity_id: Some(identity.id),
        access_schedule: None,
    };
    crate::users::create(tx, moment, caller, &new)
}

/// The person's user at a site. A person who has none there gets one: the site's user with the same email address or
/// phone number if nobody has it yet, else a new one (`spec/api.md 2`, U1).
///
/// # Errors
/// When person or site is unknown, the person is being deleted, or the system has no users.
pub fn user_at(
    tx: &mut Tx<'_>,
    moment: &mut Moment,
    caller: &Caller,
    person: UserIdentityId,
    system_id: AcsSystemId,
) -> Result<AcsUser, Error> {
    let identity = find(tx, caller, &By::Id(person))?;
    let has = users::of_identity(tx, identity.id)?.into_iter().find(|user| user.acs_system_id == system_id);
    if let Some(user) = has {
        return Ok(user);
    }
    if identity.deleting_at.is_some() {
        let message = "the person is being deleted; name another one";
        return Err(Error::invalid("user_identity_id", message));
    }
    give_user(tx, moment, caller, &identity, system_id, "acs_system_id")
}

/// A person of the caller's workspace, also by an id or key of before a merge: take the id of the answer.
///
/// # Errors
/// When there is none, or storage fails.
pub fn find(tx: &mut Tx<'_>, caller: &Caller, by: &By) -> Result<UserIdentity, Error> {
    if let Some(found) = user_identities::find(tx, caller.workspace_id, by)?
        && caller.sees_identity(tx, found.id)?
    {
        return Ok(found);
    }
    let sought = match by {
        By::Id(id) => id.to_string(),
        By::Key(text) | By::Email(text) | By::Phone(text) => text.clone(),
    };
    Err(Error::not_found(Noun::UserIdentity, sought))
}

/// The person a user is to be linked to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Person {
    /// One that is there.
    Id(UserIdentityId),
    /// The one with this key; made from the user's data when there is none.
    Key(String),
}

/// Links a user to a person.
///
/// # Errors
/// When either is unknown, or linked otherwise already.
pub fn add_acs_user(
    tx: &mut Tx<'_>,
    moment: &mut Moment,
    caller: &Caller,
    user: AcsUserId,
    person: &Person,
) -> Result<(), Error> {
    let user = crate::users::find(tx, caller, user)?;
    let identity = match person {
        Person::Id(id) => find(tx, caller, &By::Id(*id))?,
        Person::Key(key) => match user_identities::find(tx, caller.workspace_id, &By::Key(key.clone()))? {
            Some(identity) => identity,
            None => {
                let new = Create {
                    user_identity_key: Some(key.clone()),
                    email_address: user.email_address.clone(),
                    phone_number: user.phone_number.clone(),
                    full_name: user.full_name.clone(),
                    acs_system_ids: Vec::new(),
                };
                create(tx, moment, caller, &new)?
            }
        },
    };
    crate::users::link(tx, moment, &user, identity.id)?;
    caller.note(tx, moment, "user_identity.add_acs_user", identity.id, json!({ "acs_user_id": user.id }))
}
