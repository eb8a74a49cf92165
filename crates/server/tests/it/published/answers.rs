//! Our real answers beside the published schemas.

use std::{collections::BTreeSet, fmt::Write};

use innkeep_server::api;
use serde::Deserialize;
use serde_json::json;

use super::{
    listed::{self, Gap},
    page, published, scenario,
};
use crate::{api::none_of_it::ALWAYS_REFUSE, sdk};

/// Routes for which the scenario has no key.
const FOR_OTHER_KEYS: [&str; 1] = ["/workspaces/create"];

/// What a published schema does not allow.
#[derive(Debug, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
struct Difference {
    path: String,
    place: String,
    message: String,
}

impl Difference {
    /// How a row of the page names it: the route and the place in its answer, with dots.
    fn gap(&self) -> Gap {
        Gap { place: self.path.clone(), name: format!("answer{}", self.place.replace('/', ".")) }
    }
}

#[tokio::test]
async fn every_answer_is_as_the_published_schemas_allow() {
    let Some(published) = published() else { return sdk::skip("the answers beside the published schemas") };
    let answers = scenario::play().await;

    let answered: BTreeSet<&str> = answers.iter().map(|(path, _)| path.as_str()).collect();
    let table = api::table();
    let unasked: Vec<&str> = table
        .iter()
        .map(|route| route.path())
        .filter(|path| {
            !published["paths"][path].is_null()
                && !answered.contains(path)
                && !ALWAYS_REFUSE.contains(path)
                && !FOR_OTHER_KEYS.contains(path)
        })
        .collect();
    assert_eq!(unasked, [""; 0], "the scenario has to ask for every route");

    let mut lines = String::new();
    for (path, answer) in &answers {
        writeln!(lines, "{}", json!({ "path": path, "answer": answer })).unwrap();
    }
    let printed = sdk::printed_by_javascript("published_schemas", lines.as_bytes()).unwrap();
    let differences: BTreeSet<Difference> = serde_json::from_slice(&printed).unwrap();
    let listed = listed::read(&page()).gaps;
    let unlisted: Vec<&Difference> =
        differences.iter().filter(|difference| !listed.iter().any(|row| difference.gap().is_listed_as(row))).collect();
    assert!(unlisted.is_empty(), "differ from the published schemas: {unlisted:#?}");
}
