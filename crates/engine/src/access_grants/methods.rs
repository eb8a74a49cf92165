//! The methods of a grant: each is carried by one credential per site.

use domain::{
    Moment, Window,
    card_format::CardFormat,
    id::{AccessMethodId, AcsSystemId, CredentialId, EntranceId},
};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use store::{
    Tx,
    access_grants::{self, AccessGrant, Change},
    access_methods::{self, AccessMethod},
    credentials::{CARD, MOBILE_KEY},
    entrances::Entrance,
    systems::{self, AcsSystem},
    tasks,
};

use super::{
    create::{Requested, systems_of},
    event,
    reservation::{Way, way},
};
use crate::{
    Caller, Error, When,
    acs_systems::Settings,
    credentials::{self, Joiner, Owner},
    instant_keys,
};

/// The label on keys in phones: what a guest needs to tell two of them apart.
const LABEL: &str = "%ROOMNUM% - %SITENAME%";

/// How many browsers may open the link of a mobile key, if nobody says: a guest's own.
const USUAL_USES: i32 = 10;

/// How long before its start a key should be on a phone, and how long after it was asked for at the least.
const DUE_BEFORE_START: SignedDuration = SignedDuration::from_mins(10);
const DELAYED_AFTER: SignedDuration = SignedDuration::from_mins(1);
const FAILED_AFTER: SignedDuration = SignedDuration::from_mins(2);

/// Adds methods to a grant and notes what could not be had. Answers the rooms at which another party is booked for the
/// same time.
pub(super) fn add(
    tx: &mut Tx<'_>,
    moment: &mut Moment,
    caller: &Caller,
    grant: &AccessGrant,
    doors: &[Entrance],
    requested: &[Requested],
) -> Result<Vec<EntranceId>, Error> {
    let systems: Vec<AcsSystem> =
        systems_of(doors).into_iter().map(|id| systems::get(tx, id)).collect::<Result<_, _>>()?;
    let mut entries: Vec<Value> = grant.requested.as_array().cloned().unwrap_or_default();
    let mut refused: Vec<String> = Vec::new();
    let mut double_booked: Vec<EntranceId> = Vec::new();
    for wish in requested {
        let mut entry = json!({
            "mode": wish.mode,
            "created_at": format!("{:.3}", moment.now),
            "created_access_method_ids": [],
        });
        if let Some(code) = &wish.code {
            entry["code"] = json!(code);
        }
        if let Some(count) = wish.instant_key_max_use_count {
            entry["instant_key_max_use_count"] = json!(count);
        }
        match impossible(&wish.mode, &systems) {
            Some(why) => {
                entry["error_message"] = json!(why);
                refused.push(why);
            }
            None => {
                let id = add_one(tx, moment, caller, grant, doors, &systems, wish, &mut double_booked)?;
                entry["created_access_method_ids"] = json!([id]);
            }
        }
        entries.push(entry);
    }
    access_grants::change(tx, grant.id, Change { requested: Some(Value::Array(entries)), ..Change::default() })?;
    if !refused.is_empty() {
        let detail = json!({ "error_message": refused.join(" "), "missing_device_ids": [] });
        event::grant(tx, moment, "access_grant.could_not_create_requested_access_methods", grant, detail)?;
    }
    Ok(credentials::doors::unique(double_booked))
}

/// Why these sites cannot have such a method (`spec/api.md 4.20`).
fn impossible(mode: &str, systems: &[AcsSystem]) -> Option<String> {
    match mode {
        CARD => None,
        MOBILE_KEY => systems
            .iter()
            .find(|system| system.default_credential_manager_id.is_none())
            .map(|system| format!("{} has no credential manager that could deliver keys to phones.", system.name)),
        other => Some(format!("Visionline has no {other}: request a card or a mobile_key.")),
    }
}

#[allow(clippy::too_many_arguments, reason = "all of it is needed, and it is called once")]
fn add_one(
    tx: &mut Tx<'_>,
    moment: &mut Moment,
    caller: &Caller,
    grant: &AccessGrant,
    doors: &[Entrance],
    systems: &[AcsSystem],
    wish: &Requested,
    double_booked: &mut Vec<EntranceId>,
) -> Result<AccessMethodId, Error> {
    // Whoever may grant this may have all that comes of it.
    let at_large = caller.at_large();
    let instant_key_id = match &wish.link {
        Some(link) if wish.mode == MOBILE_KEY => {
            let asked = instant_keys::Create {
                user_identity_id: grant.user_identity_id,
                max_use_count: wish.instant_key_max_use_count.unwrap_or(USUAL_USES),
                lasts: link.lasts,
                customization_profile_id: grant.customization_profile_id.clone(),
                code: link.code.clone(),
                token: link.token.clone(),
            };
            Some(instant_keys::create(tx, moment, &at_large, &asked)?.key.id)
        }
        _ => None,
    };
    let method = AccessMethod {
        id: moment.id(),
        workspace_id: grant.workspace_id,
        access_grant_id: grant.id,
        mode: wish.mode.clone(),
        instant_key_max_use_count: wish.instant_key_max_use_count,
        instant_key_id,
        asked_at: moment.now,
        first_issued_at: None,
        issued_at: None,
        encoding_asked_at: None,
        delayed_at: None,
        failed_at: None,
        created_at: moment.now,
        deleting_at: None,
        deleted_at: None,
    };
    access_methods::insert(tx, &method)?;
    for system in systems {
        let own: Vec<Entrance> = doors.iter().filter(|door| door.acs_system_id == system.id).cloned().collect();
        let window =
            Window::grant(Some(grant.starts_at), grant.ends_at, moment.now, Settings::of(system).default_stay())
                .map_err(|error| Error::invalid("ends_at", error.to_string()))?
                .window;
        let way = way(tx, caller, grant, system.id, &own, window, moment.now)?;
        let asked = credential(grant, system.id, &own, &wish.mode, way);
        let made = credentials::create_beside(tx, moment, &at_large, &asked).map_err(in_words_of_grants)?;
        access_methods::insert_credential(tx, method.id, made.credential.id)?;
        if wish.mode == MOBILE_KEY {
            watch(tx, moment, system.id, made.credential.id, &method, window.starts_at)?;
        }
        double_booked.extend(made.double_booked);
    }
    event::method(tx, moment, "access_method.created", grant, method.id, json!({}))?;
    Ok(method.id)
}

/// The credential that carries a method at one site.
fn credential(
    grant: &AccessGrant,
    system: AcsSystemId,
    doors: &[Entrance],
    mode: &str,
    way: Way,
) -> credentials::Create {
    let orders: Vec<i32> = doors.iter().filter(|door| door.category().is_guest()).map(|door| door.room_order).collect();
    let fits = CardFormat::Rfid48.check(&orders, doors.len() - orders.len()).is_ok();
    let (overrides, joiners) = match way {
        Way::Plain => (None, Vec::new()),
        Way::Open => (Some(true), Vec::new()),
        Way::Join(ids) => (None, ids.into_iter().map(Joiner::Credential).collect()),
    };
    credentials::Create {
        owner: Owner::Identity(grant.user_identity_id, system),
        access_method: mode.to_owned(),
        credential_manager_id: None,
        entrance_ids: doors.iter().map(|door| door.id).collect(),
        is_multi_phone: mode == MOBILE_KEY,
        starts_at: Some(When::Instant(grant.starts_at)),
        ends_at: grant.ends_at.map(When::Instant),
        card_format: if fits { CardFormat::Rfid48 } else { CardFormat::TlCode },
        is_staff: false,
        overrides,
        auto_join: None,
        joiners,
        label: (mode == MOBILE_KEY).then(|| LABEL.to_owned()),
    }
}

/// Whoever asked for a grant has not named what a credential was refused for.
fn in_words_of_grants(error: Error) -> Error {
    match error {
        Error::Invalid { field: "acs_user_id", message } => Error::invalid("user_identity_id", message),
        Error::Invalid { field, message } if field.starts_with("visionline_metadata") => Error::Conflict { message },
        other => other,
    }
}

/// When a key that is not on its phone is late, and when it is too late (`spec/api.md 4.20`).
pub(super) fn due(asked_at: Timestamp, starts_at: Timestamp) -> (Timestamp, Timestamp) {
    let after = |at: Timestamp, pause: SignedDuration| at.saturating_add(pause).unwrap_or(Timestamp::MAX);
    let delayed_at = after(starts_at, -DUE_BEFORE_START).max(after(asked_at, DELAYED_AFTER));
    (delayed_at, starts_at.max(after(asked_at, FAILED_AFTER)))
}

/// Has the credential looked at when its key is late.
pub(super) fn watch(
    tx: &mut Tx<'_>,
    moment: &mut Moment,
    system: AcsSystemId,
    credential: CredentialId,
    method: &AccessMethod,
    starts_at: Timestamp,
) -> Result<(), Error> {
    let (delayed_at, failed_at) = due(method.asked_at, starts_at);
    tasks::add(tx, moment, system, credential, delayed_at)?;
    Ok(tasks::add(tx, moment, system, credential, failed_at)?)
}
