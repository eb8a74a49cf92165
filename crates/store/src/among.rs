//! "One of these": the condition by which rows of several ids are loaded with one query.

use diesel::{
    AppearsOnTable, Expression, QueryResult, SelectableExpression,
    backend::Backend,
    expression::ValidGrouping,
    query_builder::{AstPass, QueryFragment, QueryId},
    serialize::ToSql,
    sql_types::{Bool, HasSqlType, Text},
};

/// Rows whose column is one of these texts. Null is never among them.
///
/// Diesel's own condition is prepared anew at each use. This one is prepared once for each length, and the lengths are
/// rounded up to powers of two by naming the last text again, so there are few.
pub(crate) fn among<Column, Item: ToString>(column: Column, items: &[Item]) -> Among<Column> {
    let mut texts: Vec<String> = items.iter().map(ToString::to_string).collect();
    if let Some(last) = texts.last().cloned() {
        texts.resize(texts.len().next_power_of_two(), last);
    }
    Among { column, texts }
}

/// See [`among`].
pub(crate) struct Among<Column> {
    column: Column,
    texts: Vec<String>,
}

impl<Column: Expression> Expression for Among<Column> {
    type SqlType = Bool;
}

impl<Column: AppearsOnTable<Source>, Source> AppearsOnTable<Source> for Among<Column> {}

impl<Column: SelectableExpression<Source>, Source> SelectableExpression<Source> for Among<Column> {}

impl<Column: ValidGrouping<Group>, Group> ValidGrouping<Group> for Among<Column> {
    type IsAggregate = Column::IsAggregate;
}

/// The text depends on the number of items, so the type does not identify the query.
impl<Column> QueryId for Among<Column> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<Column, DB> QueryFragment<DB> for Among<Column>
where
    Column: QueryFragment<DB>,
    DB: Backend + HasSqlType<Text>,
    String: ToSql<Text, DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        if self.texts.is_empty() {
            out.push_sql("1 = 0");
            return Ok(());
        }
        self.column.walk_ast(out.reborrow())?;
        for (number, text) in self.texts.iter().enumerate() {
            out.push_sql(if number == 0 { " IN (" } else { ", " });
            out.push_bind_param::<Text, String>(text)?;
        }
        out.push_sql(")");
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use diesel::{QueryDsl, debug_query, sqlite::Sqlite};

    use super::among;
    use crate::schema::stays;

    fn condition(ids: &[&str]) -> String {
        let query = stays::table.filter(among(stays::id, ids)).select(stays::id);
        let text = debug_query::<Sqlite, _>(&query).to_string();
        text.split_once(" WHERE ").map(|(_, condition)| condition.to_owned()).unwrap_or_default()
    }

    #[test]
    fn the_last_item_is_named_again_until_the_length_is_a_power_of_two() {
        assert_eq!(condition(&["a"]), r#"`stays`.`id` IN (?) -- binds: ["a"]"#);
        assert_eq!(condition(&["a", "b", "c"]), r#"`stays`.`id` IN (?, ?, ?, ?) -- binds: ["a", "b", "c", "c"]"#);
    }

    #[test]
    fn nothing_is_among_no_items() {
        assert_eq!(condition(&[]), "1 = 0 -- binds: []");
    }
}
