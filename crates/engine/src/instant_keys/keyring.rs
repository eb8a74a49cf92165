//! What a link shows: the guest's keys, and how each stands in words that a guest understands.

use std::collections::BTreeMap;

use domain::{
    Stage,
    id::{AcsSystemId, CredentialId, EndpointId, EntranceId, PhoneId},
};
use jiff::Timestamp;
use store::{
    Tx,
    credential_details::ShownDoor,
    credentials::{self, CARD, Credential},
    phones,
    systems::{self, AcsSystem},
    users,
};

use super::Link;
use crate::{
    Error,
    credentials::{View, doors::lost, views},
};

/// What carries a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyKind {
    /// The guest's phones.
    Phone,
    /// A plastic card.
    Card,
}

/// How a key stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyState {
    /// The guest has no phone that could take it.
    WaitingForPhone,
    /// It is being made for the phone.
    OnItsWay,
    /// It opens its doors.
    Ready,
    /// It will open its doors from its start on.
    ReadyLater,
    /// The card is to be written, or written again, at the front desk.
    AtFrontDesk,
    /// Its time is over.
    Ended,
    /// Another key of the guest takes its place.
    Replaced,
    /// It was taken back.
    TakenBack,
    /// It opens its rooms no more: somebody else has moved in, or it was cancelled at the hotel.
    NoLongerValid,
    /// The lock server would not make it.
    Refused,
}

/// A key as the guest sees it.
#[derive(Debug, Clone)]
pub struct ShownKey {
    /// The hotel.
    pub site_name: String,
    /// IANA name of the hotel's zone.
    pub time_zone: Option<String>,
    /// What carries it.
    pub kind: KeyKind,
    /// What it opens.
    pub doors: Vec<ShownDoor>,
    /// From when.
    pub starts_at: Timestamp,
    /// Until when.
    pub ends_at: Timestamp,
    /// How it stands.
    pub state: KeyState,
}

/// The keys of the link's guest and of nobody else, by their start.
///
/// # Errors
/// When storage fails.
pub fn keyring(tx: &mut Tx<'_>, link: &Link, now: Timestamp) -> Result<Vec<ShownKey>, Error> {
    let has_phone = endpoint_of(tx, link)?.is_some();
    let mut rows: Vec<Credential> = Vec::new();
    let mut is_suspended = BTreeMap::new();
    for user in users::of_identity(tx, link.view.key.user_identity_id)? {
        is_suspended.insert(user.id, user.is_suspended);
        rows.extend(credentials::of_user(tx, user.id)?);
    }
    let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
    let children = credentials::children_of(tx, &ids)?;
    let children = views(tx, children, now)?;
    let held = credentials::doors_of(tx, &ids)?;
    let taken = lost(tx, &held)?;
    let is_taken = |key: CredentialId, door: EntranceId| {
        let mut own = held.iter().filter(|held| held.credential_id == key && held.entrance_id == door);
        own.any(|held| held.stay_id.is_some_and(|stay| taken.contains(&(door, stay))))
    };
    let mut sites: BTreeMap<AcsSystemId, AcsSystem> = BTreeMap::new();
    let mut keys = Vec::new();
    for view in views(tx, rows, now)? {
        let site = match sites.get(&view.credential.acs_system_id) {
            Some(site) => site.clone(),
            None => systems::get(tx, view.credential.acs_system_id)?,
        };
        sites.insert(site.id, site.clone());
        let own: Vec<&View> =
            children.iter().filter(|child| child.credential.parent_id == Some(view.credential.id)).collect();
        let is_blocked = view.credential.acs_user_id.is_some_and(|user| is_suspended.get(&user) == Some(&true));
        keys.push(ShownKey {
            site_name: site.name,
            time_zone: site.time_zone,
            kind: if view.credential.access_method == CARD { KeyKind::Card } else { KeyKind::Phone },
            starts_at: view.credential.starts_at,
            ends_at: view.credential.ends_at,
            state: state(&view, &own, has_phone, is_blocked, now),
            doors: doors_left(view, is_taken),
        });
    }
    keys.sort_by_key(|key| (key.starts_at, key.ends_at));
    Ok(keys)
}

/// What a key opens: of several rooms those that nobody else has taken. A key that is no good any more shows all that it
/// was for.
fn doors_left(view: View, is_taken: impl Fn(CredentialId, EntranceId) -> bool) -> Vec<ShownDoor> {
    let (key, is_over) = (view.credential.id, view.credential.invalidated_at.is_some());
    view.doors.into_iter().filter(|door| is_over || !is_taken(key, door.id)).collect()
}

/// The newest active endpoint of the guest's phones.
///
/// # Errors
/// When storage fails.
pub fn endpoint_of(tx: &mut Tx<'_>, link: &Link) -> Result<Option<EndpointId>, Error> {
    let key = &link.view.key;
    let owned: Vec<PhoneId> = phones::list(tx, key.workspace_id, Some(key.user_identity_id), None)?
        .into_iter()
        .map(|phone| phone.id)
        .collect();
    let endpoints = phones::endpoints_of(tx, &owned)?;
    Ok(endpoints.into_iter().rfind(|endpoint| endpoint.is_active).map(|endpoint| endpoint.id))
}

fn state(view: &View, children: &[&View], has_phone: bool, is_blocked: bool, now: Timestamp) -> KeyState {
    let row = &view.credential;
    let is_card = row.access_method == CARD;
    let stages = || children.iter().map(|child| child.stage).chain([view.stage]).flatten();
    let is_refused = || row.refused.is_some() || children.iter().any(|child| child.credential.refused.is_some());
    if row.replaced_by.is_some() && row.deleting_at.is_some() {
        KeyState::Replaced
    } else if row.deleting_at.is_some() {
        KeyState::TakenBack
    } else if row.ends_at <= now {
        KeyState::Ended
    } else if row.invalidated_at.is_some() || is_blocked {
        KeyState::NoLongerValid
    } else if is_card && (row.needs_reissue_at.is_some() || !stages().any(Stage::is_delivered)) {
        KeyState::AtFrontDesk
    } else if stages().any(Stage::is_delivered) {
        if row.starts_at > now { KeyState::ReadyLater } else { KeyState::Ready }
    } else if is_refused() {
        KeyState::Refused
    } else if has_phone {
        KeyState::OnItsWay
    } else {
        KeyState::WaitingForPhone
    }
}
