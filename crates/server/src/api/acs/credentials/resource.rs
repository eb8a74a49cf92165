//! A credential on the wire (`spec/api.md 3.4`).

use domain::Stage;
use domain::id::{AcsSystemId, AcsUserId, ConnectedAccountId, CredentialId, EntranceId, UserIdentityId, WorkspaceId};
use engine::credentials::View;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;
use store::{credential_details::ShownDoor, credentials::Credential};

use crate::{
    adapter::field::{Id, Utc},
    api::problem::{Problem, Warning},
};

/// A card, a parent, or the child of a parent on one phone.
#[derive(Debug, Serialize, JsonSchema)]
pub struct AcsCredential {
    /// ID of the credential.
    #[schemars(with = "Id")]
    acs_credential_id: CredentialId,
    /// ID of the access system.
    #[schemars(with = "Id")]
    acs_system_id: AcsSystemId,
    /// ID of the connected account.
    #[schemars(with = "Id")]
    connected_account_id: ConnectedAccountId,
    /// ID of the workspace.
    #[schemars(with = "Id")]
    workspace_id: WorkspaceId,
    /// `card` or `mobile_key`.
    access_method: String,
    /// ID of its owner.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<Id>")]
    acs_user_id: Option<AcsUserId>,
    /// ID of the person behind its owner.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<Id>")]
    user_identity_id: Option<UserIdentityId>,
    /// ID of the parent of a child.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<Id>")]
    parent_acs_credential_id: Option<CredentialId>,
    /// Whether it is a parent.
    is_multi_phone_sync_credential: bool,
    /// What to call it.
    display_name: String,
    /// `visionline_card`; parents have none.
    #[serde(skip_serializing_if = "Option::is_none")]
    external_type: Option<&'static str>,
    /// The type, for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    external_type_display_name: Option<&'static str>,
    /// Whether it is managed here: always.
    is_managed: bool,
    /// Whether the first key has been delivered.
    is_issued: bool,
    /// When the first key was delivered.
    issued_at: Option<Utc>,
    /// Serial number of the plastic card.
    card_number: Option<String>,
    /// Code to type in; Visionline has none.
    code: Option<String>,
    /// Whether it opens one door once: never.
    is_one_time_use: bool,
    /// When it starts to open doors.
    starts_at: Utc,
    /// When it stops opening doors.
    ends_at: Utc,
    /// Whether the lock server has what is wanted.
    is_latest_desired_state_synced_with_provider: Option<bool>,
    /// Since when the lock server has what is wanted.
    latest_desired_state_synced_with_provider_at: Option<Utc>,
    /// What only Visionline has.
    visionline_metadata: CredentialMetadata,
    /// What keeps it from working.
    errors: Vec<Problem>,
    /// What people should know.
    warnings: Vec<Warning>,
    /// When it was made.
    created_at: Utc,
    /// How far its key has come and what else is remarkable, where there is something to say.
    #[serde(skip_serializing_if = "Option::is_none")]
    innkeep: Option<Remarks>,
}

/// What only Visionline has.
#[derive(Debug, Serialize, JsonSchema)]
pub struct CredentialMetadata {
    /// Whose it is: a guest's.
    card_function_type: &'static str,
    /// Its guest doors.
    #[schemars(with = "Vec<Id>")]
    guest_acs_entrance_ids: Vec<EntranceId>,
    /// Its other doors.
    #[schemars(with = "Vec<Id>")]
    common_acs_entrance_ids: Vec<EntranceId>,
    /// The credentials it joined.
    #[schemars(with = "Vec<Id>")]
    joiner_acs_credential_ids: Value,
    /// Whether it joins the present stay of each door, if that was said.
    #[serde(skip_serializing_if = "Option::is_none")]
    auto_join: Option<bool>,
    /// Whether it opens any of its guest doors, as far as is known.
    is_valid: bool,
    /// The lock server's ID of its card.
    #[serde(skip_serializing_if = "Option::is_none")]
    card_id: Option<String>,
    /// The lock server's ID of its key in a phone.
    #[serde(skip_serializing_if = "Option::is_none")]
    credential_id: Option<String>,
}

/// What more there is to say of a credential; not part of the API that we are compatible with.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Remarks {
    /// `accepted`, `sent`, `on_lock_server`, `on_phone`, `on_card`, `revoking`, `revoked_at_server` (the key may still
    /// open a door until its end or until a newer key is used there) or `gone`.
    #[serde(skip_serializing_if = "Option::is_none")]
    stage: Option<&'static str>,
    /// Until when a key that was taken back may still open a door: an offline phone or lock hears of nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    may_open_until: Option<Utc>,
    /// What went wrong last.
    #[serde(skip_serializing_if = "Option::is_none")]
    last_error: Option<Value>,
    /// Since when the lock server shows another window than the one that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    externally_modified_at: Option<Utc>,
    /// Guest doors at which another party is booked for the same time; said when the credential is created. Later the
    /// event of its issue says it, and those who only look pay nothing for it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(with = "Vec<Id>")]
    double_booked_acs_entrance_ids: Vec<EntranceId>,
}

impl Remarks {
    /// Whether there is anything to say.
    fn is_telling(&self) -> bool {
        self.stage.is_some() || self.last_error.is_some() || !self.double_booked_acs_entrance_ids.is_empty()
    }

    /// Since when the lock server has not carried a request through: none when it has, or when it cannot be reached at
    /// all, which the system shows.
    fn stuck_since(&self) -> Option<Option<Timestamp>> {
        let error = self.last_error.as_ref().filter(|error| error["kind"] == "transient")?;
        let has_ended = matches!(self.stage, Some("gone" | "revoked_at_server"));
        (!has_ended).then(|| error["at"].as_str().and_then(|at| at.parse().ok()))
    }
}

/// The credential as it stands in the result of an action attempt.
pub fn show(view: View) -> Value {
    serde_json::to_value(AcsCredential::from(view)).unwrap_or_default()
}

impl From<View> for AcsCredential {
    fn from(view: View) -> Self {
        let row = view.credential;
        let is_parent = row.is_multi_phone;
        let ids = |is_guest: bool| {
            let doors = view.doors.iter().filter(|door| door.is_guest() == is_guest);
            doors.map(|door| door.id).collect::<Vec<_>>()
        };
        let remarks = Remarks {
            stage: view.stage.map(|stage| stage.as_str()),
            may_open_until: may_open_until(&row, view.stage, view.key_ends_at).map(Utc),
            last_error: view.last_error,
            externally_modified_at: view.externally_modified_at.map(Utc),
            double_booked_acs_entrance_ids: view.double_booked,
        };
        Self {
            display_name: display_name(&row, &view.doors),
            errors: errors(&row),
            warnings: warnings(&row, &remarks),
            visionline_metadata: CredentialMetadata {
                card_function_type: "guest",
                guest_acs_entrance_ids: ids(true),
                common_acs_entrance_ids: ids(false),
                joiner_acs_credential_ids: row.joiner_ids,
                auto_join: row.auto_join,
                is_valid: view.is_valid,
                card_id: view.card_id,
                credential_id: view.native_credential_id,
            },
            acs_credential_id: row.id,
            acs_system_id: row.acs_system_id,
            connected_account_id: view.connected_account_id,
            workspace_id: row.workspace_id,
            access_method: row.access_method,
            acs_user_id: row.acs_user_id,
            user_identity_id: view.user_identity_id,
            parent_acs_credential_id: row.parent_id,
            is_multi_phone_sync_credential: is_parent,
            external_type: (!is_parent).then_some("visionline_card"),
            external_type_display_name: (!is_parent).then_some("Visionline Card"),
            is_managed: true,
            is_issued: view.is_issued,
            issued_at: row.issued_at.map(Utc),
            card_number: view.card_number,
            code: None,
            is_one_time_use: false,
            starts_at: Utc(row.starts_at),
            ends_at: Utc(row.ends_at),
            is_latest_desired_state_synced_with_provider: view.is_synced,
            latest_desired_state_synced_with_provider_at: view.synced_at.map(Utc),
            created_at: Utc(row.created_at),
            innkeep: remarks.is_telling().then_some(remarks),
        }
    }
}

/// Until when a key opens doors that its credential no longer grants: a key that was taken back, a card that was
/// overridden and never refused yet, or one that was written before its stay was made shorter. Only the key itself and
/// the keys that the lock is shown count there.
fn may_open_until(row: &Credential, stage: Option<Stage>, key_ends_at: Option<Timestamp>) -> Option<Timestamp> {
    let is_on_card = stage == Some(Stage::OnCard);
    let is_stale = is_on_card && (row.invalidated_at.is_some() || row.needs_reissue_at.is_some());
    match stage {
        Some(Stage::Revoking | Stage::RevokedAtServer) => Some(key_ends_at.unwrap_or(row.ends_at)),
        Some(Stage::OnCard) if is_stale || row.deleting_at.is_some() => key_ends_at,
        _ => None,
    }
}

fn display_name(row: &Credential, doors: &[ShownDoor]) -> String {
    if row.is_multi_phone {
        return "Multi Phone Sync Credential".to_owned();
    }
    if doors.is_empty() {
        return "Visionline Credential".to_owned();
    }
    doors.iter().map(|door| door.name.as_str()).collect::<Vec<_>>().join(", ")
}

/// The lock server's last word on this revision; the worker does not ask again by itself (design 7).
fn errors(row: &Credential) -> Vec<Problem> {
    let Some(refused) = &row.refused else { return Vec::new() };
    let at = refused["at"].as_str().and_then(|at| at.parse::<Timestamp>().ok());
    let message = refused["message"].as_str().unwrap_or("The lock server refused the key.");
    vec![Problem {
        error_code: "refused_by_lock_server".to_owned(),
        message: message.to_owned(),
        created_at: Utc(at.unwrap_or(row.created_at)),
    }]
}

fn warnings(row: &Credential, remarks: &Remarks) -> Vec<Warning> {
    let mut warnings = Vec::new();
    if row.issued_at.is_none() && row.deleting_at.is_none() {
        let message = "No key has been delivered yet: a card waits to be encoded, a mobile key for a phone, or for \
                       the key that it joins.";
        warnings.push(Warning::new("waiting_to_be_issued", message, row.created_at));
    }
    if row.schedule_modified {
        let message = "The window differs from the one that was asked for: a start in the past became now, or a \
                       missing end was set.";
        warnings.push(Warning::new("schedule_modified", message, row.created_at));
    }
    if let Some(at) = &remarks.externally_modified_at {
        let message = "The key has another window at the hotel's Visionline than the one that was asked for here; \
                       somebody changed it there.";
        warnings.push(Warning::new("schedule_externally_modified", message, at.0));
    }
    if let Some(at) = remarks.stuck_since() {
        let message = "The lock server has not carried the last request through. It is tried again until it does; \
                       innkeep.last_error says what happened.";
        warnings.push(Warning::new("unknown_issue_with_acs_credential", message, at.unwrap_or(row.created_at)));
    }
    if let Some(at) = row.deleting_at {
        let message = "The credential is deleted once the lock server has confirmed that its keys are discarded.";
        warnings.push(Warning::new("being_deleted", message, at));
    }
    if let Some(at) = row.needs_reissue_at {
        let message = "The card no longer matches the credential; encode it again.";
        warnings.push(Warning::new("needs_to_be_reissued", message, at));
    }
    warnings
}
