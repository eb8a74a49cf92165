//! The official SDKs, installed below `target/sdk` at the versions the flow scripts name. Each folder remembers what
//! it was prepared from, so preparing again costs nothing until a requirement file changes.

mod javascript;
mod python;

use std::{
    ffi::OsString,
    fs::{self, File},
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, bail};

use crate::step;

/// What was prepared, as the tests read it, and what could not be.
#[derive(Default)]
pub struct Sdks {
    environment: Vec<(&'static str, OsString)>,
    missing: Vec<String>,
}

impl Sdks {
    /// The variables by which the tests find the SDKs.
    pub fn environment(&self) -> impl Iterator<Item = (&'static str, &OsString)> {
        self.environment.iter().map(|(name, value)| (*name, value))
    }

    /// One sentence for each SDK that is not there: what is missing and what to do.
    pub fn missing(&self) -> impl Iterator<Item = &str> {
        self.missing.iter().map(String::as_str)
    }

    fn add(&mut self, language: &str, prepared: anyhow::Result<Vec<(&'static str, OsString)>>) {
        match prepared {
            Ok(variables) => self.environment.extend(variables),
            Err(error) => self.missing.push(format!("the flows of the {language} SDK: {error:#}")),
        }
    }
}

/// Prepares every SDK whose language is installed.
pub fn prepare(root: &Path) -> Sdks {
    println!("== SDKs");
    let scripts = root.join("crates/server/tests/sdk");
    let target = root.join("target/sdk");
    let mut sdks = Sdks::default();
    let ((), elapsed) = step::timed(|| {
        // Two runs at once would install into the same folders.
        let lock = lock(&target);
        sdks.add("Python", python::prepare(&scripts.join("python"), &target));
        sdks.add("JavaScript", javascript::prepare(&scripts.join("javascript"), &target));
        drop(lock);
    });
    println!("== SDKs: {:.1} s", elapsed.as_secs_f64());
    sdks
}

/// Held until dropped. Without one (a file system that cannot lock) we go on: only two runs at once need it.
fn lock(target: &Path) -> Option<File> {
    fs::create_dir_all(target).ok()?;
    let file = File::create(target.join("lock")).ok()?;
    file.lock().ok()?;
    Some(file)
}

/// A folder that is made anew whenever what it is made from changes.
struct Prepared {
    folder: PathBuf,
    source: String,
}

impl Prepared {
    /// `source` is everything that decides the folder's content: the requirement file and the tool's version.
    fn new(folder: PathBuf, source: String) -> Self {
        Self { folder, source }
    }

    fn stamp(&self) -> PathBuf {
        self.folder.join("prepared-from")
    }

    /// Calls `install` with the empty folder unless it is up to date.
    fn ensure(&self, install: impl FnOnce(&Path) -> anyhow::Result<()>) -> anyhow::Result<()> {
        if fs::read_to_string(self.stamp()).is_ok_and(|stamp| stamp == self.source) {
            return Ok(());
        }
        println!("installing into {}", self.folder.display());
        if self.folder.exists() {
            fs::remove_dir_all(&self.folder).context("cannot remove the outdated folder")?;
        }
        fs::create_dir_all(&self.folder).context("cannot create the folder")?;
        install(&self.folder)?;
        // Last, so that an interrupted installation is made again.
        fs::write(self.stamp(), &self.source).context("cannot write the stamp")
    }
}

/// Runs a tool quietly and returns its standard output; when it fails, the error ends with what it said.
fn output(command: &mut Command) -> anyhow::Result<String> {
    let tool = command.get_program().to_string_lossy().into_owned();
    let output = command.output().with_context(|| format!("{tool} cannot be run"))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        let said = if said.trim().is_empty() { String::from_utf8_lossy(&output.stdout) } else { said };
        bail!("{tool} failed ({}): {}", output.status, said.trim());
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
