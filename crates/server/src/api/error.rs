//! The one mapping from the core's errors to the wire's (`spec/api.md 1.7`).

use engine::{Error, Noun};

use crate::adapter;

/// The error as the wire says it.
pub fn wire(error: &Error) -> adapter::Error {
    match error {
        Error::NotFound { noun, id } => not_found(*noun, id),
        Error::Invalid { field: "", message } => adapter::Error::invalid_input(message.clone()),
        Error::Invalid { field, message } => adapter::Error::invalid_field(field, message),
        Error::Conflict { message } => adapter::Error::conflict("conflict", message.clone()),
        Error::SessionKeyTaken => adapter::Error::bad_request("client_session_token_already_exists", error.to_string()),
        Error::Reservation(refusal) => {
            // The title is documented, its place on the wire is not (spec/api.md open question 8): both that are likely.
            let message = refusal.to_string();
            let error = if refusal.is_conflict() {
                adapter::Error::conflict("conflict", message)
            } else {
                adapter::Error::invalid_at("reservation_key", &message)
            };
            error.with_title(refusal.title()).with_data(serde_json::json!({ "title": refusal.title() }))
        }
        Error::NotSupported { message } => adapter::Error::not_supported(message.clone()),
        Error::NotSandbox => adapter::Error::bad_request("workspace_not_sandbox", error.to_string()),
        // Two requests at once: the check passed for both, the database let only one in.
        Error::Store(store::Error::Constraint { kind: store::ConstraintKind::Unique, columns, .. }) => {
            let message =
                format!("{} was taken by another request at this moment; read it and decide anew", columns.join(", "));
            adapter::Error::conflict("conflict", message)
        }
        Error::Store(_) => adapter::Error::internal(error),
    }
}

/// An unknown id; one of another workspace looks the same (P8).
pub fn not_found(noun: Noun, id: &str) -> adapter::Error {
    let shown: String = id.chars().take(100).collect();
    let message = format!("{noun} {shown} was not found in this workspace");
    adapter::Error::not_found(format!("{noun}_not_found"), message)
        .with_data(serde_json::json!({ format!("{noun}_id"): shown }))
}

/// An id of the caller's own workspace that nothing has, for the lookups that go to the store directly.
pub fn missing(noun: Noun, id: impl ToString) -> Error {
    Error::NotFound { noun, id: id.to_string() }
}
