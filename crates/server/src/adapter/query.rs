//! Query strings as text: percent-decoding into pairs, and writing parameters back the way the SDKs do
//! (`spec/api.md` 1.4). What the pairs mean is decided in `coerce`.

use serde_json::{Map, Value};
use url::form_urlencoded::Serializer;

/// The control flag of newer SDKs; stripped, never rejected.
const STRICT: &str = "_strict";

/// Splits a query string into decoded names and values, without `_strict`. `None` if it is not UTF-8 text.
pub(super) fn pairs(query: &str) -> Option<Vec<(String, String)>> {
    let mut pairs = Vec::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let name = decode(name)?;
        if name != STRICT {
            pairs.push((name, decode(value)?));
        }
    }
    Some(pairs)
}

/// Decodes one component. A percent sign without two digits stands for itself, as browsers have it.
fn decode(component: &str) -> Option<String> {
    if !component.bytes().any(|byte| matches!(byte, b'%' | b'+')) {
        return Some(component.to_owned());
    }
    let digit = |byte: Option<u8>| byte.and_then(|byte| char::from(byte).to_digit(16));
    let mut decoded = Vec::with_capacity(component.len());
    let mut rest = component.bytes();
    while let Some(byte) = rest.next() {
        match byte {
            b'+' => decoded.push(b' '),
            b'%' => {
                let mut ahead = rest.clone();
                let value = digit(ahead.next()).zip(digit(ahead.next())).map(|(high, low)| high * 16 + low);
                match value.and_then(|value| u8::try_from(value).ok()) {
                    Some(value) => {
                        decoded.push(value);
                        rest = ahead;
                    }
                    None => decoded.push(b'%'),
                }
            }
            other => decoded.push(other),
        }
    }
    String::from_utf8(decoded).ok()
}

/// Writes parameters as a query string that decodes to the same parameters.
pub(super) fn encode(parameters: &Map<String, Value>) -> String {
    let mut serializer = Serializer::new(String::new());
    for (name, value) in parameters {
        encode_value(&mut serializer, name, value);
    }
    serializer.finish()
}

fn encode_value(serializer: &mut Serializer<'_, String>, name: &str, value: &Value) {
    match value {
        Value::Null => {
            serializer.append_pair(name, "");
        }
        Value::Bool(value) => {
            serializer.append_pair(name, if *value { "true" } else { "false" });
        }
        Value::Number(value) => {
            serializer.append_pair(name, &value.to_string());
        }
        Value::String(value) => {
            serializer.append_pair(name, value);
        }
        Value::Array(items) if items.is_empty() => {
            serializer.append_pair(name, "");
        }
        Value::Array(items) => {
            for item in items {
                encode_value(serializer, name, item);
            }
        }
        Value::Object(members) => {
            for (member, value) in members {
                encode_value(serializer, &format!("{name}.{member}"), value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn names_and_values_are_form_decoded() {
        let decoded = pairs("a=b+c%20d&&e&f=%C3%A4%&_strict=true").unwrap();
        let expected = [("a", "b c d"), ("e", ""), ("f", "ä%")];
        assert_eq!(decoded, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
    }

    #[test]
    fn bytes_that_are_no_text_are_refused() {
        assert_eq!(pairs("a=%ff"), None);
    }

    #[test]
    fn parameters_are_written_as_the_sdks_write_them() {
        let Value::Object(parameters) = json!({
            "ids": ["a", "b c"], "none": [], "null": null, "limit": 10, "on": true, "has": {"room": "101"}
        }) else {
            panic!("an object")
        };
        assert_eq!(encode(&parameters), "ids=a&ids=b+c&none=&null=&limit=10&on=true&has.room=101");
    }
}
