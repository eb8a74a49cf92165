//! Seeds whose stories once broke a promise, each with what was wrong. A seed tells its story as long as the story
//! teller is not changed; the rules themselves are tested in `domain::plan`.

use hotel_years::{program::Kind, run::run, story::Weather};

fn holds(seed: u64, weather: Weather) {
    if let Err(failed) = run(seed, Kind::Whole, weather) {
        panic!("{failed}");
    }
}

/// Next week's key took the place of this week's as soon as it was on the phone (P6).
#[test]
fn a_replaced_key_stays_until_its_successor_starts() {
    holds(0, Weather::Fair);
}

/// A guest's key was issued anew with a room that it had just lost, and took it back (P4).
#[test]
fn a_key_issued_anew_leaves_out_the_rooms_that_were_lost_meanwhile() {
    holds(210, Weather::Fair);
}

/// Auto-join entered a stay that nobody was left in, and evicted the guest in the room.
#[test]
fn auto_join_does_not_enter_an_empty_stay() {
    holds(266, Weather::Fair);
}

/// Stories in which somebody joins a later stay before its start and another party then books the room. The order of
/// stays does not say who may open it then ([`hotel_years::model::Model::is_contested`]), so these show only that the
/// site settles and that the other promises hold.
#[test]
fn early_members_of_a_later_stay_leave_everybody_else_alone() {
    for seed in [36, 200, 217, 233] {
        holds(seed, Weather::Fair);
    }
    holds(1146, Weather::Foul);
}
