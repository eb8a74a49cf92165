//! From how the credentials stand to how their methods and grants stand, with an event for each difference.
//!
//! It reads everything and keeps no memory beyond what is shown, so it may run at any time, as often as one likes: an
//! event is written when, and only when, what it reports was not so before.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    Moment, Stage,
    id::{AccessGrantId, AccessMethodId, CredentialId, EntranceId, StayId},
};
use jiff::Timestamp;
use serde_json::json;
use store::{
    Tx,
    access_grants::{self, AccessGrant, Change, GrantDoor},
    access_methods::{self, AccessMethod},
    carriers::{self, Carrier},
    credentials::{self, CARD, Credential, CredentialDoor},
    phones,
};

use super::{event, methods::due};
use crate::{
    Error,
    credentials::{doors, double_bookings},
};

/// Tells what became of the methods that these cards and parents carry.
pub(crate) fn settle(tx: &mut Tx<'_>, moment: &mut Moment, credentials: &[CredentialId]) -> Result<(), Error> {
    let grants: BTreeSet<AccessGrantId> =
        access_methods::carried_by(tx, credentials)?.into_iter().map(|method| method.access_grant_id).collect();
    for grant in grants {
        settle_grant(tx, moment, grant)?;
    }
    Ok(())
}

/// [`settle`] for one grant.
pub(crate) fn settle_grant(tx: &mut Tx<'_>, moment: &mut Moment, id: AccessGrantId) -> Result<(), Error> {
    let Some(grant) = access_grants::by_ids(tx, &[id])?.into_iter().next() else { return Ok(()) };
    let facts = Facts::load(tx, &grant, moment.now)?;
    let mut methods = Vec::new();
    for method in access_methods::of_grants(tx, &[id])? {
        let settled = settle_method(tx, moment, &grant, &facts, method)?;
        if settled.deleted_at.is_none() {
            methods.push(settled);
        }
    }
    if grant.deleting_at.is_none() {
        return settle_doors(tx, moment, &grant, &facts, &methods);
    }
    if grant.deleted_at.is_none() && methods.is_empty() {
        access_grants::change(tx, id, Change { deleted_at: Some(moment.now), ..Change::default() })?;
        event::grant(tx, moment, "access_grant.deleted", &grant, json!({}))?;
    }
    Ok(())
}

/// What the state of a grant follows from.
struct Facts {
    /// The cards and parents of each method that are not gone.
    credentials: BTreeMap<AccessMethodId, Vec<Credential>>,
    doors: Vec<CredentialDoor>,
    lost: BTreeSet<(EntranceId, StayId)>,
    /// The carriers of each card and of each parent's children.
    carriers: BTreeMap<CredentialId, Vec<Carrier>>,
    /// The parents for which there is no phone now.
    without_phone: BTreeSet<CredentialId>,
}

impl Facts {
    fn load(tx: &mut Tx<'_>, grant: &AccessGrant, now: Timestamp) -> Result<Self, Error> {
        let methods: Vec<AccessMethodId> =
            access_methods::of_grants(tx, &[grant.id])?.into_iter().map(|method| method.id).collect();
        let links = access_methods::credentials_of(tx, &methods)?;
        let ids: Vec<CredentialId> = links.iter().map(|(_, credential)| *credential).collect();
        let mut rows = credentials::by_ids(tx, &ids)?;
        rows.retain(|row| row.deleted_at.is_none());
        let holders: Vec<CredentialId> = rows.iter().map(|row| row.id).collect();

        let mut holder_of: BTreeMap<CredentialId, CredentialId> = holders.iter().map(|id| (*id, *id)).collect();
        for child in credentials::children_of(tx, &holders)? {
            holder_of.extend(child.parent_id.map(|parent| (child.id, parent)));
        }
        let mut carriers: BTreeMap<CredentialId, Vec<Carrier>> = BTreeMap::new();
        for carrier in carriers::of_credentials(tx, &holder_of.keys().copied().collect::<Vec<_>>())? {
            if let Some(holder) = holder_of.get(&carrier.credential_id) {
                carriers.entry(*holder).or_default().push(carrier);
            }
        }
        let mut without_phone = BTreeSet::new();
        for row in rows.iter().filter(|row| row.is_multi_phone && row.ends_at > now) {
            let Some(manager) = row.credential_manager_id else { continue };
            if phones::active_endpoints(tx, grant.user_identity_id, manager)?.is_empty() {
                without_phone.insert(row.id);
            }
        }
        let doors = credentials::doors_of(tx, &holders)?;
        let lost = doors::lost(tx, &doors)?;
        let mut credentials: BTreeMap<AccessMethodId, Vec<Credential>> = BTreeMap::new();
        for (method, credential) in links {
            credentials.entry(method).or_default().extend(rows.iter().find(|row| row.id == credential).cloned());
        }
        Ok(Self { credentials, doors, lost, carriers, without_phone })
    }

    fn of(&self, method: AccessMethodId) -> &[Credential] {
        self.credentials.get(&method).map_or(&[], Vec::as_slice)
    }

    /// Whether the credential is where it is wanted: a card as it should be, a key with its present content on a phone.
    /// A key for which there is no phone yet is deliverable, and counts (`spec/api.md 4.20`).
    fn is_issued(&self, credential: &Credential) -> bool {
        let carriers = self.carriers.get(&credential.id).map_or(&[][..], Vec::as_slice);
        if credential.access_method == CARD {
            return credential.needs_reissue_at.is_none() && carriers.iter().any(|carrier| carrier.stage().is_live());
        }
        self.without_phone.contains(&credential.id)
            || carriers.iter().any(|carrier| carrier.stage().is_delivered() && carrier.revision == credential.revision)
    }

    /// Whether keys of the credential open doors, as far as is known. One that is taken back does until the lock server
    /// has confirmed it (P7).
    fn opens(&self, credential: &Credential) -> bool {
        if credential.deleting_at.or(credential.revoked_at).is_none() {
            return credential.invalidated_at.is_none();
        }
        let mut carriers = self.carriers.get(&credential.id).into_iter().flatten();
        carriers.any(|carrier| carrier.stage().is_live() || carrier.stage() == Stage::Revoking)
    }

    /// The doors that the credential opens, as far as is known.
    fn opened_by(&self, credential: &Credential) -> impl Iterator<Item = EntranceId> {
        let own = self.doors.iter().filter(|door| door.credential_id == credential.id);
        own.filter(|door| door.stay_id.is_none_or(|stay| !self.lost.contains(&(door.entrance_id, stay))))
            .map(|door| door.entrance_id)
    }
}

/// Whether nothing will come of the credential any more.
pub(crate) fn is_dead(credential: &Credential) -> bool {
    credential.invalidated_at.or(credential.revoked_at).or(credential.deleting_at).is_some()
}

fn settle_method(
    tx: &mut Tx<'_>,
    moment: &mut Moment,
    grant: &AccessGrant,
    facts: &Facts,
    present: AccessMethod,
) -> Result<AccessMethod, Error> {
    let id = present.id;
    let now = moment.now;
    let mut next = present.clone();
    let mut told: Vec<(&str, serde_json::Value)> = Vec::new();
    let credentials = facts.of(id);
    if credentials.iter().all(|credential| credential.deleting_at.is_some()) {
        next.deleting_at = present.deleting_at.or(Some(now));
    }
    if credentials.is_empty() {
        next.deleted_at = Some(now);
        told.push(("access_method.deleted", json!({})));
    } else if next.deleting_at.is_none() {
        let is_card = present.mode == CARD;
        let all_dead = credentials.iter().all(is_dead);
        let is_over = credentials.iter().all(|credential| credential.ends_at <= now);
        let alive = credentials.iter().filter(|credential| !is_dead(credential));
        // Once issued, a mobile key stays so until its times change: that a phone is lost takes nothing from the guest.
        let stays_issued = !is_card && present.issued_at.is_some();
        let is_issued = !all_dead && (stays_issued || alive.clone().all(|credential| facts.is_issued(credential)));
        if !is_issued && present.issued_at.is_some() {
            next.issued_at = None;
            told.push(("access_method.revoked", json!({})));
        }
        let needs_card = is_card && !is_issued && !all_dead && !is_over;
        if needs_card && present.encoding_asked_at.is_none() {
            told.push(("access_method.card_encoding_required", json!({})));
        }
        next.encoding_asked_at = if needs_card { present.encoding_asked_at.or(Some(now)) } else { None };
        if is_issued && present.issued_at.is_none() {
            next.issued_at = Some(now);
            next.first_issued_at = present.first_issued_at.or(Some(now));
            (next.delayed_at, next.failed_at) = (None, None);
            if present.first_issued_at.is_some() {
                told.push(("access_method.reissued", json!({})));
            } else {
                told.push(("access_method.issued", double_booked(tx, credentials, now)?));
            }
        }
        let start = alive.map(|credential| credential.starts_at).min();
        if let Some(start) = start.filter(|_| !is_card && !is_issued && !is_over) {
            let (delayed_at, failed_at) = due(present.asked_at, start);
            if now >= failed_at && present.failed_at.is_none() {
                next.failed_at = Some(now);
                told.push(("access_method.failed_to_issue", json!({})));
            } else if now >= delayed_at && present.delayed_at.or(present.failed_at).is_none() {
                next.delayed_at = Some(now);
                told.push(("access_method.delay_in_issuing", json!({})));
            }
        }
    }
    if next != present {
        access_methods::update(tx, &next)?;
    }
    for (event_type, detail) in told {
        event::method(tx, moment, event_type, grant, id, detail)?;
    }
    Ok(next)
}

/// The rooms at which another party is booked for the same time, in a member of ours (design 6).
fn double_booked(tx: &mut Tx<'_>, credentials: &[Credential], now: Timestamp) -> Result<serde_json::Value, Error> {
    let mut rooms = Vec::new();
    for credential in credentials {
        rooms.extend(double_bookings::since_asked(tx, credential, now)?);
    }
    if rooms.is_empty() {
        return Ok(json!({}));
    }
    Ok(json!({ "innkeep": { "double_booked_acs_entrance_ids": rooms } }))
}

/// A door is granted once a method that was issued opens it, and lost when none does any more. A card that must be
/// written again, or a key that is on its way with new times, has not taken anything from the guest yet (P6).
fn settle_doors(
    tx: &mut Tx<'_>,
    moment: &mut Moment,
    grant: &AccessGrant,
    facts: &Facts,
    methods: &[AccessMethod],
) -> Result<(), Error> {
    let opened_by = |is_meant: fn(&AccessMethod) -> bool| -> BTreeSet<EntranceId> {
        let methods = methods.iter().filter(|method| is_meant(method));
        let credentials = methods.flat_map(|method| facts.of(method.id)).filter(|credential| facts.opens(credential));
        credentials.flat_map(|credential| facts.opened_by(credential)).collect()
    };
    let opened = opened_by(|method| method.first_issued_at.is_some());
    // A door that was added is on no key before one is issued anew.
    let opened_now = opened_by(|method| method.issued_at.is_some());
    let doors = access_grants::doors_of(tx, &[grant.id])?;
    for door in &doors {
        match (opened.contains(&door.entrance_id), door.granted_at) {
            (true, None) if !opened_now.contains(&door.entrance_id) => {}
            (true, None) => {
                access_grants::set_door(tx, grant.id, door.entrance_id, Some(moment.now), None)?;
                event::door(tx, moment, "access_grant.access_granted_to_door", grant, door.entrance_id)?;
            }
            (false, Some(_)) => {
                access_grants::set_door(tx, grant.id, door.entrance_id, None, Some(moment.now))?;
                event::door(tx, moment, "access_grant.access_to_door_lost", grant, door.entrance_id)?;
            }
            _ => {}
        }
    }
    let is_granted = |door: &GrantDoor| match door.granted_at {
        Some(_) => opened.contains(&door.entrance_id),
        None => opened_now.contains(&door.entrance_id),
    };
    let is_complete = doors.iter().all(is_granted);
    if is_complete != grant.complete_at.is_some() {
        let complete_at = Some(is_complete.then_some(moment.now));
        access_grants::change(tx, grant.id, Change { complete_at, ..Change::default() })?;
        if is_complete {
            event::grant(tx, moment, "access_grant.access_granted_to_all_doors", grant, json!({}))?;
        }
    }
    Ok(())
}
