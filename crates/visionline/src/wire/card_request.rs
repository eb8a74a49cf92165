//! The request for a new card (`spec/visionline.md` 2.3).

use jiff::civil::DateTime;
use serde::Serialize;

use super::card::CardFormat;
use super::minute_text;
use crate::error::Unsendable;

/// How a new card relates to the cards that are at its doors already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CreateMode {
    /// A new stay: replaces earlier guest keys at its guest doors.
    Override,
    /// Joins the cards in force, or overrides where there are none: the lock server decides.
    AutoJoin,
    /// Joins these cards (record ids), which must hold all of its guest doors.
    Join(Vec<String>),
    /// Says nothing about it, as for a card without guest doors.
    Plain,
}

/// What shall carry the card.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Medium {
    /// The phone of this Credential Services endpoint.
    Phone {
        /// Id of the endpoint, as its invitation was made with.
        endpoint_id: String,
    },
    /// A plastic card that a person holds to an encoder; the lock server may take as long as that person.
    Encoder {
        /// Id of the encoder.
        encoder_id: String,
    },
    /// A plastic card that the caller writes with the image from the answer.
    Image {
        /// Serial numbers of the media to write, one per copy.
        serial_numbers: Vec<String>,
    },
}

/// A new card.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CardRequest {
    /// Relation to other cards.
    pub mode: CreateMode,
    /// Carrier.
    pub medium: Medium,
    /// Layout.
    pub format: CardFormat,
    /// Start of validity in local minutes; None for "now" by the lock server's clock. Seconds are dropped.
    pub start: Option<DateTime>,
    /// End of validity in local minutes. Seconds are dropped.
    pub expire: DateTime,
    /// Text on the key, may hold the lock server's placeholders.
    pub label: Option<String>,
    /// Free text.
    pub description: Option<String>,
    /// Free text; put a mark there by which the card is found after a lost answer (promise P2).
    pub card_holder: Option<String>,
    /// Ids of the guest doors.
    pub guest_doors: Vec<String>,
    /// Ids of the common doors.
    pub common_doors: Vec<String>,
}

impl CardRequest {
    /// Query of the request, in the order seen from real clients. Values are not escaped yet.
    pub(crate) fn query(&self) -> Vec<(&'static str, &str)> {
        let mut query = match &self.medium {
            Medium::Phone { .. } => vec![("action", "mobileAccess")],
            Medium::Encoder { encoder_id } => vec![("action", "encode"), ("encoder", encoder_id.as_str())],
            Medium::Image { .. } => Vec::new(),
        };
        match &self.mode {
            CreateMode::Override => query.push(("override", "true")),
            CreateMode::AutoJoin => query.push(("autoJoin", "true")),
            CreateMode::Join(_) => query.push(("override", "false")),
            CreateMode::Plain => {}
        }
        if let Medium::Image { .. } = &self.medium {
            query.extend([("pendingImage", "true"), ("sendOnline", "false")]);
        }
        query
    }

    /// Body of the request.
    ///
    /// How common doors are written is not public, so their operation is a setting of the site
    /// (`spec/visionline.md` 2.3); if it is the guest doors' own, all doors stand in one list.
    pub(crate) fn body<'a>(&'a self, common_door_operation: &'a str) -> Result<CardBody<'a>, Unsendable> {
        let mut door_operations = Vec::with_capacity(2);
        for (operation, doors) in [("guest", &self.guest_doors), (common_door_operation, &self.common_doors)] {
            if doors.is_empty() {
                continue;
            }
            let doors = doors.iter().map(String::as_str);
            match door_operations.iter_mut().find(|existing: &&mut Doors<'_>| existing.operation == operation) {
                Some(existing) => existing.doors.extend(doors),
                None => door_operations.push(Doors { doors: doors.collect(), operation }),
            }
        }
        if door_operations.is_empty() {
            return Err(Unsendable::NoDoors);
        }
        let joiners = match &self.mode {
            CreateMode::Join(cards) if cards.is_empty() => return Err(Unsendable::NothingToJoin),
            CreateMode::Join(cards) => cards.as_slice(),
            _ => &[],
        };
        let (endpoint_id, serial_numbers) = match &self.medium {
            Medium::Phone { endpoint_id } => (Some(endpoint_id.as_str()), [].as_slice()),
            Medium::Encoder { .. } => (None, [].as_slice()),
            Medium::Image { serial_numbers } => (None, serial_numbers.as_slice()),
        };
        Ok(CardBody {
            expire_time: minute_text(self.expire),
            start_time: self.start.map(minute_text),
            format: self.format.as_str(),
            endpoint_id,
            label: self.label.as_deref(),
            description: self.description.as_deref(),
            card_holder: self.card_holder.as_deref(),
            serial_numbers,
            joiners,
            door_operations,
        })
    }
}

/// The body as written on the wire. The order of members is that of known clients.
#[derive(Debug, Serialize)]
pub(crate) struct CardBody<'a> {
    #[serde(rename = "expireTime")]
    expire_time: String,
    #[serde(rename = "startTime", skip_serializing_if = "Option::is_none")]
    start_time: Option<String>,
    format: &'a str,
    #[serde(rename = "endPointID", skip_serializing_if = "Option::is_none")]
    endpoint_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    label: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a str>,
    #[serde(rename = "cardHolder", skip_serializing_if = "Option::is_none")]
    card_holder: Option<&'a str>,
    #[serde(rename = "serialNumbers", skip_serializing_if = "<[_]>::is_empty")]
    serial_numbers: &'a [String],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    joiners: &'a [String],
    #[serde(rename = "doorOperations")]
    door_operations: Vec<Doors<'a>>,
}

#[derive(Debug, Serialize)]
struct Doors<'a> {
    doors: Vec<&'a str>,
    operation: &'a str,
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn phone_key() -> CardRequest {
        CardRequest {
            mode: CreateMode::Override,
            medium: Medium::Phone { endpoint_id: "ep-1".into() },
            format: CardFormat::Rfid48,
            start: Some(date(2025, 11, 14).at(15, 0, 0, 0)),
            expire: date(2025, 11, 16).at(11, 0, 0, 0),
            label: Some("%ROOMRANGE%:%UUID%:%CARDNUM%".into()),
            description: Some("Test".into()),
            card_holder: None,
            guest_doors: vec!["101".into()],
            common_doors: Vec::new(),
        }
    }

    fn body(request: &CardRequest, common_door_operation: &str) -> String {
        serde_json::to_string(&request.body(common_door_operation).unwrap()).unwrap()
    }

    #[test]
    fn a_phone_key_is_written_as_in_the_test_vector() {
        // Body V of spec/visionline.md 1.5.
        let expected = concat!(
            r#"{"expireTime":"20251116T1100","startTime":"20251114T1500","format":"rfid48","endPointID":"ep-1","#,
            r#""label":"%ROOMRANGE%:%UUID%:%CARDNUM%","description":"Test","#,
            r#""doorOperations":[{"doors":["101"],"operation":"guest"}]}"#
        );
        assert_eq!(body(&phone_key(), "commonRoom"), expected);
        assert_eq!(phone_key().query(), [("action", "mobileAccess"), ("override", "true")]);
    }

    #[test]
    fn a_joiner_names_its_cards_and_common_doors_stand_apart() {
        let request = CardRequest {
            mode: CreateMode::Join(vec!["7".into(), "8".into()]),
            start: None,
            label: None,
            description: None,
            card_holder: Some("ik-1".into()),
            common_doors: vec!["Gym".into()],
            ..phone_key()
        };
        let expected = concat!(
            r#"{"expireTime":"20251116T1100","format":"rfid48","endPointID":"ep-1","cardHolder":"ik-1","#,
            r#""joiners":["7","8"],"doorOperations":[{"doors":["101"],"operation":"guest"},"#,
            r#"{"doors":["Gym"],"operation":"commonRoom"}]}"#
        );
        assert_eq!(body(&request, "commonRoom"), expected);
        assert_eq!(request.query(), [("action", "mobileAccess"), ("override", "false")]);
        assert!(
            body(&request, "guest").ends_with(r#""doorOperations":[{"doors":["101","Gym"],"operation":"guest"}]}"#)
        );
    }

    #[test]
    fn an_image_is_asked_for_with_the_serial_numbers_of_its_media() {
        let request = CardRequest {
            mode: CreateMode::AutoJoin,
            medium: Medium::Image { serial_numbers: vec!["04a1b2c3d4e5f6".into()] },
            ..phone_key()
        };
        assert_eq!(request.query(), [("autoJoin", "true"), ("pendingImage", "true"), ("sendOnline", "false")]);
        let body = body(&request, "commonRoom");
        assert!(body.contains(r#""serialNumbers":["04a1b2c3d4e5f6"]"#), "{body}");
        assert!(!body.contains("endPointID"), "{body}");
    }

    #[test]
    fn an_encoder_is_named_in_the_query() {
        let request = CardRequest {
            mode: CreateMode::Plain,
            medium: Medium::Encoder { encoder_id: "Front Desk 1".into() },
            guest_doors: Vec::new(),
            common_doors: vec!["Gym".into()],
            ..phone_key()
        };
        assert_eq!(request.query(), [("action", "encode"), ("encoder", "Front Desk 1")]);
        assert!(body(&request, "commonRoom").contains(r#"[{"doors":["Gym"],"operation":"commonRoom"}]"#));
    }

    #[test]
    fn a_card_without_doors_and_a_joiner_without_target_are_never_sent() {
        let no_doors = CardRequest { guest_doors: Vec::new(), ..phone_key() };
        assert_eq!(no_doors.body("commonRoom").unwrap_err(), Unsendable::NoDoors);
        let no_target = CardRequest { mode: CreateMode::Join(Vec::new()), ..phone_key() };
        assert_eq!(no_target.body("commonRoom").unwrap_err(), Unsendable::NothingToJoin);
    }
}
