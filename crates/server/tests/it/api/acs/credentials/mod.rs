mod create;
mod delete;
mod get;
mod list;
mod list_accessible_entrances;
mod spellings;
