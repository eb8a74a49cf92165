//! Stories in fair weather, and with faults and crashes. The command `hotel-years --seeds A..B` plays as many more as
//! there is time for.

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
    every_promise_holds(10_000..10_035, Weather::Fair);
}

#[test]
fn every_promise_holds_in_fair_weather_part_two() {
    every_promise_holds(20_000..20_035, Weather::Fair);
}

#[test]
fn every_promise_holds_in_foul_weather() {
    every_promise_holds(30_000..30_025, Weather::Foul);
}
