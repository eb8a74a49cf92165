//! What the API does with the records, by the rules of `domain::joining` and `domain::mode`.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    Moment, Window,
    id::{AcsUserId, CredentialId, EndpointId, EntranceId, StayId},
    joining::{self, Entry, Target},
    mode::{Asked, Mode},
    stay::{Rank, Tenancy},
    window::minute,
};
use engine::{
    Error, When,
    credentials::{Create, Joiner, Owner},
};
use jiff::{SignedDuration, Timestamp};

use super::records::{Parent, Records};

fn refused(why: impl ToString) -> Error {
    Error::Invalid { field: "", message: why.to_string() }
}

impl Records {
    pub(super) fn create(&mut self, moment: &Moment, asked: &Create) -> Result<CredentialId, Error> {
        let mut moment = moment.clone();
        let now = moment.now;
        let Owner::User(user) = asked.owner else { return Err(refused("only users are owners here")) };
        let instant = |when: &Option<When>| match when {
            Some(When::Instant(instant)) => Some(*instant),
            _ => None,
        };
        let (starts_at, ends_at) = (instant(&asked.starts_at), instant(&asked.ends_at));
        let granted = Window::grant(starts_at, ends_at, now, SignedDuration::from_hours(24)).map_err(refused)?;
        let window = granted.window;
        let joined = self.joined(&asked.joiners, now)?;
        let guest: Vec<EntranceId> =
            asked.entrance_ids.iter().copied().filter(|door| self.doors.get(door).is_some_and(|door| door.1)).collect();
        let ways = Asked { overrides: asked.overrides, joins: !joined.is_empty(), auto_join: asked.auto_join };
        let mode = ways.mode(!guest.is_empty()).map_err(refused)?;
        let mut there = self.tenancies_at(&guest, now);
        if mode == Mode::AutoJoin {
            there.retain(|tenancy| self.is_inhabited(tenancy, now));
        }
        let entries = joining::enter(mode, &guest, window, &there, &self.targets(&joined, window)).map_err(refused)?;

        let replaced: Vec<CredentialId> = self.replaceable(user);
        let id = moment.id();
        let rank = Rank::new(window.starts_at, now, moment.id());
        let mut stays: BTreeMap<EntranceId, StayId> = BTreeMap::new();
        for (door, entry) in entries {
            match entry {
                Entry::Enter(stay) => {
                    let own = |tenancy: &Tenancy| tenancy.rank.stay == stay && tenancy.door == door;
                    for (tenancy, _) in self.tenancies.iter_mut().filter(|(tenancy, _)| own(tenancy)) {
                        tenancy.window = tenancy.window.hull(&window);
                    }
                    stays.insert(door, stay);
                }
                Entry::Open => {
                    self.tenancies.push((Tenancy { door, rank, window, lost: false }, None));
                    stays.insert(door, rank.stay);
                }
            }
        }
        for former in &replaced {
            if let Some(former) = self.parents.get_mut(former) {
                former.replaced_by = Some(id);
            }
        }
        let parent = Parent {
            id,
            user,
            window,
            doors: asked.entrance_ids.clone(),
            guest: stays,
            auto_join: mode == Mode::AutoJoin,
            label: asked.label.clone().unwrap_or_default(),
            created_at: now,
            replaced_by: None,
            is_ending: false,
            is_gone: false,
        };
        self.parents.insert(id, parent);
        if window.has_begun(now) {
            for former in replaced {
                self.refit(former, now);
            }
        }
        self.wakes.extend([minute(window.starts_at), window.ends_at]);
        self.changed = true;
        Ok(id)
    }

    /// The user's credentials that a new one takes the place of.
    fn replaceable(&self, user: AcsUserId) -> Vec<CredentialId> {
        self.standing().filter(|parent| parent.user == user && !parent.is_ending).map(|parent| parent.id).collect()
    }

    /// The parents of the named credentials, each with the id by which it was named.
    fn joined(&self, joiners: &[Joiner], now: Timestamp) -> Result<Vec<(CredentialId, &Parent)>, Error> {
        let mut joined = Vec::new();
        for joiner in joiners {
            let Joiner::Credential(id) = joiner else { return Err(refused("there is no such card")) };
            let child = self.children.get(id).filter(|child| !child.is_gone);
            let is_child_ending = child.is_some_and(|child| child.is_ending);
            let parent = self.parents.get(&child.map_or(*id, |child| child.parent)).filter(|parent| !parent.is_gone);
            let parent = parent.ok_or_else(|| refused("there is no such credential"))?;
            if is_child_ending || parent.is_ending || parent.window.is_over(now) || self.is_invalid(parent) {
                return Err(refused("it cannot be joined any more"));
            }
            joined.push((*id, parent));
        }
        Ok(joined)
    }

    /// Those that share some time with the window; all of them if none does.
    fn targets(&self, joined: &[(CredentialId, &Parent)], window: Window) -> Vec<Target> {
        let target = |(credential, parent): &(CredentialId, &Parent)| Target {
            credential: *credential,
            window: parent.window,
            guest_doors: parent
                .guest
                .iter()
                .filter(|(door, stay)| !self.has_lost(**stay, **door))
                .map(|(door, stay)| (*door, *stay))
                .collect(),
        };
        let met = joined.iter().filter(|(_, parent)| parent.window.overlaps(&window)).map(target).collect::<Vec<_>>();
        if met.is_empty() { joined.iter().map(target).collect() } else { met }
    }

    fn tenancies_at(&self, doors: &[EntranceId], now: Timestamp) -> Vec<Tenancy> {
        let doors: BTreeSet<EntranceId> = doors.iter().copied().collect();
        let there = self.tenancies.iter().map(|(tenancy, _)| *tenancy);
        there.filter(|tenancy| doors.contains(&tenancy.door) && tenancy.window.ends_at > now).collect()
    }

    fn is_inhabited(&self, tenancy: &Tenancy, now: Timestamp) -> bool {
        self.standing()
            .filter(|member| !member.is_ending && member.window.ends_at > now)
            .any(|member| member.guest.get(&tenancy.door) == Some(&tenancy.rank.stay))
    }

    pub(super) fn delete(&mut self, id: CredentialId, now: Timestamp) -> Result<(), Error> {
        self.changed = true;
        if let Some(child) = self.children.get_mut(&id).filter(|child| !child.is_gone) {
            child.is_ending = true;
            return Ok(());
        }
        if self.parents.get(&id).is_none_or(|parent| parent.is_gone) {
            return Err(refused("there is no such credential"));
        }
        // What it was about to replace goes with it.
        let mut ending = Vec::new();
        for parent in self.parents.values_mut().filter(|parent| parent.id == id || parent.replaced_by == Some(id)) {
            parent.is_ending = true;
            ending.push(parent.id);
        }
        for parent in ending {
            self.refit(parent, now);
        }
        Ok(())
    }

    pub(super) fn deactivate(&mut self, phone: domain::id::PhoneId) -> Vec<EndpointId> {
        self.changed = true;
        let mut endpoints = Vec::new();
        for phone in self.phones.iter_mut().filter(|other| other.id == phone && other.is_active) {
            phone.is_active = false;
            endpoints.push(phone.endpoint);
        }
        endpoints
    }
}
