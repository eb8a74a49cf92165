//! Access systems and what is in them.

pub mod access_groups;
pub mod credential_pools;
pub mod credential_provisioning_automations;
pub mod credentials;
pub mod encoders;
pub mod entrances;
pub mod systems;
pub mod users;
