//! Words that callers attach to their things (`spec/api.md 1.14`), one row each so that they can be searched.

use std::collections::BTreeMap;

use diesel::prelude::*;
use serde_json::{Map, Value};

use crate::{Error, Tx, among::among, column::JsonColumn, database::RunOn, schema::custom_metadata};

/// What a thing must carry to be listed: for each name one of these values, or nothing of that name.
#[derive(Debug, Clone, Default)]
pub struct Has(pub Vec<(String, Option<Vec<Value>>)>);

impl Has {
    /// The names with their values as JSON.
    pub(crate) fn pairs(&self) -> impl Iterator<Item = (String, Option<Vec<String>>)> {
        self.0.iter().map(|(name, values)| {
            let texts = values.as_ref().map(|values| values.iter().map(Value::to_string).collect());
            (name.clone(), texts)
        })
    }
}

/// The things that carry a word of this name.
#[diesel::dsl::auto_type]
pub(crate) fn naming(name: String) -> _ {
    custom_metadata::table.filter(custom_metadata::name.eq(name)).select(custom_metadata::subject_id)
}

/// The things that carry one of these values, as JSON, under this name.
#[diesel::dsl::auto_type]
pub(crate) fn carrying(name: String, values: Vec<String>) -> _ {
    custom_metadata::table
        .filter(custom_metadata::name.eq(name))
        .filter(custom_metadata::value.eq_any(values))
        .select(custom_metadata::subject_id)
}

/// Makes these the only words of a thing.
///
/// # Errors
/// When the query fails.
pub fn replace(tx: &mut Tx<'_>, subject_id: &str, words: &Map<String, Value>) -> Result<(), Error> {
    remove(tx, subject_id)?;
    for (name, value) in words {
        diesel::insert_into(custom_metadata::table)
            .values((
                custom_metadata::subject_id.eq(subject_id),
                custom_metadata::name.eq(name),
                custom_metadata::value.eq(value.to_string()),
            ))
            .execute_on(tx)
            .map_err(Error::during("attach custom metadata"))?;
    }
    Ok(())
}

/// Takes all words from a thing.
///
/// # Errors
/// When the query fails.
pub fn remove(tx: &mut Tx<'_>, subject_id: &str) -> Result<(), Error> {
    diesel::delete(custom_metadata::table.filter(custom_metadata::subject_id.eq(subject_id)))
        .execute_on(tx)
        .map_err(Error::during("remove custom metadata"))?;
    Ok(())
}

/// The words of these things, by their ids; a thing without any is left out.
///
/// # Errors
/// When the query fails.
pub fn of(tx: &mut Tx<'_>, subject_ids: &[String]) -> Result<BTreeMap<String, Map<String, Value>>, Error> {
    if subject_ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let rows: Vec<(String, String, JsonColumn)> = custom_metadata::table
        .filter(among(custom_metadata::subject_id, subject_ids))
        .order((custom_metadata::subject_id, custom_metadata::name))
        .load_on(tx)
        .map_err(Error::during("load custom metadata"))?;
    let mut found: BTreeMap<String, Map<String, Value>> = BTreeMap::new();
    for (subject, name, value) in rows {
        found.entry(subject).or_default().insert(name, value.into());
    }
    Ok(found)
}
