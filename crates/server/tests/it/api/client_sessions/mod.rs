mod authentication;
mod create;
mod get;
mod get_or_create;
mod grant_access;
mod list;
mod revoke_and_delete;
mod sight;
