//! `/connected_accounts/simulate`; sandbox only.

pub mod disconnect;
