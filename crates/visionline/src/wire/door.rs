//! Doors as the lock server shows them (`spec/visionline.md` 2.2).

use serde_json::Value;

use super::reading::{Members, text};

/// A door's role for guests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DoorCategory {
    /// A room.
    Guest,
    /// Opens for every guest with a room of its interval, without being on the card.
    Entrance,
    /// Must be granted by name.
    Common,
    /// Must be granted by name, and hotel software may do so.
    CommonPms,
    /// Groups the floors of an elevator.
    ElevatorReader,
    /// A category we do not know, in the lock server's spelling.
    Other(String),
}

impl DoorCategory {
    /// The lock server's spelling, blanks and brackets included.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Guest => "guest",
            Self::Entrance => "entrance",
            Self::Common => "common",
            Self::CommonPms => "common (PMS)",
            Self::ElevatorReader => "elevator reader",
            Self::Other(text) => text,
        }
    }

    fn read(text: String) -> Self {
        [Self::Guest, Self::Entrance, Self::Common, Self::CommonPms, Self::ElevatorReader]
            .into_iter()
            .find(|category| category.as_str().eq_ignore_ascii_case(text.trim()))
            .unwrap_or(Self::Other(text))
    }
}

/// One of a door's profiles, such as its Bluetooth settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DoorProfile {
    /// Id of the profile.
    pub id: Option<String>,
    /// Its type: `BLE`, `commonDoor` or `touch` as far as we know.
    pub kind: String,
}

/// A door. Without details only the id is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Door {
    /// The id to use in requests; it equals the door's name, e.g. `101`.
    pub id: String,
    /// Name.
    pub name: Option<String>,
    /// Second name, for display.
    pub local_name: Option<String>,
    /// Role for guests.
    pub category: Option<DoorCategory>,
    /// Group of doors it belongs to.
    pub group: Option<String>,
    /// Profiles.
    pub profiles: Vec<DoorProfile>,
}

impl Door {
    pub(crate) fn read(value: &Value) -> Option<Self> {
        let Some(members) = Members::of(value) else {
            // A list of bare ids.
            let id = text(value).filter(|id| !id.is_empty())?;
            return Some(Self { id, name: None, local_name: None, category: None, group: None, profiles: Vec::new() });
        };
        let name = members.name("doorName");
        Some(Self {
            id: members.name("id").or_else(|| members.name("doorID")).or_else(|| name.clone())?,
            name,
            local_name: members.name("localName"),
            category: members.name("doorCategory").map(DoorCategory::read),
            group: members.name("doorGroup"),
            profiles: members.list("profiles").into_iter().filter_map(read_profile).collect(),
        })
    }
}

fn read_profile(value: &Value) -> Option<DoorProfile> {
    let Some(members) = Members::of(value) else {
        return text(value).map(|kind| DoorProfile { id: None, kind });
    };
    Some(DoorProfile { id: members.name("id"), kind: members.name("type")? })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_detailed_door_is_read() {
        let door = Door::read(&json!({
            "doorID": "101", "doorName": "101", "localName": "Seaside", "doorCategory": "Guest",
            "doorGroup": "GuestRooms", "profiles": [{"id": 3, "type": "BLE"}, "touch", {"id": 4}]
        }));
        let expected = Door {
            id: "101".into(),
            name: Some("101".into()),
            local_name: Some("Seaside".into()),
            category: Some(DoorCategory::Guest),
            group: Some("GuestRooms".into()),
            profiles: vec![
                DoorProfile { id: Some("3".into()), kind: "BLE".into() },
                DoorProfile { id: None, kind: "touch".into() },
            ],
        };
        assert_eq!(door, Some(expected));
    }

    #[test]
    fn a_door_without_any_name_is_not_understood() {
        assert_eq!(Door::read(&json!({"localName": "Seaside"})), None);
        assert_eq!(Door::read(&json!({"id": 101})).unwrap().id, "101");
        assert_eq!(Door::read(&json!("Gym")).unwrap().id, "Gym");
    }

    #[test]
    fn categories_are_read_in_any_case_and_unknown_ones_are_kept() {
        assert_eq!(DoorCategory::read("Common (pms)".into()), DoorCategory::CommonPms);
        assert_eq!(DoorCategory::read("ELEVATOR READER".into()), DoorCategory::ElevatorReader);
        assert_eq!(DoorCategory::read("Cabinet".into()), DoorCategory::Other("Cabinet".into()));
    }
}
