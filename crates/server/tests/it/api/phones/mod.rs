mod deactivate;
mod get;
mod list;
mod simulate;
