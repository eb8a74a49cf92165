//! Seeds whose stories once broke a promise, each with what was wrong. A seed tells its story as long as the story
//! teller is not changed; the rules themselves are tested in `domain::plan`.

use hotel_years::{run::run, story::Weather};

fn holds(seed: u64, weather: Weather) {
    if let Err(failed) = run(seed, weather) {
        panic!("{failed}");
    }
}

/// Next week's key took the place of this week's as soon as it was on the phone (P6).
#[test]
fn a_replaced_key_stays_until_its_successor_starts() {
    holds(0, Weather::Fair);
}

/// A guest's keys were issued anew with a room that they had just lost, and took it back (P4); then the lock server,
/// left to choose, let them share the stamp of the party that was in the room.
#[test]
fn a_key_issued_anew_leaves_out_the_rooms_that_were_lost_meanwhile() {
    holds(210, Weather::Fair);
}

/// Auto-join entered a stay that nobody was left in, and evicted the guest in the room.
#[test]
fn auto_join_does_not_enter_an_empty_stay() {
    holds(266, Weather::Fair);
}

/// The key that was being replaced was issued anew after its successor, and the lock server let nobody join the
/// successor any more: the guest's second phone never got a key (P5).
#[test]
fn a_key_that_is_being_replaced_does_not_overtake_its_successor() {
    holds(1146, Weather::Foul);
}

/// A member who came early to a later stay took the room at once from whoever booked it afterwards (P5).
#[test]
fn who_comes_early_to_a_later_stay_gives_way_to_the_next_booking() {
    for seed in [36, 200, 217, 233] {
        holds(seed, Weather::Fair);
    }
}
