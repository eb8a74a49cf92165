//! Which stay a new credential enters at each of its guest doors (design 6).

use std::collections::BTreeMap;

use crate::{
    Window,
    id::{CredentialId, EntranceId, StayId},
    mode::Mode,
    stay::Tenancy,
};

/// What a new credential does at one guest door.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entry {
    /// Enters a stay that is there.
    Enter(StayId),
    /// Is among the doors of the new stay that the credential opens.
    Open,
}

/// A credential named as one to join, with what decides whether it can be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// The credential.
    pub credential: CredentialId,
    /// Its window.
    pub window: Window,
    /// The stay it holds at each guest door it has not lost.
    pub guest_doors: BTreeMap<EntranceId, StayId>,
}

/// Why a credential cannot join those it names.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JoinError {
    /// `spec/api.md 4.6`: each guest door must be opened by at least one joined credential.
    #[error("no joined credential opens some of the guest doors")]
    Uncovered(Vec<EntranceId>),
    /// Two parties hold the door; a key can carry only one stamp there.
    #[error("the joined credentials belong to different stays at one door")]
    DifferentStays(EntranceId),
    /// `spec/visionline.md 2.3`: a joiner and the card it joins must overlap in time.
    #[error("the windows of a joined credential and of the new one do not overlap")]
    WindowsApart(CredentialId),
}

/// Decides the stays of a new credential with these guest doors and this window.
///
/// `tenancies` are the live tenancies of those doors, in any order; `targets` the credentials to join.
///
/// # Errors
/// In mode [`Mode::Join`], when the targets do not open every guest door with one stay each.
pub fn enter(
    mode: Mode,
    guest_doors: &[EntranceId],
    window: Window,
    tenancies: &[Tenancy],
    targets: &[Target],
) -> Result<BTreeMap<EntranceId, Entry>, JoinError> {
    match mode {
        Mode::Override => Ok(guest_doors.iter().map(|door| (*door, Entry::Open)).collect()),
        Mode::AutoJoin => Ok(guest_doors.iter().map(|door| (*door, in_force(*door, window, tenancies))).collect()),
        Mode::Join => join(guest_doors, window, targets),
    }
}

/// The stay in force at the door for the window: of those that overlap it, the one that wins at the lock.
fn in_force(door: EntranceId, window: Window, tenancies: &[Tenancy]) -> Entry {
    tenancies
        .iter()
        .filter(|tenancy| tenancy.door == door && !tenancy.lost && tenancy.window.overlaps(&window))
        .max_by_key(|tenancy| tenancy.rank)
        .map_or(Entry::Open, |tenancy| Entry::Enter(tenancy.rank.stay))
}

fn join(
    guest_doors: &[EntranceId],
    window: Window,
    targets: &[Target],
) -> Result<BTreeMap<EntranceId, Entry>, JoinError> {
    if let Some(apart) = targets.iter().find(|target| !target.window.overlaps(&window)) {
        return Err(JoinError::WindowsApart(apart.credential));
    }
    let mut entries = BTreeMap::new();
    let mut uncovered = Vec::new();
    for door in guest_doors {
        let mut stays = targets.iter().filter_map(|target| target.guest_doors.get(door));
        match stays.next() {
            None => uncovered.push(*door),
            Some(stay) if stays.all(|other| other == stay) => {
                entries.insert(*door, Entry::Enter(*stay));
            }
            Some(_) => return Err(JoinError::DifferentStays(*door)),
        }
    }
    if uncovered.is_empty() { Ok(entries) } else { Err(JoinError::Uncovered(uncovered)) }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::{Id, Moment, stay::Rank};

    fn at(hour: i64) -> Timestamp {
        Timestamp::from_second(hour * 3600).unwrap()
    }

    fn window(from: i64, to: i64) -> Window {
        Window { starts_at: at(from), ends_at: at(to) }
    }

    fn ids<Kind: Copy, const N: usize>() -> [Id<Kind>; N] {
        let mut moment = Moment::new(at(0), 1);
        std::array::from_fn(|_| moment.id())
    }

    fn tenancy(door: EntranceId, stay: StayId, window: Window) -> Tenancy {
        Tenancy { door, rank: Rank { starts_at: window.starts_at, created_at: at(0), stay }, window, lost: false }
    }

    #[test]
    fn an_override_opens_a_stay_whoever_is_in_the_room() {
        let [door] = ids();
        let [stay] = ids();
        let there = [tenancy(door, stay, window(0, 9))];
        let entries = enter(Mode::Override, &[door], window(1, 5), &there, &[]);
        assert_eq!(entries, Ok([(door, Entry::Open)].into()));
    }

    #[test]
    fn auto_join_enters_the_stay_in_force_and_opens_where_there_is_none() {
        let [held, free] = ids();
        let [now, later] = ids();
        let there = [tenancy(held, now, window(0, 9)), tenancy(held, later, window(9, 20))];
        let entries = enter(Mode::AutoJoin, &[held, free], window(1, 5), &there, &[]);
        assert_eq!(entries, Ok([(held, Entry::Enter(now)), (free, Entry::Open)].into()));
        let touching = enter(Mode::AutoJoin, &[held], window(9, 10), &there, &[]);
        assert_eq!(touching, Ok([(held, Entry::Enter(later))].into()));
    }

    #[test]
    fn auto_join_never_enters_a_stay_that_lost_the_door() {
        let [door] = ids();
        let [stay] = ids();
        let there = [Tenancy { lost: true, ..tenancy(door, stay, window(0, 9)) }];
        assert_eq!(enter(Mode::AutoJoin, &[door], window(1, 5), &there, &[]), Ok([(door, Entry::Open)].into()));
    }

    #[test]
    fn a_joiner_enters_door_by_door_the_stays_of_those_it_joins() {
        let [first, second] = ids();
        let [stay_a, stay_b] = ids();
        let [key_a, key_b] = ids();
        let targets = [
            Target { credential: key_a, window: window(0, 9), guest_doors: [(first, stay_a)].into() },
            Target { credential: key_b, window: window(0, 9), guest_doors: [(second, stay_b)].into() },
        ];
        let entries = enter(Mode::Join, &[first, second], window(1, 5), &[], &targets);
        assert_eq!(entries, Ok([(first, Entry::Enter(stay_a)), (second, Entry::Enter(stay_b))].into()));
    }

    #[test]
    fn a_joiner_is_refused_where_nobody_covers_the_door_or_two_parties_do() {
        let [first, second] = ids();
        let [stay_a, stay_b] = ids();
        let [key_a, key_b] = ids();
        let one = Target { credential: key_a, window: window(0, 9), guest_doors: [(first, stay_a)].into() };
        let other = Target { credential: key_b, window: window(0, 9), guest_doors: [(first, stay_b)].into() };
        let uncovered = enter(Mode::Join, &[first, second], window(1, 5), &[], std::slice::from_ref(&one));
        assert_eq!(uncovered, Err(JoinError::Uncovered(vec![second])));
        let both = enter(Mode::Join, &[first], window(1, 5), &[], &[one.clone(), other]);
        assert_eq!(both, Err(JoinError::DifferentStays(first)));
        let apart = enter(Mode::Join, &[first], window(9, 12), &[], &[one]);
        assert_eq!(apart, Err(JoinError::WindowsApart(key_a)));
    }
}
