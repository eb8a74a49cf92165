mod find_anything;
mod get;
mod publishable_key;
mod reset_sandbox;
mod tokens;
