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

/// Stories in which somebody joins a later stay before its start, and another party then books the room for a time
/// before it: the early key was made anew with the later stay's stamp and took the room back (P4).
#[test]
fn early_members_of_a_later_stay_make_room_for_newer_bookings() {
    for seed in [36, 200, 217, 233, 592, 797, 1744] {
        holds(seed, Weather::Fair);
    }
    holds(1146, Weather::Foul);
}

/// A key that came before a booking at one door and after it at another was made anew after it, and it after the key,
/// without end.
#[test]
fn two_keys_never_overtake_each_other_for_ever() {
    holds(369, Weather::Fair);
}

/// The lock server, left to choose, joined the key's own former card, whose stamp the walk-in had overtaken (R4).
#[test]
fn auto_join_is_asked_for_only_where_no_former_card_is_left() {
    for seed in [2_102, 2_856] {
        holds(seed, Weather::Fair);
    }
}
