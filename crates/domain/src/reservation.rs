//! Which grants may share a reservation (`spec/api.md 4.19`).
//!
//! Grants with one `reservation_key` are one party: the first opens the stay at its rooms, later ones join it. Only
//! rooms count here; doors that belong to no reservation are left out of every comparison.

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::id::EntranceId;

/// When a grant is in force: `starts_at` inclusive, `ends_at` exclusive, without an end if there is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// The first instant inside.
    pub starts_at: Timestamp,
    /// The first instant after the end.
    pub ends_at: Option<Timestamp>,
}

impl Period {
    /// Whether the two share an instant; periods that only touch do not.
    pub fn overlaps(&self, other: &Self) -> bool {
        let begins_within = |inner: &Self, outer: &Self| outer.ends_at.is_none_or(|end| inner.starts_at < end);
        begins_within(self, other) && begins_within(other, self)
    }
}

/// A grant of the reservation that is there and not being deleted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Its rooms.
    pub rooms: BTreeSet<EntranceId>,
    /// When it is in force.
    pub period: Period,
}

/// What a new grant does at its rooms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// It has no rooms, so it belongs to no reservation.
    Ordinary,
    /// It is the first of its reservation.
    Opens,
    /// It joins those that are there.
    Joins,
}

/// Why a grant cannot be as it was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Rule 1: a key, and no room.
    #[error(
        "none of the entrances can belong to a reservation: leave reservation_key out, or include an entrance whose \
         can_belong_to_reservation is true"
    )]
    KeyNotSupported,
    /// Rule 1b: a room, and no key.
    #[error("guest doors of Visionline are granted for a reservation: send a reservation_key")]
    KeyRequired,
    /// Rule 2: other rooms than the reservation has.
    #[error(
        "the reservation has other entrances: delete its access grants first, then create them anew with the new \
         entrances"
    )]
    EntrancesDiffer,
    /// Rule 3: the reservation's rooms and more.
    #[error(
        "the access grant has all entrances of the reservation and more: those that join a reservation have the same \
         entrances or fewer"
    )]
    EntrancesExceed,
    /// Rule 4: no time in common.
    #[error("the times overlap those of no other access grant of the reservation: grants of one reservation overlap")]
    TimesApart,
}

impl Refusal {
    /// The documented heading.
    pub const fn title(self) -> &'static str {
        match self {
            Self::KeyNotSupported => "reservation_key not supported.",
            Self::KeyRequired => "reservation_key required for guest cards.",
            Self::EntrancesDiffer => "Reservation entrance change requires cleanup.",
            Self::EntrancesExceed => "Reservation joiner entrance set conflict.",
            Self::TimesApart => "Reservation time frames must overlap.",
        }
    }

    /// Whether it contradicts what is there, rather than itself.
    pub const fn is_conflict(self) -> bool {
        matches!(self, Self::EntrancesDiffer | Self::EntrancesExceed | Self::TimesApart)
    }
}

/// Decides what a new grant does: `there` are the live grants of its reservation, oldest first. The first of them fixes
/// the rooms.
///
/// # Errors
/// By the rules 1, 1b, 2, 3 and 4.
pub fn admit(has_key: bool, rooms: &BTreeSet<EntranceId>, period: Period, there: &[Member]) -> Result<Role, Refusal> {
    match (has_key, rooms.is_empty()) {
        (true, true) => return Err(Refusal::KeyNotSupported),
        (false, false) => return Err(Refusal::KeyRequired),
        (false, true) => return Ok(Role::Ordinary),
        (true, false) => {}
    }
    let Some(first) = there.first() else { return Ok(Role::Opens) };
    if !rooms.is_subset(&first.rooms) {
        let exceeds = rooms.is_superset(&first.rooms);
        return Err(if exceeds { Refusal::EntrancesExceed } else { Refusal::EntrancesDiffer });
    }
    times(period, there)?;
    Ok(Role::Joins)
}

/// Whether a grant may have this period beside the other live grants of its reservation.
///
/// # Errors
/// By rule 4.
pub fn times(period: Period, others: &[Member]) -> Result<(), Refusal> {
    let meets = others.is_empty() || others.iter().any(|other| other.period.overlaps(&period));
    if meets { Ok(()) } else { Err(Refusal::TimesApart) }
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, option, prelude::*};

    use super::*;
    use crate::Moment;

    fn at(hour: i64) -> Timestamp {
        Timestamp::from_second(hour * 3600).unwrap()
    }

    fn period(from: i64, to: impl Into<Option<i64>>) -> Period {
        Period { starts_at: at(from), ends_at: to.into().map(at) }
    }

    /// The rooms with these numbers; each number is one room, whoever asks.
    fn rooms(numbers: impl IntoIterator<Item = usize>) -> BTreeSet<EntranceId> {
        let mut moment = Moment::new(at(0), 1);
        let all: [EntranceId; 5] = std::array::from_fn(|_| moment.id());
        numbers.into_iter().map(|number| all[number]).collect()
    }

    fn member(numbers: &[usize], period: Period) -> Member {
        Member { rooms: rooms(numbers.iter().copied()), period }
    }

    #[test]
    fn each_rule_refuses_what_it_names() {
        let week = period(0, 7);
        let there = [member(&[1, 2], week)];
        let ask = |has_key, numbers: &[usize], when| admit(has_key, &rooms(numbers.iter().copied()), when, &there);
        assert_eq!(ask(true, &[], week), Err(Refusal::KeyNotSupported));
        assert_eq!(ask(false, &[1], week), Err(Refusal::KeyRequired));
        assert_eq!(ask(true, &[2, 3], week), Err(Refusal::EntrancesDiffer));
        assert_eq!(ask(true, &[3], week), Err(Refusal::EntrancesDiffer));
        assert_eq!(ask(true, &[1, 2, 3], week), Err(Refusal::EntrancesExceed));
        assert_eq!(ask(true, &[1], period(7, 9)), Err(Refusal::TimesApart));
        assert_eq!(ask(true, &[1], period(6, 9)), Ok(Role::Joins));
        assert_eq!(ask(true, &[1, 2], week), Ok(Role::Joins));
        assert_eq!(ask(false, &[], week), Ok(Role::Ordinary));
    }

    #[test]
    fn one_grant_that_overlaps_is_enough_and_a_grant_without_an_end_overlaps_all_that_come() {
        let there = [member(&[1], period(0, 2)), member(&[1], period(1, 5))];
        assert_eq!(times(period(4, 6), &there), Ok(()));
        assert_eq!(times(period(5, 6), &there), Err(Refusal::TimesApart));
        assert_eq!(times(period(900, 901), &[member(&[1], period(0, None))]), Ok(()));
    }

    fn any_period() -> impl Strategy<Value = Period> {
        (0..20_i64, option::of(1..10_i64)).prop_map(|(from, length)| period(from, length.map(|length| from + length)))
    }

    fn any_rooms() -> impl Strategy<Value = Vec<usize>> {
        proptest::sample::subsequence(vec![0, 1, 2, 3, 4], 0..=5)
    }

    fn any_member() -> impl Strategy<Value = Member> {
        (proptest::sample::subsequence(vec![0, 1, 2, 3, 4], 1..=5), any_period())
            .prop_map(|(numbers, period)| member(&numbers, period))
    }

    proptest! {
        #[test]
        fn overlap_is_mutual_and_holds_exactly_when_an_hour_is_shared(one in any_period(), other in any_period()) {
            prop_assert_eq!(one.overlaps(&other), other.overlaps(&one));
            let holds = |period: &Period, hour: i64| {
                period.starts_at <= at(hour) && period.ends_at.is_none_or(|end| at(hour) < end)
            };
            prop_assert_eq!(one.overlaps(&other), (0..40).any(|hour| holds(&one, hour) && holds(&other, hour)));
        }

        #[test]
        fn a_grant_joins_exactly_when_its_rooms_are_among_the_firsts_and_it_meets_somebody(
            numbers in any_rooms(),
            asked in any_period(),
            there in vec(any_member(), 0..4),
        ) {
            let wanted = rooms(numbers);
            let fits = !wanted.is_empty() && there.first().is_some_and(|first| wanted.is_subset(&first.rooms));
            let meets = there.iter().any(|other| other.period.overlaps(&asked));
            let role = admit(true, &wanted, asked, &there);
            prop_assert_eq!(role == Ok(Role::Joins), fits && meets);
            prop_assert_eq!(role == Ok(Role::Opens), !wanted.is_empty() && there.is_empty());
        }

        #[test]
        fn whoever_joins_never_adds_a_room_and_never_needs_the_others_in_any_order(
            numbers in any_rooms(),
            asked in any_period(),
            first in any_member(),
            mut later in vec(any_member(), 0..4),
        ) {
            let wanted = rooms(numbers);
            let all = |later: &[Member]| -> Vec<Member> {
                std::iter::once(first.clone()).chain(later.iter().cloned()).collect()
            };
            let role = admit(true, &wanted, asked, &all(&later));
            if role == Ok(Role::Joins) {
                prop_assert!(wanted.difference(&first.rooms).next().is_none());
            }
            later.reverse();
            prop_assert_eq!(admit(true, &wanted, asked, &all(&later)), role);
        }
    }

    #[test]
    fn titles_are_the_documented_ones() {
        let titles = [
            (Refusal::KeyNotSupported, "reservation_key not supported.", false),
            (Refusal::KeyRequired, "reservation_key required for guest cards.", false),
            (Refusal::EntrancesDiffer, "Reservation entrance change requires cleanup.", true),
            (Refusal::EntrancesExceed, "Reservation joiner entrance set conflict.", true),
            (Refusal::TimesApart, "Reservation time frames must overlap.", true),
        ];
        for (refusal, title, is_conflict) in titles {
            assert_eq!((refusal.title(), refusal.is_conflict()), (title, is_conflict));
        }
    }
}
