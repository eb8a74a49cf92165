//! An action attempt on the wire (`spec/api.md 3.6`).

use domain::id::ActionAttemptId;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use crate::adapter::field::Id;

/// Work that a person or a device has to finish. `result` and `error` are there from the start, `null` until they
/// apply: the SDKs poll for them.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ActionAttempt {
    /// ID of the attempt.
    #[schemars(with = "Id")]
    action_attempt_id: ActionAttemptId,
    /// What is attempted.
    action_type: String,
    /// `pending`, `success` or `error`.
    status: String,
    /// What came of it, once it succeeded.
    result: Option<Value>,
    /// Type and message, once it failed.
    error: Option<Value>,
}

impl From<store::action_attempts::ActionAttempt> for ActionAttempt {
    fn from(attempt: store::action_attempts::ActionAttempt) -> Self {
        Self {
            action_attempt_id: attempt.id,
            action_type: attempt.action_type,
            status: attempt.status,
            result: attempt.result,
            error: attempt.error,
        }
    }
}
