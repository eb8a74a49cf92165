//! Ids as the wire gives them.

use domain::Id;
use engine::Noun;

use crate::{
    adapter::{self, field},
    api::error::not_found,
};

/// The id of something that is to be got or deleted: a malformed one is an unknown one (`spec/api.md 1.14`).
///
/// # Errors
/// 404 when it is no UUID.
pub fn known<Kind>(noun: Noun, reference: &field::Reference) -> Result<Id<Kind>, adapter::Error> {
    reference.as_str().parse().map_err(|_| not_found(noun, reference.as_str()))
}

/// The id that a parameter refers to; the schema has checked its form.
///
/// # Errors
/// 500 when the schema did not.
pub fn of<Kind>(id: &field::Id) -> Result<Id<Kind>, adapter::Error> {
    id.as_str().parse().map_err(|error: domain::id::MalformedId| adapter::Error::internal(&error))
}

/// [`of`] for a parameter that may be absent.
///
/// # Errors
/// 500 when the schema did not check the form.
pub fn of_optional<Kind>(id: Option<&field::Id>) -> Result<Option<Id<Kind>>, adapter::Error> {
    id.map(of).transpose()
}
