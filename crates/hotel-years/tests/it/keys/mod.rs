//! Who opens which door, and why: one test for each row of docs/keys.md, decided by the simulated locks.

mod evicting;
mod imported;
mod joining;
mod replacing;
mod revoking;
pub mod stage;

/// Every row of the page names a test that is there, and every test here has a row.
#[test]
fn every_row_of_the_page_names_its_test() {
    let page = include_str!("../../../../../docs/keys.md");
    let named: Vec<&str> = page
        .lines()
        .filter(|line| line.starts_with("| "))
        .filter_map(|line| line.trim_end_matches(" |").rsplit_once('`'))
        .filter_map(|(before, _)| before.rsplit_once('`'))
        .map(|(_, name)| name)
        .collect();
    let sources = [
        include_str!("evicting.rs"),
        include_str!("imported.rs"),
        include_str!("joining.rs"),
        include_str!("replacing.rs"),
        include_str!("revoking.rs"),
    ];
    let tests: Vec<&str> = sources
        .iter()
        .flat_map(|source| source.lines())
        .filter_map(|line| line.strip_prefix("fn "))
        .filter_map(|line| line.split_once('('))
        .map(|(name, _)| name)
        .collect();
    // Plastic cards go through the whole server, to encoders that wait for a person, and so do grants of stays.
    let of_server = [
        include_str!("../../../../server/tests/it/cards/encoding.rs"),
        include_str!("../../../../server/tests/it/cards/failing.rs"),
        include_str!("../../../../server/tests/it/cards/lost_card.rs"),
        include_str!("../../../../server/tests/it/cards/sharing.rs"),
        include_str!("../../../../server/tests/it/stays/arriving.rs"),
        include_str!("../../../../server/tests/it/stays/changing.rs"),
        include_str!("../../../../server/tests/it/stays/ending.rs"),
        include_str!("../../../../server/tests/it/stays/late.rs"),
        include_str!("../../../../server/tests/it/stays/sharing.rs"),
        include_str!("../../../../server/tests/it/stays/two_hotels.rs"),
    ];
    let of_server: Vec<&str> = of_server
        .iter()
        .flat_map(|source| source.lines())
        .filter_map(|line| line.strip_prefix("async fn "))
        .filter_map(|line| line.split_once('('))
        .map(|(name, _)| name)
        .collect();
    let missing: Vec<_> = named.iter().filter(|name| !tests.contains(name) && !of_server.contains(name)).collect();
    let unlisted: Vec<_> = tests.iter().filter(|name| !named.contains(name)).collect();
    assert!(missing.is_empty() && unlisted.is_empty(), "no test: {missing:?}; no row: {unlisted:?}");
}
