mod get;
mod publishable_key;
mod tokens;
