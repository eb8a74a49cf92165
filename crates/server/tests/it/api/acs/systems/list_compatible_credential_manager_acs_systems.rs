use serde_json::{Value, json};

use crate::api::Api;

#[tokio::test]
async fn a_site_can_use_the_managers_of_its_workspace_and_a_manager_none() {
    let api = Api::new();
    let ask = async |id| {
        let target = format!("/acs/systems/list_compatible_credential_manager_acs_systems?acs_system_id={id}");
        let reply = api.get(&target).await.ok();
        reply["acs_systems"]
            .as_array()
            .unwrap()
            .iter()
            .map(|system| system["acs_system_id"].clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(ask(api.site.acs_system_id).await, [json!(api.site.manager_id)]);
    assert_eq!(ask(api.site.manager_id).await, Vec::<Value>::new());
}
