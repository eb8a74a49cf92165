//! `/innkeep/acs_systems`.

pub mod update;
