//! What we remember of a system beside the columns that are searched: a small JSON object.
//!
//! | member | meaning |
//! |---|---|
//! | `key` | its entry in the configuration file; none for sandboxes |
//! | `is_worked` | whether the entry is still there |
//! | `timestamps_without_zone` | `utc` or `local` (`spec/api.md 4.15`) |
//! | `double_bookings` | `allow` or `refuse` (design 6) |
//! | `discard_dialect` | how its lock server was seen to discard cards (`spec/visionline.md` 2.6) |
//! | `awaits_connection`, `awaits_first_sync` | true until the first success |

use domain::{Moment, id::AcsSystemId};
use serde_json::{Value, json};
use store::{
    Tx, configuration,
    systems::{self, AcsSystem},
};

use crate::{Caller, Error, event};

/// A member as text.
pub(super) fn text<'a>(system: &'a AcsSystem, member: &str) -> Option<&'a str> {
    system.settings.get(member).and_then(Value::as_str)
}

/// Whether a member is true.
pub(super) fn is_set(system: &AcsSystem, member: &str) -> bool {
    system.settings.get(member).is_some_and(|value| value == true)
}

/// Sets a member.
pub(super) fn set(system: &mut AcsSystem, member: &str, value: Value) {
    if !system.settings.is_object() {
        system.settings = json!({});
    }
    system.settings[member] = value;
}

/// Remembers how the lock server discards cards, so that the next start need not try again.
///
/// # Errors
/// When storage fails.
pub fn remember_discard_dialect(
    tx: &mut Tx<'_>,
    moment: &mut Moment,
    system_id: AcsSystemId,
    dialect: &str,
) -> Result<(), Error> {
    let mut system = systems::get(tx, system_id)?;
    let before = json!({ "discard_dialect": text(&system, "discard_dialect") });
    set(&mut system, "discard_dialect", json!(dialect));
    configuration::set_system_state(tx, &system)?;
    let program = Caller::program(system.workspace_id);
    program.note_change(tx, moment, "acs_system.observe", system_id, before, json!({ "discard_dialect": dialect }))
}

/// How the lock server of a system was seen to discard cards.
pub fn discard_dialect(system: &AcsSystem) -> Option<&str> {
    text(system, "discard_dialect")
}

/// Whether a system stands, or stood, in the configuration file: there it is changed, and nowhere else.
pub fn is_configured(system: &AcsSystem) -> bool {
    text(system, "key").is_some()
}

/// A system was connected, and everything was read at the same time: nothing of it is awaited any more.
pub(crate) fn note_connected(system: &mut AcsSystem) {
    for member in ["awaits_connection", "awaits_first_sync"] {
        if is_set(system, member) {
            set(system, member, json!(false));
        }
    }
}

/// The reading that was asked for begins. Answers whether it was.
///
/// # Errors
/// When storage fails.
pub fn begin_sync(tx: &mut Tx<'_>, system_id: AcsSystemId) -> Result<bool, Error> {
    if systems::orders(tx, system_id)?.sync_asked_at.is_none() {
        return Ok(false);
    }
    systems::set_sync_asked(tx, system_id, None)?;
    Ok(true)
}

/// Reports the first complete list of doors, once.
pub(super) fn first_sync_done(tx: &mut Tx<'_>, moment: &mut Moment, mut system: AcsSystem) -> Result<(), Error> {
    if !is_set(&system, "awaits_first_sync") {
        return Ok(());
    }
    set(&mut system, "awaits_first_sync", json!(false));
    configuration::set_system_state(tx, &system)?;
    let (before, after) = (json!({ "awaits_first_sync": true }), json!({ "awaits_first_sync": false }));
    let program = Caller::program(system.workspace_id);
    program.note_change(tx, moment, "acs_system.observe", system.id, before, after)?;
    event::account(tx, moment, "connected_account.completed_first_sync", &system, json!({}))
}
