//! Knobs: behaviour of the real server that nobody outside knows (`spec/visionline.md` 7), with our default.
//!
//! `docs/simulator.md` has a row for each; a test compares the two.

use serde::{Deserialize, Deserializer, Serialize, de::Error};

use super::choices::{
    CreateAnswer, Delivery, DoorIds, EncodeAnswer, EndpointIdSpelling, InactiveEndpoint, OverriddenAt, OverriddenRule,
    PendingImageWrite, PerDoorStamps, RevokeDialect, Takeover, Technology, UnknownMembers,
};

/// All knobs. Rows are those of `spec/visionline.md` 7.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Knobs {
    /// Status of a session's end, 200 to 299; the body is empty (row 1).
    #[serde(deserialize_with = "success_status")]
    pub closed_session_status: u16,
    /// Seconds without a request after which a session is forgotten (row 2).
    pub session_idle_timeout_seconds: i64,
    /// Sessions open at the same time; one more is refused with 503/50303 (row 2).
    pub max_sessions: Option<usize>,
    /// Seconds by which a request's Date may be off; absent: not looked at (row 3).
    pub max_skew_seconds: Option<i64>,
    /// Whether Content-MD5 is compared with the body (row 4).
    pub check_content_md5: bool,
    /// Members of a body that the server does not know (row 4).
    pub unknown_members: UnknownMembers,
    /// What a create answers (row 6).
    pub create_answer: CreateAnswer,
    /// Whether `credentialID` is text instead of a number (row 6).
    pub credential_id_as_text: bool,
    /// How answers spell the endpoint id (row 7).
    pub endpoint_id_spelling: EndpointIdSpelling,
    /// The names of the operation under which common doors are accepted (row 8).
    pub common_door_operations: Vec<String>,
    /// The ways to discard or cancel that the server knows; others answer 405 (row 9).
    pub revoke_dialects: Vec<RevokeDialect>,
    /// Whether encoders can be used through the Web API; without it 403/40302 (row 11).
    pub encoding: bool,
    /// What an encode answers (row 12).
    pub encode_answer: EncodeAnswer,
    /// Seconds an encoder waits for a card (row 12, `spec/visionline.md` 3.3).
    pub encoder_deadline_seconds: u32,
    /// Seconds it takes to write and verify a card.
    pub encoder_write_seconds: u32,
    /// The kinds of cards that the site has the option for; others end with result code 43.
    pub media: Vec<Technology>,
    /// Who puts the image of `pendingImage` on its media.
    pub pending_image_write: PendingImageWrite,
    /// Where Visionline's own callbacks go; absent: there are none (row 13).
    #[serde(deserialize_with = "address")]
    pub visionline_callback_url: Option<String>,
    /// When the server calls a card overridden (row 14).
    pub overridden_rule: OverriddenRule,
    /// When the flag flips for a stay that starts later (row 15).
    pub overridden_at: OverriddenAt,
    /// When a newer key takes a lock over (row 16).
    pub takeover: Takeover,
    /// A card whose guest doors need different stamps (row 19).
    pub per_door_stamps: PerDoorStamps,
    /// Which ids a door object carries (row 21).
    pub door_ids: DoorIds,
    /// Whether `GET /endpoint/{id}` exists; without it 405 (row 23).
    pub endpoint_lookup: bool,
    /// Where Credential Services tells of endpoints; absent: nowhere (row 23, `spec/visionline.md` 5.4).
    #[serde(deserialize_with = "address")]
    pub endpoint_callback_url: Option<String>,
    /// Where Credential Services tells of credentials; absent: nowhere (row 23, `spec/visionline.md` 5.4).
    #[serde(deserialize_with = "address")]
    pub credential_callback_url: Option<String>,
    /// Value of the Authorization header of all callbacks; absent: none is sent (row 23).
    pub callback_authorization: Option<String>,
    /// Hours after which an invitation code is worthless (row 23).
    pub invitation_hours: i64,
    /// Seconds from a redeemed code to an active endpoint.
    pub activation_seconds: u32,
    /// When a phone in contact takes its news.
    pub delivery: Delivery,
    /// A create for an endpoint that is not active (row 24).
    pub inactive_endpoint: InactiveEndpoint,
    /// Requests to the Web API in one minute; absent: no limit (row 25).
    pub requests_per_minute: Option<u32>,
    /// Status of a request too many, 429 or 503 (row 25).
    #[serde(deserialize_with = "limit_status")]
    pub rate_limit_status: u16,
    /// Whether the licence for mobile keys is there; without it 403/40302.
    pub mobile_access: bool,
    /// Whether locks refuse everybody when the battery is critical.
    pub battery_refuses: bool,
}

impl Default for Knobs {
    fn default() -> Self {
        Self {
            closed_session_status: 201,
            session_idle_timeout_seconds: 15 * 60,
            max_sessions: None,
            max_skew_seconds: None,
            check_content_md5: true,
            unknown_members: UnknownMembers::default(),
            create_answer: CreateAnswer::default(),
            credential_id_as_text: false,
            endpoint_id_spelling: EndpointIdSpelling::default(),
            common_door_operations: ["guest", "commonRoom", "common"].map(str::to_owned).to_vec(),
            revoke_dialects: vec![
                RevokeDialect::PostFlag,
                RevokeDialect::PutFlag,
                RevokeDialect::Action,
                RevokeDialect::Delete,
            ],
            encoding: true,
            encode_answer: EncodeAnswer::default(),
            encoder_deadline_seconds: 30,
            encoder_write_seconds: 0,
            media: vec![Technology::UltralightEv1, Technology::Ultralight, Technology::Classic1k],
            pending_image_write: PendingImageWrite::default(),
            visionline_callback_url: None,
            overridden_rule: OverriddenRule::default(),
            overridden_at: OverriddenAt::default(),
            takeover: Takeover::default(),
            per_door_stamps: PerDoorStamps::default(),
            door_ids: DoorIds::default(),
            endpoint_lookup: true,
            endpoint_callback_url: None,
            credential_callback_url: None,
            callback_authorization: None,
            invitation_hours: 24,
            activation_seconds: 0,
            delivery: Delivery::default(),
            inactive_endpoint: InactiveEndpoint::default(),
            requests_per_minute: None,
            rate_limit_status: 429,
            mobile_access: true,
            battery_refuses: false,
        }
    }
}

fn success_status<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u16, D::Error> {
    let status = u16::deserialize(deserializer)?;
    let sound = (200..300).contains(&status);
    sound.then_some(status).ok_or_else(|| D::Error::custom(format!("{status} is not a status from 200 to 299")))
}

fn limit_status<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u16, D::Error> {
    let status = u16::deserialize(deserializer)?;
    let sound = [429, 503].contains(&status);
    sound.then_some(status).ok_or_else(|| D::Error::custom(format!("{status} is neither 429 nor 503")))
}

/// The address of a callback: nothing but http and https, with a host.
fn address<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let Some(text) = Option::<String>::deserialize(deserializer)? else {
        return Ok(None);
    };
    let uri = text.parse::<http::Uri>().ok();
    let sound = uri.is_some_and(|uri| matches!(uri.scheme_str(), Some("http" | "https")) && uri.host().is_some());
    if !sound {
        return Err(D::Error::custom(format!("{text:?} is not an address such as \"http://127.0.0.1:9000/callback\"")));
    }
    Ok(Some(text))
}
