//! `/acs/encoders`.

pub mod list;
pub mod resource;
