//! In a sandbox the page can hold the guest's phone to the doors of the simulated hotel.

use domain::id::EndpointId;
use engine::{
    instant_keys::{self, Link, ShownKey},
    phones::{self, CreateSandbox},
};
use http::Request;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};
use store::{Tx, credential_details::ShownDoor, workspaces};

use super::{pages::Verdict, words::Words};
use crate::{app::App, sandbox::Sandbox};

/// What is offered to try.
pub struct Trial {
    /// Whether the guest has no phone yet.
    pub needs_phone: bool,
    /// The doors of the guest's keys.
    pub doors: Vec<Door>,
}

/// A door that a phone can be held to.
pub struct Door {
    /// Its id.
    pub id: String,
    /// What the button says.
    pub label: String,
}

/// What the page offers to try; nothing where the hotel is a real one.
pub fn offered(
    tx: &mut Tx<'_>,
    app: &App,
    link: &Link,
    keys: &[ShownKey],
    words: &Words,
) -> Result<Option<Trial>, engine::Error> {
    let workspace = workspaces::find(tx, link.view.key.workspace_id)?;
    if app.sandbox.is_none() || !workspace.is_some_and(|workspace| workspace.is_sandbox) {
        return Ok(None);
    }
    let needs_phone = instant_keys::endpoint_of(tx, link)?.is_none();
    let doors = if needs_phone { Vec::new() } else { doors_of(keys) };
    let button = |door: &ShownDoor| Door { id: door.id.to_string(), label: words.hold.replace("{}", &door.name) };
    Ok(Some(Trial { needs_phone, doors: doors.into_iter().map(button).collect() }))
}

/// The doors of these keys, each once.
fn doors_of(keys: &[ShownKey]) -> Vec<&ShownDoor> {
    let mut doors: Vec<&ShownDoor> = Vec::new();
    for door in keys.iter().flat_map(|key| &key.doors) {
        if doors.iter().all(|known| known.id != door.id) {
            doors.push(door);
        }
    }
    doors
}

/// The name of a door of these keys.
pub fn door(keys: &[ShownKey], id: &str) -> Option<String> {
    doors_of(keys).into_iter().find(|door| door.id.to_string() == id).map(|door| door.name.clone())
}

/// Gives the guest a simulated phone.
pub fn add_phone(app: &App, link: &Link) -> Result<(), engine::Error> {
    let asked = CreateSandbox {
        user_identity_id: link.view.key.user_identity_id,
        device_type: "android_phone".to_owned(),
        device_model: "Simulated phone".to_owned(),
        detail: json!({}),
    };
    let (moment, caller, sandbox) = (app.moment(app.clock.now()), link.caller.clone(), app.sandbox.clone());
    app.store.write("guest_page.add_phone", move |tx| -> Result<(), engine::Error> {
        let enrolled = phones::create_sandbox(tx, &mut moment.clone(), &caller, &asked)?;
        // Before the commit, for the same reason as in `/phones/simulate/create_sandbox_phone`.
        if let Some(sandbox) = &sandbox {
            for endpoint in &enrolled.endpoints {
                sandbox.enrol_phone(&endpoint.id.to_string());
            }
        }
        Ok(())
    })?;
    app.changed.notify_waiters();
    Ok(())
}

/// Holds the guest's phone to a door of the simulated hotel.
pub fn hold(sandbox: &Sandbox, door: &str, endpoint: Option<EndpointId>, words: &Words) -> Verdict {
    let said = endpoint.map_or(Value::Null, |endpoint| {
        let path = format!("/control/v1/doors/{}/present", utf8_percent_encode(door, NON_ALPHANUMERIC));
        let body = json!({ "endpoint_id": endpoint.to_string() }).to_string().into_bytes();
        let request = Request::post(path).body(body).unwrap_or_default();
        serde_json::from_slice(sandbox.controlled(&request).body()).unwrap_or(Value::Null)
    });
    let opened = said["opened"] == true;
    let reason = said["reason"].as_str().unwrap_or("no_key");
    Verdict {
        class: if opened { "good" } else { "bad" },
        text: if opened { words.opens } else { words.stays_closed }.replace("{}", door),
        reason: (!opened).then(|| words.reason(reason)),
        code: said["code"].as_str().map(str::to_owned),
    }
}
