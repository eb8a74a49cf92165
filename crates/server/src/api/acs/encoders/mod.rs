//! `/acs/encoders`.

pub mod list;
