//! Writing events: each in the transaction of what it reports, so that none is lost and none is invented.

use domain::{
    Moment,
    id::{ConnectWebviewId, EncoderId, EntranceId, PhoneId},
};
use store::{
    Tx,
    connect_webviews::ConnectWebview,
    connected_accounts::ConnectedAccount,
    credentials::Credential,
    events::{self, Event},
    spaces::Space,
    systems::AcsSystem,
    users::AcsUser,
};

use crate::{Error, spaces::Members};

/// An event of this type about nothing yet.
fn about_system(moment: &mut Moment, event_type: &str, system: &AcsSystem) -> Event {
    Event {
        connected_account_id: Some(system.connected_account_id),
        acs_system_id: Some(system.id),
        ..Event::new(moment, system.workspace_id, event_type)
    }
}

/// Reports something of a system.
pub(crate) fn system(tx: &mut Tx<'_>, moment: &mut Moment, event_type: &str, system: &AcsSystem) -> Result<(), Error> {
    let event = about_system(moment, event_type, system);
    Ok(events::insert(tx, &event)?)
}

/// Reports something of a system, with what is wrong with it (`spec/api.md 5.2`).
pub(crate) fn system_with_problems(
    tx: &mut Tx<'_>,
    moment: &mut Moment,
    event_type: &str,
    system: &AcsSystem,
    account_errors: &serde_json::Value,
) -> Result<(), Error> {
    let detail = serde_json::json!({
        "acs_system_errors": system.errors,
        "acs_system_warnings": system.warnings,
        "connected_account_errors": account_errors,
        "connected_account_warnings": [],
    });
    let event = Event { detail, ..about_system(moment, event_type, system) };
    Ok(events::insert(tx, &event)?)
}

/// Reports something of the account of a system, with further members.
pub(crate) fn account(
    tx: &mut Tx<'_>,
    moment: &mut Moment,
    event_type: &str,
    system: &AcsSystem,
    detail: serde_json::Value,
) -> Result<(), Error> {
    let event = Event { acs_system_id: None, detail, ..about_system(moment, event_type, system) };
    Ok(events::insert(tx, &event)?)
}

/// Reports something of an account, and of the page it was connected through.
pub(crate) fn connected_account(
    tx: &mut Tx<'_>,
    moment: &mut Moment,
    event_type: &str,
    account: &ConnectedAccount,
    page: Option<ConnectWebviewId>,
    detail: serde_json::Value,
) -> Result<(), Error> {
    let event = Event {
        connected_account_id: Some(account.id),
        connect_webview_id: page,
        customer_key: account.customer_key.clone(),
        detail,
        ..Event::new(moment, account.workspace_id, event_type)
    };
    Ok(events::insert(tx, &event)?)
}

/// Reports that nothing was connected through a page.
pub(crate) fn webview_failed(tx: &mut Tx<'_>, moment: &mut Moment, webview: &ConnectWebview) -> Result<(), Error> {
    let event = Event {
        connect_webview_id: Some(webview.id),
        customer_key: webview.customer_key.clone(),
        ..Event::new(moment, webview.workspace_id, "connect_webview.login_failed")
    };
    Ok(events::insert(tx, &event)?)
}

/// Reports something of an encoder.
pub(crate) fn encoder(
    tx: &mut Tx<'_>,
    moment: &mut Moment,
    event_type: &str,
    system: &AcsSystem,
    encoder: EncoderId,
) -> Result<(), Error> {
    let event = Event { acs_encoder_id: Some(encoder.to_string()), ..about_system(moment, event_type, system) };
    Ok(events::insert(tx, &event)?)
}

/// Reports something of a door.
pub(crate) fn entrance(
    tx: &mut Tx<'_>,
    moment: &mut Moment,
    event_type: &str,
    system: &AcsSystem,
    entrance: EntranceId,
) -> Result<(), Error> {
    let event = Event { acs_entrance_id: Some(entrance), ..about_system(moment, event_type, system) };
    Ok(events::insert(tx, &event)?)
}

/// Reports something of a user.
pub(crate) fn user(
    tx: &mut Tx<'_>,
    moment: &mut Moment,
    event_type: &str,
    system: &AcsSystem,
    user: &AcsUser,
) -> Result<(), Error> {
    let event = Event { acs_user_id: Some(user.id), ..about_system(moment, event_type, system) };
    Ok(events::insert(tx, &event)?)
}

/// Reports something of a credential.
pub(crate) fn credential(
    tx: &mut Tx<'_>,
    moment: &mut Moment,
    event_type: &str,
    system: &AcsSystem,
    credential: &Credential,
) -> Result<(), Error> {
    let event = Event { acs_credential_id: Some(credential.id), ..about_system(moment, event_type, system) };
    Ok(events::insert(tx, &event)?)
}

/// Reports that the first key of a credential was delivered, and where another party was booked for the same time
/// (design 6): in a member of ours, which readers of the published event pass over.
pub(crate) fn issued(
    tx: &mut Tx<'_>,
    moment: &mut Moment,
    system: &AcsSystem,
    credential: &Credential,
    double_booked: &[EntranceId],
) -> Result<(), Error> {
    let detail = if double_booked.is_empty() {
        serde_json::json!({})
    } else {
        serde_json::json!({ "innkeep": { "double_booked_acs_entrance_ids": double_booked } })
    };
    let about = about_system(moment, "acs_credential.issued", system);
    Ok(events::insert(tx, &Event { acs_credential_id: Some(credential.id), detail, ..about })?)
}

/// Reports that a credential is gone, and until when its plastic card may still open an offline lock: in a member of
/// ours.
pub(crate) fn deleted(
    tx: &mut Tx<'_>,
    moment: &mut Moment,
    system: &AcsSystem,
    credential: &Credential,
    may_open_until: Option<jiff::Timestamp>,
) -> Result<(), Error> {
    let detail = match may_open_until {
        Some(end) => serde_json::json!({ "innkeep": { "may_open_until": format!("{end:.3}") } }),
        None => serde_json::json!({}),
    };
    let about = about_system(moment, "acs_credential.deleted", system);
    Ok(events::insert(tx, &Event { acs_credential_id: Some(credential.id), detail, ..about })?)
}

/// Reports that a phone was deactivated.
pub(crate) fn phone_deactivated(
    tx: &mut Tx<'_>,
    moment: &mut Moment,
    workspace_id: domain::id::WorkspaceId,
    phone: PhoneId,
    words: &serde_json::Map<String, serde_json::Value>,
) -> Result<(), Error> {
    let event = Event {
        device_id: Some(phone),
        detail: serde_json::json!({ "device_custom_metadata": words }),
        ..Event::new(moment, workspace_id, "phone.deactivated")
    };
    Ok(events::insert(tx, &event)?)
}

/// Reports something of a space, with everything that belongs to it at that moment (`spec/api.md 5.2`).
pub(crate) fn space(
    tx: &mut Tx<'_>,
    moment: &mut Moment,
    event_type: &str,
    space: &Space,
    members: &Members,
) -> Result<(), Error> {
    let mut detail = serde_json::json!({
        "acs_entrance_ids": members.entrances,
        "device_ids": members.devices,
    });
    if let Some(key) = &space.space_key {
        detail["space_key"] = serde_json::json!(key);
    }
    let event = Event {
        space_id: Some(space.id),
        customer_key: space.customer_key.clone(),
        detail,
        ..Event::new(moment, space.workspace_id, event_type)
    };
    Ok(events::insert(tx, &event)?)
}
