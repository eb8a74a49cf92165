//! The difference between a parameter that is absent and one that is `null`.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Deserializer};

/// A parameter for which absent and `null` mean different things (`spec/api.md` 1.3): leave alone, and unset.
///
/// The field (or its struct) needs `#[serde(default)]`; without it the parameter is required, though it may be `null`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Nullable<T> {
    /// Not sent: leave alone, or no filter.
    #[default]
    Absent,
    /// Sent as `null`: unset, or "has no value".
    Null,
    /// Sent with a value.
    Value(T),
}

impl<T> Nullable<T> {
    /// The value, if there is one.
    #[must_use]
    pub fn value(&self) -> Option<&T> {
        if let Self::Value(value) = self { Some(value) } else { None }
    }

    /// The value, if there is one; absent and `null` become the same.
    #[must_use]
    pub fn into_value(self) -> Option<T> {
        if let Self::Value(value) = self { Some(value) } else { None }
    }

    /// `None`: leave alone. `Some(None)`: unset. `Some(Some(value))`: set.
    #[must_use]
    pub fn into_change(self) -> Option<Option<T>> {
        match self {
            Self::Absent => None,
            Self::Null => Some(None),
            Self::Value(value) => Some(Some(value)),
        }
    }

    /// Whether the parameter was not sent.
    #[must_use]
    pub fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }

    /// Changes the value, if there is one.
    #[must_use]
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Nullable<U> {
        match self {
            Self::Absent => Nullable::Absent,
            Self::Null => Nullable::Null,
            Self::Value(value) => Nullable::Value(change(value)),
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Nullable<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Option::deserialize(deserializer)?.map_or(Self::Null, Self::Value))
    }
}

impl<T: JsonSchema> JsonSchema for Nullable<T> {
    fn schema_name() -> Cow<'static, str> {
        format!("Nullable_{}", T::schema_name()).into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut schema = generator.subschema_for::<T>();
        schema.insert("nullable".to_owned(), true.into());
        schema
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Default, Deserialize)]
    #[serde(default)]
    struct Request {
        note: Nullable<u8>,
    }

    #[test]
    fn absent_null_and_a_value_are_three_things() {
        for (json, expected, change) in [
            ("{}", Nullable::Absent, None),
            (r#"{"note":null}"#, Nullable::Null, Some(None)),
            (r#"{"note":1}"#, Nullable::Value(1), Some(Some(1))),
        ] {
            let request: Request = serde_json::from_str(json).unwrap();
            assert_eq!(request.note, expected);
            assert_eq!(request.note.into_change(), change);
        }
    }
}
