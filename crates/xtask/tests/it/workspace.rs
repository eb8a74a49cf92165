//! The crates of the workspace, as their manifests describe them.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// One crate below `crates/`.
pub struct Crate {
    pub package: String,
    pub folder: PathBuf,
    pub manifest: toml::Table,
}

/// The folder of the workspace's `Cargo.toml`.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap().to_owned()
}

/// Every crate, in the order of their folders' names.
pub fn crates() -> Vec<Crate> {
    let mut folders: Vec<PathBuf> = fs::read_dir(root().join("crates"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|folder| folder.join("Cargo.toml").is_file())
        .collect();
    folders.sort();
    folders.into_iter().map(read).collect()
}

fn read(folder: PathBuf) -> Crate {
    let manifest: toml::Table = fs::read_to_string(folder.join("Cargo.toml")).unwrap().parse().unwrap();
    let package = manifest["package"]["name"].as_str().unwrap().to_owned();
    Crate { package, folder, manifest }
}
