//! The routes. The path of a file is the path of its URL; [`table`] is the table of contents.

pub mod access_grants;
pub mod access_methods;
pub mod acs;
pub mod action_attempts;
pub mod bridges;
pub mod client_sessions;
pub mod connect_webviews;
pub mod connected_accounts;
pub mod custom_metadata;
pub mod customers;
pub mod devices;
pub mod error;
pub mod events;
pub mod id;
pub mod innkeep;
pub mod instant_keys;
pub mod list;
pub mod phones;
pub mod problem;
pub mod related;
pub mod spaces;
pub mod spelling;
pub mod user_identities;
pub mod webhooks;
pub mod when;
pub mod workspaces;

use crate::{
    adapter::{Route, create, create_later, put, read, remove, update},
    app::App,
};

/// Every route of the API, with who else than a key may call it (`spec/api.md 2`).
pub fn table() -> Vec<Route<App>> {
    vec![
        read("/workspaces/get", workspaces::get::run).client_sessions().customer_sessions(),
        create("/workspaces/create", workspaces::create::run).tokens_only(),
        read("/workspaces/list", workspaces::list::run).client_sessions().tokens_without_workspace(),
        update("/workspaces/update", workspaces::update::run),
        create("/workspaces/reset_sandbox", workspaces::reset_sandbox::run),
        read("/workspaces/find_anything", workspaces::find_anything::run),
        put("/client_sessions/create", client_sessions::create::run).publishable_keys(),
        create("/client_sessions/get_or_create", client_sessions::get_or_create::run).publishable_keys(),
        read("/client_sessions/get", client_sessions::get::run).client_sessions(),
        read("/client_sessions/list", client_sessions::list::run),
        create("/client_sessions/revoke", client_sessions::revoke::run),
        remove("/client_sessions/delete", client_sessions::delete::run),
        update("/client_sessions/grant_access", client_sessions::grant_access::run),
        create("/access_grants/create", access_grants::create::run).with_addresses().customer_sessions(),
        read("/access_grants/get", access_grants::get::run).with_addresses().customer_sessions(),
        read("/access_grants/list", access_grants::list::run).with_addresses().customer_sessions(),
        update("/access_grants/update", access_grants::update::run).customer_sessions(),
        remove("/access_grants/delete", access_grants::delete::run).customer_sessions(),
        create("/access_grants/request_access_methods", access_grants::request_access_methods::run)
            .with_addresses()
            .customer_sessions(),
        read("/access_grants/get_related", access_grants::get_related::run).with_addresses(),
        read("/access_grants/unmanaged/get", access_grants::unmanaged::get::run).customer_sessions(),
        read("/access_grants/unmanaged/list", access_grants::unmanaged::list::run).customer_sessions(),
        update("/access_grants/unmanaged/update", access_grants::unmanaged::update::run).customer_sessions(),
        read("/access_methods/list", access_methods::list::run).with_addresses().customer_sessions(),
        read("/access_methods/get", access_methods::get::run).with_addresses(),
        create("/access_methods/create", access_methods::create::run).with_addresses(),
        create("/access_methods/encode", access_methods::encode::run),
        remove("/access_methods/delete", access_methods::delete::run).customer_sessions(),
        read("/access_methods/get_related", access_methods::get_related::run).with_addresses().customer_sessions(),
        create("/access_methods/assign_card", access_methods::assign_card::run),
        create("/access_methods/unlock_door", access_methods::unlock_door::run),
        read("/access_methods/unmanaged/get", access_methods::unmanaged::get::run),
        read("/access_methods/unmanaged/list", access_methods::unmanaged::list::run).customer_sessions(),
        read("/acs/systems/list", acs::systems::list::run).client_sessions().customer_sessions(),
        read("/acs/systems/get", acs::systems::get::run),
        read(
            "/acs/systems/list_compatible_credential_manager_acs_systems",
            acs::systems::list_compatible_credential_manager_acs_systems::run,
        ),
        create("/acs/systems/report_devices", acs::systems::report_devices::run),
        read("/acs/entrances/list", acs::entrances::list::run).client_sessions().customer_sessions(),
        read("/acs/entrances/get", acs::entrances::get::run).client_sessions().customer_sessions(),
        read("/acs/entrances/list_credentials_with_access", acs::entrances::list_credentials_with_access::run)
            .client_sessions(),
        create("/acs/entrances/grant_access", acs::entrances::grant_access::run),
        create("/acs/entrances/unlock", acs::entrances::unlock::run),
        create("/acs/users/create", acs::users::create::run),
        read("/acs/users/get", acs::users::get::run),
        read("/acs/users/list", acs::users::list::run).client_sessions(),
        update("/acs/users/update", acs::users::update::run),
        remove("/acs/users/delete", acs::users::delete::run),
        create("/acs/users/suspend", acs::users::suspend::run),
        create("/acs/users/unsuspend", acs::users::unsuspend::run),
        create("/acs/users/revoke_access_to_all_entrances", acs::users::revoke_access_to_all_entrances::run),
        read("/acs/users/list_accessible_entrances", acs::users::list_accessible_entrances::run).client_sessions(),
        put("/acs/users/add_to_access_group", acs::users::add_to_access_group::run),
        remove("/acs/users/remove_from_access_group", acs::users::remove_from_access_group::run),
        read("/acs/users/unmanaged/get", acs::users::unmanaged::get::run),
        read("/acs/users/unmanaged/list", acs::users::unmanaged::list::run),
        create_later("/acs/credentials/create", acs::credentials::create::run),
        read("/acs/credentials/get", acs::credentials::get::run),
        read("/acs/credentials/list", acs::credentials::list::run).client_sessions(),
        read("/acs/credentials/list_accessible_entrances", acs::credentials::list_accessible_entrances::run),
        update("/acs/credentials/update", acs::credentials::update::run),
        update("/acs/credentials/assign", acs::credentials::assign::run),
        update("/acs/credentials/unassign", acs::credentials::unassign::run),
        remove("/acs/credentials/delete", acs::credentials::delete::run),
        create("/acs/credentials/create_offline_code", acs::credentials::create_offline_code::run),
        read("/acs/credentials/unmanaged/get", acs::credentials::unmanaged::get::run),
        read("/acs/credentials/unmanaged/list", acs::credentials::unmanaged::list::run),
        read("/acs/credential_pools/list", acs::credential_pools::list::run),
        create(
            "/acs/credential_provisioning_automations/launch",
            acs::credential_provisioning_automations::launch::run,
        ),
        read("/acs/access_groups/list", acs::access_groups::list::run),
        read("/acs/access_groups/get", acs::access_groups::get::run),
        read("/acs/access_groups/list_users", acs::access_groups::list_users::run),
        read("/acs/access_groups/list_accessible_entrances", acs::access_groups::list_accessible_entrances::run),
        put("/acs/access_groups/add_user", acs::access_groups::add_user::run),
        remove("/acs/access_groups/remove_user", acs::access_groups::remove_user::run),
        remove("/acs/access_groups/delete", acs::access_groups::delete::run).client_sessions(),
        read("/acs/access_groups/unmanaged/get", acs::access_groups::unmanaged::get::run),
        read("/acs/access_groups/unmanaged/list", acs::access_groups::unmanaged::list::run),
        read("/acs/encoders/get", acs::encoders::get::run),
        read("/acs/encoders/list", acs::encoders::list::run).customer_sessions(),
        create("/acs/encoders/encode_credential", acs::encoders::encode_credential::run).customer_sessions(),
        create("/acs/encoders/encode_access_method", access_methods::encode::run),
        create("/acs/encoders/scan_credential", acs::encoders::scan_credential::run),
        create("/acs/encoders/scan_to_assign_credential", acs::encoders::scan_to_assign_credential::run)
            .customer_sessions(),
        create(
            "/acs/encoders/simulate/next_credential_encode_will_succeed",
            acs::encoders::simulate::next_credential_encode_will_succeed::run,
        )
        .customer_sessions(),
        create(
            "/acs/encoders/simulate/next_credential_encode_will_fail",
            acs::encoders::simulate::next_credential_encode_will_fail::run,
        ),
        create(
            "/acs/encoders/simulate/next_credential_scan_will_succeed",
            acs::encoders::simulate::next_credential_scan_will_succeed::run,
        ),
        create(
            "/acs/encoders/simulate/next_credential_scan_will_fail",
            acs::encoders::simulate::next_credential_scan_will_fail::run,
        ),
        create("/user_identities/create", user_identities::create::run),
        read("/user_identities/get", user_identities::get::run).customer_sessions(),
        read("/user_identities/list", user_identities::list::run).client_sessions(),
        update("/user_identities/update", user_identities::update::run),
        remove("/user_identities/delete", user_identities::delete::run),
        create("/user_identities/merge", user_identities::merge::run),
        put("/user_identities/add_acs_user", user_identities::add_acs_user::run),
        remove("/user_identities/remove_acs_user", user_identities::remove_acs_user::run),
        read("/user_identities/list_acs_users", user_identities::list_acs_users::run),
        read("/user_identities/list_acs_systems", user_identities::list_acs_systems::run).client_sessions(),
        read("/user_identities/list_accessible_entrances", user_identities::list_accessible_entrances::run)
            .client_sessions(),
        read("/user_identities/list_accessible_devices", user_identities::list_accessible_devices::run),
        put("/user_identities/grant_access_to_device", user_identities::grant_access_to_device::run),
        remove("/user_identities/revoke_access_to_device", user_identities::revoke_access_to_device::run),
        read("/user_identities/unmanaged/get", user_identities::unmanaged::get::run),
        read("/user_identities/unmanaged/list", user_identities::unmanaged::list::run).client_sessions(),
        update("/user_identities/unmanaged/update", user_identities::unmanaged::update::run).client_sessions(),
        create("/user_identities/generate_instant_key", user_identities::generate_instant_key::run).with_addresses(),
        read("/instant_keys/get", instant_keys::get::run).with_addresses(),
        read("/instant_keys/list", instant_keys::list::run).with_addresses(),
        remove("/instant_keys/delete", instant_keys::delete::run),
        create("/user_identities/enrollment_automations/launch", user_identities::enrollment_automations::launch::run),
        read("/user_identities/enrollment_automations/list", user_identities::enrollment_automations::list::run)
            .client_sessions(),
        read("/user_identities/enrollment_automations/get", user_identities::enrollment_automations::get::run)
            .client_sessions(),
        remove("/user_identities/enrollment_automations/delete", user_identities::enrollment_automations::delete::run),
        read("/phones/list", phones::list::run),
        read("/phones/get", phones::get::run),
        create("/phones/simulate/create_sandbox_phone", phones::simulate::create_sandbox_phone::run),
        remove("/phones/deactivate", phones::deactivate::run).client_sessions(),
        create("/spaces/create", spaces::create::run).customer_sessions(),
        read("/spaces/get", spaces::get::run).customer_sessions(),
        read("/spaces/list", spaces::list::run).customer_sessions(),
        update("/spaces/update", spaces::update::run).customer_sessions(),
        remove("/spaces/delete", spaces::delete::run).customer_sessions(),
        put("/spaces/add_acs_entrances", spaces::add_acs_entrances::run).customer_sessions(),
        remove("/spaces/remove_acs_entrances", spaces::remove_acs_entrances::run).customer_sessions(),
        put("/spaces/add_devices", spaces::add_devices::run).customer_sessions(),
        remove("/spaces/remove_devices", spaces::remove_devices::run).customer_sessions(),
        put("/spaces/add_connected_account", spaces::add_connected_account::run).customer_sessions(),
        remove("/spaces/remove_connected_account", spaces::remove_connected_account::run).customer_sessions(),
        read("/spaces/get_related", spaces::get_related::run).customer_sessions(),
        read("/devices/list", devices::list::run).client_sessions().customer_sessions(),
        read("/devices/get", devices::get::run).client_sessions().customer_sessions(),
        update("/devices/update", devices::update::run).client_sessions().customer_sessions(),
        remove("/devices/delete", devices::delete::run),
        read("/devices/list_device_providers", devices::list_device_providers::run).client_sessions(),
        create("/devices/report_provider_metadata", devices::report_provider_metadata::run),
        create("/devices/simulate/connect", devices::simulate::connect::run).customer_sessions(),
        create("/devices/simulate/disconnect", devices::simulate::disconnect::run).customer_sessions(),
        create("/devices/simulate/remove", devices::simulate::remove::run).customer_sessions(),
        create("/devices/simulate/connect_to_hub", devices::simulate::connect_to_hub::run).customer_sessions(),
        create("/devices/simulate/disconnect_from_hub", devices::simulate::disconnect_from_hub::run)
            .customer_sessions(),
        create("/devices/simulate/paid_subscription", devices::simulate::paid_subscription::run).customer_sessions(),
        read("/devices/unmanaged/list", devices::unmanaged::list::run).customer_sessions(),
        read("/devices/unmanaged/get", devices::unmanaged::get::run).client_sessions(),
        update("/devices/unmanaged/update", devices::unmanaged::update::run),
        create("/customers/push_data", customers::push_data::run).with_long_bodies(),
        // Its older path.
        create("/seam/v1/customers/push_data", customers::push_data::run).with_long_bodies(),
        remove("/customers/delete_data", customers::delete_data::run).with_long_bodies().customer_sessions(),
        create("/connect_webviews/create", connect_webviews::create::run)
            .client_sessions()
            .customer_sessions()
            .with_addresses(),
        read("/connect_webviews/get", connect_webviews::get::run)
            .client_sessions()
            .customer_sessions()
            .read_only_customer_sessions()
            .with_addresses(),
        read("/connect_webviews/list", connect_webviews::list::run)
            .client_sessions()
            .customer_sessions()
            .read_only_customer_sessions(),
        remove("/connect_webviews/delete", connect_webviews::delete::run),
        read("/connected_accounts/list", connected_accounts::list::run).customer_sessions(),
        read("/connected_accounts/get", connected_accounts::get::run).client_sessions().customer_sessions(),
        update("/connected_accounts/update", connected_accounts::update::run),
        remove("/connected_accounts/delete", connected_accounts::delete::run).customer_sessions(),
        create("/connected_accounts/sync", connected_accounts::sync::run),
        create("/connected_accounts/simulate/disconnect", connected_accounts::simulate::disconnect::run)
            .customer_sessions(),
        read("/events/list", events::list::run).client_sessions().customer_sessions(),
        read("/events/get", events::get::run).client_sessions().customer_sessions(),
        create("/webhooks/create", webhooks::create::run),
        read("/webhooks/get", webhooks::get::run),
        read("/webhooks/list", webhooks::list::run),
        put("/webhooks/update", webhooks::update::run),
        remove("/webhooks/delete", webhooks::delete::run),
        read("/action_attempts/get", action_attempts::get::run).client_sessions().customer_sessions(),
        read("/action_attempts/list", action_attempts::list::run),
        read("/bridges/list", bridges::list::run),
        read("/bridges/get", bridges::get::run),
        create("/innkeep/acs_credentials/void_lost_card", innkeep::acs_credentials::void_lost_card::run),
        update("/innkeep/acs_systems/update", innkeep::acs_systems::update::run),
        read("/innkeep/webhook_attempts/get", innkeep::webhook_attempts::get::run),
        read("/innkeep/webhook_attempts/list", innkeep::webhook_attempts::list::run),
        create("/innkeep/webhook_attempts/repeat", innkeep::webhook_attempts::repeat::run),
    ]
}
