//! What is only true of PostgreSQL: transactions are repeated, connections are lost and made again.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Barrier};
use std::thread;

use innkeep_store::testing::{Place, PrivateCluster, execute, fresh_store, texts};
use innkeep_store::{Engine, Error, Store, Tx};

use crate::infrastructure::{add_room, make_tables, raise_floor, rooms};

/// One server for all of them: starting one takes longer than all of these tests.
#[test]
fn postgres_keeps_its_own_rules() {
    let Some(cluster) = PrivateCluster::start_or_skip("postgres_keeps_its_own_rules") else { return };
    a_reopened_database_has_kept_everything(&cluster);
    an_overtaken_transaction_is_run_again(&cluster);
    a_deadlock_is_run_again(&cluster);
    a_transaction_that_is_always_overtaken_gives_up(&cluster);
    an_ignored_failure_is_not_committed(&cluster);
    a_connection_lost_in_a_transaction_is_made_again(&cluster);
    a_connection_lost_in_the_commit_is_reported_as_unknown(&cluster);
    a_read_that_loses_its_connection_fails_and_the_next_does_not(&cluster);
    commits_are_durable_even_where_the_server_says_otherwise(&cluster);
    idle_connections_that_died_with_the_server_are_made_again(&cluster);
}

fn with_room(cluster: &PrivateCluster) -> Store {
    let fresh = fresh_store(Place::Cluster(cluster)).unwrap();
    make_tables(&fresh.store);
    fresh.store.write("test.add", |tx| add_room(tx, "101")).unwrap();
    fresh.store
}

fn a_reopened_database_has_kept_everything(cluster: &PrivateCluster) {
    let fresh = fresh_store(Place::Cluster(cluster)).unwrap();
    make_tables(&fresh.store);
    fresh.store.write("test.add", |tx| add_room(tx, "101")).unwrap();
    let fresh = fresh.reopen().unwrap();
    assert_eq!(rooms(&fresh.store), ["101"]);
    assert_eq!(fresh.store.engine(), Engine::Postgres);
}

fn an_overtaken_transaction_is_run_again(cluster: &PrivateCluster) {
    let store = with_room(cluster);
    let both_have_read = Arc::new(Barrier::new(2));
    thread::scope(|scope| {
        for _ in 0..2 {
            let both_have_read = Arc::clone(&both_have_read);
            let store = &store;
            scope.spawn(move || {
                let mut is_first = true;
                let work = move |tx: &mut Tx<'_>| {
                    texts(tx, "SELECT id AS text FROM probe_room")?;
                    if std::mem::take(&mut is_first) {
                        both_have_read.wait();
                    }
                    raise_floor(tx)
                };
                store.write("test.raise", work).unwrap();
            });
        }
    });
    let floor = store.read("test.floor", |tx| texts(tx, "SELECT CAST(floor AS TEXT) AS text FROM probe_room")).unwrap();
    assert_eq!(floor, ["3"]);
    let counts = store.counts().transactions["test.raise"];
    assert_eq!(counts.committed, 2);
    assert!(counts.retried >= 1, "{counts:?}");
}

fn a_deadlock_is_run_again(cluster: &PrivateCluster) {
    let store = with_room(cluster);
    store.write("test.add", |tx| add_room(tx, "102")).unwrap();
    let both_hold_one = Arc::new(Barrier::new(2));
    thread::scope(|scope| {
        for (first, second) in [("101", "102"), ("102", "101")] {
            let both_hold_one = Arc::clone(&both_hold_one);
            let store = &store;
            scope.spawn(move || {
                let mut is_first = true;
                let work = move |tx: &mut Tx<'_>| {
                    execute(tx, &format!("UPDATE probe_room SET floor = floor + 1 WHERE id = '{first}'"))?;
                    if std::mem::take(&mut is_first) {
                        both_hold_one.wait();
                    }
                    execute(tx, &format!("UPDATE probe_room SET floor = floor + 1 WHERE id = '{second}'"))
                };
                store.write("test.cross", work).unwrap();
            });
        }
    });
    let floors =
        store.read("test.floor", |tx| texts(tx, "SELECT CAST(floor AS TEXT) AS text FROM probe_room")).unwrap();
    assert_eq!(floors, ["3", "3"]);
}

fn a_transaction_that_is_always_overtaken_gives_up(cluster: &PrivateCluster) {
    let store = with_room(cluster);
    let runs = Arc::new(AtomicU32::new(0));
    let counting = Arc::clone(&runs);
    let overtaken = "DO $$ BEGIN RAISE EXCEPTION 'overtaken' USING ERRCODE = 'serialization_failure'; END $$";
    let given_up = store.write("test.unlucky", move |tx| {
        counting.fetch_add(1, Ordering::Relaxed);
        execute(tx, overtaken)
    });
    assert!(
        matches!(given_up, Err(Error::RetriesExhausted { transaction: "test.unlucky", attempts: 20 })),
        "{given_up:?}"
    );
    assert_eq!(runs.load(Ordering::Relaxed), 20);
}

fn an_ignored_failure_is_not_committed(cluster: &PrivateCluster) {
    let store = with_room(cluster);
    let ignored = store.write("test.ignore", |tx| {
        add_room(tx, "102")?;
        add_room(tx, "101").unwrap_err();
        Ok::<_, Error>(())
    });
    assert!(matches!(ignored, Err(Error::IgnoredFailure { transaction: "test.ignore" })), "{ignored:?}");
    assert_eq!(rooms(&store), ["101"]);
}

fn a_connection_lost_in_a_transaction_is_made_again(cluster: &PrivateCluster) {
    let store = with_room(cluster);
    let mut is_first = true;
    store
        .write("test.add", move |tx| {
            add_room(tx, "102")?;
            if std::mem::take(&mut is_first) {
                execute(tx, "SELECT pg_terminate_backend(pg_backend_pid())")?;
            }
            add_room(tx, "103")
        })
        .unwrap();
    assert_eq!(rooms(&store), ["101", "102", "103"]);
    assert_eq!(store.counts().transactions["test.add"].retried, 1);
}

fn a_connection_lost_in_the_commit_is_reported_as_unknown(cluster: &PrivateCluster) {
    let store = with_room(cluster);
    store
        .write("test.trigger", |tx| {
            execute(
                tx,
                "CREATE FUNCTION hang_up() RETURNS trigger LANGUAGE plpgsql AS
                     $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$;
                 CREATE CONSTRAINT TRIGGER at_commit AFTER INSERT ON probe_room
                     DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION hang_up();",
            )
        })
        .unwrap();
    let runs = Arc::new(AtomicU32::new(0));
    let counting = Arc::clone(&runs);
    let unknown = store.write("test.add", move |tx| {
        counting.fetch_add(1, Ordering::Relaxed);
        add_room(tx, "102")
    });
    assert!(matches!(unknown, Err(Error::OutcomeUnknown { transaction: "test.add", .. })), "{unknown:?}");
    assert_eq!(runs.load(Ordering::Relaxed), 1, "a commit that may have succeeded must not be repeated");
}

fn a_read_that_loses_its_connection_fails_and_the_next_does_not(cluster: &PrivateCluster) {
    let store = with_room(cluster);
    let lost = store.read("test.lose", |tx| execute(tx, "SELECT pg_terminate_backend(pg_backend_pid())"));
    assert!(matches!(lost, Err(Error::ConnectionLost)), "{lost:?}");
    assert_eq!(rooms(&store), ["101"]);
}

fn commits_are_durable_even_where_the_server_says_otherwise(cluster: &PrivateCluster) {
    cluster.execute("ALTER ROLE innkeep SET synchronous_commit = off").unwrap();
    let store = with_room(cluster);
    let setting = |tx: &mut Tx<'_>| texts(tx, "SELECT current_setting('synchronous_commit') AS text");
    assert_eq!(store.write("test.setting", setting).unwrap(), ["on"]);
    cluster.execute("ALTER ROLE innkeep RESET synchronous_commit").unwrap();
}

fn idle_connections_that_died_with_the_server_are_made_again(cluster: &PrivateCluster) {
    let store = with_room(cluster);
    assert_eq!(rooms(&store), ["101"]);
    cluster.stop_server().unwrap();
    let unreachable = store.write("test.add", |tx| add_room(tx, "102"));
    assert!(matches!(unreachable, Err(Error::Open { .. })), "{unreachable:?}");
    let unreachable = store.read("test.rooms", |tx| texts(tx, "SELECT id AS text FROM probe_room"));
    assert!(matches!(unreachable, Err(Error::Open { .. })), "{unreachable:?}");
    cluster.start_server().unwrap();
    store.write("test.add", |tx| add_room(tx, "103")).unwrap();
    assert_eq!(rooms(&store), ["101", "103"]);
}
