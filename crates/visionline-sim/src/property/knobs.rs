//! Knobs: behaviour of the real server that nobody outside knows (`spec/visionline.md` 7), with our default.

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

/// All knobs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Knobs {
    /// Seconds without a request after which a session is forgotten (row 2).
    pub session_idle_timeout_seconds: i64,
    /// Seconds by which a request's Date may be off; absent: not looked at (row 3).
    pub max_skew_seconds: Option<i64>,
    /// How answers spell the endpoint id.
    pub endpoint_id_spelling: EndpointIdSpelling,
    /// When the server calls a card overridden.
    pub overridden_rule: OverriddenRule,
    /// A create for an endpoint that is not active.
    pub inactive_endpoint: InactiveEndpoint,
    /// A card whose guest doors need different stamps.
    pub per_door_stamps: PerDoorStamps,
    /// When a newer key takes a lock over.
    pub takeover: Takeover,
    /// The ways to discard or cancel that the server knows; others answer 405.
    pub revoke_dialects: Vec<RevokeDialect>,
    /// Whether the licence for mobile keys is there; without it 403/40302.
    pub mobile_access: bool,
    /// Whether locks refuse everybody when the battery is critical.
    pub battery_refuses: bool,
    /// Hours after which an invitation code is worthless (row 23).
    pub invitation_hours: i64,
}

impl Default for Knobs {
    fn default() -> Self {
        Self {
            session_idle_timeout_seconds: 15 * 60,
            max_skew_seconds: None,
            endpoint_id_spelling: EndpointIdSpelling::default(),
            overridden_rule: OverriddenRule::default(),
            inactive_endpoint: InactiveEndpoint::default(),
            per_door_stamps: PerDoorStamps::default(),
            takeover: Takeover::default(),
            revoke_dialects: vec![
                RevokeDialect::PostFlag,
                RevokeDialect::PutFlag,
                RevokeDialect::Action,
                RevokeDialect::Delete,
            ],
            mobile_access: true,
            battery_refuses: false,
            invitation_hours: 24,
        }
    }
}
