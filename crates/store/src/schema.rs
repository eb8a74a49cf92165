//! The tables, as Diesel sees them. Both engines have the same (`migrations/`); a test compares them.
#![allow(missing_docs, reason = "the migrations describe the tables")]

mod house;
mod keys;

pub use house::*;
pub use keys::*;

diesel::allow_tables_to_appear_in_same_query!(
    workspaces,
    api_keys,
    personal_access_tokens,
    memberships,
    client_sessions,
    client_session_grants,
    connected_accounts,
    acs_systems,
    entrances,
    user_identities,
    merged_user_identities,
    enrollment_automations,
    acs_users,
    standing_grants,
    phones,
    endpoints,
    credentials,
    stays,
    tenancies,
    credential_doors,
    carriers,
    carrier_doors,
    tasks,
    events,
    action_attempts,
    audit,
    audit_heads,
    idempotency_keys,
    leases,
    encoders,
    encoder_jobs,
    encoder_simulations,
    spaces,
    space_entrances,
    space_devices,
    space_connected_accounts,
    instant_keys,
    instant_key_uses,
    access_grants,
    access_grant_doors,
    access_grant_spaces,
    access_methods,
    access_method_credentials,
    webhooks,
    webhook_claims,
    webhook_messages,
    webhook_attempts,
    customer_records,
    customer_record_places,
    customer_grants,
    connect_webviews,
    connections,
    custom_metadata
);
