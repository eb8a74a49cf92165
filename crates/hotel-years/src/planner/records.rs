//! What is remembered: people, phones, credentials, stays, and cards at the lock server.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    Stage, Window,
    id::{AcsUserId, CarrierId, CredentialId, EndpointId, EntranceId, PhoneId, StayId, UserIdentityId},
    stay::{Opening, Tenancy},
    window::minute,
};
use engine::issuing::Order;
use jiff::Timestamp;

/// Everything that is remembered.
#[derive(Debug, Default)]
pub struct Records {
    /// Name, and whether it is a guest door.
    pub(super) doors: BTreeMap<EntranceId, (String, bool)>,
    pub(super) people: BTreeMap<AcsUserId, UserIdentityId>,
    pub(super) phones: Vec<Phone>,
    /// Parents, in the order in which they were asked for; also those that are gone.
    pub(super) parents: BTreeMap<CredentialId, Parent>,
    /// The keys of parents on phones; also those that are gone.
    pub(super) children: BTreeMap<CredentialId, Child>,
    /// Every tenancy there ever was, with the newest opening that the lock server confirmed.
    pub(super) tenancies: Vec<(Tenancy, Option<Opening>)>,
    pub(super) carriers: BTreeMap<CarrierId, Carrier>,
    /// Methods that the lock server refused, by key.
    pub(super) refusals: BTreeSet<(CredentialId, String)>,
    pub(super) last_opening: Opening,
    /// Something changed since the last look.
    pub(super) changed: bool,
    /// When time alone changes something.
    pub(super) wakes: BTreeSet<Timestamp>,
}

#[derive(Debug)]
pub(super) struct Phone {
    pub id: PhoneId,
    pub endpoint: EndpointId,
    pub identity: UserIdentityId,
    pub is_active: bool,
}

#[derive(Debug, Clone)]
pub(super) struct Parent {
    pub id: CredentialId,
    pub user: AcsUserId,
    pub window: Window,
    /// In the order in which they were named.
    pub doors: Vec<EntranceId>,
    /// The stay at each guest door.
    pub guest: BTreeMap<EntranceId, StayId>,
    pub auto_join: bool,
    pub label: String,
    pub created_at: Timestamp,
    pub replaced_by: Option<CredentialId>,
    pub is_ending: bool,
    pub is_gone: bool,
}

#[derive(Debug, Clone)]
pub(super) struct Child {
    pub id: CredentialId,
    pub parent: CredentialId,
    pub endpoint: EndpointId,
    pub created_at: Timestamp,
    pub is_ending: bool,
    pub is_gone: bool,
    pub is_refused: bool,
}

#[derive(Debug, Clone)]
pub(super) struct Carrier {
    pub id: CarrierId,
    pub key: CredentialId,
    pub window: Window,
    pub guest: BTreeMap<EntranceId, (StayId, Opening)>,
    pub order: Order,
    pub stage: Stage,
    pub card_id: Option<String>,
    pub due_at: Option<Timestamp>,
    pub attempts: u32,
}

impl Records {
    /// The parents that are not gone.
    pub(super) fn standing(&self) -> impl Iterator<Item = &Parent> {
        self.parents.values().filter(|parent| !parent.is_gone)
    }

    /// The keys of a parent that are not gone.
    pub(super) fn children_of(&self, parent: CredentialId) -> impl Iterator<Item = &Child> {
        self.children.values().filter(move |child| child.parent == parent && !child.is_gone)
    }

    pub(super) fn tenancy(&self, stay: StayId, door: EntranceId) -> Option<&(Tenancy, Option<Opening>)> {
        self.tenancies.iter().find(|(tenancy, _)| tenancy.rank.stay == stay && tenancy.door == door)
    }

    pub(super) fn has_lost(&self, stay: StayId, door: EntranceId) -> bool {
        self.tenancy(stay, door).is_some_and(|(tenancy, _)| tenancy.lost)
    }

    /// Whether the parent lost every guest door it had (`spec/api.md 4.12`).
    pub(super) fn is_invalid(&self, parent: &Parent) -> bool {
        !parent.guest.is_empty() && parent.guest.iter().all(|(door, stay)| self.has_lost(*stay, *door))
    }

    /// Fits the tenancies to the members that are left, as `engine::credentials` does.
    pub(super) fn refit(&mut self, parent: CredentialId, now: Timestamp) {
        let Some(parent) = self.parents.get(&parent) else { return };
        let stays: BTreeSet<StayId> = parent.guest.values().copied().collect();
        let mut hulls: BTreeMap<(StayId, EntranceId), Window> = BTreeMap::new();
        let mut starts: BTreeMap<StayId, Timestamp> = BTreeMap::new();
        for member in self.standing().filter(|member| !member.is_ending) {
            let is_superseded = member.replaced_by.is_some_and(|next| self.has_started(next, now));
            for (door, stay) in member.guest.iter().filter(|(_, stay)| stays.contains(stay)) {
                let hull = hulls.entry((*stay, *door)).or_insert(member.window);
                *hull = hull.hull(&member.window);
                if !is_superseded {
                    let start = minute(member.window.starts_at);
                    starts.entry(*stay).and_modify(|first| *first = start.min(*first)).or_insert(start);
                }
            }
        }
        for (tenancy, _) in self.tenancies.iter_mut().filter(|(tenancy, _)| stays.contains(&tenancy.rank.stay)) {
            let start =
                starts.get(&tenancy.rank.stay).filter(|start| **start > tenancy.rank.starts_at && !tenancy.lost);
            tenancy.rank.starts_at = start.copied().unwrap_or(tenancy.rank.starts_at);
            let present = tenancy.window;
            let over = Window { starts_at: present.starts_at.min(now), ends_at: present.ends_at.min(now) };
            tenancy.window = hulls.get(&(tenancy.rank.stay, tenancy.door)).copied().unwrap_or(over);
        }
    }
}
