//! The status payload a lock sends to a phone, byte by byte (`spec/visionline.md` 4.2).

use innkeep_visionline_sim::{Condition, Detail, Knobs, Lock, PAYLOAD_BYTES, Property, Verdict};
use jiff::civil::date;

fn lock(door: &str) -> Lock {
    Lock::new(1, Property::meridian().door(door).unwrap(), &Knobs::default())
}

fn verdict(detail: Detail) -> Verdict {
    Verdict { detail, card_id: Some(1), lock_clock: date(2025, 11, 14).at(12, 0, 0, 0) }
}

fn payload(lock: &Lock, detail: Detail) -> [u8; PAYLOAD_BYTES] {
    lock.payload(&verdict(detail)).unwrap()
}

#[test]
fn each_byte_stands_where_the_vendors_parser_looks_for_it() {
    let bytes = payload(&lock("Main Entrance"), Detail::GuestCommon);
    assert_eq!(bytes[0], 0x01, "standard format");
    assert_eq!(bytes[1], 1, "unlocked");
    assert_eq!(bytes[2], 0x01, "guest");
    assert_eq!(bytes[3..7], 901_u32.to_be_bytes(), "door, big-endian");
    assert_eq!(bytes[7], 0, "battery good");
    assert_eq!(bytes[8], 1, "Visionline");
    assert_eq!(bytes[9..11], [0x00, 0x45], "detail, big-endian");
    assert_eq!(bytes[11..15], [0x01, 0x12, 0x00, 0x05], "lock controller 01.12.00 (05)");
    assert_eq!(bytes[15..17], [0x02, 0x01], "BLE 02.01");
    assert_eq!(bytes[17..], [0, 0, 0], "reserved");
}

#[test]
fn every_reason_has_the_vendors_two_numbers() {
    for (detail, unlocked, reason, number) in [
        (Detail::Guest, 1, 0x01, 0x0043),
        (Detail::GuestSuite, 1, 0x01, 0x0044),
        (Detail::FutureArrival, 1, 0x01, 0x0046),
        (Detail::OneTime, 1, 0x01, 0x0048),
        (Detail::GuestEntrance, 1, 0x01, 0x0049),
        (Detail::Staff, 1, 0x10, 0x0040),
        (Detail::StandOpenSet, 1, 0x20, 0x0041),
        (Detail::OverriddenCard, 0, 0x40, 0x0010),
        (Detail::OverriddenPhone, 0, 0x40, 0x0011),
        (Detail::NotValidYet, 0, 0x41, 0x0012),
        (Detail::Expired, 0, 0x42, 0x0142),
        (Detail::Cancelled, 0, 0x43, 0x0017),
        (Detail::GroupBlocked, 0, 0x44, 0x0018),
        (Detail::NoAccess, 0, 0x45, 0x0140),
        (Detail::WrongFacility, 0, 0x46, 0x0105),
        (Detail::OutsideSchedule, 0, 0x47, 0x0016),
        (Detail::OutsideOpeningHours, 0, 0x47, 0x0020),
        (Detail::Deadbolt, 0, 0x48, 0x0021),
        (Detail::DeadboltForGuests, 0, 0x48, 0x0022),
        (Detail::DeadboltFamily, 0, 0x48, 0x0023),
        (Detail::Privacy, 0, 0x49, 0x0026),
        (Detail::PrivacySilent, 0, 0x49, 0x0027),
        (Detail::DoNotDisturb, 0, 0x49, 0x002b),
        (Detail::Battery, 0, 0x4a, 0x0035),
    ] {
        let bytes = payload(&lock("101"), detail);
        let found = (bytes[1], bytes[2], u16::from_be_bytes([bytes[9], bytes[10]]));
        assert_eq!(found, (unlocked, reason, number), "{detail:?}");
    }
}

#[test]
fn the_battery_is_good_a_warning_or_critical() {
    let mut lock = lock("101");
    let mut battery = |battery_low, battery_critical| {
        lock.set_condition(Condition { battery_low, battery_critical, ..Condition::default() });
        payload(&lock, Detail::Guest)[7]
    };
    assert_eq!([battery(false, false), battery(true, false), battery(true, true), battery(false, true)], [0, 1, 2, 2]);
}

#[test]
fn where_the_vendor_has_no_code_there_is_no_payload() {
    assert_eq!(lock("101").payload(&verdict(Detail::NoKey)), None);
    assert_eq!(lock("101").payload(&verdict(Detail::CancelListTaken)), None);
}
