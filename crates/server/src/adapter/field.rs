//! Field types for request and answer types: each carries its schema, so that validation, query parsing and the
//! published document agree.
//!
//! In a request, `Option<T>` is a parameter that may be absent and [`Nullable<T>`] one that may also be `null`.
//! `#[schemars(extend("x-aliases" = ["old_name"]))]` on a field accepts older spellings of its name.

mod nullable;
mod when;

use std::borrow::Cow;
use std::fmt;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use jiff::Timestamp;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

pub use nullable::Nullable;
pub use when::When;

/// Largest page that is served; larger limits are lowered to it silently (`spec/api.md` 1.10).
pub const LARGEST_LIMIT: u32 = 10_000;

/// Whether `text` is a UUID in its hyphenated form, in either case.
pub(super) fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(index, byte)| match index {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

/// Whether `text` is padded base64 of the standard alphabet.
pub(super) fn is_base64(text: &str) -> bool {
    STANDARD.decode(text).is_ok()
}

/// UUIDs are lower case (`spec/api.md` 1.14); other text stays as it is.
fn canonical(mut text: String) -> String {
    if is_uuid(&text) {
        text.make_ascii_lowercase();
    }
    text
}

/// A reference that must be a UUID: for creating and updating. Malformed: 400 "Invalid uuid" (`spec/api.md` 1.14).
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(from = "String")]
pub struct Id(String);

impl From<String> for Id {
    fn from(text: String) -> Self {
        Self(canonical(text))
    }
}

impl Id {
    /// The UUID in lower case.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The UUID in lower case.
    #[must_use]
    pub fn into_string(self) -> String {
        self.0
    }
}

impl AsRef<str> for Id {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Id {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl JsonSchema for Id {
    fn schema_name() -> Cow<'static, str> {
        "Id".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "string", "format": "uuid"})
    }
}

/// A reference of any form: for getting and deleting, where a malformed id is an unknown one (`spec/api.md` 1.14).
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(from = "String")]
pub struct Reference(String);

impl From<String> for Reference {
    fn from(text: String) -> Self {
        Self(canonical(text))
    }
}

impl Reference {
    /// The reference; a UUID is in lower case.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The reference; a UUID is in lower case.
    #[must_use]
    pub fn into_string(self) -> String {
        self.0
    }
}

impl AsRef<str> for Reference {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl JsonSchema for Reference {
    fn schema_name() -> Cow<'static, str> {
        "Reference".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "string"})
    }
}

/// Text that is neither empty nor only whitespace, such as every `*_key` (`spec/api.md` 1.14). Kept as given.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(transparent)]
pub struct Text(String);

impl Text {
    /// The text as given.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The text as given.
    #[must_use]
    pub fn into_string(self) -> String {
        self.0
    }
}

impl AsRef<str> for Text {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Text {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl JsonSchema for Text {
    fn schema_name() -> Cow<'static, str> {
        "Text".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "string", "minLength": 1, "x-not-blank": true})
    }
}

/// The largest number of rows wanted: above 0, lowered to [`LARGEST_LIMIT`] silently.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit(u32);

impl Limit {
    /// From 1 to [`LARGEST_LIMIT`].
    #[must_use]
    pub fn get(self) -> u32 {
        self.0
    }
}

impl<'de> Deserialize<'de> for Limit {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // A float, so that numbers beyond 64 bits are lowered like any other large number.
        let given = f64::deserialize(deserializer)?;
        let lowered = given.clamp(1.0, f64::from(LARGEST_LIMIT));
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 1..=10000")]
        Ok(Self(lowered as u32))
    }
}

impl JsonSchema for Limit {
    fn schema_name() -> Cow<'static, str> {
        "Limit".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "integer", "exclusiveMinimum": 0})
    }
}

/// An instant in an answer: ISO 8601 in UTC with milliseconds and `Z` (`spec/api.md` 1.13).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Utc(pub Timestamp);

impl Serialize for Utc {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{:.3}", self.0))
    }
}

impl JsonSchema for Utc {
    fn schema_name() -> Cow<'static, str> {
        "Utc".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "string", "format": "date-time"})
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_hyphenated_uuids_are_ids() {
        assert!(is_uuid("2f5c1a9e-0d63-4f4e-9a51-6c1f6f3d2b10"));
        assert!(is_uuid("2F5C1A9E-0D63-4F4E-9A51-6C1F6F3D2B10"));
        for text in [
            "",
            "2f5c1a9e0d634f4e9a516c1f6f3d2b10",
            "2f5c1a9e-0d63-4f4e-9a51-6c1f6f3d2b1g",
            "ü2f5c1a9e-0d63-4f4e-9a51-6c1f6f3d2b",
        ] {
            assert!(!is_uuid(text), "{text}");
        }
    }

    #[test]
    fn ids_are_kept_in_lower_case_and_other_references_as_given() {
        let id: Id = serde_json::from_value(json!("2F5C1A9E-0D63-4F4E-9A51-6C1F6F3D2B10")).unwrap();
        assert_eq!(id.as_str(), "2f5c1a9e-0d63-4f4e-9a51-6c1f6f3d2b10");
        let reference: Reference = serde_json::from_value(json!("Device7")).unwrap();
        assert_eq!(reference.as_str(), "Device7");
    }

    #[test]
    fn instants_are_written_with_milliseconds() {
        let instant: Timestamp = "2025-06-01T10:00:00.123999Z".parse().unwrap();
        assert_eq!(serde_json::to_value(Utc(instant)).unwrap(), json!("2025-06-01T10:00:00.123Z"));
        let whole: Timestamp = "2025-06-01T10:00:00Z".parse().unwrap();
        assert_eq!(serde_json::to_value(Utc(whole)).unwrap(), json!("2025-06-01T10:00:00.000Z"));
    }
}
