mod get;
mod list;
mod list_compatible_credential_manager_acs_systems;
