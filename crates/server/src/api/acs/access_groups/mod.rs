//! `/acs/access_groups`: Visionline has none (`spec/api.md 4.25`).

pub mod list;
