//! A person on the wire (`spec/api.md 3.8`).

use std::collections::BTreeMap;

use domain::id::{AcsUserId, UserIdentityId, WorkspaceId};
use schemars::JsonSchema;
use serde::Serialize;
use store::{Tx, user_identities, users};

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
    /// Persons that were merged into this one.
    merged_user_identity_ids: [Id; 0],
    /// Keys of persons that were merged into this one.
    merged_user_identity_keys: [String; 0],
    /// What keeps the person from getting keys.
    errors: [Problem; 0],
    /// What people should know.
    warnings: [Warning; 0],
}

/// Persons with what the API shows of them, in the same order, with a fixed number of queries.
///
/// # Errors
/// When storage fails.
pub fn shown(tx: &mut Tx<'_>, rows: Vec<user_identities::UserIdentity>) -> Result<Vec<UserIdentity>, engine::Error> {
    let ids: Vec<UserIdentityId> = rows.iter().map(|identity| identity.id).collect();
    let mut users_of: BTreeMap<UserIdentityId, Vec<AcsUserId>> = BTreeMap::new();
    for (identity, user) in users::ids_of_identities(tx, &ids)? {
        users_of.entry(identity).or_default().push(user);
    }
    Ok(rows
        .into_iter()
        .map(|identity| {
            let acs_user_ids = users_of.remove(&identity.id).unwrap_or_default();
            one(identity, acs_user_ids)
        })
        .collect())
}

/// [`shown`] for a single person.
///
/// # Errors
/// When storage fails.
pub fn shown_one(tx: &mut Tx<'_>, row: user_identities::UserIdentity) -> Result<UserIdentity, engine::Error> {
    let users = users::of_identity(tx, row.id)?;
    Ok(one(row, users.into_iter().map(|user| user.id).collect()))
}

fn one(identity: user_identities::UserIdentity, acs_user_ids: Vec<AcsUserId>) -> UserIdentity {
    let names = [&identity.full_name, &identity.email_address, &identity.phone_number, &identity.user_identity_key];
    let display_name = names.into_iter().flatten().next().cloned().unwrap_or_else(|| identity.id.to_string());
    UserIdentity {
        user_identity_id: identity.id,
        workspace_id: identity.workspace_id,
        created_at: Utc(identity.created_at),
        display_name,
        full_name: identity.full_name,
        email_address: identity.email_address,
        phone_number: identity.phone_number,
        user_identity_key: identity.user_identity_key,
        acs_user_ids,
        merged_user_identity_ids: [],
        merged_user_identity_keys: [],
        errors: [],
        warnings: [],
    }
}
