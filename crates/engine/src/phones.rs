//! Phones: enrolled with an endpoint, and deactivated.

use domain::{
    Moment,
    id::{EndpointId, PhoneId, UserIdentityId},
};
use serde_json::json;
use store::{
    Tx, credentials,
    phones::{self, Endpoint, Phone},
    systems::{self, CREDENTIAL_MANAGER},
    tasks, user_identities,
    user_identities::By,
    users, workspaces,
};

use crate::{Caller, Error, Noun, event};

/// A sandbox phone to be made.
#[derive(Debug, Clone)]
pub struct CreateSandbox {
    /// Whose it is.
    pub user_identity_id: UserIdentityId,
    /// `ios_phone` or `android_phone`.
    pub device_type: String,
    /// Model, for people.
    pub device_model: String,
    /// What else is known of it, a JSON object.
    pub detail: serde_json::Value,
}

/// A phone and its endpoints.
#[derive(Debug, Clone)]
pub struct Enrolled {
    /// The phone.
    pub phone: Phone,
    /// Its endpoints.
    pub endpoints: Vec<Endpoint>,
}

/// Makes a phone with an active endpoint at every credential manager of the sandbox; all live parents of its owner get
/// a child on it.
///
/// The simulated phones must know the endpoints as well: the shell tells them, and doing so twice is harmless.
///
/// # Errors
/// Outside a sandbox, or when the person is unknown.
pub fn create_sandbox(
    tx: &mut Tx<'_>,
    moment: &mut Moment,
    caller: &Caller,
    asked: &CreateSandbox,
) -> Result<Enrolled, Error> {
    refuse_outside_sandbox(tx, caller)?;
    let identity = user_identities::find(tx, caller.workspace_id, &By::Id(asked.user_identity_id))?
        .ok_or_else(|| Error::not_found(Noun::UserIdentity, asked.user_identity_id))?;
    let phone = Phone {
        id: moment.id(),
        workspace_id: caller.workspace_id,
        user_identity_id: identity.id,
        device_type: asked.device_type.clone(),
        display_name: asked.device_model.clone(),
        detail: asked.detail.clone(),
        created_at: moment.now,
        deactivated_at: None,
        nickname: None,
    };
    phones::insert(tx, &phone)?;
    let mut endpoints = Vec::new();
    for manager in
        systems::list(tx, caller.workspace_id)?.into_iter().filter(|system| system.kind == CREDENTIAL_MANAGER)
    {
        let endpoint = Endpoint {
            id: moment.id(),
            workspace_id: caller.workspace_id,
            phone_id: phone.id,
            credential_manager_id: manager.id,
            is_active: true,
            created_at: moment.now,
        };
        phones::insert_endpoint(tx, &endpoint)?;
        endpoints.push(endpoint);
    }
    for user in users::of_identity(tx, identity.id)? {
        crate::users::look_at_credentials_of(tx, moment, user.id)?;
    }
    caller.note(
        tx,
        moment,
        "phone.create_sandbox",
        phone.id,
        json!({ "after": { "user_identity_id": identity.id } }),
    )?;
    Ok(Enrolled { phone, endpoints })
}

/// Simulated things happen in sandboxes only (`spec/api.md 4.18`).
///
/// # Errors
/// Outside a sandbox.
pub fn refuse_outside_sandbox(tx: &mut Tx<'_>, caller: &Caller) -> Result<(), Error> {
    let workspace = workspaces::find(tx, caller.workspace_id)?
        .ok_or_else(|| Error::not_found(Noun::Workspace, caller.workspace_id))?;
    if workspace.is_sandbox { Ok(()) } else { Err(Error::NotSandbox) }
}

/// A phone of the caller's workspace, with its endpoints.
///
/// # Errors
/// When there is none, or storage fails.
pub fn find(tx: &mut Tx<'_>, caller: &Caller, id: PhoneId) -> Result<Enrolled, Error> {
    list(tx, caller, None, Some(&[id]))?
        .pop()
        .filter(|found| caller.sees_phone(&found.phone))
        .ok_or_else(|| Error::not_found(Noun::Phone, id))
}

/// Deactivates a phone: its keys are discarded, those of other phones stay. Answers its endpoints, which the shell
/// ends at the credential manager.
///
/// # Errors
/// When there is no such phone.
pub fn deactivate(
    tx: &mut Tx<'_>,
    moment: &mut Moment,
    caller: &Caller,
    id: PhoneId,
) -> Result<Vec<EndpointId>, Error> {
    let phone = phones::find(tx, caller.workspace_id, id)?
        .filter(|phone| caller.sees_phone(phone))
        .ok_or_else(|| Error::not_found(Noun::Phone, id))?;
    let endpoints: Vec<EndpointId> =
        phones::endpoints_of(tx, &[phone.id])?.into_iter().map(|endpoint| endpoint.id).collect();
    phones::deactivate(tx, phone.id, moment.now)?;
    for child in credentials::on_endpoints(tx, &endpoints)? {
        tasks::add(tx, moment, child.acs_system_id, child.id, moment.now)?;
    }
    event::phone_deactivated(tx, moment, caller.workspace_id, phone.id)?;
    let (before, after) = (json!({ "is_active": true }), json!({ "is_active": false }));
    caller.note_change(tx, moment, "phone.deactivate", phone.id, before, after)?;
    Ok(endpoints)
}

/// Says what people call a phone; none takes the name away.
///
/// # Errors
/// When there is no such phone.
pub fn rename(
    tx: &mut Tx<'_>,
    moment: &mut Moment,
    caller: &Caller,
    id: PhoneId,
    nickname: Option<&str>,
) -> Result<(), Error> {
    let Enrolled { phone, .. } = find(tx, caller, id)?;
    phones::set_nickname(tx, phone.id, nickname)?;
    caller.note(tx, moment, "phone.rename", phone.id, json!({}))
}

/// Phones of the caller's workspace with their endpoints, oldest first.
///
/// # Errors
/// When storage fails.
pub fn list(
    tx: &mut Tx<'_>,
    caller: &Caller,
    owner: Option<UserIdentityId>,
    ids: Option<&[PhoneId]>,
) -> Result<Vec<Enrolled>, Error> {
    let phones = phones::list(tx, caller.workspace_id, owner, ids)?;
    with_endpoints(tx, phones)
}

/// Phones with their endpoints, in the same order.
///
/// # Errors
/// When storage fails.
pub fn with_endpoints(tx: &mut Tx<'_>, phones: Vec<Phone>) -> Result<Vec<Enrolled>, Error> {
    let ids: Vec<PhoneId> = phones.iter().map(|phone| phone.id).collect();
    let endpoints = phones::endpoints_of(tx, &ids)?;
    Ok(phones
        .into_iter()
        .map(|phone| Enrolled {
            endpoints: endpoints.iter().filter(|endpoint| endpoint.phone_id == phone.id).cloned().collect(),
            phone,
        })
        .collect())
}
