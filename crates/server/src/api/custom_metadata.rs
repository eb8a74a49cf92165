//! Words that callers attach to their things, and search by (`spec/api.md 1.14`).

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;
use serde_json::{Map, Value};
use store::custom_metadata::Has;

use crate::adapter::{Error, Issues};

const MOST_KEYS: usize = 50;
const LONGEST_KEY: usize = 40;
const LONGEST_VALUE: usize = 500;

/// Texts or booleans under names of the caller's.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(transparent)]
pub struct CustomMetadata(Map<String, Value>);

impl JsonSchema for CustomMetadata {
    fn schema_name() -> Cow<'static, str> {
        "CustomMetadata".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "object",
            "additionalProperties": {
                "anyOf": [{"type": "string", "maxLength": LONGEST_VALUE}, {"type": "boolean"}],
                "nullable": true,
            },
        })
    }
}

impl CustomMetadata {
    /// The words to keep: `null` and the empty text stand for no word.
    ///
    /// # Errors
    /// Naming each key that cannot be used, in the field of this name.
    pub fn kept(self, field: &str) -> Result<Map<String, Value>, Error> {
        let changes = self.changes(field)?.into_iter();
        Ok(changes.filter_map(|(name, value)| Some((name, value?))).collect())
    }

    /// The words to attach to those that are there, and to take away: `null` and the empty text stand for no word.
    ///
    /// # Errors
    /// Naming each key that cannot be used, in the field of this name.
    pub fn changes(self, field: &str) -> Result<Vec<(String, Option<Value>)>, Error> {
        let mut issues = Issues::default();
        if self.0.len() > MOST_KEYS {
            issues.push_at(&[field], &format!("Object must have at most {MOST_KEYS} keys"));
        }
        for name in self.0.keys() {
            let problem = match name {
                name if name.is_empty() => "A key must not be empty".to_owned(),
                name if name.contains('.') => "A key must not contain a period".to_owned(),
                name if name.chars().count() > LONGEST_KEY => {
                    format!("A key must have at most {LONGEST_KEY} characters")
                }
                _ => continue,
            };
            issues.push_at(&[field, name], &problem);
        }
        if !issues.is_empty() {
            return Err(issues.into_error());
        }
        let is_word = |value: &Value| !value.is_null() && value != "";
        Ok(self.0.into_iter().map(|(name, value)| (name, Some(value).filter(is_word))).collect())
    }

    /// The words to look for: each must be there, `null` stands for a word that must not, and the empty text is dropped.
    /// In a query string a boolean is a text, so the text of a boolean also finds the boolean.
    pub fn wanted(self) -> Has {
        let named = self.0.into_iter().filter(|(_, value)| value != "");
        Has(named
            .map(|(name, value)| {
                let values = match &value {
                    Value::Null => None,
                    Value::String(text) if text == "true" || text == "false" => {
                        Some(vec![Value::Bool(text == "true"), value])
                    }
                    _ => Some(vec![value]),
                };
                (name, values)
            })
            .collect())
    }
}
