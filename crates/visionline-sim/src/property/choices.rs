//! What a knob can be set to, where it is neither a number nor yes or no.

use serde::{Deserialize, Serialize};

/// How answers spell the endpoint id (row 7).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum EndpointIdSpelling {
    /// `endPointID`, as in requests.
    #[default]
    #[serde(rename = "endPointID")]
    EndPointID,
    /// `endpointId`, as in Credential Services.
    #[serde(rename = "endpointId")]
    EndpointId,
}

/// When the server calls a card overridden (row 14).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OverriddenRule {
    /// When it has lost all its guest doors.
    #[default]
    AllDoors,
    /// When it has lost one.
    AnyDoor,
}

/// When the flag `overridden` flips for a new stay that starts later (row 15).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OverriddenAt {
    /// When the new stay starts.
    #[default]
    Start,
    /// As soon as its card is issued.
    Issue,
}

/// A create for an endpoint that is not active (row 24).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InactiveEndpoint {
    /// Refused with 409.
    #[default]
    Refuse,
    /// Accepted; the key waits for the phone.
    Queue,
}

/// A card whose guest doors need different stamps (row 19, design 12).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PerDoorStamps {
    /// The image holds a stamp per guest door.
    #[default]
    Accept,
    /// The image holds one stamp; refused with 409/40902.
    Refuse,
}

/// When a newer key takes a lock over (row 16).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Takeover {
    /// When it opens the door.
    #[default]
    AcceptedUse,
    /// Also when it is valid but deadbolt, privacy or battery keep the door shut.
    AnyUse,
}

/// A way to discard or cancel a card (row 9, `spec/visionline.md` 2.6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RevokeDialect {
    /// `POST /cards/{id}` with `{"discarded": true}` or `{"cancelled": true}`.
    PostFlag,
    /// The same with PUT.
    PutFlag,
    /// `POST` or `PUT /cards/{id}?action=discard` or `cancel`.
    Action,
    /// `DELETE /cards/{id}`: a discard.
    Delete,
}

/// Members of a request body that the server does not know (row 4).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnknownMembers {
    /// Not looked at.
    #[default]
    Ignore,
    /// Refused with 400/40001.
    Refuse,
}

/// What a create answers (row 6).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CreateAnswer {
    /// The whole card object.
    #[default]
    Card,
    /// `credentialID` alone for a phone key, `id` alone for plastic, with the image if one was asked for.
    Ids,
}

/// What an encode answers (row 12).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EncodeAnswer {
    /// The answer comes when the card is written or the deadline has passed.
    #[default]
    Wait,
    /// 202 at once; the client looks at the card until it is issued or has failed.
    Poll,
}

/// Who puts the image of `pendingImage` on its media (`spec/visionline.md` 3.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PendingImageWrite {
    /// The media count as written as soon as the image is answered.
    #[default]
    Assumed,
    /// Whoever runs the simulator, through `media/{serial}/write` of the control interface.
    ByHand,
}

/// Which ids a door object carries (row 21).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DoorIds {
    /// `id` and `doorID`.
    #[default]
    Both,
    /// `id`.
    Id,
    /// `doorID`; the short list keeps `id`.
    DoorId,
}

/// When a phone in contact takes its news (`spec/visionline.md` 5.5).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Delivery {
    /// At once.
    #[default]
    AtOnce,
    /// At its next update, ordered by `phones/{endpoint_id}/pull` of the control interface.
    OnPull,
}

/// What a plastic card is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Technology {
    /// Mifare Ultralight EV1.
    UltralightEv1,
    /// Mifare Ultralight.
    Ultralight,
    /// Mifare Classic 1K.
    #[serde(rename = "classic_1k")]
    Classic1k,
    /// Mifare DESFire.
    Desfire,
    /// No chip at all.
    None,
}

impl Technology {
    /// Bytes that a card of this kind usually has for an image.
    #[must_use]
    pub fn memory_bytes(self) -> u32 {
        match self {
            Self::UltralightEv1 | Self::Ultralight => 48,
            Self::Classic1k => 752,
            Self::Desfire => 2_048,
            Self::None => 0,
        }
    }
}
