//! Emptying a sandbox (`spec/api.md 2.12`): everything goes but the workspace, its keys, its members, the audit log, and
//! the systems with their doors and encoders, which belong to whoever configured them.

use diesel::{prelude::*, sql_query, sql_types::Text};
use domain::id::WorkspaceId;

use crate::{Error, Tx};

/// The tables and whose rows in them are a workspace's, those that refer to others first. Names are written out here
/// because the conditions reach over several tables.
const ROWS: &[(&str, &str)] = &[
    ("access_method_credentials", "access_method_id IN (SELECT id FROM access_methods WHERE workspace_id = $1)"),
    ("access_methods", "workspace_id = $1"),
    ("customer_grants", "workspace_id = $1"),
    ("access_grant_doors", "access_grant_id IN (SELECT id FROM access_grants WHERE workspace_id = $1)"),
    ("access_grant_spaces", "access_grant_id IN (SELECT id FROM access_grants WHERE workspace_id = $1)"),
    ("access_grants", "workspace_id = $1"),
    ("customer_record_places", "workspace_id = $1"),
    ("customer_records", "workspace_id = $1"),
    ("custom_metadata", "subject_id IN (SELECT id FROM connect_webviews WHERE workspace_id = $1)"),
    ("custom_metadata", "subject_id IN (SELECT id FROM phones WHERE workspace_id = $1)"),
    ("connect_webviews", "workspace_id = $1"),
    ("encoder_simulations", "encoder_id IN (SELECT id FROM encoders WHERE workspace_id = $1)"),
    ("encoder_jobs", "workspace_id = $1"),
    ("tasks", "acs_system_id IN (SELECT id FROM acs_systems WHERE workspace_id = $1)"),
    (
        "carrier_doors",
        "carrier_id IN (SELECT carriers.id FROM carriers JOIN acs_systems ON acs_systems.id = carriers.acs_system_id \
         WHERE acs_systems.workspace_id = $1)",
    ),
    ("carriers", "acs_system_id IN (SELECT id FROM acs_systems WHERE workspace_id = $1)"),
    ("credential_doors", "credential_id IN (SELECT id FROM credentials WHERE workspace_id = $1)"),
    (
        "tenancies",
        "stay_id IN (SELECT stays.id FROM stays JOIN acs_systems ON acs_systems.id = stays.acs_system_id \
         WHERE acs_systems.workspace_id = $1)",
    ),
    ("credentials", "workspace_id = $1"),
    ("stays", "acs_system_id IN (SELECT id FROM acs_systems WHERE workspace_id = $1)"),
    ("space_entrances", "space_id IN (SELECT id FROM spaces WHERE workspace_id = $1)"),
    ("space_devices", "space_id IN (SELECT id FROM spaces WHERE workspace_id = $1)"),
    ("space_connected_accounts", "space_id IN (SELECT id FROM spaces WHERE workspace_id = $1)"),
    ("spaces", "workspace_id = $1"),
    ("endpoints", "workspace_id = $1"),
    ("phones", "workspace_id = $1"),
    ("standing_grants", "acs_user_id IN (SELECT id FROM acs_users WHERE workspace_id = $1)"),
    ("acs_users", "workspace_id = $1"),
    ("instant_key_uses", "instant_key_id IN (SELECT id FROM instant_keys WHERE workspace_id = $1)"),
    ("instant_keys", "workspace_id = $1"),
    ("client_session_grants", "client_session_id IN (SELECT id FROM client_sessions WHERE workspace_id = $1)"),
    ("client_sessions", "workspace_id = $1"),
    ("enrollment_automations", "workspace_id = $1"),
    ("merged_user_identities", "workspace_id = $1"),
    ("user_identities", "workspace_id = $1"),
    ("webhook_attempts", "workspace_id = $1"),
    ("webhook_messages", "workspace_id = $1"),
    ("webhook_claims", "webhook_id IN (SELECT id FROM webhooks WHERE workspace_id = $1)"),
    ("webhooks", "workspace_id = $1"),
    ("events", "workspace_id = $1"),
    ("action_attempts", "workspace_id = $1"),
];

/// Removes the rows.
///
/// # Errors
/// When a query fails, for instance because a table that refers to these is not listed here.
pub fn empty(tx: &mut Tx<'_>, workspace_id: WorkspaceId) -> Result<(), Error> {
    for (table, condition) in ROWS {
        sql_query(format!("DELETE FROM {table} WHERE {condition}"))
            .bind::<Text, _>(workspace_id.to_string())
            .execute(tx.connection)
            .map_err(Error::during("empty a sandbox"))?;
    }
    Ok(())
}
