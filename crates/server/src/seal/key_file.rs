//! The secret key in a file that only its owner can read.

use std::{
    fs::{self, File, OpenOptions},
    io::{ErrorKind, Write},
    path::Path,
};

use anyhow::{Context, bail};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use visionline::Secret;

use super::{KEY_LENGTH, Seal};
use crate::entropy;

/// Makes a new key in a new file.
///
/// # Errors
/// When there is a file already, or it cannot be written. Then there is no new file.
pub fn make(file: &Path) -> anyhow::Result<()> {
    if file.exists() {
        bail!("{} is there already; what it has sealed opens with no other key, so it is left alone", file.display());
    }
    let key: [u8; KEY_LENGTH] = entropy::bytes();
    // Whole or not at all, also when the power fails: half a key would open nothing.
    let mut name = file.as_os_str().to_owned();
    name.push(".new");
    let unfinished = Path::new(&name);
    let written = write(unfinished, &format!("{}\n", STANDARD.encode(key)))
        .and_then(|()| fs::rename(unfinished, file))
        .and_then(|()| keep_name(file));
    written.with_context(|| format!("the secret key could not be written to {}", file.display()))
}

/// The key of a file; made when there is none.
///
/// # Errors
/// When the file cannot be read or made, or holds no key.
pub fn open_or_make(file: &Path) -> anyhow::Result<Seal> {
    let text = match fs::read_to_string(file) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => {
            make(file)?;
            fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))?
        }
        Err(error) => return Err(error).with_context(|| format!("{} cannot be read", file.display())),
    };
    Seal::of_text(&Secret::new(text)).with_context(|| format!("{} holds no secret key", file.display()))
}

fn write(file: &Path, text: &str) -> std::io::Result<()> {
    // What a former start left unfinished has sealed nothing.
    match fs::remove_file(file) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut open = options.open(file)?;
    open.write_all(text.as_bytes())?;
    open.sync_all()
}

/// Makes the name of a file survive a power cut, where folders can be synchronised.
fn keep_name(file: &Path) -> std::io::Result<()> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_made_key_is_kept_and_nobody_else_can_read_it() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("secret.key");
        let sealed = open_or_make(&file).unwrap().seal("here", &Secret::new("sym"));
        assert!(open_or_make(&file).unwrap().open("here", &sealed).is_ok(), "the next start opens it");
        #[cfg(unix)]
        {
            let mode = std::os::unix::fs::PermissionsExt::mode(&fs::metadata(&file).unwrap().permissions());
            assert_eq!(mode & 0o777, 0o600);
        }
        let refused = make(&file).unwrap_err().to_string();
        assert!(refused.contains("is there already"), "{refused}");
        assert!(open_or_make(&file).unwrap().open("here", &sealed).is_ok(), "a key is never written over");
    }

    #[test]
    fn a_file_without_a_key_is_refused_and_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("secret.key");
        fs::write(&file, "not a key").unwrap();
        assert!(open_or_make(&file).is_err());
        assert_eq!(fs::read_to_string(&file).unwrap(), "not a key");
    }
}
