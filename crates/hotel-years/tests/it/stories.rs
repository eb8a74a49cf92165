//! Stories from fresh seeds: in fair weather, and with faults and crashes.

use std::ops::Range;

use hotel_years::{
    run::{run, shrink},
    story::Weather,
};

fn every_promise_holds(seeds: Range<u64>, weather: Weather) {
    for seed in seeds {
        if let Err(failed) = run(seed, weather) {
            panic!("{}", shrink(failed, weather));
        }
    }
}

#[test]
fn every_promise_holds_in_fair_weather_part_one() {
    every_promise_holds(0..60, Weather::Fair);
}

#[test]
fn every_promise_holds_in_fair_weather_part_two() {
    every_promise_holds(60..120, Weather::Fair);
}

#[test]
fn every_promise_holds_in_foul_weather() {
    every_promise_holds(0..30, Weather::Foul);
}
