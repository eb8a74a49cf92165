mod get;
mod list;
mod list_credentials_with_access;
