//! Being the only server of an SQLite file. What a killed server left there can then be taken up at once, and a second
//! server that is started by mistake is told so.

use std::fs::{File, TryLockError};

use anyhow::{Context, bail};
use store::Location;

/// Held as long as the program runs; the system gives it back when the program dies, however it dies.
#[derive(Debug)]
pub struct Alone {
    _file: File,
}

impl Alone {
    /// Claims a database for this program. None where several programs may share one: on PostgreSQL, whose sites are
    /// then shared by leases.
    ///
    /// # Errors
    /// When another program serves the file.
    pub fn with(location: &Location) -> anyhow::Result<Option<Self>> {
        let Location::File(path) = location else { return Ok(None) };
        let mut name = path.clone().into_os_string();
        name.push(".lock");
        let file = File::create(&name).with_context(|| format!("cannot make the file {}", name.display()))?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Self { _file: file })),
            Err(TryLockError::WouldBlock) => bail!(
                "another innkeep already serves {}; stop it first, or use PostgreSQL, which several can share",
                path.display()
            ),
            // A file system that cannot lock: nobody else can be told of us either, so leases are all there is.
            Err(TryLockError::Error(_)) => Ok(None),
        }
    }
}
