//! A user of a site on the wire (`spec/api.md 3.2`).

use std::collections::BTreeMap;

use domain::id::{AcsSystemId, AcsUserId, ConnectedAccountId, UserIdentityId, WorkspaceId};
use engine::Caller;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;
use store::{
    Tx,
    page::Page,
    systems,
    user_identities::{self, UserIdentity},
    users,
};

use crate::{
    adapter::{
        Nothing,
        field::{Id, Utc},
    },
    api::problem::{Problem, Warning},
};

/// A user of one access system.
#[derive(Debug, Serialize, JsonSchema)]
pub struct AcsUser {
    /// ID of the user.
    #[schemars(with = "Id")]
    acs_user_id: AcsUserId,
    /// ID of the access system.
    #[schemars(with = "Id")]
    acs_system_id: AcsSystemId,
    /// ID of the connected account.
    #[schemars(with = "Id")]
    connected_account_id: ConnectedAccountId,
    /// ID of the workspace.
    #[schemars(with = "Id")]
    workspace_id: WorkspaceId,
    /// When the user was made.
    created_at: Utc,
    /// What to call the user.
    display_name: String,
    /// Name.
    #[serde(skip_serializing_if = "Option::is_none")]
    full_name: Option<String>,
    /// Email address.
    #[serde(skip_serializing_if = "Option::is_none")]
    email_address: Option<String>,
    /// Email address, under its older name.
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    /// Phone number.
    #[serde(skip_serializing_if = "Option::is_none")]
    phone_number: Option<String>,
    /// Whether the user is managed here: always.
    is_managed: bool,
    /// Whether the user's access is suspended.
    is_suspended: bool,
    /// When the user has access.
    #[serde(skip_serializing_if = "Option::is_none")]
    access_schedule: Option<AccessSchedule>,
    /// When the access system last agreed; Visionline keeps no users, so never.
    last_successful_sync_at: Option<Utc>,
    /// The person, where known.
    #[serde(flatten)]
    person: Option<Person>,
    /// Changes on their way to the access system.
    pending_mutations: [Nothing; 0],
    /// What keeps the user from working.
    errors: [Problem; 0],
    /// What people should know.
    warnings: Vec<Warning>,
}

/// When a user has access.
#[derive(Debug, Serialize, JsonSchema)]
pub struct AccessSchedule {
    /// Start.
    starts_at: Utc,
    /// End; none is open.
    ends_at: Option<Utc>,
}

/// The person behind a user.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Person {
    /// ID of the person.
    #[schemars(with = "Id")]
    user_identity_id: UserIdentityId,
    /// The person's name.
    user_identity_full_name: Option<String>,
    /// The person's email address.
    user_identity_email_address: Option<String>,
    /// The person's phone number.
    user_identity_phone_number: Option<String>,
}

/// Users with what the API shows of them, in the same order, with a fixed number of queries.
///
/// # Errors
/// When storage fails.
pub fn shown(
    tx: &mut Tx<'_>,
    caller: &Caller,
    rows: Vec<users::AcsUser>,
    now: Timestamp,
) -> Result<Vec<AcsUser>, engine::Error> {
    let mut system_ids: Vec<AcsSystemId> = rows.iter().map(|user| user.acs_system_id).collect();
    system_ids.sort_unstable();
    system_ids.dedup();
    let accounts: BTreeMap<AcsSystemId, ConnectedAccountId> =
        systems::accounts_of(tx, &system_ids)?.into_iter().collect();
    let ids: Vec<UserIdentityId> = rows.iter().filter_map(|user| user.user_identity_id).collect();
    let filter = user_identities::Filter { ids: Some(ids), ..user_identities::Filter::default() };
    let persons: BTreeMap<UserIdentityId, UserIdentity> =
        user_identities::list(tx, caller.workspace_id, &filter, Page::whole())?
            .into_iter()
            .map(|identity| (identity.id, identity))
            .collect();
    // A user's system has an account (a foreign key), so no user is left out.
    Ok(rows
        .into_iter()
        .filter_map(|user| {
            let account = *accounts.get(&user.acs_system_id)?;
            let person = user.user_identity_id.map(|id| person(id, persons.get(&id).cloned()));
            Some(one(user, account, person, now))
        })
        .collect())
}

fn person(id: UserIdentityId, identity: Option<UserIdentity>) -> Person {
    let (name, email, phone) = identity
        .map_or((None, None, None), |identity| (identity.full_name, identity.email_address, identity.phone_number));
    Person {
        user_identity_id: id,
        user_identity_full_name: name,
        user_identity_email_address: email,
        user_identity_phone_number: phone,
    }
}

fn one(user: users::AcsUser, account: ConnectedAccountId, person: Option<Person>, now: Timestamp) -> AcsUser {
    let names = [&user.full_name, &user.email_address, &user.phone_number];
    let display_name = names.into_iter().flatten().next().cloned().unwrap_or_else(|| user.id.to_string());
    AcsUser {
        acs_user_id: user.id,
        acs_system_id: user.acs_system_id,
        connected_account_id: account,
        workspace_id: user.workspace_id,
        created_at: Utc(user.created_at),
        display_name,
        warnings: warnings(&user, now),
        full_name: user.full_name,
        email: user.email_address.clone(),
        email_address: user.email_address,
        phone_number: user.phone_number,
        is_managed: true,
        is_suspended: user.is_suspended,
        access_schedule: user
            .access_starts_at
            .map(|starts_at| AccessSchedule { starts_at: Utc(starts_at), ends_at: user.access_ends_at.map(Utc) }),
        last_successful_sync_at: None,
        person,
        pending_mutations: [],
        errors: [],
    }
}

fn warnings(user: &users::AcsUser, now: Timestamp) -> Vec<Warning> {
    let mut warnings = Vec::new();
    if let Some(at) = user.deleting_at {
        warnings.push(Warning::new("being_deleted", "The user is deleted once all of its keys are discarded.", at));
    }
    let ended = user.access_ends_at.filter(|ends_at| *ends_at <= now);
    let not_begun = user.access_starts_at.filter(|starts_at| *starts_at > now).map(|_| user.created_at);
    if let Some(at) = ended.or(not_begun) {
        warnings.push(Warning::new(
            "acs_user_inactive",
            "The user's access schedule does not include the present.",
            at,
        ));
    }
    warnings
}
