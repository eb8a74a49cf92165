//! The lock's own decision list (`spec/visionline.md` 4.5), with images that no lock server made.

use innkeep_visionline_sim::{
    Bolt, Condition, Door, Function, GuestDoor, Image, Knobs, Lock, Medium, OpeningHours, Privacy, Property,
};
use jiff::civil::{DateTime, date, time};

fn image() -> Image {
    Image {
        system_id: 1,
        card_id: 9,
        function: Function::Guest,
        medium: Medium::Plastic,
        user_group: 0,
        guest_doors: vec![GuestDoor { number: 101, stamp: 5 }],
        common_doors: Vec::new(),
        start: date(2025, 11, 14).at(15, 0, 0, 0),
        expire: date(2025, 11, 16).at(11, 0, 0, 0),
        schedule: None,
        deadbolt_override: false,
    }
}

fn noon() -> DateTime {
    date(2025, 11, 15).at(12, 0, 0, 0)
}

fn door(name: &str) -> Door {
    Property::meridian().door(name).unwrap().clone()
}

fn lock(name: &str) -> Lock {
    Lock::new(1, &door(name), &Knobs::default())
}

fn code(lock: &mut Lock, image: &Image) -> String {
    lock.present(image, noon()).code().unwrap_or_default()
}

#[test]
fn an_image_of_another_property_is_refused_before_anything_else() {
    let strange = Image { system_id: 2, guest_doors: Vec::new(), ..image() };
    assert_eq!(code(&mut lock("101"), &strange), "0x0105");
}

#[test]
fn a_key_for_another_door_is_refused_with_no_access() {
    assert_eq!(code(&mut lock("102"), &image()), "0x0140");
    assert_eq!(code(&mut lock("Gym"), &image()), "0x0140");
}

#[test]
fn start_is_included_and_end_is_not() {
    let mut lock = lock("101");
    let at = |lock: &mut Lock, when: DateTime| lock.present(&image(), when).code().unwrap();
    assert_eq!(at(&mut lock, date(2025, 11, 14).at(14, 59, 59, 0)), "0x0012");
    assert_eq!(at(&mut lock, date(2025, 11, 14).at(15, 0, 0, 0)), "0x0043");
    assert_eq!(at(&mut lock, date(2025, 11, 16).at(10, 59, 59, 0)), "0x0043");
    assert_eq!(at(&mut lock, date(2025, 11, 16).at(11, 0, 0, 0)), "0x0142");
}

#[test]
fn an_overridden_plastic_card_and_an_overridden_phone_have_different_codes() {
    let mut lock = lock("101");
    let newer = Image { guest_doors: vec![GuestDoor { number: 101, stamp: 6 }], ..image() };
    assert_eq!(code(&mut lock, &newer), "0x0043");
    assert_eq!(code(&mut lock, &image()), "0x0010");
    assert_eq!(code(&mut lock, &Image { medium: Medium::Phone, ..image() }), "0x0011");
}

#[test]
fn a_cancel_card_brings_its_list_to_the_lock_and_to_no_other() {
    let (mut here, mut there) = (lock("101"), lock("101"));
    let cancel = Image { card_id: 1, function: Function::Cancel(vec![(9, image().expire)]), ..image() };
    assert_eq!(here.present(&cancel, noon()).reason(), "cancel_list_taken");
    assert_eq!(code(&mut here, &image()), "0x0017");
    assert_eq!(code(&mut there, &image()), "0x0043");
    assert_eq!(code(&mut here, &Image { card_id: 10, ..image() }), "0x0043");
}

#[test]
fn cancelled_comes_before_the_window_and_no_access_before_cancelled() {
    let mut lock = lock("101");
    let cancel = Image { card_id: 1, function: Function::Cancel(vec![(9, image().expire)]), ..image() };
    lock.present(&cancel, noon());
    let late = Image { start: image().expire, expire: image().expire, ..image() };
    assert_eq!(code(&mut lock, &late), "0x0017");
    assert_eq!(code(&mut lock, &Image { guest_doors: Vec::new(), ..image() }), "0x0140");
}

#[test]
fn a_blocked_group_is_refused() {
    let mut lock = lock("101");
    lock.block_group(0);
    assert_eq!(code(&mut lock, &image()), "0x0018");
}

#[test]
fn staff_open_where_their_group_has_rights_and_are_never_overridden() {
    let mut lock = Lock::new(1, &Door { staff_groups: vec![7], ..door("101") }, &Knobs::default());
    let staff = Image { function: Function::Staff, user_group: 7, guest_doors: Vec::new(), card_id: 2, ..image() };
    assert_eq!(code(&mut lock, &image()), "0x0043");
    assert_eq!(code(&mut lock, &staff), "0x0040");
    assert_eq!(code(&mut lock, &image()), "0x0043");
    assert_eq!(code(&mut lock, &Image { user_group: 8, ..staff }), "0x0140");
    assert_eq!(lock.last_stamp(), 5);
}

#[test]
fn a_one_time_card_opens_once_at_each_door() {
    let mut lock = lock("101");
    let once = Image { function: Function::OneTime, ..image() };
    assert_eq!(code(&mut lock, &once), "0x0048");
    assert_eq!(code(&mut lock, &once), "0x0142");
}

#[test]
fn hours_of_the_card_and_of_the_door_are_told_apart() {
    let morning = OpeningHours { from: time(6, 0, 0, 0), until: time(12, 0, 0, 0) };
    let night = OpeningHours { from: time(22, 0, 0, 0), until: time(6, 0, 0, 0) };
    assert_eq!(code(&mut lock("101"), &Image { schedule: Some(morning), ..image() }), "0x0016");
    let mut shut = Lock::new(1, &Door { opening_hours: Some(night), ..door("101") }, &Knobs::default());
    assert_eq!(code(&mut shut, &image()), "0x0020");
    assert_eq!(shut.present(&image(), date(2025, 11, 15).at(23, 0, 0, 0)).code().unwrap(), "0x0043");
    assert_eq!(shut.present(&image(), date(2025, 11, 15).at(5, 59, 0, 0)).code().unwrap(), "0x0043");
}

#[test]
fn deadbolt_privacy_and_battery_have_their_own_codes_and_change_no_stamp() {
    let knobs = Knobs { battery_refuses: true, ..Knobs::default() };
    let with = |condition: Condition| {
        let mut lock = Lock::new(1, &door("101"), &knobs);
        lock.set_condition(condition);
        let code = code(&mut lock, &image());
        assert_eq!(lock.last_stamp(), 0);
        code
    };
    let calm = Condition::default();
    assert_eq!(with(Condition { deadbolt: Bolt::Thrown, ..calm }), "0x0021");
    assert_eq!(with(Condition { deadbolt: Bolt::ThrownForGuests, ..calm }), "0x0022");
    assert_eq!(with(Condition { deadbolt: Bolt::Family, ..calm }), "0x0023");
    assert_eq!(with(Condition { privacy: Privacy::On, ..calm }), "0x0026");
    assert_eq!(with(Condition { privacy: Privacy::Silent, ..calm }), "0x0027");
    assert_eq!(with(Condition { privacy: Privacy::DoNotDisturb, ..calm }), "0x002b");
    assert_eq!(with(Condition { battery_critical: true, ..calm }), "0x0035");
}

#[test]
fn the_window_is_looked_at_before_the_stamp_and_the_stamp_before_the_deadbolt() {
    let mut lock = lock("101");
    let newer = Image { guest_doors: vec![GuestDoor { number: 101, stamp: 6 }], ..image() };
    lock.present(&newer, noon());
    lock.set_condition(Condition { deadbolt: Bolt::Thrown, ..Condition::default() });
    assert_eq!(code(&mut lock, &image()), "0x0010");
    assert_eq!(lock.present(&image(), image().expire).code().unwrap(), "0x0142");
}

#[test]
fn an_entrance_opens_for_guests_of_its_interval_only() {
    let mut elevator = lock("Elevator");
    assert_eq!(code(&mut elevator, &image()), "0x0140");
    let upstairs = Image { guest_doors: vec![GuestDoor { number: 205, stamp: 1 }], ..image() };
    assert_eq!(code(&mut elevator, &upstairs), "0x0049");
    assert_eq!(code(&mut lock("Guest Entrance"), &image()), "0x0049");
    let by_name = Image { common_doors: vec![door("Elevator").number], ..image() };
    assert_eq!(code(&mut elevator, &by_name), "0x0049");
}

#[test]
fn a_stand_open_card_toggles_and_the_log_keeps_the_last_twenty() {
    let mut lock = lock("101");
    let toggle = Image { function: Function::StandOpen, ..image() };
    for _ in 0..25 {
        lock.present(&toggle, noon());
    }
    assert!(lock.stands_open());
    assert_eq!(lock.log().count(), 20);
}
