//! An access method on the wire (`spec/api.md 3.10`).

use domain::id::{AccessMethodId, WorkspaceId};
use engine::access_methods::View;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;
use store::credentials::CARD;

use crate::{
    adapter::{
        Call,
        field::{Id, Utc},
    },
    api::problem::{Problem, Warning},
    app::App,
    instant_links, session_tokens,
};

/// A card or a phone key of an access grant.
#[derive(Debug, Serialize, JsonSchema)]
#[expect(clippy::struct_excessive_bools, reason = "they are the API's own")]
pub struct AccessMethod {
    /// ID of the access method.
    #[schemars(with = "Id")]
    access_method_id: AccessMethodId,
    /// ID of the workspace.
    #[schemars(with = "Id")]
    workspace_id: WorkspaceId,
    /// When it was made.
    created_at: Utc,
    /// `card` or `mobile_key`.
    mode: String,
    /// What to call it.
    display_name: &'static str,
    /// How it stands, for people.
    display_status: &'static str,
    /// Whether the guest can have it now: a card was written, a key is on the phone or comes to it as soon as there is
    /// one.
    is_issued: bool,
    /// Since when.
    issued_at: Option<Utc>,
    /// Whether a card must be written.
    is_encoding_required: bool,
    /// Whether a card can be written.
    is_ready_for_encoding: bool,
    /// Whether a card must be assigned: never, cards of Visionline are written.
    is_assignment_required: bool,
    /// Whether a card can be assigned: never.
    is_ready_for_assignment: bool,
    /// Code to type in; Visionline has none.
    code: Option<String>,
    /// The token of the guest's client session; of a mobile key.
    #[serde(skip_serializing_if = "Option::is_none")]
    client_session_token: Option<String>,
    /// The link that shows the guest's keys; of a mobile key.
    #[serde(skip_serializing_if = "Option::is_none")]
    instant_key_url: Option<String>,
    /// Echoed as it was given for the grant.
    #[serde(skip_serializing_if = "Option::is_none")]
    customization_profile_id: Option<String>,
    /// What is under way.
    pending_mutations: Vec<Mutation>,
    /// What keeps it from working.
    errors: Vec<Problem>,
    /// What people should know.
    warnings: Vec<Warning>,
}

/// A change that is under way.
#[derive(Debug, Serialize, JsonSchema)]
struct Mutation {
    /// What it is, for programs.
    mutation_code: &'static str,
    /// What it is, for people.
    message: &'static str,
    /// Since when.
    created_at: Utc,
    /// What was.
    from: Value,
    /// What is to be.
    to: Value,
}

/// What to call a method of this mode.
pub fn mode_name(mode: &str) -> &'static str {
    match mode {
        "card" => "Plastic Card",
        "mobile_key" => "Mobile Key",
        "code" => "Code",
        _ => "Cloud Key",
    }
}

/// The method with what the API shows of it.
pub fn shown(call: &Call<'_, App>, view: View) -> AccessMethod {
    let link = view.link.as_ref();
    let method = &view.method;
    let needs_card = method.encoding_asked_at.is_some() && method.deleting_at.is_none();
    AccessMethod {
        access_method_id: method.id,
        workspace_id: method.workspace_id,
        created_at: Utc(method.created_at),
        display_name: mode_name(&method.mode),
        display_status: status(&view),
        is_issued: method.issued_at.is_some(),
        issued_at: method.issued_at.map(Utc),
        is_encoding_required: needs_card,
        is_ready_for_encoding: needs_card,
        is_assignment_required: false,
        is_ready_for_assignment: false,
        code: None,
        client_session_token: link.map(|(_, session)| session_tokens::shown(call.state, session)),
        instant_key_url: link.map(|(key, _)| instant_links::url(call, key)),
        pending_mutations: mutations(&view),
        errors: errors(&view),
        warnings: warnings(&view),
        mode: view.method.mode,
        customization_profile_id: view.grant.customization_profile_id,
    }
}

fn status(view: &View) -> &'static str {
    let method = &view.method;
    if method.deleting_at.is_some() {
        "Being deleted"
    } else if method.issued_at.is_some() {
        "Issued"
    } else if view.is_dead() {
        "No longer valid"
    } else if method.encoding_asked_at.is_some() {
        "Waits for a card to be encoded"
    } else if method.mode == CARD {
        "Ended"
    } else if method.failed_at.is_some() {
        "Not issued in time"
    } else {
        "Being issued"
    }
}

fn mutations(view: &View) -> Vec<Mutation> {
    let method = &view.method;
    let no_devices = || serde_json::json!({ "device_ids": [] });
    let mutation = |mutation_code, message, at: Timestamp, from, to| Mutation {
        mutation_code,
        message,
        created_at: Utc(at),
        from,
        to,
    };
    if let Some(at) = method.deleting_at {
        let message = "Its keys are being discarded.";
        return vec![mutation("revoking_access", message, at, no_devices(), no_devices())];
    }
    if let Some(change) = view.grant.times_changed.as_ref().filter(|_| view.is_changing()) {
        let message = "Its keys are being given the new times.";
        let (from, to) = (change["from"].clone(), change["to"].clone());
        return vec![mutation("updating_access_times", message, method.asked_at, from, to)];
    }
    let is_to_come = method.mode != CARD || method.encoding_asked_at.is_some();
    if method.first_issued_at.is_none() && is_to_come && !view.is_dead() {
        let message = "Its first key is being made.";
        return vec![mutation("provisioning_access", message, method.created_at, no_devices(), no_devices())];
    }
    Vec::new()
}

fn errors(view: &View) -> Vec<Problem> {
    let failed = view.method.failed_at.map(|at| Problem {
        error_code: "failed_to_issue".to_owned(),
        message: "The key was not on the phone in time. It is still being tried; the credentials of the access method \
                  say what stands in the way."
            .to_owned(),
        created_at: Utc(at),
    });
    failed.into_iter().collect()
}

fn warnings(view: &View) -> Vec<Warning> {
    let method = &view.method;
    let mut warnings = Vec::new();
    if let Some(at) = method.deleting_at {
        let message = "The access method is deleted once the lock server has confirmed that its keys are discarded.";
        warnings.push(Warning::new("being_deleted", message, at));
    }
    if view.is_changing() {
        let message =
            "It does not have the new times yet: a card must be encoded again, a key is on its way to the phone.";
        warnings.push(Warning::new("updating_access_times", message, method.asked_at));
    }
    if let Some(at) = method.delayed_at {
        let message = "The key is not on the phone yet, and it is nearly time.";
        warnings.push(Warning::new("delay_in_issuing", message, at));
    }
    warnings
}
