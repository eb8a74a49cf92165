//! `/customers`

pub mod delete_data;
pub mod push_data;
pub mod record;
