//! Wall time at the lock server and in the locks, on the nights when the clocks change (design 8).

use serde_json::Value;

use crate::client::{Desk, OPENED, between};

#[test]
fn in_the_repeated_hour_a_card_expires_at_the_later_instant() {
    let mut desk = Desk::open();
    desk.go_to("2025-10-25T20:00:00Z");
    let card = desk.issue("override=true", "ep-1", &between(&["101"], "20251025T1500", "20251026T0230"));
    for (instant, expired) in [
        ("2025-10-26T00:29:00Z", false),
        ("2025-10-26T00:31:00Z", false),
        ("2025-10-26T01:29:59Z", false),
        ("2025-10-26T01:30:00Z", true),
    ] {
        desk.go_to(instant);
        assert_eq!(desk.card(card)["expired"], Value::from(expired), "{instant}");
    }
}

#[test]
fn a_lock_knows_only_its_wall_clock_and_lives_the_repeated_hour_twice() {
    let mut desk = Desk::open();
    desk.go_to("2025-10-25T20:00:00Z");
    let card = desk.issue("override=true", "ep-1", &between(&["101"], "20251025T1500", "20251026T0230"));
    for (instant, verdict) in [
        ("2025-10-26T00:29:00Z", OPENED),
        ("2025-10-26T00:31:00Z", "refused expired 0x0142"),
        ("2025-10-26T01:29:00Z", OPENED),
        ("2025-10-26T01:31:00Z", "refused expired 0x0142"),
    ] {
        desk.go_to(instant);
        assert_eq!(desk.show("101", card), verdict, "{instant}");
    }
}

#[test]
fn in_the_repeated_hour_a_newer_stay_takes_over_at_the_earlier_instant() {
    let mut desk = Desk::open();
    desk.go_to("2025-10-25T20:00:00Z");
    let old = desk.issue("override=true", "ep-1", &between(&["101"], "20251025T1500", "20251027T1100"));
    desk.issue("override=true", "ep-2", &between(&["101"], "20251026T0230", "20251028T1100"));
    desk.go_to("2025-10-26T00:29:59Z");
    assert_eq!(desk.card(old)["overridden"], false);
    desk.go_to("2025-10-26T00:30:00Z");
    assert_eq!(desk.card(old)["overridden"], true);
}

#[test]
fn a_start_in_the_missing_hour_moves_forward_at_the_server() {
    let mut desk = Desk::open();
    desk.go_to("2025-03-29T20:00:00Z");
    let old = desk.issue("override=true", "ep-1", &between(&["101"], "20250329T1500", "20250331T1100"));
    let new = desk.issue("override=true", "ep-2", &between(&["101"], "20250330T0230", "20250331T1100"));
    desk.go_to("2025-03-30T00:59:59Z");
    assert_eq!(desk.show("101", new), "refused not_valid_yet 0x0012");
    desk.go_to("2025-03-30T01:29:59Z");
    assert_eq!(desk.card(old)["overridden"], false);
    desk.go_to("2025-03-30T01:30:00Z");
    assert_eq!(desk.card(old)["overridden"], true);
    assert_eq!(desk.show("101", new), "opened guest 0x0046");
}

#[test]
fn a_card_that_ends_in_the_missing_hour_ends_when_the_clock_has_jumped() {
    let mut desk = Desk::open();
    desk.go_to("2025-03-29T20:00:00Z");
    let card = desk.issue("override=true", "ep-1", &between(&["101"], "20250329T1500", "20250330T0230"));
    desk.go_to("2025-03-30T00:59:59Z");
    assert_eq!(desk.show("101", card), OPENED);
    desk.go_to("2025-03-30T01:00:00Z");
    assert_eq!(desk.show("101", card), "refused expired 0x0142");
}
