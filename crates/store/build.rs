//! Builds the crate again when a migration is added: the embedding macro notices changed files, not new ones.

fn main() {
    println!("cargo::rerun-if-changed=migrations");
}
