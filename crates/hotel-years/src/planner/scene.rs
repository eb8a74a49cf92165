//! The records as the planner sees them.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    Stage,
    id::{CredentialId, EntranceId, StayId},
    plan::{self, CarrierState, Key, Medium, Member, Neighbour, Rival, Scene, StayDoor, Wish},
    stay::Tenancy,
    window::minute,
};
use jiff::Timestamp;

use super::records::{Child, Parent, Records};

impl Records {
    pub(super) fn scene(&self, now: Timestamp) -> Scene {
        let keys = self
            .children
            .values()
            .filter(|child| !child.is_gone)
            .filter_map(|child| Some(self.key(child, self.parents.get(&child.parent)?, now)))
            .collect();
        let carriers = self.carriers.values().filter_map(|carrier| {
            Some(plan::Carrier {
                id: carrier.id,
                key: carrier.key,
                revision: 0,
                window: carrier.window,
                guest: carrier.guest.clone(),
                state: state(carrier.stage)?,
                delivered: carrier.stage.is_delivered(),
                has_taken_door: false,
            })
        });
        let in_flight = self.carriers.values().filter(|carrier| carrier.stage.is_in_flight());
        Scene {
            now,
            stays: self.stays(now),
            keys,
            carriers: carriers.collect(),
            busy: in_flight.flat_map(|carrier| carrier.guest.keys().copied()).collect(),
            // Nobody here has a card.
            at_encoder: BTreeSet::new(),
        }
    }

    fn key(&self, child: &Child, parent: &Parent, now: Timestamp) -> Key {
        let guest: BTreeMap<EntranceId, StayId> = parent
            .guest
            .iter()
            .filter(|(door, stay)| !self.has_lost(**stay, **door))
            .map(|(door, stay)| (*door, *stay))
            .collect();
        let is_superseded = parent.replaced_by.is_some_and(|next| self.has_started(next, now));
        let wish = if self.is_ending(child, parent) {
            Wish::Drop
        } else if parent.window.is_over(now) || self.is_invalid(parent) || is_superseded {
            Wish::Keep
        } else {
            Wish::Have
        };
        Key {
            id: child.id,
            created_at: child.created_at,
            asked_at: parent.created_at,
            wish,
            medium: Medium::Phone,
            window: parent.window,
            revision: 0,
            guest,
            auto_join: parent.auto_join,
            refused: child.is_refused,
            successor: self.successor(child, parent),
        }
    }

    /// Whether a parent's window has begun; one that is gone counts as begun.
    pub(super) fn has_started(&self, parent: CredentialId, now: Timestamp) -> bool {
        let parent = self.parents.get(&parent).filter(|parent| !parent.is_gone);
        parent.is_none_or(|parent| parent.window.has_begun(now))
    }

    fn successor(&self, child: &Child, parent: &Parent) -> Option<CredentialId> {
        let next = parent.replaced_by?;
        self.children_of(next).find(|other| other.endpoint == child.endpoint).map(|other| other.id)
    }

    /// Whether the key is to be gone for good.
    pub(super) fn is_ending(&self, child: &Child, parent: &Parent) -> bool {
        let phone_is_gone = self.phones.iter().any(|phone| phone.endpoint == child.endpoint && !phone.is_active);
        let is_orphaned = parent.replaced_by.is_some() && self.successor(child, parent).is_none();
        child.is_ending || parent.is_ending || phone_is_gone || is_orphaned
    }

    fn stays(&self, now: Timestamp) -> BTreeMap<StayId, plan::Stay> {
        let held: BTreeSet<(StayId, EntranceId)> = self
            .standing()
            .filter(|parent| !parent.is_ending && parent.window.ends_at > now)
            .flat_map(|parent| parent.guest.iter().map(|(door, stay)| (*stay, *door)))
            .collect();
        let cards = || {
            let there = self.carriers.values().filter(|carrier| state(carrier.stage).is_some());
            there.filter(|carrier| carrier.window.ends_at > now)
        };
        let mut stays: BTreeMap<StayId, plan::Stay> = BTreeMap::new();
        for (tenancy, opening) in &self.tenancies {
            let (door, stay, rank) = (tenancy.door, tenancy.rank.stay, tenancy.rank);
            let planned = stays.entry(stay).or_insert_with(|| plan::Stay { rank, doors: BTreeMap::new() });
            // The place that it had where it lost a door stays as it was.
            if !tenancy.lost {
                planned.rank = rank;
            }
            if tenancy.lost || !held.contains(&(stay, door)) {
                continue;
            }
            let earlier = self.tenancies.iter().filter(|(other, _)| other.door == door && other.rank < rank);
            let floor = earlier.filter_map(|(_, opening)| *opening).max();
            let others = cards().filter_map(|card| Some((card.window, card.guest.get(&door)?)));
            let others = others.filter(|(_, (other, _))| *other != stay);
            let crowd = others.map(|(window, (_, opening))| Neighbour { window, opening: *opening }).collect();
            let rivals = self.tenancies.iter().filter(|(other, opening)| {
                let holds = other.door == door && !other.lost && opening.is_some() && other.window.ends_at > now;
                holds && other.rank.stay != stay
            });
            let rivals = rivals
                .map(|(other, _)| Rival {
                    rank: other.rank,
                    ends_at: other.window.ends_at,
                    members: self.members(other, now),
                })
                .collect();
            planned.doors.insert(door, StayDoor { opening: *opening, floor, crowd, rivals });
        }
        stays
    }

    fn members(&self, tenancy: &Tenancy, now: Timestamp) -> Vec<Member> {
        let is_replaced = |parent: &Parent| parent.replaced_by.is_some_and(|next| self.has_started(next, now));
        self.standing()
            .filter(|parent| parent.guest.get(&tenancy.door) == Some(&tenancy.rank.stay))
            .filter(|parent| !parent.is_ending && parent.window.ends_at > now && !is_replaced(parent))
            .map(|parent| Member {
                holder: parent.id,
                asked_at: parent.created_at,
                starts_at: minute(parent.window.starts_at),
            })
            .collect()
    }
}

fn state(stage: Stage) -> Option<CarrierState> {
    match stage {
        Stage::Accepted | Stage::Sent => Some(CarrierState::InFlight),
        Stage::OnLockServer | Stage::OnPhone | Stage::OnCard => Some(CarrierState::Live),
        Stage::Revoking => Some(CarrierState::Revoking),
        Stage::RevokedAtServer | Stage::Gone => None,
    }
}
