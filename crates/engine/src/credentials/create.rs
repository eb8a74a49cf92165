//! Asking for a credential: `spec/api.md 4.2` to `4.15`.
//!
//! Nothing is sent to a lock server here and nobody's key is touched: the credential, its stays and a line in the
//! outbox are stored, and the worker does the rest.

use domain::{
    Moment, Window,
    card_format::CardFormat,
    id::{AcsSystemId, AcsUserId, CredentialId, EntranceId, StayId, UserIdentityId},
    joining::{self, Entry, JoinError},
    mode::{Asked, Mode, ModeError},
    stay::{Rank, Tenancy},
    window::minute,
};
use jiff::Timestamp;
use serde_json::json;
use store::{
    Tx, access_methods, credential_state,
    credentials::{self, CARD, Credential, CredentialDoor, MOBILE_KEY},
    entrances::Entrance,
    stays,
    stays::StoredTenancy,
    systems::{self, AcsSystem, CREDENTIAL_MANAGER, VISIONLINE},
    tasks,
    users::{self, AcsUser},
};

use super::{View, doors, double_bookings, joined, refit};
use crate::{Caller, Error, Noun, When, acs_systems::Settings};

/// Longest label template that is stored, in characters. Only 32 characters are left after substitution, but
/// placeholders are longer than what they stand for.
const LABEL_TEMPLATE_CHARACTERS: usize = 500;

/// Whose credential it is to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner {
    /// A user.
    User(AcsUserId),
    /// The user of this person at this site; one is found or made if there is none yet.
    Identity(UserIdentityId, AcsSystemId),
}

/// A credential to join, as a caller names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Joiner {
    /// By our id.
    Credential(CredentialId),
    /// By the lock server's card id.
    Card(String),
}

/// What is asked for.
#[derive(Debug, Clone)]
pub struct Create {
    /// Whose it is to be.
    pub owner: Owner,
    /// `card`, `mobile_key` or a method that Visionline does not have.
    pub access_method: String,
    /// The manager that delivers a mobile key; none for the site's own.
    pub credential_manager_id: Option<AcsSystemId>,
    /// The doors; empty to take them from grants, from the replaced or from the joined credentials.
    pub entrance_ids: Vec<EntranceId>,
    /// Whether it is a parent of one child per phone.
    pub is_multi_phone: bool,
    /// Start; none for now.
    pub starts_at: Option<When>,
    /// End; none for the default.
    pub ends_at: Option<When>,
    /// Card format.
    pub card_format: CardFormat,
    /// Whether a staff key is asked for.
    pub is_staff: bool,
    /// `override`.
    pub overrides: Option<bool>,
    /// `auto_join`.
    pub auto_join: Option<bool>,
    /// The credentials to join.
    pub joiners: Vec<Joiner>,
    /// Label template.
    pub label: Option<String>,
}

/// Stores a new credential and all that follows from it.
///
/// # Errors
/// When a parameter cannot be used; nothing is stored then.
pub fn create(tx: &mut Tx<'_>, moment: &mut Moment, caller: &Caller, asked: &Create) -> Result<View, Error> {
    place(tx, moment, caller, asked, true)
}

/// [`create`], beside whatever keys the user has already: a guest may have several grants at once, and each is ended by
/// itself (`spec/api.md 4.19`).
///
/// # Errors
/// As [`create`].
pub(crate) fn create_beside(
    tx: &mut Tx<'_>,
    moment: &mut Moment,
    caller: &Caller,
    asked: &Create,
) -> Result<View, Error> {
    place(tx, moment, caller, asked, false)
}

fn place(tx: &mut Tx<'_>, moment: &mut Moment, caller: &Caller, asked: &Create, replaces: bool) -> Result<View, Error> {
    let (user, system) = owner(tx, moment, caller, asked.owner)?;
    check_method(asked, &system)?;
    if user.deleting_at.is_some() {
        return Err(Error::invalid("acs_user_id", "the user is being deleted; create the credential for another one"));
    }
    if user.is_suspended {
        let message = "the user is suspended; call /acs/users/unsuspend before issuing new credentials";
        return Err(Error::invalid("acs_user_id", message));
    }
    let manager = manager(tx, caller, asked, &system)?;

    let replaced = if replaces { replaced(tx, asked, &user)? } else { Vec::new() };
    let former = inherited(&replaced, moment.now);
    let joiners = joined::find(tx, caller, &system, &asked.joiners, moment.now)?;
    let granted = window(asked, &system, former, moment.now)?;
    let met = joined::met(&joiners, granted.window);
    let entrances = doors::resolve(tx, caller, &system, asked, &user, former, &met)?;
    let guest: Vec<&Entrance> = entrances.iter().filter(|door| door.category().is_guest()).collect();
    let guest_ids: Vec<EntranceId> = guest.iter().map(|door| door.id).collect();
    let orders: Vec<i32> = guest.iter().map(|door| door.room_order).collect();
    asked
        .card_format
        .check(&orders, entrances.len() - guest.len())
        .map_err(|error| Error::invalid("allowed_acs_entrance_ids", error.to_string()))?;

    let ways = Asked { overrides: asked.overrides, joins: !joiners.is_empty(), auto_join: asked.auto_join };
    let mode = ways.mode(!guest.is_empty()).map_err(invalid_mode)?;
    // Whom it joins shares some time with it, so nobody else matters: a room may have hundreds of stays ahead.
    let mut there = stays::tenancies_during(tx, &guest_ids, moment.now, granted.window)?;
    if mode == Mode::AutoJoin {
        keep_inhabited(tx, &mut there, moment.now)?;
    }
    let tenancies: Vec<Tenancy> = there.iter().map(StoredTenancy::tenancy).collect();
    let targets = joined::targets(tx, &met)?;
    let entries = joining::enter(mode, &guest_ids, granted.window, &tenancies, &targets)
        .map_err(|error| invalid_join(&error, &entrances))?;

    let credential = Credential {
        id: moment.id(),
        workspace_id: caller.workspace_id,
        acs_system_id: system.id,
        acs_user_id: Some(user.id),
        parent_id: None,
        endpoint_id: None,
        credential_manager_id: manager,
        access_method: asked.access_method.clone(),
        is_multi_phone: asked.is_multi_phone,
        starts_at: granted.window.starts_at,
        ends_at: granted.window.ends_at,
        schedule_modified: granted.schedule_modified,
        card_format: asked.card_format.as_str().to_owned(),
        label: asked.label.clone(),
        mode: mode_text(mode).to_owned(),
        joiner_ids: joiners.iter().map(|joiner| json!(joiner.id)).collect(),
        auto_join: asked.auto_join,
        revision: 0,
        issued_at: None,
        invalidated_at: None,
        needs_reissue_at: None,
        refused: None,
        replaced_by: None,
        created_at: moment.now,
        revoked_at: None,
        deleting_at: None,
        deleted_at: None,
    };
    credentials::insert(tx, &credential)?;
    let opened = open_stay(tx, moment, &system, granted.window, &entries)?;
    for (position, door) in entrances.iter().enumerate() {
        let stay_id = match entries.get(&door.id) {
            Some(Entry::Enter(stay)) => Some(widen(tx, *stay, door.id, granted.window, &there)?),
            Some(Entry::Open) => opened,
            None => None,
        };
        let position = i32::try_from(position).unwrap_or(i32::MAX);
        credentials::insert_door(
            tx,
            &CredentialDoor { credential_id: credential.id, entrance_id: door.id, position, stay_id },
        )?;
    }
    for former in &replaced {
        credential_state::set_replaced_by(tx, former.id, credential.id)?;
    }
    // After all of them: a stay that moved to a later place, because one of two was left, would not come back.
    if minute(credential.starts_at) <= moment.now {
        for former in &replaced {
            refit(tx, former.id, moment.now)?;
        }
    }
    tasks::add(tx, moment, system.id, credential.id, moment.now)?;
    if !replaced.is_empty() && minute(credential.starts_at) > moment.now {
        // Until then the replaced credentials go on (P6).
        tasks::add(tx, moment, system.id, credential.id, minute(credential.starts_at))?;
    }
    let is_contested = tenancies.iter().any(|other| !other.lost);
    let double_booked = if is_contested { double_bookings::now(tx, &credential, moment.now)? } else { Vec::new() };
    let opened_twice: Vec<EntranceId> =
        double_booked.iter().copied().filter(|door| entries.get(door) == Some(&Entry::Open)).collect();
    double_bookings::refuse(tx, &system, &opened_twice)?;
    let after = json!({
        "acs_user_id": user.id,
        "access_method": credential.access_method,
        "acs_entrance_ids": entrances.iter().map(|door| door.id).collect::<Vec<_>>(),
        "starts_at": credential.starts_at,
        "ends_at": credential.ends_at,
        "mode": credential.mode,
        "replaces": replaced.iter().map(|former| former.id).collect::<Vec<_>>(),
        "double_booked_acs_entrance_ids": double_booked,
    });
    caller.note(tx, moment, "acs_credential.create", credential.id, json!({ "after": after }))?;
    let view = View::fresh(credential, system.connected_account_id, user.user_identity_id, entrances);
    Ok(View { double_booked, ..view })
}

fn owner(tx: &mut Tx<'_>, moment: &mut Moment, caller: &Caller, owner: Owner) -> Result<(AcsUser, AcsSystem), Error> {
    let id = match owner {
        Owner::User(id) => id,
        Owner::Identity(identity, system_id) => {
            crate::user_identities::user_at(tx, moment, caller, identity, system_id)?.id
        }
    };
    users::find_with_system(tx, caller.workspace_id, id)?.ok_or_else(|| Error::not_found(Noun::AcsUser, id))
}

/// Whether Visionline has such a credential at all.
fn check_method(asked: &Create, system: &AcsSystem) -> Result<(), Error> {
    if system.kind != VISIONLINE {
        let message = "credentials are created in a Visionline system; name the credential manager in \
                       credential_manager_acs_system_id instead";
        return Err(Error::invalid("acs_system_id", message));
    }
    if asked.is_staff {
        return Err(Error::not_supported("only guest credentials are supported; leave card_function_type out"));
    }
    match asked.access_method.as_str() {
        MOBILE_KEY if !asked.is_multi_phone => Err(Error::invalid(
            "is_multi_phone_sync_credential",
            "a mobile_key for Visionline is created with is_multi_phone_sync_credential: true",
        )),
        CARD if asked.is_multi_phone => Err(Error::invalid(
            "is_multi_phone_sync_credential",
            "a card is one credential; leave is_multi_phone_sync_credential out",
        )),
        MOBILE_KEY | CARD => Ok(()),
        other => Err(Error::not_supported(format!(
            "Visionline has no credentials of access_method {other}; use mobile_key or card"
        ))),
    }?;
    let label = asked.label.as_deref().unwrap_or_default();
    if label.chars().count() > LABEL_TEMPLATE_CHARACTERS {
        let message = format!("String must contain at most {LABEL_TEMPLATE_CHARACTERS} character(s)");
        return Err(Error::invalid("visionline_metadata.label", message));
    }
    Ok(())
}

/// The manager that delivers the key (`spec/api.md 4.9`).
fn manager(tx: &mut Tx<'_>, caller: &Caller, asked: &Create, system: &AcsSystem) -> Result<Option<AcsSystemId>, Error> {
    const FIELD: &str = "credential_manager_acs_system_id";
    if asked.access_method != MOBILE_KEY {
        return Ok(None);
    }
    let Some(id) = asked.credential_manager_id else {
        return match system.default_credential_manager_id {
            Some(manager) => Ok(Some(manager)),
            None => Err(Error::invalid(FIELD, "the system has no default credential manager; connect one or name one")),
        };
    };
    let manager = systems::find(tx, caller.workspace_id, id)?.ok_or_else(|| Error::not_found(Noun::AcsSystem, id))?;
    if manager.kind != CREDENTIAL_MANAGER {
        let message = "not a credential manager; list_compatible_credential_manager_acs_systems names those that are";
        return Err(Error::invalid(FIELD, message));
    }
    Ok(Some(id))
}

/// The user's mobile credentials that the new one takes the place of (`spec/api.md 4.10`): all that are live, also
/// those already being replaced, so that each goes only when the newest key is there (P6).
fn replaced(tx: &mut Tx<'_>, asked: &Create, user: &AcsUser) -> Result<Vec<Credential>, Error> {
    if asked.access_method != MOBILE_KEY {
        return Ok(Vec::new());
    }
    // Most users have none yet, and this question is cheaper.
    if !credentials::has_any(tx, user.id)? {
        return Ok(Vec::new());
    }
    let mut live = credentials::of_user(tx, user.id)?;
    live.retain(|credential| credential.is_multi_phone && credential.deleting_at.is_none());
    // Those of access grants last as long as their grants.
    let granted = access_methods::carriers_among(tx, &live.iter().map(|credential| credential.id).collect::<Vec<_>>())?;
    live.retain(|credential| !granted.contains(&credential.id));
    Ok(live)
}

/// The replaced credential from which absent doors and times are taken: the newest that still gives its owner access.
/// What was revoked, lost or is over must not come back unasked (P5).
fn inherited(replaced: &[Credential], now: Timestamp) -> Option<&Credential> {
    replaced
        .iter()
        .filter(|former| former.revoked_at.or(former.invalidated_at).is_none() && former.ends_at > now)
        .max_by_key(|former| (former.created_at, former.id))
}

/// The window: absent parts come from the replaced credential while it lies ahead, else from the defaults.
fn window(
    asked: &Create,
    system: &AcsSystem,
    former: Option<&Credential>,
    now: Timestamp,
) -> Result<domain::window::Granted, Error> {
    let starts_at = asked.starts_at.map(|when| when.as_start(system, "starts_at")).transpose()?;
    let ends_at = asked.ends_at.map(|when| when.as_end(system, "ends_at")).transpose()?;
    let former_start =
        former.filter(|former| former.starts_at > now && ends_at.is_none()).map(|former| former.starts_at);
    let former_end = former.map(|former| former.ends_at);
    let starts_at = starts_at.or(former_start);
    Window::grant(starts_at, ends_at.or(former_end), now, Settings::of(system).default_stay())
        .map_err(|error| Error::invalid("ends_at", error.to_string()))
}

/// Opens one stay on all doors that no present stay is entered at.
fn open_stay(
    tx: &mut Tx<'_>,
    moment: &mut Moment,
    system: &AcsSystem,
    window: Window,
    entries: &std::collections::BTreeMap<EntranceId, Entry>,
) -> Result<Option<StayId>, Error> {
    let opened: Vec<EntranceId> =
        entries.iter().filter(|(_, entry)| **entry == Entry::Open).map(|(door, _)| *door).collect();
    if opened.is_empty() {
        return Ok(None);
    }
    let rank = Rank::new(window.starts_at, moment.now, moment.id());
    stays::insert(tx, system.id, &rank)?;
    for door in opened {
        stays::insert_tenancy(tx, &Tenancy { door, rank, window, lost: false })?;
    }
    Ok(Some(rank.stay))
}

/// Leaves out the tenancies that nobody is left in: whoever joined an empty stay would evict those who are in the room.
fn keep_inhabited(tx: &mut Tx<'_>, tenancies: &mut Vec<StoredTenancy>, now: Timestamp) -> Result<(), Error> {
    let stay_ids: Vec<StayId> = tenancies.iter().map(|tenancy| tenancy.stay_id).collect();
    let mut members = credentials::in_stays(tx, &stay_ids)?;
    members.retain(|member| member.deleting_at.or(member.revoked_at).is_none() && member.ends_at > now);
    let held = credentials::doors_of(tx, &members.iter().map(|member| member.id).collect::<Vec<_>>())?;
    tenancies.retain(|tenancy| {
        held.iter().any(|door| door.entrance_id == tenancy.entrance_id && door.stay_id == Some(tenancy.stay_id))
    });
    Ok(())
}

/// A tenancy lasts from its first member's start to its last member's end.
fn widen(
    tx: &mut Tx<'_>,
    stay: StayId,
    door: EntranceId,
    window: Window,
    there: &[StoredTenancy],
) -> Result<StayId, Error> {
    if let Some(tenancy) = there.iter().find(|tenancy| tenancy.stay_id == stay && tenancy.entrance_id == door) {
        let hull = tenancy.tenancy().window.hull(&window);
        if hull != tenancy.tenancy().window {
            stays::set_window(tx, stay, door, hull)?;
        }
    }
    Ok(stay)
}

fn invalid_mode(error: ModeError) -> Error {
    let field = match error {
        ModeError::OverrideWithJoiners | ModeError::AutoJoinWithOthers => "visionline_metadata",
        ModeError::JoinersMissing => "visionline_metadata.joiner_acs_credential_ids",
    };
    Error::invalid(field, error.to_string())
}

fn invalid_join(error: &JoinError, entrances: &[Entrance]) -> Error {
    const FIELD: &str = "visionline_metadata.joiner_acs_credential_ids";
    let name = |id: &EntranceId| {
        entrances.iter().find(|door| door.id == *id).map_or_else(|| id.to_string(), |door| door.door_name.clone())
    };
    let message = match error {
        JoinError::Uncovered(doors) => format!(
            "no joined credential opens {}: name a credential for each of these doors, or leave the doors out",
            doors.iter().map(name).collect::<Vec<_>>().join(", ")
        ),
        JoinError::DifferentStays(door) => {
            format!("the joined credentials belong to different stays at {}: name those of one stay only", name(door))
        }
        JoinError::WindowsApart(credential) => {
            format!(
                "credential {credential} and the new one have no time in common: leave it out, or choose times that overlap"
            )
        }
    };
    Error::invalid(FIELD, message)
}

fn mode_text(mode: Mode) -> &'static str {
    match mode {
        Mode::Override => "override",
        Mode::Join => "join",
        Mode::AutoJoin => "auto_join",
    }
}
