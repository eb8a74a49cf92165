//! What an rfid48 card cannot hold is refused when it is asked for, not when it is made (`spec/api.md 4.4`).

use serde_json::json;

use super::{
    refusal::{ask, assert_refused, rows},
    second_site::SecondSite,
};
use crate::api::Api;

const DOORS: &str = "allowed_acs_entrance_ids";

#[tokio::test]
async fn more_doors_than_the_format_holds_are_refused_with_the_rule_and_the_way_out() {
    let api = Api::new();
    let run: Vec<String> = (1001..=1034).map(|room| room.to_string()).collect();
    let apart: Vec<String> = (0..8).map(|step| (2000 + 2 * step).to_string()).collect();
    let common: Vec<String> = (1..=29).map(|door| format!("Common door {door}")).collect();
    let rooms = [run.clone(), apart.clone()].concat();
    let annex = SecondSite::open(&api, &rooms, &common).await;
    let overrides = json!({"cardFormat": "rfid48", "is_override_key": true});
    let before = rows(&api);

    let too_many: [(Vec<String>, &[&str]); 3] = [
        (annex.ids(&run), &["at most 33 consecutive guest rooms, and 34 were asked for", "TLCode"]),
        (
            annex.ids(run[..33].iter().chain(&apart)),
            &["at most 7 guest rooms besides one consecutive run, and 8 were asked for", "TLCode"],
        ),
        (annex.ids(run[..1].iter().chain(&common)), &["at most 28 common doors, and 29 were asked for", "TLCode"]),
    ];
    for (doors, says) in &too_many {
        let reply = ask(&api, &annex.user, doors, overrides.clone()).await;
        assert_refused(&api, &before, &reply, DOORS, says);
    }
    for (doors, _) in &too_many {
        let advised = json!({"card_format": "TLCode", "override": true});
        ask(&api, &annex.user, doors, advised).await.ok();
    }
    let full = annex.ids(run[..33].iter().chain(&apart[..7]).chain(&common[..28]));
    ask(&api, &annex.user, &full, overrides).await.ok();
}
