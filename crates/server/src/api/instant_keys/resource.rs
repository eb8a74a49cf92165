//! An instant key on the wire (`spec/api.md 3.11`).

use domain::id::{ClientSessionId, InstantKeyId, UserIdentityId, WorkspaceId};
use engine::instant_keys::View;
use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    adapter::{
        Call,
        field::{Id, Utc},
    },
    app::App,
    instant_links,
};

/// A link that shows a guest's keys in a browser.
#[derive(Debug, Serialize, JsonSchema)]
pub struct InstantKey {
    /// ID of the instant key.
    #[schemars(with = "Id")]
    instant_key_id: InstantKeyId,
    /// The link.
    instant_key_url: String,
    /// The client session that it is worth.
    #[schemars(with = "Id")]
    client_session_id: ClientSessionId,
    /// Whose keys it shows.
    #[schemars(with = "Id")]
    user_identity_id: UserIdentityId,
    /// ID of the workspace.
    #[schemars(with = "Id")]
    workspace_id: WorkspaceId,
    /// When it was made.
    created_at: Utc,
    /// When it ends.
    expires_at: Utc,
    /// How its page is to look.
    #[serde(skip_serializing_if = "Option::is_none")]
    customization_profile_id: Option<String>,
    /// What is ours.
    innkeep: Uses,
}

/// How often the link may be opened, and was; not part of the API that we are compatible with.
#[derive(Debug, Serialize, JsonSchema)]
struct Uses {
    /// How many browsers may open it.
    max_use_count: i32,
    /// How many have.
    use_count: i64,
}

/// An instant key as the API shows it.
pub fn shown(call: &Call<'_, App>, view: View) -> InstantKey {
    let key = view.key;
    InstantKey {
        instant_key_url: instant_links::url(call, &key),
        instant_key_id: key.id,
        client_session_id: key.client_session_id,
        user_identity_id: key.user_identity_id,
        workspace_id: key.workspace_id,
        created_at: Utc(key.created_at),
        expires_at: Utc(view.expires_at),
        customization_profile_id: key.customization_profile_id,
        innkeep: Uses { max_use_count: key.max_use_count, use_count: view.use_count },
    }
}
