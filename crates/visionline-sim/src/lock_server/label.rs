//! The text on a phone key: placeholders filled in, cut to 32 characters (`spec/visionline.md` 2.3).

use crate::property::{Door, Property};

/// Longest label, in characters, after replacement.
const LONGEST_LABEL: usize = 32;

/// Fills the placeholders of a label; unknown ones stay as they are.
pub(super) fn expand(text: &str, property: &Property, guest_doors: &[&Door], credential_id: Option<u32>) -> String {
    let names: Vec<&str> = guest_doors.iter().map(|door| door.name.as_str()).collect();
    text.replace("%ROOMNUM%", names.first().unwrap_or(&""))
        .replace("%ROOMLIST%", &names.join(","))
        .replace("%ROOMRANGE%", &ranges(guest_doors))
        .replace("%SITENAME%", &property.name)
        .replace("%CARDNUM%", &credential_id.map(|id| id.to_string()).unwrap_or_default())
        .replace("%UUID%", &property.mobile_access_uuid.to_string())
        .chars()
        .take(LONGEST_LABEL)
        .collect()
}

/// `101-103,201`: runs of consecutive doors first, doors outside a run behind.
fn ranges(guest_doors: &[&Door]) -> String {
    let mut doors: Vec<&Door> = guest_doors.to_vec();
    doors.sort_by_key(|door| door.number);
    let (mut runs, mut singles) = (Vec::new(), Vec::new());
    for run in doors.chunk_by(|one, next| one.number.checked_add(1) == Some(next.number)) {
        match run {
            [only] => singles.push(only.name.clone()),
            [first, .., last] => runs.push(format!("{}-{}", first.name, last.name)),
            [] => {}
        }
    }
    runs.append(&mut singles);
    runs.join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn label(text: &str, rooms: &[&str]) -> String {
        let property = Property::meridian();
        let doors: Vec<&Door> = rooms.iter().map(|name| property.door(name).unwrap()).collect();
        expand(text, &property, &doors, Some(77))
    }

    #[test]
    fn every_placeholder_has_its_text() {
        assert_eq!(label("%ROOMRANGE%:%UUID%:%CARDNUM%", &["101"]), "101:1:77");
        assert_eq!(label("%ROOMNUM% - %SITENAME%", &["102", "101"]), "102 - Hotel Meridian");
        assert_eq!(label("%ROOMLIST%", &["102", "101"]), "102,101");
        assert_eq!(label("%NOTHING%", &["101"]), "%NOTHING%");
        assert_eq!(label("%ROOMNUM%", &[]), "");
    }

    #[test]
    fn rooms_outside_a_run_follow_the_runs() {
        assert_eq!(label("%ROOMRANGE%", &["210", "103", "101", "102", "204", "205"]), "101-103,204-205,210");
    }

    #[test]
    fn a_label_is_cut_to_32_characters() {
        assert_eq!(label("åäö0123456789012345678901234567890123456789", &[]).chars().count(), 32);
    }
}
