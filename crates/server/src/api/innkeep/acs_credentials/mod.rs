//! `/innkeep/acs_credentials`: what hotels need of credentials beyond the API that we are compatible with.

pub mod void_lost_card;
