//! Both generations of the Python SDK, each in an environment of its own.

use std::{
    ffi::OsString,
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::Context;

use super::{Prepared, output};

const REMEDY: &str = "install Python 3, on Debian with `apt-get install python3-venv`";

/// Prepares the environments for the requirement files in `scripts`; returns where their interpreters are.
pub fn prepare(scripts: &Path, target: &Path) -> anyhow::Result<Vec<(&'static str, OsString)>> {
    let version = output(Command::new("python3").arg("--version")).with_context(|| format!("no Python; {REMEDY}"))?;
    [
        ("INNKEEP_TEST_PYTHON", "requirements.txt", "python"),
        ("INNKEEP_TEST_PYTHON_OLD", "requirements-older.txt", "python-older"),
    ]
    .into_iter()
    .map(|(variable, requirements, folder)| {
        let requirements = scripts.join(requirements);
        let interpreter = environment(&requirements, &version, target.join(folder))?;
        Ok((variable, interpreter.into_os_string()))
    })
    .collect()
}

fn environment(requirements: &Path, version: &str, folder: PathBuf) -> anyhow::Result<PathBuf> {
    let packages =
        fs::read_to_string(requirements).with_context(|| format!("cannot read {}", requirements.display()))?;
    let interpreter = folder.join("bin/python");
    Prepared::new(folder, format!("{version}{packages}")).ensure(|folder| {
        let venv = output(Command::new("python3").args(["-m", "venv"]).arg(folder));
        match venv {
            Ok(_) => install(&interpreter, requirements, &[]),
            // Debian splits ensurepip from Python; pip alone is enough, with a folder for the packages.
            Err(no_venv) => without_venv(folder, requirements).with_context(|| format!("{no_venv:#}; {REMEDY}")),
        }
    })?;
    Ok(interpreter)
}

fn install(python: &Path, requirements: &Path, more: &[&OsString]) -> anyhow::Result<()> {
    output(
        Command::new(python)
            .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"])
            .arg("--requirement")
            .arg(requirements)
            .args(more),
    )
    .with_context(|| format!("cannot install {}", requirements.display()))?;
    Ok(())
}

/// Makes `bin/python` a script that adds the folder of packages, so that the tests need not know the difference.
fn without_venv(folder: &Path, requirements: &Path) -> anyhow::Result<()> {
    let packages = folder.join("packages");
    install(Path::new("python3"), requirements, &[&"--target".into(), &packages.clone().into_os_string()])?;
    // A failed attempt leaves links to the system's interpreter behind: writing through one would hit that.
    let programs = folder.join("bin");
    if programs.exists() {
        fs::remove_dir_all(&programs).context("cannot remove what venv left behind")?;
    }
    fs::create_dir_all(&programs).context("cannot create the interpreter's folder")?;
    let interpreter = programs.join("python");
    let script = format!("#!/bin/sh\nPYTHONPATH='{}' exec python3 \"$@\"\n", packages.display());
    fs::write(&interpreter, script).context("cannot write the interpreter's script")?;
    fs::set_permissions(&interpreter, fs::Permissions::from_mode(0o755))
        .context("cannot make the interpreter's script executable")
}
