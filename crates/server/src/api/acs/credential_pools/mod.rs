//! `/acs/credential_pools`: Visionline has none.

pub mod list;
