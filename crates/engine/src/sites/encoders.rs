//! The encoders of a site, as its lock server lists them.

use std::collections::{BTreeMap, BTreeSet};

use domain::{Moment, id::AcsSystemId};
use store::{Tx, encoders, systems};

use crate::{Error, event};

/// An encoder as the lock server lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenEncoder {
    /// The lock server's id of it.
    pub native_id: String,
    /// Name, for people.
    pub name: String,
}

/// Records the encoders that the lock server lists now, with an event for each that came, vanished or came back.
///
/// # Errors
/// When storage fails.
pub fn record_encoders(
    tx: &mut Tx<'_>,
    moment: &mut Moment,
    system_id: AcsSystemId,
    seen: &[SeenEncoder],
) -> Result<(), Error> {
    let system = systems::get(tx, system_id)?;
    let mut known: BTreeMap<String, encoders::Encoder> =
        encoders::of_system(tx, system_id)?.into_iter().map(|encoder| (encoder.native_id.clone(), encoder)).collect();
    let mut listed = BTreeSet::new();
    for encoder in seen {
        if !listed.insert(&encoder.native_id) {
            continue;
        }
        if let Some(there) = known.remove(&encoder.native_id) {
            if there.removed_at.is_some() || there.name != encoder.name {
                encoders::set_seen(tx, there.id, &encoder.name, None)?;
            }
            if there.removed_at.is_some() {
                event::encoder(tx, moment, "acs_encoder.added", &system, there.id)?;
            }
            continue;
        }
        let new = encoders::Encoder {
            id: moment.id(),
            workspace_id: system.workspace_id,
            acs_system_id: system_id,
            native_id: encoder.native_id.clone(),
            name: encoder.name.clone(),
            created_at: moment.now,
            removed_at: None,
        };
        encoders::insert(tx, &new)?;
        event::encoder(tx, moment, "acs_encoder.added", &system, new.id)?;
    }
    for gone in known.into_values().filter(|encoder| encoder.removed_at.is_none()) {
        encoders::set_seen(tx, gone.id, &gone.name, Some(moment.now))?;
        event::encoder(tx, moment, "acs_encoder.removed", &system, gone.id)?;
    }
    Ok(())
}
