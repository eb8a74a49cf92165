//! Phones: enrolled with an endpoint, and deactivated.

use domain::{
    Moment,
    id::{EndpointId, PhoneId, UserIdentityId},
};
use serde_json::{Map, Value, json};
use store::{
    Tx, credentials, custom_metadata,
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
    pub detail: Value,
}

/// A phone and its endpoints.
#[derive(Debug, Clone)]
pub struct Enrolled {
    /// The phone.
    pub phone: Phone,
    /// Its endpoints.
    pub endpoints: Vec<Endpoint>,
    /// The words that callers attached to it.
    pub custom_metadata: Map<String, Value>,
}

/// What is to be changed of a phone.
#[derive(Debug, Clone, Default)]
pub struct Update {
    /// What people call it; outer none stays, inner none takes the name away.
    pub nickname: Option<Option<String>>,
    /// Words to attach, and to take away; others stay.
    pub custom_metadata: Vec<(String, Option<Value>)>,
}

/// The most words of a phone (`spec/api.md 1.14`).
const MOST_WORDS: usize = 50;

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
    Ok(Enrolled { phone, endpoints, custom_metadata: Map::new() })
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
    let words = words_of(tx, phone.id)?;
    event::phone_deactivated(tx, moment, caller.workspace_id, phone.id, &words)?;
    let (before, after) = (json!({ "is_active": true }), json!({ "is_active": false }));
    caller.note_change(tx, moment, "phone.deactivate", phone.id, before, after)?;
    Ok(endpoints)
}

/// Says what people call a phone, and attaches words to it.
///
/// # Errors
/// When there is no such phone, or it would have too many words; nothing is stored then.
pub fn update(tx: &mut Tx<'_>, moment: &mut Moment, caller: &Caller, id: PhoneId, asked: &Update) -> Result<(), Error> {
    let Enrolled { phone, custom_metadata: present, .. } = find(tx, caller, id)?;
    if let Some(nickname) = &asked.nickname {
        phones::set_nickname(tx, phone.id, nickname.as_deref())?;
        caller.note(tx, moment, "phone.rename", phone.id, json!({}))?;
    }
    let mut words = present.clone();
    for (name, value) in &asked.custom_metadata {
        match value {
            Some(value) => words.insert(name.clone(), value.clone()),
            None => words.remove(name),
        };
    }
    if words.len() > MOST_WORDS {
        return Err(Error::invalid("custom_metadata", format!("Object must have at most {MOST_WORDS} keys")));
    }
    if words != present {
        custom_metadata::replace(tx, &phone.id.to_string(), &words)?;
        let names: Vec<&String> = words.keys().collect();
        caller.note(tx, moment, "phone.attach_custom_metadata", phone.id, json!({ "names": names }))?;
    }
    Ok(())
}

fn words_of(tx: &mut Tx<'_>, id: PhoneId) -> Result<Map<String, Value>, Error> {
    let id = id.to_string();
    Ok(custom_metadata::of(tx, std::slice::from_ref(&id))?.remove(&id).unwrap_or_default())
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
    let mut words = custom_metadata::of(tx, &ids.iter().map(ToString::to_string).collect::<Vec<_>>())?;
    Ok(phones
        .into_iter()
        .map(|phone| Enrolled {
            custom_metadata: words.remove(&phone.id.to_string()).unwrap_or_default(),
            endpoints: endpoints.iter().filter(|endpoint| endpoint.phone_id == phone.id).cloned().collect(),
            phone,
        })
        .collect())
}
