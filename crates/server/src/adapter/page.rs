//! Pages of a list, `spec/api.md` 1.10. Rows are ordered by creation, then id; a cursor names the last row of a page,
//! so that rows deleted meanwhile do no harm. Fetching is left to the route: one row more than the page holds.

use std::borrow::Cow;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use jiff::Timestamp;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::api_key::hexadecimal;
use super::field::{Limit, Nullable};
use super::{Call, Error, query};

const CURSOR: &str = "page_cursor";

/// The `page_cursor` of a request: opaque to callers.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Cursor(String);

impl JsonSchema for Cursor {
    fn schema_name() -> Cow<'static, str> {
        "Cursor".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "string", "format": "base64"})
    }
}

/// The `pagination` member of an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Pagination {
    /// Whether there are more rows.
    pub has_next_page: bool,
    /// The cursor of the next page.
    pub next_page_cursor: Option<String>,
    /// The address of the next page: this request with its cursor.
    pub next_page_url: Option<String>,
}

/// Where a row stands in the order of a list.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// When the row was created, in whole microseconds.
    pub created_at: Timestamp,
    /// The row's id.
    pub id: String,
}

/// One page that was asked for.
#[derive(Debug)]
pub struct Page<'a> {
    /// Rows of the page at most.
    pub limit: u32,
    /// Rows up to and including this one were already sent.
    pub after: Option<Position>,
    fingerprint: String,
    path: &'a str,
    origin: &'a str,
    parameters: &'a Map<String, Value>,
}

#[derive(Serialize, Deserialize)]
struct WirePosition {
    /// Microseconds since 1970.
    created_at: i64,
    id: String,
}

impl<S> Call<'_, S> {
    /// The page this call asks for, `default_limit` rows if it does not say.
    ///
    /// # Errors
    /// 400 `invalid_input` for a cursor that is not ours, 400 `mismatched_page_parameters` for the cursor of a request
    /// with other parameters.
    pub fn page(&self, limit: Option<Limit>, cursor: &Nullable<Cursor>, default_limit: u32) -> Result<Page<'_>, Error> {
        let fingerprint = fingerprint(self.path, self.parameters);
        let after = cursor.value().map(|cursor| decode(cursor, &fingerprint)).transpose()?;
        Ok(Page {
            limit: limit.map_or(default_limit, Limit::get),
            after,
            fingerprint,
            path: self.path,
            origin: self.origin,
            parameters: self.parameters,
        })
    }
}

impl Page<'_> {
    /// How many rows to fetch after [`Page::after`]: one more than the page holds, to learn whether there are more.
    #[must_use]
    pub fn rows_to_fetch(&self) -> u32 {
        self.limit.saturating_add(1)
    }

    /// Cuts the fetched rows to the page and says how to go on.
    pub fn finish<T>(self, mut rows: Vec<T>, position: impl Fn(&T) -> Position) -> (Vec<T>, Pagination) {
        let limit = usize::try_from(self.limit).unwrap_or(usize::MAX);
        let has_next_page = rows.len() > limit;
        rows.truncate(limit);
        let next_page_cursor =
            rows.last().filter(|_| has_next_page).map(|last| encode(&self.fingerprint, position(last)));
        let next_page_url = next_page_cursor.as_ref().map(|cursor| self.url(cursor));
        (rows, Pagination { has_next_page, next_page_cursor, next_page_url })
    }

    /// The end of a list that has nothing.
    pub fn nothing(self) -> Pagination {
        Pagination { has_next_page: false, next_page_cursor: None, next_page_url: None }
    }

    fn url(&self, cursor: &str) -> String {
        let mut parameters = self.parameters.clone();
        parameters.insert(CURSOR.to_owned(), Value::String(cursor.to_owned()));
        format!("{}{}?{}", self.origin, self.path, query::encode(&parameters))
    }
}

/// Identifies a request by everything but its cursor, whatever the order in which that was sent.
pub(super) fn fingerprint(path: &str, parameters: &Map<String, Value>) -> String {
    let mut hash = Sha256::new();
    hash.update(path.as_bytes());
    let mut members: Vec<_> = parameters.iter().filter(|(name, _)| *name != CURSOR).collect();
    members.sort_by_key(|(name, _)| *name);
    for (name, value) in members {
        hash.update(Value::from(name.as_str()).to_string());
        hash.update(sorted(value).to_string());
    }
    hexadecimal(&hash.finalize())
}

fn sorted(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let mut members: Vec<_> = members.iter().map(|(name, value)| (name.clone(), sorted(value))).collect();
            members.sort_by(|(left, _), (right, _)| left.cmp(right));
            Value::Object(members.into_iter().collect())
        }
        Value::Array(items) => Value::Array(items.iter().map(sorted).collect()),
        other => other.clone(),
    }
}

fn encode(fingerprint: &str, position: Position) -> String {
    let wire = WirePosition { created_at: position.created_at.as_microsecond(), id: position.id };
    let check = check(fingerprint, &wire);
    // A tuple of text and integers always serialises.
    STANDARD.encode(serde_json::to_vec(&(fingerprint, wire, check)).unwrap_or_default())
}

fn decode(cursor: &Cursor, fingerprint: &str) -> Result<Position, Error> {
    let foreign = || Error::invalid_field(CURSOR, "Invalid page cursor");
    let bytes = STANDARD.decode(&cursor.0).map_err(|_| foreign())?;
    let (made_for, wire, checked): (String, WirePosition, String) =
        serde_json::from_slice(&bytes).map_err(|_| foreign())?;
    // The store cannot hold U+0000 in a text, so no row has such an id.
    if checked != check(&made_for, &wire) || wire.id.contains('\0') {
        return Err(foreign());
    }
    if made_for != fingerprint {
        let message = "A page_cursor continues the request it came from; send the same parameters with it";
        return Err(Error::bad_request("mismatched_page_parameters", message));
    }
    let created_at = Timestamp::from_microsecond(wire.created_at).map_err(|_| foreign())?;
    Ok(Position { created_at, id: wire.id })
}

/// Tells a damaged cursor from one of another request. Not a secret: a cursor opens nothing that its request does not.
fn check(fingerprint: &str, position: &WirePosition) -> String {
    let mut hash = Sha256::new();
    hash.update(fingerprint);
    hash.update(position.created_at.to_be_bytes());
    hash.update(&position.id);
    hexadecimal(&hash.finalize()[..8])
}
