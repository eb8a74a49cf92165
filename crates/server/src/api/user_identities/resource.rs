//! A person on the wire (`spec/api.md 3.8`).

use std::collections::BTreeMap;

use domain::id::{AcsUserId, UserIdentityId, WorkspaceId};
use schemars::JsonSchema;
use serde::Serialize;
use store::{
    Tx,
    merged_user_identities::{self, Merged},
    user_identities,
    users::{self, AcsUser},
};

use crate::{
    adapter::field::{Id, Utc},
    api::problem::{Problem, Warning},
};

/// A person, across access systems.
#[derive(Debug, Serialize, JsonSchema)]
pub struct UserIdentity {
    /// ID of the person.
    #[schemars(with = "Id")]
    user_identity_id: UserIdentityId,
    /// ID of the workspace.
    #[schemars(with = "Id")]
    workspace_id: WorkspaceId,
    /// When the person was made.
    created_at: Utc,
    /// What to call the person.
    display_name: String,
    /// Name.
    full_name: Option<String>,
    /// Email address, unique in the workspace.
    email_address: Option<String>,
    /// Phone number, unique in the workspace.
    phone_number: Option<String>,
    /// The caller's own key, unique in the workspace.
    user_identity_key: Option<String>,
    /// The person's users, one per access system at most.
    #[schemars(with = "Vec<Id>")]
    acs_user_ids: Vec<AcsUserId>,
    /// Persons that were merged into this one; their ids name this one too.
    #[schemars(with = "Vec<Id>")]
    merged_user_identity_ids: Vec<UserIdentityId>,
    /// Keys of persons that were merged into this one; they name this one too.
    merged_user_identity_keys: Vec<String>,
    /// What keeps the person from getting keys.
    errors: [Problem; 0],
    /// What people should know.
    warnings: Vec<Warning>,
}

/// Persons with what the API shows of them, in the same order, with a fixed number of queries.
///
/// # Errors
/// When storage fails.
pub fn shown(tx: &mut Tx<'_>, rows: Vec<user_identities::UserIdentity>) -> Result<Vec<UserIdentity>, engine::Error> {
    let ids: Vec<UserIdentityId> = rows.iter().map(|identity| identity.id).collect();
    let mut users_of: BTreeMap<UserIdentityId, Vec<AcsUser>> = BTreeMap::new();
    for user in users::of_identities(tx, &ids)? {
        if let Some(identity) = user.user_identity_id {
            users_of.entry(identity).or_default().push(user);
        }
    }
    let mut merged_into: BTreeMap<UserIdentityId, Vec<Merged>> = BTreeMap::new();
    for merged in merged_user_identities::into_these(tx, &ids)? {
        merged_into.entry(merged.into_id).or_default().push(merged);
    }
    Ok(rows
        .into_iter()
        .map(|identity| {
            let users = users_of.remove(&identity.id).unwrap_or_default();
            let merged = merged_into.remove(&identity.id).unwrap_or_default();
            one(identity, &users, merged)
        })
        .collect())
}

/// [`shown`] for a single person.
///
/// # Errors
/// When storage fails.
pub fn shown_one(tx: &mut Tx<'_>, row: user_identities::UserIdentity) -> Result<UserIdentity, engine::Error> {
    let users = users::of_identity(tx, row.id)?;
    let merged = merged_user_identities::into_these(tx, &[row.id])?;
    Ok(one(row, &users, merged))
}

fn one(identity: user_identities::UserIdentity, users: &[AcsUser], merged: Vec<Merged>) -> UserIdentity {
    let names = [&identity.full_name, &identity.email_address, &identity.phone_number, &identity.user_identity_key];
    let display_name = names.into_iter().flatten().next().cloned().unwrap_or_else(|| identity.id.to_string());
    UserIdentity {
        user_identity_id: identity.id,
        workspace_id: identity.workspace_id,
        created_at: Utc(identity.created_at),
        display_name,
        warnings: warnings(&identity, users),
        full_name: identity.full_name,
        email_address: identity.email_address,
        phone_number: identity.phone_number,
        user_identity_key: identity.user_identity_key,
        acs_user_ids: users.iter().map(|user| user.id).collect(),
        merged_user_identity_ids: merged.iter().map(|merged| merged.id).collect(),
        merged_user_identity_keys: merged.into_iter().filter_map(|merged| merged.user_identity_key).collect(),
        errors: [],
    }
}

fn warnings(identity: &user_identities::UserIdentity, users: &[AcsUser]) -> Vec<Warning> {
    let mut warnings = Vec::new();
    if let Some(at) = identity.deleting_at {
        warnings.push(Warning::new("being_deleted", "The person is deleted once all keys are discarded.", at));
    }
    if let Some(other) = users.iter().find(|user| differs(identity, user)) {
        warnings.push(Warning::new(
            "acs_user_profile_does_not_match_user_identity",
            "Name, email address or phone number are not those of a linked ACS user; update the one that is wrong.",
            identity.created_at.max(other.created_at),
        ));
    }
    warnings
}

/// Whether both have a name, an email address or a phone number, and not the same.
fn differs(identity: &user_identities::UserIdentity, user: &AcsUser) -> bool {
    let other = |left: &Option<String>, right: &Option<String>| match (left, right) {
        (Some(left), Some(right)) => !left.eq_ignore_ascii_case(right),
        _ => false,
    };
    other(&identity.full_name, &user.full_name)
        || other(&identity.email_address, &user.email_address)
        || other(&identity.phone_number, &user.phone_number)
}
