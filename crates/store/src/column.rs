//! How columns become domain values. A value that does not fit is an error that names the field, never a guess.

use diesel::{
    backend::Backend,
    deserialize::{FromSql, FromSqlRow, Result},
    sql_types::{BigInt, Nullable, Text},
};
use domain::Id;
use jiff::Timestamp;

/// A text column that holds an id.
#[derive(Debug, FromSqlRow)]
pub struct IdColumn<Kind: 'static>(Id<Kind>);

/// A text column that holds an id or null.
#[derive(Debug, FromSqlRow)]
pub struct OptionalIdColumn<Kind: 'static>(Option<Id<Kind>>);

/// A column of microseconds since the epoch.
#[derive(Debug, FromSqlRow)]
pub struct TimeColumn(Timestamp);

/// A column of microseconds since the epoch, or null.
#[derive(Debug, FromSqlRow)]
pub struct OptionalTimeColumn(Option<Timestamp>);

/// A column of JSON text.
#[derive(Debug, FromSqlRow)]
pub struct JsonColumn(serde_json::Value);

/// A column of JSON text, or null.
#[derive(Debug, FromSqlRow)]
pub struct OptionalJsonColumn(Option<serde_json::Value>);

impl JsonColumn {
    /// What it holds.
    pub(crate) fn value(&self) -> &serde_json::Value {
        &self.0
    }
}

/// The instant as a column holds it.
pub(crate) fn microseconds(instant: Timestamp) -> i64 {
    instant.as_microsecond()
}

impl<Kind, DB: Backend> FromSql<Text, DB> for IdColumn<Kind>
where
    String: FromSql<Text, DB>,
{
    fn from_sql(bytes: DB::RawValue<'_>) -> Result<Self> {
        Ok(Self(String::from_sql(bytes)?.parse()?))
    }
}

impl<Kind, DB: Backend> FromSql<Nullable<Text>, DB> for OptionalIdColumn<Kind>
where
    String: FromSql<Text, DB>,
{
    fn from_sql(bytes: DB::RawValue<'_>) -> Result<Self> {
        Ok(Self(Some(String::from_sql(bytes)?.parse()?)))
    }

    fn from_nullable_sql(bytes: Option<DB::RawValue<'_>>) -> Result<Self> {
        bytes.map_or(Ok(Self(None)), Self::from_sql)
    }
}

impl<DB: Backend> FromSql<BigInt, DB> for TimeColumn
where
    i64: FromSql<BigInt, DB>,
{
    fn from_sql(bytes: DB::RawValue<'_>) -> Result<Self> {
        Ok(Self(Timestamp::from_microsecond(i64::from_sql(bytes)?)?))
    }
}

impl<DB: Backend> FromSql<Nullable<BigInt>, DB> for OptionalTimeColumn
where
    i64: FromSql<BigInt, DB>,
{
    fn from_sql(bytes: DB::RawValue<'_>) -> Result<Self> {
        Ok(Self(Some(Timestamp::from_microsecond(i64::from_sql(bytes)?)?)))
    }

    fn from_nullable_sql(bytes: Option<DB::RawValue<'_>>) -> Result<Self> {
        bytes.map_or(Ok(Self(None)), Self::from_sql)
    }
}

impl<DB: Backend> FromSql<Text, DB> for JsonColumn
where
    String: FromSql<Text, DB>,
{
    fn from_sql(bytes: DB::RawValue<'_>) -> Result<Self> {
        Ok(Self(serde_json::from_str(&String::from_sql(bytes)?)?))
    }
}

impl<DB: Backend> FromSql<Nullable<Text>, DB> for OptionalJsonColumn
where
    String: FromSql<Text, DB>,
{
    fn from_sql(bytes: DB::RawValue<'_>) -> Result<Self> {
        Ok(Self(Some(serde_json::from_str(&String::from_sql(bytes)?)?)))
    }

    fn from_nullable_sql(bytes: Option<DB::RawValue<'_>>) -> Result<Self> {
        bytes.map_or(Ok(Self(None)), Self::from_sql)
    }
}

impl<Kind> From<IdColumn<Kind>> for Id<Kind> {
    fn from(column: IdColumn<Kind>) -> Self {
        column.0
    }
}

impl<Kind> From<OptionalIdColumn<Kind>> for Option<Id<Kind>> {
    fn from(column: OptionalIdColumn<Kind>) -> Self {
        column.0
    }
}

impl From<TimeColumn> for Timestamp {
    fn from(column: TimeColumn) -> Self {
        column.0
    }
}

impl From<OptionalTimeColumn> for Option<Timestamp> {
    fn from(column: OptionalTimeColumn) -> Self {
        column.0
    }
}

impl From<JsonColumn> for serde_json::Value {
    fn from(column: JsonColumn) -> Self {
        column.0
    }
}

impl From<OptionalJsonColumn> for Option<serde_json::Value> {
    fn from(column: OptionalJsonColumn) -> Self {
        column.0
    }
}
