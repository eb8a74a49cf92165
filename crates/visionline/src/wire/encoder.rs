//! Card encoders as the lock server shows them (`spec/visionline.md` 3.1 and gap 11: to be confirmed on a real site).

use serde_json::Value;

use super::reading::{Members, text};

/// A device that writes and reads plastic cards.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Encoder {
    /// Id to use in requests.
    pub id: String,
    /// Name for people.
    pub name: Option<String>,
    /// Whether the lock server reaches it now, if it says so.
    pub online: Option<bool>,
}

impl Encoder {
    pub(crate) fn read(value: &Value) -> Option<Self> {
        let Some(members) = Members::of(value) else {
            let id = text(value).filter(|id| !id.is_empty())?;
            return Some(Self { id, name: None, online: None });
        };
        let name = members.name("name");
        Some(Self { id: members.name("id").or_else(|| name.clone())?, name, online: members.flag("online") })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_encoder_is_read_with_what_it_says() {
        let encoder = Encoder::read(&json!({"id": 1, "name": "Front Desk 1", "online": "true"}));
        let expected = Encoder { id: "1".into(), name: Some("Front Desk 1".into()), online: Some(true) };
        assert_eq!(encoder, Some(expected));
        assert_eq!(Encoder::read(&json!({"name": "Lobby"})).unwrap().id, "Lobby");
        assert_eq!(Encoder::read(&json!({"online": true})), None);
    }
}
