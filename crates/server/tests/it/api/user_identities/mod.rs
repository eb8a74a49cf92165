mod add_acs_user;
mod create;
mod enrollment_automations;
mod get;
mod list;
mod merge;
mod warnings;
