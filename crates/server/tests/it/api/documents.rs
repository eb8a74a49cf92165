//! What the documents say of the table.

use std::collections::BTreeSet;

use innkeep_server::api;

#[test]
fn the_compatibility_page_lists_exactly_the_routes_that_are_served() {
    let page = include_str!("../../../../../docs/COMPATIBILITY.md");
    let listed: BTreeSet<&str> = page
        .lines()
        .filter_map(|line| line.strip_prefix("| `/"))
        .filter_map(|rest| rest.split_once('`'))
        .map(|(path, _)| path)
        .collect();
    let table = api::table();
    let served: BTreeSet<&str> = table.iter().filter_map(|route| route.path().strip_prefix('/')).collect();
    assert_eq!(listed, served);
}
