//! Stories that once broke a promise, each with what was wrong.

use hotel_years::{run::run, story::Weather};

fn holds(seed: u64, weather: Weather) {
    if let Err(failed) = run(seed, weather) {
        panic!("{failed}");
    }
}

/// A key for next week took the place of this week's as soon as it was on the phone.
#[test]
fn a_replaced_key_stays_until_its_successor_starts() {
    holds(0, Weather::Fair);
}
