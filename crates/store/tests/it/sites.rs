//! What real sites need of storage, each rule on every engine: leases, encoders, cards that were seen.

use std::sync::Barrier;

use domain::{
    Moment, Stage,
    id::{AcsSystemId, CarrierId},
};
use innkeep_store::{Error, Store, Tx, cards_seen, carriers, encoders, leases, page::Page};
use jiff::{SignedDuration, Timestamp};

use crate::conformance::Case;
use crate::nouns::{self, at};

/// The cases of this file.
pub const CASES: &[Case] = &[
    ("a lease is one program's until it runs out", a_lease_is_one_programs_until_it_runs_out),
    ("a lease that is given back is free at once", a_lease_that_is_given_back_is_free_at_once),
    ("of many that want a lease one gets it", of_many_that_want_a_lease_one_gets_it),
    ("an encoder keeps its id when it vanishes and comes back", an_encoder_keeps_its_id),
    ("a card is found by its mark and by nothing like it", a_card_is_found_by_its_mark),
];

fn change<T: Send + 'static>(
    store: &Store,
    mut work: impl FnMut(&mut Tx<'_>) -> Result<T, Error> + Send + 'static,
) -> T {
    store.write("test", move |tx| work(tx)).unwrap()
}

fn second(seconds: i64) -> Timestamp {
    at(0) + SignedDuration::from_secs(seconds)
}

/// Takes the lease for ten seconds; its epoch.
fn take(store: &Store, site: AcsSystemId, who: &'static str, now: i64, is_alone: bool) -> Option<i64> {
    let (now, until) = (second(now), second(now + 10));
    change(store, move |tx| leases::take(tx, site, who, now, until, is_alone)).map(|lease| lease.epoch)
}

fn is_held(store: &Store, site: AcsSystemId, who: &'static str, epoch: i64) -> bool {
    store.read("test", |tx| leases::is_held(tx, site, who, epoch)).unwrap()
}

fn a_lease_is_one_programs_until_it_runs_out(store: &Store) {
    let (_, site) = nouns::workspace_and_system(store);
    assert_eq!(take(store, site, "first", 0, false), Some(1));
    assert_eq!(take(store, site, "second", 9, false), None);
    assert_eq!(take(store, site, "first", 9, false), Some(1), "renewed under its epoch");
    assert_eq!(take(store, site, "second", 18, false), None);
    assert!(is_held(store, site, "first", 1));
    assert_eq!(take(store, site, "second", 19, false), Some(2));
    assert!(!is_held(store, site, "first", 1), "what the first still wants to write is refused");
    assert!(is_held(store, site, "second", 2));
    assert_eq!(take(store, site, "first", 20, false), None);
    assert_eq!(take(store, site, "third", 20, true), Some(3), "who is alone need not wait for the dead");
}

fn a_lease_that_is_given_back_is_free_at_once(store: &Store) {
    let (_, site) = nouns::workspace_and_system(store);
    assert_eq!(take(store, site, "first", 0, false), Some(1));
    change(store, move |tx| leases::release(tx, site, "second", second(1)));
    assert_eq!(take(store, site, "second", 2, false), None, "only its holder gives it back");
    change(store, move |tx| leases::release(tx, site, "first", second(2)));
    assert_eq!(take(store, site, "second", 2, false), Some(2));
}

fn of_many_that_want_a_lease_one_gets_it(store: &Store) {
    let (_, site) = nouns::workspace_and_system(store);
    let start = Barrier::new(6);
    let got: Vec<Option<i64>> = std::thread::scope(|scope| {
        let takers: Vec<_> = ["a", "b", "c", "d", "e", "f"]
            .into_iter()
            .map(|name| {
                let start = &start;
                scope.spawn(move || {
                    start.wait();
                    let taken =
                        store.write("test", move |tx| leases::take(tx, site, name, second(0), second(10), false));
                    // Making the row is the one race that a unique key decides: the loser is refused.
                    taken.unwrap_or_default().map(|lease| lease.epoch)
                })
            })
            .collect();
        takers.into_iter().map(|taker| taker.join().unwrap()).collect()
    });
    assert_eq!(got.into_iter().flatten().collect::<Vec<_>>(), [1]);
}

fn an_encoder_keeps_its_id(store: &Store) {
    let (workspace, site) = nouns::workspace_and_system(store);
    let id = change(store, move |tx| {
        let id = Moment::new(at(0), 5).id();
        let encoder = encoders::Encoder {
            id,
            workspace_id: workspace,
            acs_system_id: site,
            native_id: "7".to_owned(),
            name: "Front Desk".to_owned(),
            created_at: at(0),
            removed_at: None,
        };
        encoders::insert(tx, &encoder)?;
        encoders::set_seen(tx, id, "Front Desk", Some(at(1)))?;
        Ok(id)
    });
    let listed = |filter: encoders::Filter| {
        store.read("test", |tx| encoders::list(tx, workspace, &filter, Page::whole())).unwrap()
    };
    assert_eq!(listed(encoders::Filter::default())[0].removed_at, Some(at(1)));
    change(store, move |tx| encoders::set_seen(tx, id, "Lobby", None));
    let found = store.read("test", |tx| encoders::of_system(tx, site)).unwrap();
    assert_eq!((found[0].id, found[0].name.as_str(), found[0].removed_at), (id, "Lobby", None));
    let nobody = Moment::new(at(3), 9).id();
    let by = |ids| encoders::Filter { ids: Some(ids), ..encoders::Filter::default() };
    assert_eq!(listed(by(vec![id])).len(), 1);
    assert_eq!(listed(by(vec![nobody])).len(), 0);
}

fn a_card_is_found_by_its_mark(store: &Store) {
    let (_, site) = nouns::workspace_and_system(store);
    let carrier: CarrierId = nouns::stored_carrier(store, site);
    let find = |mark: &str| {
        let found = store.read("test", |tx| cards_seen::carrier_with_mark(tx, site, mark)).unwrap();
        found.map(|row| row.id)
    };
    assert_eq!(find(&carrier.mark()), Some(carrier));
    for unlike in ["", "%", "0", &carrier.mark()[1..], &format!("{}0", carrier.mark())] {
        assert_eq!(find(unlike), None, "{unlike:?}");
    }
    let sent = carriers::Change {
        stage: Some(Stage::Sent),
        due_at: Some(Some(at(9))),
        settles_at: Some(at(9)),
        ..carriers::Change::default()
    };
    change(store, move |tx| carriers::change(tx, carrier, sent.clone()));
    change(store, move |tx| cards_seen::wake(tx, site, at(1)));
    let row = store.read("test", |tx| carriers::get(tx, carrier)).unwrap();
    assert_eq!((row.due_at, row.settles_at), (Some(at(1)), Some(at(9))), "looked for soon, believed later");
}
