//! Each kind of credential opens exactly the routes that `spec/api.md 2` marks for it.

use std::collections::BTreeMap;

use http::{Method, StatusCode};
use innkeep_server::api;

use super::{publishable_key, session_of_nothing};
use crate::api::{Api, OURS};

/// The marks of the specification: who besides keys and members' tokens may call a route. Routes that are not here are
/// for keys and members only; a route that is here need not be served yet.
const MARKS: &[(&str, &str)] = &[
    ("/access_grants/create", "csc"),
    ("/access_grants/delete", "csc"),
    ("/access_grants/get", "csc"),
    ("/access_grants/list", "csc"),
    ("/access_grants/request_access_methods", "csc"),
    ("/access_grants/unmanaged/get", "csc"),
    ("/access_grants/unmanaged/list", "csc"),
    ("/access_grants/unmanaged/update", "csc"),
    ("/access_grants/update", "csc"),
    ("/access_methods/delete", "csc"),
    ("/access_methods/get_related", "csc"),
    ("/access_methods/list", "csc"),
    ("/access_methods/unmanaged/list", "csc"),
    ("/acs/access_groups/delete", "cs"),
    ("/acs/credentials/list", "cs"),
    ("/acs/encoders/encode_credential", "csc"),
    ("/acs/encoders/list", "csc"),
    ("/acs/encoders/scan_to_assign_credential", "csc"),
    ("/acs/encoders/simulate/next_credential_encode_will_succeed", "csc"),
    ("/acs/entrances/get", "cs csc"),
    ("/acs/entrances/list", "cs csc"),
    ("/acs/entrances/list_credentials_with_access", "cs"),
    ("/acs/systems/list", "cs csc"),
    ("/acs/users/list", "cs"),
    ("/acs/users/list_accessible_entrances", "cs"),
    ("/action_attempts/get", "cs csc"),
    ("/client_sessions/create", "pk"),
    ("/client_sessions/get", "cs"),
    ("/client_sessions/get_or_create", "pk"),
    ("/connect_webviews/create", "cs csc"),
    ("/connect_webviews/get", "cs csc csro"),
    ("/connect_webviews/list", "cs csc csro"),
    ("/connected_accounts/delete", "csc"),
    ("/connected_accounts/get", "cs csc"),
    ("/connected_accounts/list", "csc"),
    ("/connected_accounts/simulate/disconnect", "csc"),
    ("/customers/delete_data", "csc"),
    ("/devices/get", "cs csc"),
    ("/devices/list", "cs csc"),
    ("/devices/list_device_providers", "cs"),
    ("/devices/simulate/connect", "csc"),
    ("/devices/simulate/connect_to_hub", "csc"),
    ("/devices/simulate/disconnect", "csc"),
    ("/devices/simulate/disconnect_from_hub", "csc"),
    ("/devices/simulate/paid_subscription", "csc"),
    ("/devices/simulate/remove", "csc"),
    ("/devices/unmanaged/get", "cs"),
    ("/devices/unmanaged/list", "csc"),
    ("/devices/update", "cs csc"),
    ("/events/get", "cs csc"),
    ("/events/list", "cs csc"),
    ("/phones/deactivate", "cs"),
    ("/spaces/add_acs_entrances", "csc"),
    ("/spaces/add_connected_account", "csc"),
    ("/spaces/add_devices", "csc"),
    ("/spaces/create", "csc"),
    ("/spaces/delete", "csc"),
    ("/spaces/get", "csc"),
    ("/spaces/get_related", "csc"),
    ("/spaces/list", "csc"),
    ("/spaces/remove_acs_entrances", "csc"),
    ("/spaces/remove_connected_account", "csc"),
    ("/spaces/remove_devices", "csc"),
    ("/spaces/update", "csc"),
    ("/user_identities/enrollment_automations/get", "cs"),
    ("/user_identities/enrollment_automations/list", "cs"),
    ("/user_identities/get", "csc"),
    ("/user_identities/list", "cs"),
    ("/user_identities/list_accessible_entrances", "cs"),
    ("/user_identities/list_acs_systems", "cs"),
    ("/user_identities/unmanaged/list", "cs"),
    ("/user_identities/unmanaged/update", "cs"),
    ("/workspaces/create", "token only_tokens"),
    ("/workspaces/customization_profiles/create", "csc"),
    ("/workspaces/customization_profiles/get", "csc"),
    ("/workspaces/customization_profiles/list", "csc"),
    ("/workspaces/customization_profiles/update", "csc"),
    ("/workspaces/customization_profiles/upload_images", "csc"),
    ("/workspaces/get", "cs csc"),
    ("/workspaces/list", "cs token"),
];

/// A kind of credential: its mark, and the headers that carry it.
struct Kind {
    mark: &'static str,
    headers: Vec<(&'static str, String)>,
}

async fn kinds(api: &Api) -> Vec<Kind> {
    let bearer = |token: &str| ("authorization", format!("Bearer {token}"));
    let token = api.personal_access_token("anna@example.org");
    let workspace = api.site.workspace_id.to_string();
    vec![
        Kind { mark: "key", headers: vec![bearer(OURS)] },
        Kind { mark: "member", headers: vec![bearer(&token), ("seam-workspace", workspace)] },
        Kind { mark: "token", headers: vec![bearer(&token)] },
        Kind { mark: "cs", headers: vec![bearer(&session_of_nothing(api, None, false))] },
        Kind { mark: "cs", headers: vec![bearer(OURS), ("client-session-token", session_of_nothing(api, None, true))] },
        Kind { mark: "csc", headers: vec![bearer(&session_of_nothing(api, Some("c"), false))] },
        Kind { mark: "csro", headers: vec![bearer(&session_of_nothing(api, Some("c"), true))] },
        Kind { mark: "pk", headers: vec![("seam-publishable-key", publishable_key(api).await)] },
        Kind { mark: "nobody", headers: vec![] },
        Kind { mark: "nobody", headers: vec![bearer("seam_testmeridian_ffffffffffffffff")] },
        Kind { mark: "nobody", headers: vec![bearer("seam_at1abc_def"), ("seam-workspace", "x".to_owned())] },
        Kind { mark: "nobody", headers: vec![("seam-publishable-key", "seam_pk1_unknown".to_owned())] },
        Kind { mark: "nobody", headers: vec![("seam-client-session-token", "seam_cst1abc_def".to_owned())] },
    ]
}

/// No route accepts TRACE, and whether a credential opens a route is decided before the verb (`spec/api.md 1.6`): so the
/// answer says who may come in, and nothing happens.
#[tokio::test]
async fn every_kind_of_credential_opens_exactly_the_routes_of_its_marks() {
    let api = Api::new();
    let marks: BTreeMap<&str, &str> = MARKS.iter().copied().collect();
    for kind in kinds(&api).await {
        let headers: Vec<(&str, &str)> = kind.headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        for route in api::table() {
            let mut marks = marks.get(route.path()).copied().unwrap_or_default().split(' ');
            let opens = match kind.mark {
                "key" => !marks.any(|mark| mark == "only_tokens"),
                "member" => true,
                mark => marks.any(|one| one == mark),
            };
            let reply = api.send_with(&headers, Method::TRACE, route.path(), None).await;
            let expected = if opens { StatusCode::METHOD_NOT_ALLOWED } else { StatusCode::UNAUTHORIZED };
            assert_eq!(reply.status, expected, "{} {}: {}", kind.mark, route.path(), reply.json);
            if !opens && kind.mark != "nobody" {
                assert_eq!(reply.refusal().1, "unauthorized", "{} {}", kind.mark, route.path());
            }
        }
    }
}
