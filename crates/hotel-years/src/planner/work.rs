//! Carrying the plan out: the part that the engine's worker has, on the records.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    Moment, Stage,
    id::{CarrierId, CredentialId, EndpointId, EntranceId, PhoneId, StayId, UserIdentityId},
    plan::{self, Action, Method, Scene, Waiting},
    stay::{Claim, Opening, Tenancy},
};
use engine::{
    credentials::Create,
    issuing::{CardSeen, FailureKind, Order, Outcome, Step},
    sites::SeenDoor,
};
use jiff::{SignedDuration, Timestamp};

use super::records::{Carrier, Child, Parent, Phone, Records};
use crate::{
    program::Program,
    world::{Enrolled, Person, WorldError, later},
};

/// More rounds than any look can need: each finishes at least one key.
const ROUNDS: usize = 64;
/// First pause before a key is read again; doubles up to a minute, as the engine's.
const FIRST_PAUSE_MS: i64 = 500;
const LONGEST_PAUSE_MS: i64 = 60_000;

impl Records {
    fn settle_losses(&mut self, now: Timestamp) {
        let mut claims: Vec<(EntranceId, Claim)> = Vec::new();
        for carrier in self.carriers.values() {
            if !carrier.stage.is_live() || !carrier.window.has_begun(now) {
                continue;
            }
            let parent = self.children.get(&carrier.key).and_then(|child| self.parents.get(&child.parent));
            let Some(asked_at) = parent.map(|parent| parent.created_at) else { continue };
            for (door, (stay, opening)) in &carrier.guest {
                let tenancy = self.tenancy(*stay, *door).filter(|(tenancy, _)| !tenancy.lost);
                let Some((tenancy, _)) = tenancy else { continue };
                claims.push((*door, Claim { rank: tenancy.rank, asked_at, opening: *opening }));
            }
        }
        let loses = |other: &Tenancy, newest: Option<Opening>| {
            let mut here = claims.iter().filter(|(door, _)| *door == other.door);
            let holds = !other.lost && other.window.ends_at > now;
            holds && here.any(|(_, claim)| claim.takes_from(other.rank, newest, now))
        };
        let all = self.tenancies.iter().enumerate();
        let lost: Vec<usize> = all.filter(|(_, (tenancy, newest))| loses(tenancy, *newest)).map(|(at, _)| at).collect();
        for at in lost {
            self.tenancies[at].0.lost = true;
        }
    }

    /// A child for each active phone of each parent's owner, except where there has been one before.
    fn add_children(&mut self, moment: &mut Moment) -> bool {
        let now = moment.now;
        let mut missing = Vec::new();
        for parent in self.standing() {
            let is_replaced = parent.replaced_by.is_some_and(|next| self.has_started(next, now));
            if parent.is_ending || is_replaced || parent.window.ends_at <= now {
                continue;
            }
            let ever: BTreeSet<EndpointId> =
                self.children.values().filter(|child| child.parent == parent.id).map(|child| child.endpoint).collect();
            let owner = self.people.get(&parent.user);
            let phones = self.phones.iter().filter(|phone| phone.is_active && Some(&phone.identity) == owner);
            missing.extend(
                phones.filter(|phone| !ever.contains(&phone.endpoint)).map(|phone| (parent.id, phone.endpoint)),
            );
        }
        let any = !missing.is_empty();
        for (parent, endpoint) in missing {
            let id = moment.id();
            let (is_ending, is_gone, is_refused) = (false, false, false);
            self.children.insert(id, Child { id, parent, endpoint, created_at: now, is_ending, is_gone, is_refused });
        }
        any
    }

    fn finish_parents(&mut self, now: Timestamp) -> bool {
        let done: Vec<CredentialId> = self
            .standing()
            .filter(|parent| parent.is_ending || parent.replaced_by.is_some())
            .filter(|parent| self.children_of(parent.id).next().is_none())
            .map(|parent| parent.id)
            .collect();
        for parent in &done {
            if let Some(parent) = self.parents.get_mut(parent) {
                parent.is_gone = true;
            }
            self.refit(*parent, now);
        }
        !done.is_empty()
    }

    fn apply(&mut self, moment: &mut Moment, scene: &Scene, action: Action) -> bool {
        match action {
            Action::Wait { reason: Waiting::GivingWay { until }, .. } => {
                self.wakes.insert(until);
                false
            }
            Action::Wait { .. } | Action::EncodeAgain { .. } => false,
            Action::Issue { key, method } => {
                self.order(moment, scene, key, &method);
                false
            }
            Action::Discard { carrier } => {
                if let Some(carrier) = self.carriers.get_mut(&carrier) {
                    (carrier.stage, carrier.due_at) = (Stage::Revoking, Some(moment.now));
                }
                false
            }
            Action::Release { key } => {
                let child = self.children.get_mut(&key);
                child.is_some_and(|child| !std::mem::replace(&mut child.is_ending, true))
            }
            Action::Finish { key } => {
                let Some(child) = self.children.get(&key) else { return false };
                let is_ending = self.parents.get(&child.parent).is_none_or(|parent| self.is_ending(child, parent));
                let child = self.children.get_mut(&key).filter(|_| is_ending);
                child.is_some_and(|child| !std::mem::replace(&mut child.is_gone, true))
            }
        }
    }

    fn order(&mut self, moment: &mut Moment, scene: &Scene, key: CredentialId, method: &Method) {
        let Some(planned) = scene.keys.iter().find(|planned| planned.id == key) else { return };
        let Some(child) = self.children.get(&key) else { return };
        let Some(parent) = self.parents.get(&child.parent) else { return };
        let name = |door: &EntranceId| self.doors.get(door).map(|(name, _)| name.clone());
        let id: CarrierId = moment.id();
        let (text, targets) = match method {
            Method::Override => ("override", &[][..]),
            Method::Join(targets) => ("join", &targets[..]),
            Method::AutoJoin => ("auto_join", &[][..]),
            Method::Plain => ("plain", &[][..]),
        };
        let order = Order {
            method: text.to_owned(),
            joins: targets.iter().filter_map(|target| self.carriers.get(target)?.card_id.clone()).collect(),
            endpoint_id: Some(child.endpoint.to_string()),
            encoder_id: None,
            format: "rfid48".to_owned(),
            window: planned.window,
            label: parent.label.clone(),
            mark: id.mark(),
            guest_doors: parent.doors.iter().filter(|door| planned.guest.contains_key(door)).filter_map(name).collect(),
            common_doors: parent
                .doors
                .iter()
                .filter(|door| !parent.guest.contains_key(door))
                .filter_map(name)
                .collect(),
        };
        let window = planned.window;
        let mut new = None;
        let mut guest = BTreeMap::new();
        for (door, stay) in &planned.guest {
            let opening = match shared(scene, *door, *stay).filter(|_| *method != Method::Override) {
                Some(opening) => opening,
                None => *new.get_or_insert_with(|| {
                    self.last_opening += 1;
                    self.last_opening
                }),
            };
            guest.insert(*door, (*stay, opening));
        }
        let (stage, due_at) = (Stage::Accepted, Some(moment.now));
        self.carriers.insert(id, Carrier { id, key, window, guest, order, stage, card_id: None, due_at, attempts: 0 });
    }

    fn confirmed(&mut self, id: CarrierId, card: CardSeen, now: Timestamp) {
        let Some(carrier) = self.carriers.get_mut(&id) else { return };
        carrier.card_id = Some(card.card_id);
        carrier.attempts = 0;
        for (door, (stay, opening)) in carrier.guest.clone() {
            let own =
                |(tenancy, _): &&mut (Tenancy, Option<Opening>)| tenancy.door == door && tenancy.rank.stay == stay;
            if let Some((_, newest)) = self.tenancies.iter_mut().find(own) {
                *newest = (*newest).max(Some(opening));
            }
        }
        self.arrived(id, card.is_delivered, now);
    }

    /// A key rests once its phone has it; until then it is read now and again.
    fn arrived(&mut self, id: CarrierId, is_delivered: bool, now: Timestamp) {
        let Some(carrier) = self.carriers.get_mut(&id) else { return };
        carrier.stage = if is_delivered { Stage::OnPhone } else { Stage::OnLockServer };
        carrier.due_at = (!is_delivered).then(|| later(now, pause(carrier.attempts)));
        self.changed = true;
    }

    fn ended(&mut self, id: CarrierId, stage: Stage) {
        if let Some(carrier) = self.carriers.get_mut(&id) {
            (carrier.stage, carrier.due_at) = (stage, None);
        }
        self.changed = true;
    }

    /// Refused as it stands: planned anew, and given up when the same was refused before.
    fn refused(&mut self, id: CarrierId) {
        if let Some(carrier) = self.carriers.get(&id) {
            let is_second = !self.refusals.insert((carrier.key, carrier.order.method.clone()));
            if let Some(child) = self.children.get_mut(&carrier.key).filter(|_| is_second) {
                child.is_refused = true;
            }
        }
        self.ended(id, Stage::Gone);
    }
}

/// The opening that keys of the stay have at the door, where a live one stands.
fn shared(scene: &Scene, door: EntranceId, stay: StayId) -> Option<Opening> {
    let opening = scene.stays.get(&stay)?.doors.get(&door)?.opening;
    opening.filter(|_| scene.joinable().any(|other| scene.stands(other, door, stay)))
}

fn pause(attempts: u32) -> SignedDuration {
    SignedDuration::from_millis(FIRST_PAUSE_MS.saturating_mul(1 << attempts.min(16)).min(LONGEST_PAUSE_MS))
}

impl Program for Records {
    fn record_doors(&mut self, moment: &Moment, seen: &[SeenDoor]) -> Result<BTreeMap<String, EntranceId>, WorldError> {
        let mut moment = moment.clone();
        self.doors = seen.iter().map(|door| (moment.id(), (door.name.clone(), door.category == "guest"))).collect();
        Ok(self.doors.iter().map(|(id, (name, _))| (name.clone(), *id)).collect())
    }

    fn create_person(&mut self, moment: &Moment, _: &str) -> Result<Person, WorldError> {
        let mut moment = moment.clone();
        let person = Person { identity: moment.id(), user: moment.id() };
        self.people.insert(person.user, person.identity);
        Ok(person)
    }

    fn enrol_phone(&mut self, moment: &Moment, identity: UserIdentityId) -> Result<Enrolled, WorldError> {
        let mut moment = moment.clone();
        let enrolled = Enrolled { phone: moment.id(), endpoint: moment.id() };
        self.phones.push(Phone { id: enrolled.phone, endpoint: enrolled.endpoint, identity, is_active: true });
        self.changed = true;
        Ok(enrolled)
    }

    fn deactivate_phone(&mut self, _: &Moment, phone: PhoneId) -> Result<Vec<EndpointId>, WorldError> {
        Ok(self.deactivate(phone))
    }

    fn create_credential(&mut self, moment: &Moment, asked: Create) -> Result<CredentialId, engine::Error> {
        self.create(moment, &asked)
    }

    fn delete_credential(&mut self, moment: &Moment, id: CredentialId) -> Result<(), engine::Error> {
        self.delete(id, moment.now)
    }

    fn children(&self, parent: CredentialId) -> Result<Vec<(CredentialId, Option<EndpointId>)>, WorldError> {
        Ok(self.children_of(parent).map(|child| (child.id, Some(child.endpoint))).collect())
    }

    fn credential_count(&self) -> Result<usize, WorldError> {
        Ok(self.parents.len() + self.children.len())
    }

    fn validity(&self, ids: &[CredentialId], now: Timestamp) -> Result<BTreeMap<CredentialId, bool>, WorldError> {
        let named = ids.iter().filter_map(|id| self.parents.get(id)).filter(|parent| !parent.is_gone);
        let is_valid = |parent: &Parent| !parent.is_ending && parent.window.ends_at > now && !self.is_invalid(parent);
        Ok(named.map(|parent| (parent.id, is_valid(parent))).collect())
    }

    fn look(&mut self, moment: &Moment) -> Result<bool, WorldError> {
        let mut moment = moment.clone();
        let ahead = self.wakes.split_off(&later(moment.now, SignedDuration::from_micros(1)));
        self.changed |= !std::mem::replace(&mut self.wakes, ahead).is_empty();
        if !std::mem::take(&mut self.changed) {
            return Ok(false);
        }
        let replaced = self.standing().filter(|parent| parent.replaced_by.is_some()).map(|parent| parent.id);
        for former in replaced.collect::<Vec<_>>() {
            self.refit(former, moment.now);
        }
        self.settle_losses(moment.now);
        for _ in 0..ROUNDS {
            if self.add_children(&mut moment) {
                continue;
            }
            let mut goes_on = self.finish_parents(moment.now);
            let scene = self.scene(moment.now);
            for action in plan::plan(&scene) {
                goes_on |= self.apply(&mut moment, &scene, action);
            }
            if !goes_on {
                break;
            }
        }
        Ok(true)
    }

    fn next(&mut self, moment: &Moment) -> Result<Option<Step>, WorldError> {
        let due = self.carriers.values_mut().filter(|carrier| carrier.due_at.is_some_and(|due| due <= moment.now));
        let Some(carrier) = due.min_by_key(|carrier| (carrier.due_at, carrier.id)) else { return Ok(None) };
        carrier.attempts += 1;
        carrier.due_at = None;
        let (id, card_id) = (carrier.id, carrier.card_id.clone().unwrap_or_default());
        Ok(match carrier.stage {
            Stage::Accepted => {
                carrier.stage = Stage::Sent;
                Some(Step::Create { carrier: id, order: carrier.order.clone(), sent_at: moment.now })
            }
            Stage::OnLockServer => Some(Step::Read { carrier: id, card_id }),
            Stage::Revoking => Some(Step::Discard { carrier: id, card_id }),
            _ => None,
        })
    }

    fn next_due(&mut self, moment: &Moment) -> Result<Option<Timestamp>, WorldError> {
        let now = self.changed.then_some(moment.now);
        let carrier = self.carriers.values().filter_map(|carrier| carrier.due_at).min();
        let wake = self.wakes.first().copied();
        Ok(now.into_iter().chain(carrier).chain(wake).min())
    }

    fn came_back(&mut self, moment: &Moment, step: Step, outcome: Outcome) -> Result<(), WorldError> {
        let (id, now) = (step.carrier(), moment.now);
        let Some(stage) = self.carriers.get(&id).map(|carrier| carrier.stage) else { return Ok(()) };
        match (stage, outcome) {
            (Stage::Sent, Outcome::Card(card)) => self.confirmed(id, card, now),
            (Stage::Sent, Outcome::Failed(failure)) if failure.kind == FailureKind::Refused => self.refused(id),
            (Stage::OnLockServer, Outcome::Card(card)) if card.is_discarded => self.ended(id, Stage::RevokedAtServer),
            (Stage::OnLockServer, Outcome::Card(card)) => self.arrived(id, card.is_delivered, now),
            (Stage::OnLockServer | Stage::Revoking, Outcome::Discarded) => self.ended(id, Stage::RevokedAtServer),
            (Stage::OnLockServer | Stage::Revoking, Outcome::NoCard) => self.ended(id, Stage::Gone),
            (stage, outcome) => {
                let what = format!("the lock server answered {outcome:?} to a key in stage {}", stage.as_str());
                return Err(WorldError::SetUp(what));
            }
        }
        Ok(())
    }
}
