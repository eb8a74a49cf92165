//! What all paginated lists share: how far, and from where on.

use diesel::sql_types::{Nullable, Text};
use jiff::Timestamp;

diesel::define_sql_function! {
    /// Lower case, as the engine understands it: all of Unicode on PostgreSQL, ASCII on SQLite.
    fn lower(text: Nullable<Text>) -> Nullable<Text>;
}

/// One page of a list that is ordered by creation, then id.
#[derive(Debug, Clone)]
pub struct Page {
    /// The most rows to load.
    pub limit: i64,
    /// The last row of the page before.
    pub after: Option<(Timestamp, String)>,
}

impl Page {
    /// Everything, up to a bound that no list should reach.
    pub fn whole() -> Self {
        Self { limit: 10_000, after: None }
    }

    pub(crate) fn after_columns(&self) -> Option<(i64, String)> {
        self.after.as_ref().map(|(created_at, id)| (created_at.as_microsecond(), id.clone()))
    }
}

/// A LIKE pattern for lower-cased text that holds `search`; wildcards in it stand for themselves.
pub(crate) fn containing(search: &str) -> String {
    let mut pattern = String::from("%");
    for character in search.to_ascii_lowercase().chars() {
        if matches!(character, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(character);
    }
    pattern.push('%');
    pattern
}
