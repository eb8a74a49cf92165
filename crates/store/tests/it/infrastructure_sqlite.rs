//! What is only true of SQLite: commits are shared, the file is complete, settings make commits durable.

use std::sync::mpsc;
use std::thread;

use innkeep_store::testing::{Place, execute, fresh_store, texts};
use innkeep_store::{Engine, Error, Location, Store, Tx};

use crate::infrastructure::{add_room, close_gate, make_tables, rooms};

#[test]
fn a_reopened_file_has_kept_everything() {
    let fresh = fresh_store(Place::File).unwrap();
    make_tables(&fresh.store);
    fresh.store.write("test.add", |tx| add_room(tx, "101")).unwrap();
    let fresh = fresh.reopen().unwrap();
    assert_eq!(rooms(&fresh.store), ["101"]);
    assert_eq!(fresh.store.engine(), Engine::Sqlite);
}

#[test]
fn a_reopened_memory_store_is_empty() {
    let fresh = fresh_store(Place::Memory).unwrap();
    make_tables(&fresh.store);
    let fresh = fresh.reopen().unwrap();
    make_tables(&fresh.store);
    assert!(rooms(&fresh.store).is_empty());
}

#[test]
fn the_file_alone_is_complete_once_the_store_is_closed() {
    let fresh = fresh_store(Place::File).unwrap();
    make_tables(&fresh.store);
    fresh.store.write("test.add", |tx| add_room(tx, "101")).unwrap();
    assert_eq!(rooms(&fresh.store), ["101"]);
    fresh.store.close();

    let Location::File(file) = &fresh.location else { unreachable!() };
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("copy.db");
    std::fs::copy(file, &copy).unwrap();
    let copied = Store::open(&Location::File(copy)).unwrap();
    assert_eq!(rooms(&copied), ["101"]);
}

#[test]
fn a_file_is_opened_under_a_name_that_looks_like_a_url() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file:hotel.db?mode=memory");
    Store::open(&Location::File(file.clone())).unwrap().close();
    assert!(file.is_file());
}

#[test]
fn a_folder_that_is_not_there_is_refused_with_its_name() {
    let folder = tempfile::tempdir().unwrap();
    let missing = Location::File(folder.path().join("missing/hotel.db"));
    match Store::open(&missing).map(drop) {
        Err(Error::Open { location, .. }) => assert_eq!(location, missing.to_string()),
        other => panic!("{other:?}"),
    }
}

#[test]
fn writes_that_wait_together_share_one_commit() {
    for place in [Place::File, Place::Memory] {
        let fresh = fresh_store(place).unwrap();
        make_tables(&fresh.store);
        let (sender, receiver) = mpsc::channel();
        let gate = close_gate(&fresh.store);
        for number in 0..31 {
            let sender = sender.clone();
            let work = move |tx: &mut Tx<'_>| add_room(tx, &number.to_string());
            fresh.store.write_then("test.add", work, move |answer| sender.send(answer).unwrap());
        }
        drop(gate);
        assert_eq!(receiver.iter().take(31).filter(Result::is_ok).count(), 31);
        // One for the tables, one for the gate and the 31.
        assert_eq!(fresh.store.counts().commits, 2);
    }
}

#[test]
fn no_write_is_seen_before_its_group_is_committed() {
    let fresh = fresh_store(Place::File).unwrap();
    make_tables(&fresh.store);
    let (sender, receiver) = mpsc::channel();
    let gate = close_gate(&fresh.store);
    // In the same group as the gate that follows it: done, but not yet committed.
    let answered = sender.clone();
    fresh.store.write_then(
        "test.add",
        |tx| add_room(tx, "101"),
        move |answer: Result<(), Error>| answered.send(answer.is_ok()).unwrap(),
    );
    let (done, second_gate) = (mpsc::channel(), mpsc::channel::<()>());
    let (entered, closed) = (done.0, second_gate.1);
    let work = move |_: &mut Tx<'_>| {
        entered.send(()).ok();
        closed.recv().unwrap_err();
        Ok::<_, Error>(())
    };
    fresh.store.write_then("test.gate", work, |answer| answer.unwrap());
    drop(gate);
    done.1.recv().unwrap();
    assert!(rooms(&fresh.store).is_empty());
    assert!(receiver.try_recv().is_err());
    drop(second_gate.0);
    assert!(receiver.recv().unwrap());
    assert_eq!(rooms(&fresh.store), ["101"]);
}

#[test]
fn commits_wait_for_the_disk_and_references_are_checked() {
    let fresh = fresh_store(Place::File).unwrap();
    let setting = |query: &'static str| fresh.store.write("test.setting", move |tx| texts(tx, query)).unwrap();
    assert_eq!(setting("SELECT journal_mode AS text FROM pragma_journal_mode"), ["wal"]);
    assert_eq!(setting("SELECT CAST(synchronous AS TEXT) AS text FROM pragma_synchronous"), ["2"]);
    assert_eq!(setting("SELECT CAST(foreign_keys AS TEXT) AS text FROM pragma_foreign_keys"), ["1"]);
}

#[test]
fn more_readers_than_connections_take_turns() {
    let fresh = fresh_store(Place::File).unwrap();
    make_tables(&fresh.store);
    fresh.store.write("test.add", |tx| add_room(tx, "101")).unwrap();
    thread::scope(|scope| {
        for _ in 0..40 {
            scope.spawn(|| assert_eq!(rooms(&fresh.store), ["101"]));
        }
    });
}

#[test]
fn the_last_clone_may_be_dropped_by_a_write() {
    let fresh = fresh_store(Place::File).unwrap();
    make_tables(&fresh.store);
    let store = Store::open(&fresh.location).unwrap();
    let (sender, receiver) = mpsc::channel();
    let gate = close_gate(&store);
    let last = store.clone();
    let work = move |tx: &mut Tx<'_>| {
        let _kept = &last;
        add_room(tx, "101")
    };
    store.write_then("test.add", work, move |answer| sender.send(answer).unwrap());
    // The writer's own thread now holds the only clone; it must not wait for itself.
    let waiting = thread::spawn(move || drop(store));
    waiting.join().unwrap();
    drop(gate);
    receiver.recv().unwrap().unwrap();
    assert_eq!(rooms(&fresh.store), ["101"]);
}

#[test]
fn two_stores_on_one_file_see_each_other() {
    let fresh = fresh_store(Place::File).unwrap();
    make_tables(&fresh.store);
    let other = Store::open(&fresh.location).unwrap();
    thread::scope(|scope| {
        for (number, store) in [&fresh.store, &other].into_iter().enumerate() {
            scope.spawn(move || {
                for room in 0..20 {
                    store.write("test.add", move |tx| add_room(tx, &format!("{number}-{room}"))).unwrap();
                }
            });
        }
    });
    assert_eq!(rooms(&fresh.store).len(), 40);
    assert_eq!(rooms(&other).len(), 40);
}

#[test]
fn a_statement_that_ends_the_whole_transaction_hurts_only_its_own() {
    let fresh = fresh_store(Place::File).unwrap();
    make_tables(&fresh.store);
    let (sender, receiver) = mpsc::channel();
    let gate = close_gate(&fresh.store);
    for id in ["101", "102", "103"] {
        let sender = sender.clone();
        let work = move |tx: &mut Tx<'_>| {
            add_room(tx, id)?;
            // Conflict clause ROLLBACK does what a full disk does: SQLite ends the transaction by itself.
            if id == "102" {
                execute(tx, "INSERT OR ROLLBACK INTO probe_room (id, floor) VALUES ('102', 1)")?;
            }
            Ok::<_, Error>(())
        };
        fresh.store.write_then("test.add", work, move |answer| sender.send((id, answer)).unwrap());
    }
    drop(gate);
    for (id, answer) in receiver.iter().take(3) {
        assert_eq!(answer.is_ok(), id != "102", "{id}: {answer:?}");
    }
    assert_eq!(rooms(&fresh.store), ["101", "103"]);
}
