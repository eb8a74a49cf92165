mod add_acs_user;
mod create;
mod get;
mod list;
