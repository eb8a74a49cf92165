//! Loading what one decision needs: the stays around some credentials, all their keys, all their carriers.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    Window,
    id::{AcsUserId, CredentialId, EndpointId, EntranceId, StayId},
    plan::{self, CarrierState, Key, Medium, Member, Neighbour, Rival, Scene, StayDoor, Wish},
    window::minute,
};
use jiff::Timestamp;
use store::{
    Tx, cards_written,
    carriers::{self, Carrier},
    credentials::{self, CARD, Credential, CredentialDoor, IMPORTED},
    phones, stays,
    stays::StoredTenancy,
    users,
};

use super::taken::with_a_taken_door;
use crate::Error;

/// A scene and the rows it was made from.
pub(crate) struct Surroundings {
    pub scene: Scene,
    /// Cards and parents, by id.
    pub holders: BTreeMap<CredentialId, Credential>,
    /// Their doors.
    pub doors: BTreeMap<CredentialId, Vec<CredentialDoor>>,
    /// Children, by id.
    pub children: BTreeMap<CredentialId, Credential>,
    /// Carriers that are not at their end, by id.
    pub carriers: BTreeMap<domain::id::CarrierId, Carrier>,
    /// Keys that are to be gone for good; other dropped keys only wait, such as those of a suspended user.
    pub ending: BTreeSet<CredentialId>,
}

impl Surroundings {
    /// The parent of a child, or the card itself.
    pub fn holder_of(&self, key: CredentialId) -> Option<&Credential> {
        let holder = self.children.get(&key).and_then(|child| child.parent_id).unwrap_or(key);
        self.holders.get(&holder)
    }

    /// The row of a key: a child or a card.
    pub fn key_row(&self, key: CredentialId) -> Option<&Credential> {
        self.children.get(&key).or_else(|| self.holders.get(&key))
    }

    /// When the next of these credentials or cards is over: others may then do what they waited for.
    pub fn next_end(&self, now: Timestamp) -> Option<Timestamp> {
        let holders = self.holders.values().map(|holder| holder.ends_at);
        let carriers = self.carriers.values().map(|carrier| carrier.ends_at);
        holders.chain(carriers).filter(|end| *end > now).min()
    }

    pub fn doors_of(&self, holder: CredentialId) -> &[CredentialDoor] {
        self.doors.get(&holder).map_or(&[], Vec::as_slice)
    }
}

/// Loads the surroundings of the given cards and parents.
pub(crate) fn load(tx: &mut Tx<'_>, seeds: &[CredentialId], now: Timestamp) -> Result<Surroundings, Error> {
    let (holders, doors) = closure(tx, seeds)?;
    let holder_ids: Vec<CredentialId> = holders.keys().copied().collect();
    let children: BTreeMap<CredentialId, Credential> =
        credentials::children_of(tx, &holder_ids)?.into_iter().map(|child| (child.id, child)).collect();

    let cards = holders.values().filter(|holder| !holder.is_multi_phone).map(|card| card.id);
    let key_ids: Vec<CredentialId> = children.keys().copied().chain(cards).collect();
    let carriers: BTreeMap<_, _> = carriers::of_credentials(tx, &key_ids)?
        .into_iter()
        .filter(|carrier| state(carrier).is_some())
        .map(|carrier| (carrier.id, carrier))
        .collect();

    let stay_ids: Vec<StayId> =
        doors.values().flatten().filter_map(|door| door.stay_id).collect::<BTreeSet<_>>().into_iter().collect();
    let tenancies = stays::tenancies_of(tx, &stay_ids)?;
    let facts = Facts::load(tx, &holders, &children)?;

    let lost: BTreeSet<(StayId, EntranceId)> = tenancies
        .iter()
        .filter(|tenancy| tenancy.lost_at.is_some())
        .map(|tenancy| (tenancy.stay_id, tenancy.entrance_id))
        .collect();
    let mut ending = BTreeSet::new();
    let mut keys = Vec::with_capacity(key_ids.len());
    for id in key_ids {
        let child = children.get(&id);
        let Some(row) = child.or_else(|| holders.get(&id)) else { continue };
        let Some(holder) = holders.get(&child.and_then(|child| child.parent_id).unwrap_or(id)) else { continue };
        let key = plan_key(row, holder, &doors, &lost, &facts, now);
        if facts.is_ending(row, holder) {
            ending.insert(id);
        }
        keys.push(key);
    }
    let mut stays = plan_stays(tx, &tenancies, &holders, &doors, now)?;
    if keys.iter().any(|key| can_give_way(key, &stays, now)) {
        add_rivals(tx, &mut stays, now)?;
    }
    let at_encoder = match holders.values().next() {
        Some(holder) => cards_written::doors_at_encoders(tx, holder.acs_system_id)?.into_iter().collect(),
        None => BTreeSet::new(),
    };
    let doors_of = |key: CredentialId| {
        let holder = children.get(&key).and_then(|child| child.parent_id).unwrap_or(key);
        doors.get(&holder).cloned().unwrap_or_default()
    };
    let taken = with_a_taken_door(tx, &carriers, &keys, doors_of)?;
    let carriers_there = plan_carriers(tx, &carriers, &taken)?;
    let scene = Scene { now, stays, keys, carriers: carriers_there, busy: busy(tx, &doors)?, at_encoder };
    Ok(Surroundings { scene, holders, doors, children, carriers, ending })
}

type Holders = BTreeMap<CredentialId, Credential>;
type Doors = BTreeMap<CredentialId, Vec<CredentialDoor>>;

/// All cards and parents that share a stay with the seeds, or replace or are replaced by one that does, and so on.
fn closure(tx: &mut Tx<'_>, seeds: &[CredentialId]) -> Result<(Holders, Doors), Error> {
    let mut holders = Holders::new();
    let mut doors = Doors::new();
    let mut known_stays = BTreeSet::new();
    let mut fresh: Vec<Credential> =
        credentials::by_ids(tx, seeds)?.into_iter().filter(|credential| credential.deleted_at.is_none()).collect();
    while !fresh.is_empty() {
        let ids: Vec<CredentialId> = fresh.iter().map(|credential| credential.id).collect();
        let successors: Vec<CredentialId> = fresh.iter().filter_map(|credential| credential.replaced_by).collect();
        holders.extend(fresh.into_iter().map(|credential| (credential.id, credential)));
        let mut new_stays = Vec::new();
        for door in credentials::doors_of(tx, &ids)? {
            new_stays.extend(door.stay_id.filter(|stay| known_stays.insert(*stay)));
            doors.entry(door.credential_id).or_default().push(door);
        }
        fresh = credentials::in_stays(tx, &new_stays)?;
        fresh.extend(credentials::replaced_by(tx, &ids)?);
        fresh.extend(credentials::by_ids(tx, &successors)?);
        fresh.retain(|credential| credential.deleted_at.is_none() && !holders.contains_key(&credential.id));
    }
    Ok((holders, doors))
}

/// What decides the wish of a key besides its own row.
struct Facts {
    suspended: BTreeSet<AcsUserId>,
    active: BTreeSet<EndpointId>,
    /// The child of a parent on an endpoint.
    siblings: BTreeMap<(CredentialId, EndpointId), CredentialId>,
    /// When cards and parents start.
    starts: BTreeMap<CredentialId, Timestamp>,
}

impl Facts {
    fn load(tx: &mut Tx<'_>, holders: &Holders, children: &BTreeMap<CredentialId, Credential>) -> Result<Self, Error> {
        let owners: BTreeSet<AcsUserId> = holders.values().filter_map(|holder| holder.acs_user_id).collect();
        let suspended = users::suspended(tx, &owners.into_iter().collect::<Vec<_>>())?.into_iter().collect();
        let endpoints: Vec<EndpointId> = children.values().filter_map(|child| child.endpoint_id).collect();
        let active = phones::active_among(tx, &endpoints)?.into_iter().collect();
        let siblings =
            children.values().filter_map(|child| Some(((child.parent_id?, child.endpoint_id?), child.id))).collect();
        let starts = holders.values().map(|holder| (holder.id, holder.starts_at)).collect();
        Ok(Self { suspended, active, siblings, starts })
    }

    /// The key that takes this one's place on the same phone.
    fn successor(&self, row: &Credential, holder: &Credential) -> Option<CredentialId> {
        holder.replaced_by.zip(row.endpoint_id).and_then(|place| self.siblings.get(&place).copied())
    }

    /// Whether the key is to be gone for good: deleted, on a phone that is no more, or replaced with nobody left to
    /// wait for.
    fn is_ending(&self, row: &Credential, holder: &Credential) -> bool {
        let phone_is_gone = row.endpoint_id.is_some_and(|endpoint| !self.active.contains(&endpoint));
        let orphaned = holder.replaced_by.is_some() && self.successor(row, holder).is_none();
        let superseded = holder.replaced_by.is_some() && holder.revoked_at.is_some();
        row.deleting_at.is_some() || holder.deleting_at.is_some() || phone_is_gone || orphaned || superseded
    }

    /// Whether a newer credential has taken this one's place so that nothing more is issued for it. Until the newer
    /// one starts, this one is still the one that opens the doors (P6).
    fn is_superseded(&self, holder: &Credential, now: Timestamp) -> bool {
        let Some(successor) = holder.replaced_by else { return false };
        self.starts.get(&successor).is_none_or(|starts_at| minute(*starts_at) <= now)
    }

    /// Whether the key must leave its phone although its record stays: its owner is suspended or lost all access.
    /// A suspended owner's plastic cannot be called back, and works again afterwards.
    fn is_withdrawn(&self, row: &Credential, holder: &Credential) -> bool {
        let suspended = holder.acs_user_id.is_some_and(|owner| self.suspended.contains(&owner));
        holder.revoked_at.is_some() || (suspended && row.access_method != CARD)
    }
}

fn plan_key(
    row: &Credential,
    holder: &Credential,
    doors: &Doors,
    lost: &BTreeSet<(StayId, EntranceId)>,
    facts: &Facts,
    now: Timestamp,
) -> Key {
    let guest_doors =
        || doors.get(&holder.id).into_iter().flatten().filter_map(|door| Some((door.entrance_id, door.stay_id?)));
    let guest: BTreeMap<EntranceId, StayId> =
        guest_doors().filter(|(door, stay)| !lost.contains(&(*stay, *door))).collect();
    let window = Window { starts_at: holder.starts_at, ends_at: holder.ends_at };
    let all_lost = guest.is_empty() && guest_doors().next().is_some();
    let wish = if facts.is_ending(row, holder) || facts.is_withdrawn(row, holder) {
        Wish::Drop
    } else if window.is_over(now)
        || all_lost
        || row.invalidated_at.is_some()
        || is_beyond_us(row)
        || facts.is_superseded(holder, now)
    {
        Wish::Keep
    } else {
        Wish::Have
    };
    Key {
        id: row.id,
        created_at: row.created_at,
        asked_at: holder.created_at,
        wish,
        medium: if row.access_method == CARD { Medium::Card } else { Medium::Phone },
        window,
        revision: holder.revision,
        guest,
        auto_join: holder.mode == "auto_join",
        refused: row.refused.is_some(),
        successor: facts.successor(row, holder),
    }
}

/// A key in a phone that was made at the hotel itself: others can join it, but only whoever made it can make it anew.
fn is_beyond_us(row: &Credential) -> bool {
    row.mode == IMPORTED && row.access_method != CARD
}

/// The stays with the doors that their live members hold and that are not lost.
fn plan_stays(
    tx: &mut Tx<'_>,
    tenancies: &[StoredTenancy],
    holders: &Holders,
    doors: &Doors,
    now: Timestamp,
) -> Result<BTreeMap<StayId, plan::Stay>, Error> {
    let held: BTreeSet<(StayId, EntranceId)> = holders
        .values()
        .filter(|holder| holder.deleting_at.is_none() && holder.revoked_at.is_none() && holder.ends_at > now)
        .flat_map(|holder| doors.get(&holder.id).into_iter().flatten())
        .filter_map(|door| Some((door.stay_id?, door.entrance_id)))
        .collect();
    let door_ids: BTreeSet<EntranceId> = held.iter().map(|(_, door)| *door).collect();
    let carded = carriers::held_at(tx, &door_ids.into_iter().collect::<Vec<_>>(), now)?;
    let mut planned: BTreeMap<StayId, plan::Stay> = BTreeMap::new();
    for tenancy in tenancies {
        let stay = planned
            .entry(tenancy.stay_id)
            .or_insert_with(|| plan::Stay { rank: tenancy.rank(), doors: BTreeMap::new() });
        // The place that it had where it lost a door stays as it was.
        if tenancy.lost_at.is_none() {
            stay.rank = tenancy.rank();
        }
        if tenancy.lost_at.is_none() && held.contains(&(tenancy.stay_id, tenancy.entrance_id)) {
            let floor = stays::floor(tx, tenancy.entrance_id, &tenancy.rank())?;
            let others = carded
                .iter()
                .filter(|(held, _)| held.entrance_id == tenancy.entrance_id && held.stay_id != tenancy.stay_id);
            let crowd = others.map(|(held, window)| Neighbour { window: *window, opening: held.opening }).collect();
            let door = StayDoor { opening: tenancy.opening, floor, crowd, rivals: Vec::new() };
            stay.doors.insert(tenancy.entrance_id, door);
        }
    }
    Ok(planned)
}

type Stays = BTreeMap<StayId, plan::Stay>;

/// Whether the planner needs to know of other stays at the key's doors: it came early to a later stay, or has several
/// doors.
fn can_give_way(key: &Key, stays: &Stays, now: Timestamp) -> bool {
    let starts = || key.guest.values().filter_map(|stay| stays.get(stay)).map(|stay| stay.rank.starts_at);
    key.guest.len() > 1 || starts().any(|start| now < start && key.window.starts_at < start)
}

/// Adds the other stays at each door. Few keys need them, so they are not loaded for every scene.
fn add_rivals(tx: &mut Tx<'_>, stays: &mut Stays, now: Timestamp) -> Result<(), Error> {
    let doors: BTreeSet<EntranceId> = stays.values().flat_map(|stay| stay.doors.keys().copied()).collect();
    let mut there = stays::tenancies_at(tx, &doors.into_iter().collect::<Vec<_>>(), now)?;
    there.retain(|other| other.lost_at.is_none() && other.opening.is_some());
    let members = members(tx, &there, now)?;
    for (id, stay) in stays {
        for (door, state) in &mut stay.doors {
            let others = there.iter().filter(|other| other.entrance_id == *door && other.stay_id != *id);
            let rivals = others.map(|other| Rival {
                rank: other.rank(),
                ends_at: other.ends_at,
                members: members.get(&(other.stay_id, *door)).cloned().unwrap_or_default(),
            });
            state.rivals = rivals.collect();
        }
    }
    Ok(())
}

/// Who holds the doors of these tenancies and was not replaced.
fn members(
    tx: &mut Tx<'_>,
    tenancies: &[StoredTenancy],
    now: Timestamp,
) -> Result<BTreeMap<(StayId, EntranceId), Vec<Member>>, Error> {
    let stay_ids: BTreeSet<StayId> = tenancies.iter().map(|tenancy| tenancy.stay_id).collect();
    let mut rows = credentials::in_stays(tx, &stay_ids.into_iter().collect::<Vec<_>>())?;
    rows.retain(|row| row.deleting_at.is_none() && row.revoked_at.is_none() && row.ends_at > now);
    let successors: Vec<CredentialId> = rows.iter().filter_map(|row| row.replaced_by).collect();
    let ahead: BTreeSet<CredentialId> = credentials::by_ids(tx, &successors)?
        .into_iter()
        .filter(|next| next.deleted_at.is_none() && minute(next.starts_at) > now)
        .map(|next| next.id)
        .collect();
    rows.retain(|row| row.replaced_by.is_none_or(|next| ahead.contains(&next)));
    let by_id: BTreeMap<CredentialId, &Credential> = rows.iter().map(|row| (row.id, row)).collect();
    let mut members: BTreeMap<_, Vec<Member>> = BTreeMap::new();
    for door in credentials::doors_of(tx, &by_id.keys().copied().collect::<Vec<_>>())? {
        let (Some(stay), Some(row)) = (door.stay_id, by_id.get(&door.credential_id)) else { continue };
        let member = Member { holder: row.id, asked_at: row.created_at, starts_at: minute(row.starts_at) };
        members.entry((stay, door.entrance_id)).or_default().push(member);
    }
    Ok(members)
}

fn plan_carriers(
    tx: &mut Tx<'_>,
    rows: &BTreeMap<domain::id::CarrierId, Carrier>,
    taken: &BTreeSet<domain::id::CarrierId>,
) -> Result<Vec<plan::Carrier>, Error> {
    let ids: Vec<_> = rows.keys().copied().collect();
    let mut guest: BTreeMap<_, BTreeMap<_, _>> = BTreeMap::new();
    for door in carriers::doors_of(tx, &ids)? {
        guest.entry(door.carrier_id).or_default().insert(door.entrance_id, (door.stay_id, door.opening));
    }
    Ok(rows
        .values()
        .filter_map(|row| {
            Some(plan::Carrier {
                id: row.id,
                key: row.credential_id,
                revision: row.revision,
                window: Window { starts_at: row.starts_at, ends_at: row.ends_at },
                guest: guest.remove(&row.id).unwrap_or_default(),
                state: state(row)?,
                delivered: row.stage().is_delivered(),
                has_taken_door: taken.contains(&row.id),
            })
        })
        .collect())
}

/// What the planner needs to know of a stage; none when nothing of the carrier is left to consider.
fn state(carrier: &Carrier) -> Option<CarrierState> {
    let stage = carrier.stage();
    if stage.is_in_flight() {
        Some(CarrierState::InFlight)
    } else if stage.is_live() {
        Some(CarrierState::Live)
    } else {
        (stage == domain::Stage::Revoking).then_some(CarrierState::Revoking)
    }
}

fn busy(tx: &mut Tx<'_>, doors: &Doors) -> Result<BTreeSet<EntranceId>, Error> {
    let guest: BTreeSet<EntranceId> =
        doors.values().flatten().filter(|door| door.stay_id.is_some()).map(|door| door.entrance_id).collect();
    Ok(carriers::busy_doors(tx, &guest.into_iter().collect::<Vec<_>>())?.into_iter().collect())
}
