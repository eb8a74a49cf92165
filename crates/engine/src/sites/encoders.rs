//! The encoders of a site, as its lock server lists them.

use std::collections::{BTreeMap, BTreeSet};

use domain::{Moment, id::AcsSystemId};
use serde_json::json;
use store::{Tx, encoders, systems};

use crate::{Caller, Error, event};

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
    let program = Caller::program(system.workspace_id);
    let mut listed = BTreeSet::new();
    for encoder in seen {
        if !listed.insert(&encoder.native_id) {
            continue;
        }
        if let Some(there) = known.remove(&encoder.native_id) {
            if there.removed_at.is_some() || there.name != encoder.name {
                encoders::set_seen(tx, there.id, &encoder.name, None)?;
                let before = json!({ "name": there.name, "is_removed": there.removed_at.is_some() });
                let after = json!({ "name": encoder.name, "is_removed": false });
                program.note_change(tx, moment, "acs_encoder.list", there.id, before, after)?;
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
        program.note(tx, moment, "acs_encoder.list", new.id, json!({ "after": { "name": new.name } }))?;
        event::encoder(tx, moment, "acs_encoder.added", &system, new.id)?;
    }
    for gone in known.into_values().filter(|encoder| encoder.removed_at.is_none()) {
        encoders::set_seen(tx, gone.id, &gone.name, Some(moment.now))?;
        let (before, after) = (json!({ "is_removed": false }), json!({ "is_removed": true }));
        program.note_change(tx, moment, "acs_encoder.list", gone.id, before, after)?;
        event::encoder(tx, moment, "acs_encoder.removed", &system, gone.id)?;
    }
    Ok(())
}
