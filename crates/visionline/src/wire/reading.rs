//! Tolerant access to JSON from outside.

use jiff::civil::DateTime;
use serde_json::{Map, Value};

use crate::error::Unreadable;

/// Parses a body. Servers of this family may put a byte order mark before their JSON.
pub(crate) fn document(body: &[u8]) -> Result<Value, Unreadable> {
    let body = body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body);
    serde_json::from_slice(body).map_err(Unreadable::NotJson)
}

/// The elements of a list answer. A null list is an empty one; anything else that is no array is not understood,
/// because "no cards" must never be concluded from an answer that did not say so (promise P2).
pub(crate) fn elements<T>(
    body: &[u8],
    expected: &'static str,
    read: impl Fn(&Value) -> Option<T>,
) -> Result<Vec<T>, Unreadable> {
    match document(body)? {
        Value::Null => Ok(Vec::new()),
        Value::Array(values) => values
            .iter()
            .filter(|value| !value.is_null())
            .map(|value| read(value).ok_or(Unreadable::Shape { expected }))
            .collect(),
        _ => Err(Unreadable::Shape { expected }),
    }
}

/// The members of a JSON object, found whatever the letter case of their names.
pub(super) struct Members<'a>(&'a Map<String, Value>);

impl<'a> Members<'a> {
    pub(super) fn of(value: &'a Value) -> Option<Self> {
        value.as_object().map(Self)
    }

    pub(super) fn member(&self, name: &str) -> Option<&'a Value> {
        let exact = self.0.get(name);
        let value = exact.or_else(|| {
            let found = self.0.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
            found.map(|(_, value)| value)
        })?;
        (!value.is_null()).then_some(value)
    }

    pub(super) fn text(&self, name: &str) -> Option<String> {
        text(self.member(name)?)
    }

    /// A text that serves as an id or a name, so an empty one counts as missing.
    pub(super) fn name(&self, name: &str) -> Option<String> {
        self.text(name).filter(|text| !text.is_empty())
    }

    pub(super) fn number(&self, name: &str) -> Option<u64> {
        match self.member(name)? {
            Value::Number(number) => number.as_u64(),
            Value::String(text) => text.trim().parse().ok(),
            _ => None,
        }
    }

    pub(super) fn flag(&self, name: &str) -> Option<bool> {
        match self.member(name)? {
            Value::Bool(flag) => Some(*flag),
            Value::String(text) if text.trim().eq_ignore_ascii_case("true") => Some(true),
            Value::String(text) if text.trim().eq_ignore_ascii_case("false") => Some(false),
            Value::Number(number) => number.as_u64().map(|number| number != 0),
            _ => None,
        }
    }

    pub(super) fn minute(&self, name: &str) -> Option<DateTime> {
        minute(self.text(name)?.trim())
    }

    /// The elements of a list; none for null, one for a value that stands where a list should.
    pub(super) fn list(&self, name: &str) -> Vec<&'a Value> {
        match self.member(name) {
            None => Vec::new(),
            Some(Value::Array(values)) => values.iter().collect(),
            Some(value) => vec![value],
        }
    }

    pub(super) fn texts(&self, name: &str) -> Vec<String> {
        self.list(name).into_iter().filter_map(text).collect()
    }
}

/// A text, or a number as text: ids come as either.
pub(super) fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// `yyyyMMddTHHmm`, with seconds allowed and dropped; any other form of a civil time that jiff knows is taken too.
fn minute(text: &str) -> Option<DateTime> {
    compact_minute(text).or_else(|| {
        let parsed: DateTime = text.parse().ok()?;
        parsed.with().second(0).subsec_nanosecond(0).build().ok()
    })
}

fn compact_minute(text: &str) -> Option<DateTime> {
    let (date, time) = text.split_once('T')?;
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if date.len() != 8 || !matches!(time.len(), 4 | 6) || !digits(date) || !digits(time) {
        return None;
    }
    DateTime::new(
        date[..4].parse().ok()?,
        date[4..6].parse().ok()?,
        date[6..].parse().ok()?,
        time[..2].parse().ok()?,
        time[2..4].parse().ok()?,
        0,
        0,
    )
    .ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use serde_json::json;

    #[test]
    fn members_are_found_in_any_letter_case_and_exactly_first() {
        let value = json!({"CREDENTIALID": 1, "credentialID": 2});
        let members = Members::of(&value).unwrap();
        assert_eq!(members.number("credentialID"), Some(2));
        assert_eq!(members.number("credentialid"), Some(1));
        assert_eq!(members.number("endpointId"), None);
    }

    #[test]
    fn flags_come_as_booleans_texts_and_numbers() {
        let value = json!({"a": true, "b": "True", "c": "false", "d": 1, "e": 0, "f": "maybe", "g": null, "h": []});
        let members = Members::of(&value).unwrap();
        let flags = ["a", "b", "c", "d", "e", "f", "g", "h", "i"].map(|name| members.flag(name));
        assert_eq!(flags, [Some(true), Some(true), Some(false), Some(true), Some(false), None, None, None, None]);
    }

    #[test]
    fn local_minutes_come_in_several_spellings() {
        let expected = Some(date(2025, 11, 14).at(15, 0, 0, 0));
        assert_eq!(minute("20251114T1500"), expected);
        assert_eq!(minute("20251114T150059"), expected);
        assert_eq!(minute("2025-11-14T15:00:59"), expected);
        assert_eq!(minute("20251314T1500"), None);
        assert_eq!(minute("2025111éT1500"), None);
        assert_eq!(minute(""), None);
    }

    #[test]
    fn a_null_list_is_empty_and_an_empty_body_is_not_a_list() {
        assert_eq!(elements(b"null", "cards", text).unwrap(), Vec::<String>::new());
        assert_eq!(elements(b"\xEF\xBB\xBF[\"1\",2,null]", "cards", text).unwrap(), ["1", "2"]);
        assert!(matches!(elements(b"", "cards", text), Err(Unreadable::NotJson(_))));
        assert!(matches!(elements(b"{}", "cards", text), Err(Unreadable::Shape { expected: "cards" })));
        assert!(matches!(elements(b"[[]]", "cards", text), Err(Unreadable::Shape { expected: "cards" })));
    }
}
