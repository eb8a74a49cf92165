//! A grant on the wire (`spec/api.md 3.9`).

use domain::id::{AccessGrantId, AccessMethodId, EntranceId, SpaceId, UserIdentityId, WorkspaceId};
use engine::access_grants::View;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use crate::{
    adapter::{
        Call,
        field::{Id, Utc},
    },
    api::access_methods::resource::mode_name,
    app::App,
    instant_links, session_tokens,
};

/// What a guest was granted: doors, for a time, for a reservation.
#[derive(Debug, Serialize, JsonSchema)]
pub struct AccessGrant {
    /// ID of the grant.
    #[schemars(with = "Id")]
    access_grant_id: AccessGrantId,
    /// ID of the workspace.
    #[schemars(with = "Id")]
    workspace_id: WorkspaceId,
    /// ID of the guest.
    #[schemars(with = "Id")]
    user_identity_id: UserIdentityId,
    /// When it was made.
    created_at: Utc,
    /// When the doors start to open.
    starts_at: Utc,
    /// When they stop opening; `null` for an open end.
    ends_at: Option<Utc>,
    /// Name, for people.
    name: Option<String>,
    /// What to call it.
    display_name: String,
    /// How it stands, for people.
    display_status: &'static str,
    /// The caller's own key of it.
    access_grant_key: Option<String>,
    /// The reservation.
    reservation_key: Option<String>,
    /// The spaces that were named.
    #[schemars(with = "Vec<Id>")]
    space_ids: Vec<SpaceId>,
    /// The older name of `space_ids`.
    #[schemars(with = "Vec<Id>")]
    location_ids: Vec<SpaceId>,
    /// What was asked for, and what came of it.
    requested_access_methods: Vec<RequestedAccessMethod>,
    /// Its access methods.
    #[schemars(with = "Vec<Id>")]
    access_method_ids: Vec<AccessMethodId>,
    /// The token of the guest's client session; with a mobile key.
    #[serde(skip_serializing_if = "Option::is_none")]
    client_session_token: Option<String>,
    /// The link that shows the guest's keys; with exactly one mobile key.
    #[serde(skip_serializing_if = "Option::is_none")]
    instant_key_url: Option<String>,
    /// Echoed as it was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    customization_profile_id: Option<String>,
    /// What is under way.
    pending_mutations: Vec<Mutation>,
    /// What keeps it from being as it was asked for.
    errors: Vec<GrantError>,
    /// What people should know.
    warnings: Vec<GrantWarning>,
    /// What else is remarkable, where there is something to say.
    #[serde(skip_serializing_if = "Option::is_none")]
    innkeep: Option<Remarks>,
}

/// A method that was asked for.
#[derive(Debug, Serialize, JsonSchema)]
struct RequestedAccessMethod {
    /// What to call it.
    display_name: &'static str,
    /// What was to open the doors.
    mode: String,
    /// When it was asked for.
    created_at: String,
    /// The methods that came of it and are there.
    #[schemars(with = "Vec<Id>")]
    created_access_method_ids: Vec<AccessMethodId>,
    /// The code that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<String>,
    /// How often the instant key may be used.
    #[serde(skip_serializing_if = "Option::is_none")]
    instant_key_max_use_count: Option<i64>,
}

/// A change that is under way.
#[derive(Debug, Serialize, JsonSchema)]
struct Mutation {
    /// What it is, for programs.
    mutation_code: &'static str,
    /// What it is, for people.
    message: &'static str,
    /// Since when.
    created_at: String,
    /// The methods that do not have the new times yet.
    #[schemars(with = "Vec<Id>")]
    access_method_ids: Vec<AccessMethodId>,
    /// The former times.
    #[schemars(with = "Times")]
    from: Value,
    /// The new times.
    #[schemars(with = "Times")]
    to: Value,
}

/// When doors open.
#[derive(Debug, JsonSchema)]
#[expect(dead_code, reason = "describes stored JSON in the published document")]
struct Times {
    /// From then on.
    starts_at: Utc,
    /// Until then.
    ends_at: Option<Utc>,
}

/// Something that keeps a grant from being as it was asked for.
#[derive(Debug, Serialize, JsonSchema)]
struct GrantError {
    /// What it is, for programs.
    error_code: &'static str,
    /// What it is and what to do, for people.
    message: String,
    /// Since when.
    created_at: String,
    /// Devices that are missing: never any.
    missing_device_ids: [Id; 0],
}

/// Something that people should know of a grant.
#[derive(Debug, Serialize, JsonSchema)]
struct GrantWarning {
    /// What it is, for programs.
    warning_code: &'static str,
    /// What it is and what to do, for people.
    message: &'static str,
    /// Since when.
    created_at: Utc,
    /// The methods that it is about.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(with = "Vec<Id>")]
    access_method_ids: Vec<AccessMethodId>,
}

/// What more there is to say of a grant; not part of the API that we are compatible with.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Remarks {
    /// Guest doors at which another party is booked for the same time; said when methods are added or times change.
    /// Later the event of the issue says it.
    #[schemars(with = "Vec<Id>")]
    double_booked_acs_entrance_ids: Vec<EntranceId>,
}

/// What more there is to say of a grant that was just made or changed.
pub fn remarks(view: &View) -> Option<Remarks> {
    let double_booked_acs_entrance_ids = view.double_booked.clone();
    (!double_booked_acs_entrance_ids.is_empty()).then_some(Remarks { double_booked_acs_entrance_ids })
}

/// The grant with what the API shows of it.
pub fn shown(call: &Call<'_, App>, view: View) -> AccessGrant {
    let mut links = view.methods.iter().filter_map(|method| method.link.as_ref());
    let (first, second) = (links.next(), links.next());
    let client_session_token = first.map(|(_, session)| session_tokens::shown(call.state, session));
    let instant_key_url = first.filter(|_| second.is_none()).map(|(key, _)| instant_links::url(call, key));
    let changing: Vec<AccessMethodId> =
        view.methods.iter().filter(|method| method.is_changing()).map(|method| method.method.id).collect();
    let there: Vec<AccessMethodId> = view.methods.iter().map(|method| method.method.id).collect();
    let requested: Vec<RequestedAccessMethod> =
        view.grant.requested.as_array().into_iter().flatten().map(|entry| requested(entry, &there)).collect();
    let innkeep = remarks(&view);
    AccessGrant {
        access_grant_id: view.grant.id,
        workspace_id: view.grant.workspace_id,
        user_identity_id: view.grant.user_identity_id,
        created_at: Utc(view.grant.created_at),
        starts_at: Utc(view.grant.starts_at),
        ends_at: view.grant.ends_at.map(Utc),
        display_name: view.grant.name.clone().unwrap_or_else(|| "Access Grant".to_owned()),
        display_status: status(&view, call.now),
        client_session_token,
        instant_key_url,
        pending_mutations: mutations(&view, &changing),
        errors: errors(&view),
        warnings: warnings(&view, &changing),
        location_ids: view.space_ids.clone(),
        space_ids: view.space_ids,
        requested_access_methods: requested,
        access_method_ids: there,
        name: view.grant.name,
        access_grant_key: view.grant.access_grant_key,
        reservation_key: view.grant.reservation_key,
        customization_profile_id: view.grant.customization_profile_id,
        innkeep,
    }
}

fn status(view: &View, now: Timestamp) -> &'static str {
    let grant = &view.grant;
    if grant.deleting_at.is_some() {
        "Being deleted"
    } else if grant.ends_at.is_some_and(|end| end <= now) {
        "Ended"
    } else if grant.complete_at.is_none() {
        "Being set up"
    } else if grant.starts_at > now {
        "Upcoming"
    } else {
        "Active"
    }
}

fn requested(entry: &Value, there: &[AccessMethodId]) -> RequestedAccessMethod {
    let mode = entry["mode"].as_str().unwrap_or_default().to_owned();
    let made = entry["created_access_method_ids"].as_array().into_iter().flatten();
    let made = made.filter_map(|id| id.as_str()?.parse().ok()).filter(|id| there.contains(id));
    RequestedAccessMethod {
        display_name: mode_name(&mode),
        mode,
        created_at: text(entry, "created_at"),
        created_access_method_ids: made.collect(),
        code: entry["code"].as_str().map(str::to_owned),
        instant_key_max_use_count: entry["instant_key_max_use_count"].as_i64(),
    }
}

fn mutations(view: &View, changing: &[AccessMethodId]) -> Vec<Mutation> {
    let Some(change) = view.grant.times_changed.as_ref().filter(|_| !changing.is_empty()) else { return Vec::new() };
    vec![Mutation {
        mutation_code: "updating_access_times",
        message: "The keys are being given the new times.",
        created_at: text(change, "created_at"),
        access_method_ids: changing.to_vec(),
        from: change["from"].clone(),
        to: change["to"].clone(),
    }]
}

fn errors(view: &View) -> Vec<GrantError> {
    let entries = view.grant.requested.as_array().into_iter().flatten();
    let refused = entries.filter_map(|entry| Some((entry, entry["error_message"].as_str()?)));
    refused
        .map(|(entry, message)| GrantError {
            error_code: "cannot_create_requested_access_methods",
            message: message.to_owned(),
            created_at: text(entry, "created_at"),
            missing_device_ids: [],
        })
        .collect()
}

fn warnings(view: &View, changing: &[AccessMethodId]) -> Vec<GrantWarning> {
    let warning = |warning_code, message, at, access_method_ids| GrantWarning {
        warning_code,
        message,
        created_at: Utc(at),
        access_method_ids,
    };
    let mut warnings = Vec::new();
    if let Some(at) = view.grant.deleting_at {
        let message = "The grant is deleted once the lock server has confirmed that its keys are discarded.";
        warnings.push(warning("being_deleted", message, at, Vec::new()));
        return warnings;
    }
    if let Some(at) = view.doors.iter().filter_map(|door| door.lost_at).max() {
        let message = "Not all entrances are open to the guest any more: another party has taken one over, or the keys \
                       are gone.";
        warnings.push(warning("underprovisioned_access", message, at, Vec::new()));
    }
    if let Some(at) =
        view.methods.iter().filter(|method| method.is_changing()).map(|method| method.method.asked_at).max()
    {
        let message = "Some access methods do not have the new times yet: a card must be encoded again, a key is on its \
                       way to the phone.";
        warnings.push(warning("updating_access_times", message, at, changing.to_vec()));
    }
    warnings
}

fn text(entry: &Value, member: &str) -> String {
    entry[member].as_str().unwrap_or_default().to_owned()
}
