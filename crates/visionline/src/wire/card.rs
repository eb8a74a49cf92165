//! Card records as the lock server shows them (`spec/visionline.md` 2.4).

use jiff::civil::DateTime;
use serde_json::Value;

use super::reading::{Members, text};
use crate::secret::Secret;

/// How rights are laid out on a card. It limits what a card can hold (`spec/visionline.md` 6).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CardFormat {
    /// Guest cards of the usual size.
    Rfid48,
    /// Larger cards: staff and guest advanced.
    TlCode,
    /// A format we do not know, in the lock server's spelling.
    Other(String),
}

impl CardFormat {
    /// The lock server's spelling.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Rfid48 => "rfid48",
            Self::TlCode => "TLCode",
            Self::Other(text) => text,
        }
    }

    fn read(text: String) -> Self {
        [Self::Rfid48, Self::TlCode]
            .into_iter()
            .find(|format| format.as_str().eq_ignore_ascii_case(&text))
            .unwrap_or(Self::Other(text))
    }
}

/// What a card may do at a list of doors.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DoorOperation {
    /// The operation, `guest` in all that was ever seen; empty if the lock server named none.
    pub operation: String,
    /// Door ids.
    pub doors: Vec<String>,
}

/// A card record. Lists often hold only ids, so each member that was not sent is `None` or empty; `None` in a flag
/// means "not said", never "no".
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Card {
    /// Id of the record; the registration number where the lock server sends no id.
    pub id: Option<String>,
    /// Id of the phone key at Credential Services. Not the same as `id`.
    pub credential_id: Option<String>,
    /// The phone the key is for.
    pub endpoint_id: Option<String>,
    /// Layout of the card.
    pub format: Option<CardFormat>,
    /// Free text; we put a mark of ours there to find our own cards again.
    pub card_holder: Option<String>,
    /// Free text.
    pub description: Option<String>,
    /// Doors, as they were asked for.
    pub door_operations: Vec<DoorOperation>,
    /// Creation of the record, local minutes.
    pub created: Option<DateTime>,
    /// Start of validity, local minutes.
    pub start: Option<DateTime>,
    /// End of validity, local minutes.
    pub expire: Option<DateTime>,
    /// The end has passed by the lock server's clock.
    pub expired: Option<bool>,
    /// No medium carries the card yet.
    pub not_issued: Option<bool>,
    /// Copies made under this record.
    pub number_of_issued_cards: Option<u64>,
    /// Serial numbers of the media, as [`normalized_serial_number`] writes them.
    pub serial_numbers: Vec<String>,
    /// Serial number of the medium that it was read from on an encoder, in the same form.
    pub read_from: Option<String>,
    /// What the encoder reported of a card that was ordered with an answer to be asked for later; 0 is success.
    pub encoding_result: Option<u16>,
    /// A newer card took over its guest doors, as far as the lock server knows.
    pub overridden: Option<bool>,
    /// Its medium was later encoded as another card.
    pub overwritten: Option<bool>,
    /// Cancelled at the locks.
    pub cancelled: Option<bool>,
    /// Taken out of use.
    pub discarded: Option<bool>,
    /// Changed on the server and not yet on the medium.
    pub pending_auto_update: Option<bool>,
    /// The encrypted image for a client that writes the medium itself.
    pub encrypted_image: Option<Secret>,
}

impl Card {
    pub(crate) fn read(value: &Value) -> Option<Self> {
        let Some(members) = Members::of(value) else {
            // A list of bare ids.
            return text(value).map(|id| Self { id: Some(id), ..Self::default() });
        };
        let serial_numbers = members.texts("serialNumbers");
        Some(Self {
            id: members.name("id").or_else(|| members.name("uniqueRegistrationNumber")),
            credential_id: members.name("credentialID"),
            endpoint_id: members.name("endPointID"),
            format: members.name("format").map(CardFormat::read),
            card_holder: members.text("cardHolder"),
            description: members.text("description"),
            door_operations: members.list("doorOperations").into_iter().filter_map(read_door_operation).collect(),
            created: members.minute("created"),
            start: members.minute("startTime"),
            expire: members.minute("expireTime"),
            expired: members.flag("expired"),
            not_issued: members.flag("notIssued"),
            number_of_issued_cards: members.number("numberOfIssuedCards"),
            serial_numbers: serial_numbers.iter().map(|number| normalized_serial_number(number)).collect(),
            read_from: members.name("serialNumber").map(|number| normalized_serial_number(&number)),
            encoding_result: members
                .member("encoding")
                .and_then(Members::of)
                .and_then(|encoding| encoding.number("resultCode"))
                .and_then(|code| u16::try_from(code).ok()),
            overridden: members.flag("overridden"),
            overwritten: members.flag("overwritten"),
            cancelled: members.flag("cancelled"),
            discarded: members.flag("discarded"),
            pending_auto_update: members.flag("pendingAutoUpdate"),
            encrypted_image: members.name("encryptedImage").map(Secret::new),
        })
    }
}

fn read_door_operation(value: &Value) -> Option<DoorOperation> {
    let members = Members::of(value)?;
    Some(DoorOperation { operation: members.text("operation").unwrap_or_default(), doors: members.texts("doors") })
}

/// One spelling for a medium's serial number: lower case, filled with `f` to the 16 digits of an 8-byte field
/// (`spec/visionline.md` 2.4). Use it before comparing.
pub fn normalized_serial_number(serial_number: &str) -> String {
    format!("{:f<16}", serial_number.trim().to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use serde_json::json;

    #[test]
    fn a_full_card_object_is_read() {
        let card = Card::read(&json!({
            "id": "100060", "uniqueRegistrationNumber": 100060, "credentialID": 15, "endpointId": "ep-1",
            "format": "RFID48", "cardHolder": "", "description": "Test",
            "doorOperations": [{"doors": ["101", 102], "operation": "guest"}],
            "created": "20251113T0900", "startTime": "20251114T1500", "expireTime": "20251116T1100",
            "expired": false, "notIssued": "true", "numberOfIssuedCards": "2", "serialNumbers": ["04A1B2C3D4E5F6"],
            "overridden": false, "overwritten": false, "cancelled": false, "discarded": "False",
            "pendingAutoUpdate": 0, "encryptedImage": "00ff", "somethingNew": {"a": 1}
        }));
        let expected = Card {
            id: Some("100060".into()),
            credential_id: Some("15".into()),
            endpoint_id: Some("ep-1".into()),
            format: Some(CardFormat::Rfid48),
            card_holder: Some(String::new()),
            description: Some("Test".into()),
            door_operations: vec![DoorOperation { operation: "guest".into(), doors: vec!["101".into(), "102".into()] }],
            created: Some(date(2025, 11, 13).at(9, 0, 0, 0)),
            start: Some(date(2025, 11, 14).at(15, 0, 0, 0)),
            expire: Some(date(2025, 11, 16).at(11, 0, 0, 0)),
            expired: Some(false),
            not_issued: Some(true),
            number_of_issued_cards: Some(2),
            serial_numbers: vec!["04a1b2c3d4e5f6ff".into()],
            read_from: None,
            encoding_result: None,
            overridden: Some(false),
            overwritten: Some(false),
            cancelled: Some(false),
            discarded: Some(false),
            pending_auto_update: Some(false),
            encrypted_image: Some(Secret::new("00ff")),
        };
        assert_eq!(card, Some(expected));
    }

    #[test]
    fn what_a_card_does_not_say_stays_unsaid() {
        let bare = Card { id: Some("7".into()), ..Card::default() };
        for value in [
            json!({"id": 7}),
            json!("7"),
            json!({"uniqueRegistrationNumber": 7, "id": ""}),
            json!({"id": "7", "doorOperations": null, "serialNumbers": null, "discarded": null, "expireTime": "soon"}),
        ] {
            assert_eq!(Card::read(&value), Some(bare.clone()), "{value}");
        }
        assert_eq!(Card::read(&json!({})), Some(Card::default()));
        assert_eq!(Card::read(&json!([])), None);
    }

    #[test]
    fn ids_are_found_in_each_known_spelling() {
        for (credential, endpoint) in
            [("credentialID", "endPointID"), ("credentialId", "endpointId"), ("CredentialId", "EndpointID")]
        {
            let card = Card::read(&json!({credential: "15", endpoint: "ep-1"})).unwrap();
            assert_eq!(card.credential_id.as_deref(), Some("15"));
            assert_eq!(card.endpoint_id.as_deref(), Some("ep-1"));
        }
    }

    #[test]
    fn serial_numbers_of_seven_bytes_are_filled_up() {
        assert_eq!(normalized_serial_number("04A1B2C3D4E5F6"), "04a1b2c3d4e5f6ff");
        assert_eq!(normalized_serial_number("04a1b2c3d4e5f6ff"), "04a1b2c3d4e5f6ff");
    }
}
