mod get;
mod kept;
mod list;
