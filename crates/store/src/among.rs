//! "One of these": the condition by which rows of several ids are loaded with one query.

use diesel::{
    AppearsOnTable, BoxableExpression, Column, ExpressionMethods,
    dsl::{Eq, EqAny},
    expression::AsExpression,
    sql_types::{Bool, Nullable, SingleValue, SqlType, Text},
};

use crate::database::MultiBackend;

/// A condition on the rows of a table.
pub(crate) type Condition<Table, Truth = Bool> = Box<dyn BoxableExpression<Table, MultiBackend, SqlType = Truth>>;

/// Rows whose column is one of these texts.
///
/// Lists of any length are statements of their own, which Diesel prepares anew each time. Most lists have one element,
/// so those are written as a comparison, which is prepared once.
pub(crate) fn among<C, Item: ToString>(column: C, items: &[Item]) -> Condition<C::Table>
where
    C: Column<SqlType = Text> + ExpressionMethods + AppearsOnTable<C::Table> + 'static,
    Eq<C, String>: BoxableExpression<C::Table, MultiBackend, SqlType = Bool> + 'static,
    EqAny<C, Vec<String>>: BoxableExpression<C::Table, MultiBackend, SqlType = Bool> + 'static,
{
    match items {
        [only] => Box::new(column.eq(only.to_string())),
        several => Box::new(column.eq_any(several.iter().map(ToString::to_string).collect::<Vec<_>>())),
    }
}

/// [`among`] for a column that may be null; null is never among them.
pub(crate) fn among_nullable<C, Item: ToString>(column: C, items: &[Item]) -> Condition<C::Table, Nullable<Bool>>
where
    C: Column<SqlType = Nullable<Text>> + ExpressionMethods + AppearsOnTable<C::Table> + 'static,
    Nullable<Text>: SqlType + SingleValue,
    String: AsExpression<Nullable<Text>>,
    Eq<C, String>: BoxableExpression<C::Table, MultiBackend, SqlType = Nullable<Bool>> + 'static,
    EqAny<C, Vec<String>>: BoxableExpression<C::Table, MultiBackend, SqlType = Nullable<Bool>> + 'static,
{
    match items {
        [only] => Box::new(column.eq(only.to_string())),
        several => Box::new(column.eq_any(several.iter().map(ToString::to_string).collect::<Vec<_>>())),
    }
}
