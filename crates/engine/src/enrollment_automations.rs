//! Enrolment automations: kept for integrations that ask for them. Phones enrol by themselves, so launching one is
//! bookkeeping (`spec/api.md 2.8`).

use domain::{
    Moment,
    id::{AcsSystemId, AcsUserId, EnrollmentAutomationId, UserIdentityId},
};
use serde_json::json;
use store::{
    Tx,
    enrollment_automations::{self, EnrollmentAutomation},
    events::{self, Event},
    systems::{self, CREDENTIAL_MANAGER},
    user_identities::By,
};

use crate::{Caller, Error, Noun, user_identities};

/// An automation to be launched.
#[derive(Debug, Clone)]
pub struct Launch {
    /// Whose phones.
    pub user_identity_id: UserIdentityId,
    /// Where they are to be enrolled.
    pub credential_manager_id: AcsSystemId,
    /// Whether the person is to get a user at the manager.
    pub creates_user: bool,
    /// The user that the person has at the manager.
    pub user_id: Option<AcsUserId>,
    /// Whether a pool was named.
    pub names_pool: bool,
}

/// Launches an automation; the one that is there for the person and the manager stays.
///
/// # Errors
/// When person or manager is unknown, or something is named that credential managers do not have.
pub fn launch(
    tx: &mut Tx<'_>,
    moment: &mut Moment,
    caller: &Caller,
    asked: &Launch,
) -> Result<EnrollmentAutomation, Error> {
    if asked.creates_user && asked.user_id.is_some() {
        let message = "Provide either create_credential_manager_user or credential_manager_acs_user_id, not both";
        return Err(Error::invalid("", message));
    }
    let person = user_identities::find(tx, caller, &By::Id(asked.user_identity_id))?;
    let manager = systems::find(tx, caller.workspace_id, asked.credential_manager_id)?
        .ok_or_else(|| Error::not_found(Noun::AcsSystem, asked.credential_manager_id))?;
    if manager.kind != CREDENTIAL_MANAGER {
        let message = "name a credential manager, a system of type assa_abloy_credential_service";
        return Err(Error::invalid("credential_manager_acs_system_id", message));
    }
    if person.deleting_at.is_some() {
        return Err(Error::invalid("user_identity_id", "the person is being deleted; name another one"));
    }
    if asked.names_pool {
        let message = "Credential pools do not exist here; leave acs_credential_pool_id out";
        return Err(Error::not_supported(message));
    }
    if let Some(user) = asked.user_id {
        crate::users::find(tx, caller, user)?;
        let message = "the user is not one of the credential manager, which has none; leave it out";
        return Err(Error::invalid("credential_manager_acs_user_id", message));
    }
    let launched = enrollment_automations::of_identity(tx, person.id)?;
    if let Some(there) = launched.into_iter().find(|one| one.credential_manager_id == manager.id) {
        return Ok(there);
    }
    let automation = EnrollmentAutomation {
        id: moment.id(),
        workspace_id: caller.workspace_id,
        user_identity_id: person.id,
        credential_manager_id: manager.id,
        created_at: moment.now,
    };
    enrollment_automations::insert(tx, &automation)?;
    let detail = json!({ "user_identity_id": person.id });
    caller.note(tx, moment, "enrollment_automation.launch", automation.id, detail)?;
    Ok(automation)
}

/// An automation of the caller's workspace.
///
/// # Errors
/// When there is none, or storage fails.
pub fn find(tx: &mut Tx<'_>, caller: &Caller, id: EnrollmentAutomationId) -> Result<EnrollmentAutomation, Error> {
    let found = enrollment_automations::find(tx, caller.workspace_id, id)?;
    match found {
        Some(automation) if caller.sees_identity(tx, automation.user_identity_id)? => Ok(automation),
        _ => Err(Error::not_found(Noun::EnrollmentAutomation, id)),
    }
}

/// Ends an automation. The person's phones stay enrolled.
///
/// # Errors
/// When there is none.
pub fn delete(tx: &mut Tx<'_>, moment: &mut Moment, caller: &Caller, id: EnrollmentAutomationId) -> Result<(), Error> {
    let automation = find(tx, caller, id)?;
    remove(tx, moment, &automation)?;
    caller.note(tx, moment, "enrollment_automation.delete", id, json!({}))
}

/// Removes an automation and reports it.
pub(crate) fn remove(tx: &mut Tx<'_>, moment: &mut Moment, automation: &EnrollmentAutomation) -> Result<(), Error> {
    enrollment_automations::remove(tx, automation.id)?;
    let manager = systems::get(tx, automation.credential_manager_id)?;
    let about = Event::new(moment, automation.workspace_id, "enrollment_automation.deleted");
    let event = Event {
        connected_account_id: Some(manager.connected_account_id),
        acs_system_id: Some(manager.id),
        user_identity_id: Some(automation.user_identity_id),
        enrollment_automation_id: Some(automation.id),
        ..about
    };
    Ok(events::insert(tx, &event)?)
}
