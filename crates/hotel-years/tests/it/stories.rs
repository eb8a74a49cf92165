//! Stories in fair weather, and with faults and crashes. The command `hotel-years --seeds A..B` plays as many more as
//! there is time for, with `--grants` those of a desk that books by access grants, and with `--planner` those of the
//! planner alone.

use std::ops::Range;

use hotel_years::{
    program::Kind,
    run::{each, shrink},
    story::{Desk, Weather},
};

/// Plays the stories on all cores; fails with the first that breaks a promise, made short.
fn every_promise_holds(seeds: Range<u64>, desk: Desk, kind: Kind, weather: Weather) {
    let mut broken = None;
    let mut passed = 0;
    each(seeds.clone(), desk, kind, weather, |ended| match ended {
        Ok(_) => {
            passed += 1;
            true
        }
        Err(failed) => {
            broken = Some(failed);
            false
        }
    });
    if let Some(failed) = broken {
        panic!("{}", shrink(failed, desk, kind, weather));
    }
    assert_eq!(passed, seeds.end - seeds.start);
}

#[test]
fn every_promise_holds_in_fair_weather() {
    every_promise_holds(11_000..12_000, Desk::Credentials, Kind::Whole, Weather::Fair);
}

#[test]
fn every_promise_holds_in_foul_weather() {
    every_promise_holds(30_000..30_500, Desk::Credentials, Kind::Whole, Weather::Foul);
}

/// A desk that books by access grants of reservations (`spec/api.md 4.19`).
#[test]
fn every_promise_holds_for_reservations_in_fair_weather() {
    every_promise_holds(50_000..50_200, Desk::Reservations, Kind::Whole, Weather::Fair);
}

#[test]
fn every_promise_holds_for_reservations_in_foul_weather() {
    every_promise_holds(60_000..60_150, Desk::Reservations, Kind::Whole, Weather::Foul);
}

/// The rules R1 to R4 and the promises P3 to P7 of the planner itself, in many orders of events.
#[test]
fn every_promise_holds_for_the_planner_alone() {
    every_promise_holds(40_000..43_000, Desk::Credentials, Kind::PlannerAlone, Weather::Fair);
}
