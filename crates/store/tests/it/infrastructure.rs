//! What every transaction may rely on, whatever it does.

use std::sync::mpsc;
use std::thread;

use innkeep_store::testing::{execute, texts};
use innkeep_store::{ConstraintKind, Error, Store, Tx};

use crate::conformance::Case;

/// Cases of the conformance suite.
pub const CASES: &[Case] = &[
    ("a write is committed when its answer comes", a_write_is_committed_when_its_answer_comes),
    ("a refused transaction leaves nothing and the others stay", a_refused_transaction_leaves_nothing),
    ("a panic ends only its own transaction", a_panic_ends_only_its_own_transaction),
    ("a unique violation names its columns", a_unique_violation_names_its_columns),
    ("a violated named check names itself", a_violated_check_names_itself),
    ("a missing value is refused with its column", a_missing_value_is_refused_with_its_column),
    ("foreign keys are enforced", foreign_keys_are_enforced),
    ("a check at the commit refuses only its own transaction", a_check_at_the_commit_refuses_only_its_own),
    ("a read sees whole transactions", a_read_sees_whole_transactions),
    ("a read cannot write", a_read_cannot_write),
    ("a read that panics spoils nothing", a_read_that_panics_spoils_nothing),
    ("32 concurrent writers all land", all_of_32_concurrent_writers_land),
    ("no update is lost", no_update_is_lost),
    ("a transaction inside another is refused", a_transaction_inside_another_is_refused),
    ("a closed store refuses and has finished what waited", a_closed_store_refuses),
    ("transactions are counted by name", transactions_are_counted_by_name),
];

/// Makes the tables the cases use.
pub fn make_tables(store: &Store) {
    store
        .write("test.tables", |tx| {
            execute(
                tx,
                "CREATE TABLE probe_room (
                     id TEXT NOT NULL PRIMARY KEY,
                     floor BIGINT NOT NULL CONSTRAINT probe_room_floor CHECK (floor > 0)
                 );
                 CREATE TABLE probe_key (
                     id TEXT NOT NULL PRIMARY KEY,
                     room_id TEXT NOT NULL REFERENCES probe_room (id),
                     later_room_id TEXT REFERENCES probe_room (id) DEFERRABLE INITIALLY DEFERRED
                 );",
            )
        })
        .unwrap();
}

pub fn add_room(tx: &mut Tx<'_>, id: &str) -> Result<(), Error> {
    execute(tx, &format!("INSERT INTO probe_room (id, floor) VALUES ('{id}', 1)"))
}

pub fn rooms(store: &Store) -> Vec<String> {
    store.read("test.rooms", |tx| texts(tx, "SELECT id AS text FROM probe_room ORDER BY id")).unwrap()
}

fn a_write_is_committed_when_its_answer_comes(store: &Store) {
    make_tables(store);
    store.write("test.add", |tx| add_room(tx, "101")).unwrap();
    assert_eq!(rooms(store), ["101"]);

    let (sender, receiver) = mpsc::channel();
    store.write_then("test.add", |tx| add_room(tx, "102"), move |answer| sender.send(answer).unwrap());
    receiver.recv().unwrap().unwrap();
    assert_eq!(rooms(store), ["101", "102"]);
}

fn a_refused_transaction_leaves_nothing(store: &Store) {
    make_tables(store);
    let (sender, receiver) = mpsc::channel();
    let gate = close_gate(store);
    for (id, is_refused) in [("101", false), ("102", true), ("103", false)] {
        let sender = sender.clone();
        let work = move |tx: &mut Tx<'_>| {
            add_room(tx, id)?;
            if is_refused { Err(Refusal::Business) } else { Ok(()) }
        };
        store.write_then("test.add", work, move |answer| sender.send((id, answer)).unwrap());
    }
    drop(gate);
    let mut answers: Vec<_> = receiver.iter().take(3).collect();
    answers.sort_by_key(|(id, _)| *id);
    assert!(matches!(answers[0], ("101", Ok(()))));
    assert!(matches!(answers[1], ("102", Err(Refusal::Business))));
    assert!(matches!(answers[2], ("103", Ok(()))));
    assert_eq!(rooms(store), ["101", "103"]);
}

fn a_panic_ends_only_its_own_transaction(store: &Store) {
    make_tables(store);
    let panicked = store.write("test.panic", |tx| -> Result<(), Error> {
        add_room(tx, "101")?;
        panic!("the closure gives up");
    });
    match panicked {
        Err(Error::Panicked { transaction, message }) => {
            assert_eq!((transaction, message.as_str()), ("test.panic", "the closure gives up"));
        }
        other => panic!("{other:?}"),
    }
    store.write("test.add", |tx| add_room(tx, "102")).unwrap();
    assert_eq!(rooms(store), ["102"]);
}

fn a_unique_violation_names_its_columns(store: &Store) {
    make_tables(store);
    store.write("test.add", |tx| add_room(tx, "101")).unwrap();
    let error = store.write("test.add", |tx| add_room(tx, "101")).unwrap_err();
    assert!(error.is_unique_violation("probe_room", &["id"]), "{error:?}");

    store
        .write("test.index", |tx| {
            execute(tx, "CREATE TABLE probe_pair (a TEXT, b TEXT); CREATE UNIQUE INDEX pair ON probe_pair (a, b)")
        })
        .unwrap();
    let add = |tx: &mut Tx<'_>| execute(tx, "INSERT INTO probe_pair (a, b) VALUES ('x, y', ')=(')");
    store.write("test.add", add).unwrap();
    let error = store.write("test.add", add).unwrap_err();
    assert!(error.is_unique_violation("probe_pair", &["a", "b"]), "{error:?}");
}

fn a_violated_check_names_itself(store: &Store) {
    make_tables(store);
    let add = |tx: &mut Tx<'_>| execute(tx, "INSERT INTO probe_room (id, floor) VALUES ('101', 0)");
    match store.write("test.add", add).unwrap_err() {
        Error::Constraint { kind: ConstraintKind::Check, name, .. } => {
            assert_eq!(name.as_deref(), Some("probe_room_floor"));
        }
        other => panic!("{other:?}"),
    }
}

fn a_missing_value_is_refused_with_its_column(store: &Store) {
    make_tables(store);
    let add = |tx: &mut Tx<'_>| execute(tx, "INSERT INTO probe_room (id, floor) VALUES ('101', NULL)");
    match store.write("test.add", add).unwrap_err() {
        Error::Constraint { kind: ConstraintKind::NotNull, table, columns, .. } => {
            assert_eq!((table.as_deref(), columns), (Some("probe_room"), vec!["floor".to_owned()]));
        }
        other => panic!("{other:?}"),
    }
}

fn foreign_keys_are_enforced(store: &Store) {
    make_tables(store);
    let is_refused = |statement: &'static str| {
        let error = store.write("test.refer", move |tx| execute(tx, statement)).unwrap_err();
        assert!(matches!(error, Error::Constraint { kind: ConstraintKind::ForeignKey, .. }), "{error:?}");
    };
    is_refused("INSERT INTO probe_key (id, room_id) VALUES ('k', '101')");
    store.write("test.add", |tx| add_room(tx, "101")).unwrap();
    store.write("test.refer", |tx| execute(tx, "INSERT INTO probe_key (id, room_id) VALUES ('k', '101')")).unwrap();
    is_refused("DELETE FROM probe_room");
}

fn a_check_at_the_commit_refuses_only_its_own(store: &Store) {
    make_tables(store);
    store.write("test.add", |tx| add_room(tx, "101")).unwrap();
    let (sender, receiver) = mpsc::channel();
    let gate = close_gate(store);
    for (id, later_room) in [("a", "101"), ("b", "999"), ("c", "101")] {
        let sender = sender.clone();
        let statement =
            format!("INSERT INTO probe_key (id, room_id, later_room_id) VALUES ('{id}', '101', '{later_room}')");
        let work = move |tx: &mut Tx<'_>| execute(tx, &statement);
        store.write_then("test.refer", work, move |answer| sender.send((id, answer)).unwrap());
    }
    drop(gate);
    for (id, answer) in receiver.iter().take(3) {
        match answer {
            Ok(()) => assert_ne!(id, "b"),
            Err(Error::Constraint { kind: ConstraintKind::ForeignKey, .. }) => assert_eq!(id, "b"),
            Err(other) => panic!("{id}: {other:?}"),
        }
    }
    let keys = store.read("test.keys", |tx| texts(tx, "SELECT id AS text FROM probe_key ORDER BY id")).unwrap();
    assert_eq!(keys, ["a", "c"]);
}

fn a_read_sees_whole_transactions(store: &Store) {
    make_tables(store);
    let writing = store.clone();
    let writer = thread::spawn(move || {
        for number in 0..50 {
            writing
                .write("test.pair", move |tx| {
                    add_room(tx, &format!("{number}-left"))?;
                    add_room(tx, &format!("{number}-right"))
                })
                .unwrap();
        }
    });
    while !writer.is_finished() {
        assert_eq!(rooms(store).len() % 2, 0);
    }
    writer.join().unwrap();
    assert_eq!(rooms(store).len(), 100);
}

fn a_read_cannot_write(store: &Store) {
    make_tables(store);
    assert!(store.read("test.add", |tx| add_room(tx, "101")).is_err());
    assert!(rooms(store).is_empty());
    store.write("test.add", |tx| add_room(tx, "102")).unwrap();
    assert_eq!(rooms(store), ["102"]);
}

fn a_read_that_panics_spoils_nothing(store: &Store) {
    make_tables(store);
    let panicked = store.read("test.panic", |_| -> Result<(), Error> { panic!("the closure gives up") });
    assert!(matches!(panicked, Err(Error::Panicked { transaction: "test.panic", .. })), "{panicked:?}");
    store.write("test.add", |tx| add_room(tx, "101")).unwrap();
    assert_eq!(rooms(store), ["101"]);
}

fn all_of_32_concurrent_writers_land(store: &Store) {
    make_tables(store);
    thread::scope(|scope| {
        for writer in 0..32 {
            scope.spawn(move || {
                for number in 0..5 {
                    store.write("test.add", move |tx| add_room(tx, &format!("{writer}-{number}"))).unwrap();
                }
            });
        }
    });
    assert_eq!(rooms(store).len(), 160);
    assert_eq!(store.counts().transactions["test.add"].committed, 160);
}

fn no_update_is_lost(store: &Store) {
    make_tables(store);
    store.write("test.add", |tx| add_room(tx, "101")).unwrap();
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for _ in 0..5 {
                    store.write("test.raise", raise_floor).unwrap();
                }
            });
        }
    });
    let floor = store.read("test.floor", |tx| texts(tx, "SELECT CAST(floor AS TEXT) AS text FROM probe_room")).unwrap();
    assert_eq!(floor, ["41"]);
}

/// Reads and then writes what it computed, as the engine's operations do.
pub fn raise_floor(tx: &mut Tx<'_>) -> Result<(), Error> {
    let floor = texts(tx, "SELECT CAST(floor AS TEXT) AS text FROM probe_room WHERE id = '101'")?;
    let floor: i64 = floor[0].parse().unwrap();
    execute(tx, &format!("UPDATE probe_room SET floor = {} WHERE id = '101'", floor + 1))
}

fn a_transaction_inside_another_is_refused(store: &Store) {
    make_tables(store);
    let inner = store.clone();
    let nested = store.write("test.outer", move |_| inner.write("test.inner", |tx| add_room(tx, "101")));
    assert!(matches!(nested, Err(Error::Nested { transaction: "test.inner" })), "{nested:?}");
    let nested = store.read("test.outer", |_| store.read("test.inner", |_| Ok::<_, Error>(())));
    assert!(matches!(nested, Err(Error::Nested { transaction: "test.inner" })), "{nested:?}");
    store.write("test.add", |tx| add_room(tx, "102")).unwrap();
    assert_eq!(rooms(store), ["102"]);
}

fn a_closed_store_refuses(store: &Store) {
    make_tables(store);
    let (sender, receiver) = mpsc::channel();
    for number in 0..10 {
        let sender = sender.clone();
        let work = move |tx: &mut Tx<'_>| add_room(tx, &number.to_string());
        store.write_then("test.add", work, move |answer| sender.send(answer).unwrap());
    }
    store.close();
    drop(sender);
    assert_eq!(receiver.iter().filter(Result::is_ok).count(), 10);
    assert!(matches!(store.write("test.add", |tx| add_room(tx, "x")), Err(Error::Closed)));
    assert!(matches!(store.read("test.add", |tx| add_room(tx, "x")), Err(Error::Closed)));
}

fn transactions_are_counted_by_name(store: &Store) {
    make_tables(store);
    store.write("test.add", |tx| add_room(tx, "101")).unwrap();
    store.write("test.add", |tx| add_room(tx, "101")).unwrap_err();
    store.write("test.add", |_| -> Result<(), Error> { panic!("the closure gives up") }).unwrap_err();
    let counts = store.counts();
    let add = counts.transactions["test.add"];
    assert_eq!((add.committed, add.refused, add.failed, add.retried), (1, 1, 1, 0));
    assert_eq!(counts.commits, 2);
}

/// An error type of the caller's own.
#[derive(Debug)]
pub enum Refusal {
    Business,
    Store(#[expect(dead_code, reason = "shown when an assertion fails")] Error),
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Self::Store(error)
    }
}

/// Holds up a writer until the answer is dropped, so that the writes queued meanwhile meet in one group on SQLite.
pub fn close_gate(store: &Store) -> mpsc::Sender<()> {
    let (gate, closed) = mpsc::channel::<()>();
    let (entered, inside) = mpsc::channel();
    let work = move |_: &mut Tx<'_>| {
        // Nobody listens any more when the work is run again, and the gate is then open.
        entered.send(()).ok();
        closed.recv().unwrap_err();
        Ok::<_, Error>(())
    };
    store.write_then("test.gate", work, |answer| answer.unwrap());
    inside.recv().unwrap();
    gate
}
