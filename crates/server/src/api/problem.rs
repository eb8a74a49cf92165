//! Errors and warnings on resources (`spec/api.md 4.24`): arrays of objects, never holding `null`.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use crate::adapter::field::Utc;

/// Something that keeps a resource from working.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Problem {
    /// What it is, for programs.
    pub error_code: String,
    /// What it is and what to do, for people.
    pub message: String,
    /// Since when.
    pub created_at: Utc,
}

/// Something that people should know about a resource.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Warning {
    /// What it is, for programs.
    pub warning_code: &'static str,
    /// What it is and what to do, for people.
    pub message: &'static str,
    /// Since when.
    pub created_at: Utc,
}

impl Warning {
    /// A warning that holds since `at`.
    pub fn new(warning_code: &'static str, message: &'static str, at: Timestamp) -> Self {
        Self { warning_code, message, created_at: Utc(at) }
    }
}

/// Errors or warnings that are stored as the API shows them.
pub fn stored(list: &Value) -> Vec<Value> {
    list.as_array().into_iter().flatten().filter(|item| item.is_object()).cloned().collect()
}
