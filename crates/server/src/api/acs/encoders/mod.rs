//! `/acs/encoders`.

pub mod encode_credential;
pub mod get;
pub mod list;
pub mod resource;
pub mod scan_credential;
pub mod scan_to_assign_credential;
pub mod simulate;
