//! Naming one space: by its id or by the caller's key.

use engine::Noun;
use store::spaces::By;

use crate::{
    adapter::{
        Error,
        field::{Reference, Text},
    },
    api::id,
};

/// Reads the two parameters that several routes share.
///
/// # Errors
/// 400 unless exactly one of them is given, 404 for an id that is no id.
pub fn named(space_id: Option<Reference>, space_key: Option<Text>) -> Result<By, Error> {
    match (space_id, space_key) {
        (Some(id), None) => Ok(By::Id(id::known(Noun::Space, &id)?)),
        (None, Some(key)) => Ok(By::Key(key.into_string())),
        _ => Err(Error::invalid_input("Provide exactly one of space_id or space_key")),
    }
}
