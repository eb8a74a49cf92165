//! Property files: the built-in one, and what is wrong with others, with line and remedy.

use innkeep_visionline_sim::{Category, PerDoorStamps, Property, PropertyError};

const HEAD: &str = r#"name = "Small"
system_id = 3
mobile_access_uuid = 1
zone = "Europe/Oslo"
[credential_services]
username = "a"
password = "b"
[[operators]]
username = "sym"
password = "sym"
"#;

const ROOMS: &str = "[[doors]]\nnumbers = \"11-13\"\ncategory = \"guest\"\n";

fn refused(tail: &str) -> (Option<usize>, String) {
    let error = Property::parse(&format!("{HEAD}{tail}")).unwrap_err();
    (error.line(), error.to_string())
}

#[test]
fn the_built_in_property_is_the_one_of_the_design() {
    let meridian = Property::meridian();
    assert_eq!(meridian.name, "Hotel Meridian");
    assert_eq!(meridian.zone.iana_name(), Some("Europe/Stockholm"));
    let guest = meridian.doors.iter().filter(|door| door.category == Category::Guest);
    assert_eq!(guest.count(), 22);
    let others: Vec<&str> = meridian.doors[22..].iter().map(|door| door.name.as_str()).collect();
    assert_eq!(others, ["Main Entrance", "Gym", "Pool", "Garage", "Elevator", "Guest Entrance"]);
    let operators: Vec<_> = meridian.operators.iter().map(|one| (&*one.username, &*one.password)).collect();
    assert_eq!(operators, [("sym", "sym"), ("jane", "1234")]);
    assert_eq!(meridian.encoders.len(), 2);
}

#[test]
fn ranges_orders_intervals_and_knobs_are_read() {
    let tail = "[[doors]]\nname = \"Lobby\"\ncategory = \"entrance\"\nrooms = \"11-13\"\norder = 500\n\
                opening_hours = { from = \"06:00\", until = \"22:00\" }\n\
                [[doors]]\nname = \"Bar\"\ncategory = \"common\"\nclock_drift_seconds = -30\n\
                [knobs]\nper_door_stamps = \"refuse\"\nmax_skew_seconds = 60\n";
    let property = Property::parse(&format!("{HEAD}{ROOMS}{tail}")).unwrap();
    let numbers: Vec<_> = property.doors.iter().map(|door| (&*door.name, door.number)).collect();
    assert_eq!(numbers, [("11", 11), ("12", 12), ("13", 13), ("Lobby", 500), ("Bar", 501)]);
    let rooms = property.door("Lobby").unwrap().rooms.unwrap();
    assert_eq!((rooms.first, rooms.last), (11, 13));
    assert_eq!(property.door("Bar").unwrap().clock_drift_seconds, -30);
    assert_eq!(property.knobs.per_door_stamps, PerDoorStamps::Refuse);
    assert_eq!(property.knobs.max_skew_seconds, Some(60));
    assert_eq!(property.knobs.session_idle_timeout_seconds, 900);
}

#[test]
fn unknown_keys_are_refused_with_their_line() {
    let (line, text) = refused(&format!("{ROOMS}colour = \"red\"\n"));
    assert_eq!(line, Some(14));
    assert!(text.contains("colour") && text.starts_with("line 14: "), "{text}");
    assert_eq!(refused(&format!("{ROOMS}[knobs]\nspeed = 1\n")).0, Some(15));
}

#[test]
fn words_that_are_no_toml_and_values_of_the_wrong_kind_are_refused_with_their_line() {
    assert_eq!(refused(&format!("{ROOMS}this is no toml\n")).0, Some(14));
    assert_eq!(refused("[[doors]]\nname = 7\ncategory = \"guest\"\n").0, Some(12));
    let (line, text) = refused("[[doors]]\nname = \"7\"\ncategory = \"cellar\"\n");
    assert_eq!(line, Some(13));
    assert!(text.contains("cellar"), "{text}");
}

#[test]
fn an_unknown_zone_is_refused_with_an_example() {
    let error = Property::parse(&HEAD.replace("Europe/Oslo", "Europe/Atlantis")).unwrap_err();
    assert_eq!(error, PropertyError::UnknownZone { line: 4, zone: "Europe/Atlantis".into() });
    assert!(error.to_string().contains("Europe/Stockholm"));
}

#[test]
fn doors_that_clash_or_have_no_name_are_refused_with_their_line() {
    let again = format!("{ROOMS}[[doors]]\nname = \"12\"\ncategory = \"guest\"\n");
    assert_eq!(refused(&again).1, "line 15: there is already a door \"12\"; rename or remove one of them");
    let order = format!("{ROOMS}[[doors]]\nname = \"Bar\"\ncategory = \"common\"\norder = 13\n");
    assert_eq!(refused(&order).0, Some(15));
    assert!(refused(&order).1.contains("number 13"));
    assert_eq!(refused("[[doors]]\ncategory = \"guest\"\n").0, Some(11));
    assert_eq!(refused("[[doors]]\nname = \"1\"\nnumbers = \"1-2\"\ncategory = \"guest\"\n").0, Some(11));
}

#[test]
fn broken_ranges_and_intervals_are_refused_with_their_line() {
    for range in ["13-11", "11", "a-b", "1-4000000000", "-"] {
        let (line, text) = refused(&format!("[[doors]]\nnumbers = \"{range}\"\ncategory = \"guest\"\n"));
        assert_eq!(line, Some(12), "{text}");
    }
    for rooms in ["11-14", "13-11", "11", "Bar-13"] {
        let tail = format!("{ROOMS}[[doors]]\nname = \"Bar\"\ncategory = \"entrance\"\nrooms = \"{rooms}\"\n");
        assert_eq!(refused(&tail).0, Some(17), "{rooms}");
    }
}

#[test]
fn a_hotel_without_doors_or_operators_is_refused() {
    assert_eq!(refused("").1, "the file has no doors; add [[doors]]");
    let nobody = HEAD.split("[[operators]]").next().unwrap();
    let error = Property::parse(&format!("{nobody}{ROOMS}")).unwrap_err();
    assert_eq!(error, PropertyError::Missing { what: "operators" });
}
