//! The shape of the sources: one set of lints for all, and files a reader can hold in the head.

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::workspace::{crates, root};

/// No file is longer.
const LINES_MAX: usize = 600;
/// Nine files in ten stay under this.
const LINES_USUAL: usize = 300;

#[test]
fn every_crate_inherits_the_lints_of_the_workspace() {
    let without: Vec<String> = crates()
        .into_iter()
        .filter(|krate| {
            let inherits = krate.manifest.get("lints").and_then(|lints| lints.get("workspace")?.as_bool());
            inherits != Some(true)
        })
        .map(|krate| krate.package)
        .collect();
    assert_eq!(without, Vec::<String>::new());
}

#[test]
fn no_source_file_is_too_long_to_read() {
    let too_long: Vec<String> = sources()
        .into_iter()
        .filter(|(_, lines)| *lines > LINES_MAX)
        .map(|(file, lines)| format!("{}: {lines} lines", shown(&file)))
        .collect();
    assert_eq!(too_long, Vec::<String>::new());
}

#[test]
fn nine_source_files_in_ten_are_short() {
    let sources = sources();
    let long: Vec<String> = sources
        .iter()
        .filter(|(_, lines)| *lines >= LINES_USUAL)
        .map(|(file, lines)| format!("{}: {lines} lines", shown(file)))
        .collect();
    assert!(
        long.len() * 10 <= sources.len(),
        "{} of {} files have {LINES_USUAL} lines or more:\n{}",
        long.len(),
        sources.len(),
        long.join("\n")
    );
}

/// Every Rust file of the crates' `src` folders with its number of lines.
fn sources() -> Vec<(PathBuf, usize)> {
    let mut files = Vec::new();
    for krate in crates() {
        collect(&krate.folder.join("src"), &mut files);
    }
    files
        .into_iter()
        .map(|file| {
            let lines = fs::read_to_string(&file).unwrap().lines().count();
            (file, lines)
        })
        .collect()
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

fn shown(file: &Path) -> String {
    file.strip_prefix(root()).unwrap_or(file).display().to_string()
}
