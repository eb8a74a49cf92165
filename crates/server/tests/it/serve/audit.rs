//! The audit log: what it says, and that nobody alters it unnoticed. Somebody who has the database file can do with it
//! whatever he likes; here he does.

use domain::Moment;
use engine::{Caller, audit as log, sites, user_identities};
use rusqlite::Connection;
use serde_json::{Value, json};
use store::{
    Store,
    audit::{self as rows, Row},
    testing::{Place, PrivateCluster, fresh_store},
};

use super::Office;

/// An office that was open for a while and is closed now.
fn closed_office() -> Office {
    let office = Office::new();
    office.configure("", &[]);
    let desk = office.open(None);
    for name in ["Ada", "Bob", "Eve"] {
        let made = desk.post("/user_identities/create", json!({"full_name": name}));
        let id = &made["user_identity"]["user_identity_id"];
        desk.post("/user_identities/update", json!({"user_identity_id": id, "full_name": format!("{name} Secret")}));
    }
    desk.stop();
    office
}

fn database(office: &Office) -> Connection {
    Connection::open(office.path("innkeep.db")).unwrap()
}

/// Somebody who knows the schema takes away what is in the way.
fn without_triggers(office: &Office) -> Connection {
    let database = database(office);
    database.execute_batch("DROP TRIGGER audit_is_never_changed; DROP TRIGGER audit_is_never_removed;").unwrap();
    database
}

fn exported(office: &Office, more: &[&str]) -> Vec<Value> {
    let (succeeded, said, complained) = office.run(&[&["audit", "export"], more].concat());
    assert!(succeeded, "{complained}");
    said.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Whether the log is as it was written, and what is said of it.
fn verified(office: &Office, more: &[&str]) -> (bool, String) {
    let (succeeded, said, complained) = office.run(&[&["audit", "verify"], more].concat());
    (succeeded, said + &complained)
}

#[test]
fn the_log_says_who_did_what_by_which_route_without_personal_data() {
    let office = closed_office();
    let lines = exported(&office, &[]);
    let places: Vec<i64> = lines.iter().map(|line| line["sequence"].as_i64().unwrap()).collect();
    assert_eq!(places, (1..=i64::try_from(lines.len()).unwrap()).collect::<Vec<_>>(), "all of it is sealed");
    let update = lines.iter().find(|line| line["action"] == "user_identity.update").unwrap();
    assert!(update["actor"].as_str().unwrap().starts_with("api_key:"), "{update}");
    assert_eq!(update["route"], "/user_identities/update");
    assert_eq!(update["request_id"].as_str().unwrap().len(), 16);
    let (before, after) = (&update["before"]["full_name"], &update["after"]["full_name"]);
    assert!(before != after && after.as_str().unwrap().starts_with("sha256:"), "{update}");
    assert_eq!(update["before"]["email_address"], Value::Null);
    let text = lines.iter().map(Value::to_string).collect::<String>();
    for personal in ["Ada", "Bob", "Eve", "Secret"] {
        assert!(!text.contains(personal), "{personal}");
    }
    // What the operator did, at the command line and by the configuration.
    let by_operator: Vec<&str> =
        lines.iter().filter(|line| line["actor"] == "operator").map(|line| line["action"].as_str().unwrap()).collect();
    assert_eq!(by_operator, ["workspace.create", "acs_system.configure", "api_key.create"]);
}

#[test]
fn what_the_workers_do_stands_in_the_log_too() {
    let (hotel, office, desk) = super::usual();
    let guest = desk.arrive("Ada", &hotel);
    let key = desk.new_stay(&guest, &["101"]);
    desk.wait_issued(&key);
    desk.post("/acs/credentials/delete", json!({"acs_credential_id": key}));
    desk.wait("the key is gone", |desk| {
        let (status, _) = desk.try_post("/acs/credentials/get", &json!({"acs_credential_id": key})).ok()?;
        (status == 404).then_some(())
    });
    desk.stop();
    let lines = exported(&office, &[]);
    let of_workers: Vec<&Value> = lines.iter().filter(|line| line["actor"] == "innkeep").collect();
    let carrier = of_workers.iter().find(|line| line["action"] == "carrier.order").unwrap()["subject_id"].clone();
    let stages: Vec<&str> = of_workers
        .iter()
        .filter(|line| line["subject_id"] == carrier && line["action"] == "carrier.change")
        .map(|line| line["after"]["stage"].as_str().unwrap())
        .collect();
    // The phone may have fetched its key by the time the lock server confirms the card.
    let without_waiting: Vec<&str> = stages.into_iter().filter(|stage| *stage != "on_lock_server").collect();
    assert_eq!(without_waiting, ["sent", "on_phone", "revoking", "revoked_at_server"]);
    let count = |action: &str| of_workers.iter().filter(|line| line["action"] == action).count();
    // The parent and its child on the phone.
    assert_eq!(count("acs_credential.add_child"), 1);
    assert_eq!(count("acs_credential.issue"), 2);
    assert_eq!(count("acs_credential.gone"), 2);
    assert!(count("acs_entrance.list") > 20, "every door of the hotel");
    assert!(of_workers.iter().all(|line| line["route"].is_null()));
    assert!(verified(&office, &[]).0);
}

#[test]
fn the_export_is_cut_to_a_time_and_a_thing() {
    let office = closed_office();
    let all = exported(&office, &[]);
    let subject = all.iter().find(|line| line["action"] == "user_identity.create").unwrap()["subject_id"].clone();
    let of_one = exported(&office, &["--subject", subject.as_str().unwrap()]);
    let actions: Vec<&Value> = of_one.iter().map(|line| &line["action"]).collect();
    assert_eq!(actions, ["user_identity.create", "user_identity.update"]);
    let from = of_one[0]["at"].as_str().unwrap();
    let since = exported(&office, &["--since", from]);
    let until = exported(&office, &["--until", from]);
    assert_eq!(since.len() + until.len(), all.len());
    assert_eq!(since[0]["action"], "user_identity.create");
}

#[test]
fn a_log_that_nobody_altered_is_as_it_was_written() {
    let office = closed_office();
    let (is_good, said) = verified(&office, &[]);
    let rows = exported(&office, &[]).len();
    assert!(is_good && said.contains(&format!(": {rows} rows are as they were written, 0 not sealed yet")), "{said}");
    let note = said.rsplit("note ").next().unwrap().trim();
    let (contains, said) = verified(&office, &["--contains", note]);
    assert!(contains, "{said}");
}

#[test]
fn the_database_refuses_to_change_or_remove_a_row() {
    let office = closed_office();
    let database = database(&office);
    for (statement, word) in [
        ("UPDATE audit SET actor = 'nobody' WHERE sequence = 2", "changed"),
        ("UPDATE audit SET hash = 'x' WHERE sequence = 2", "changed"),
        ("UPDATE audit SET sequence = NULL, hash = NULL WHERE sequence = 2", "changed"),
        ("DELETE FROM audit WHERE sequence = 2", "removed"),
    ] {
        let refused = database.execute(statement, []).unwrap_err().to_string();
        assert_eq!(refused, format!("rows of the audit log are never {word}"), "{statement}");
    }
}

#[test]
fn whatever_is_altered_in_the_file_the_first_altered_row_is_named() {
    for (statements, finding) in [
        ("UPDATE audit SET actor = 'nobody' WHERE sequence = 3", "row 3 ("),
        ("UPDATE audit SET at = at + 1 WHERE sequence >= 4", "row 4 ("),
        ("UPDATE audit SET detail = '{}' WHERE sequence = 5", "row 5 ("),
        ("DELETE FROM audit WHERE sequence = 3", "row 3 was removed"),
        ("DELETE FROM audit WHERE sequence IN (3, 4)", "rows 3 to 4 were removed"),
        ("DELETE FROM audit WHERE sequence = 1", "row 1 was removed"),
        ("DELETE FROM audit WHERE sequence = (SELECT max(sequence) FROM audit)", "row 9 was removed"),
        // Removed, and the rest moved up.
        (
            "DELETE FROM audit WHERE sequence = 3; UPDATE audit SET sequence = sequence - 1 WHERE sequence > 3",
            "row 3 (",
        ),
        // Two rows change places, with and without their hashes.
        (
            "UPDATE audit SET sequence = -2 WHERE sequence = 2; UPDATE audit SET sequence = 2 WHERE sequence = 5; \
             UPDATE audit SET sequence = 5 WHERE sequence = -2",
            "row 2 (",
        ),
        ("UPDATE audit SET sequence = NULL WHERE sequence = 4", "row 4 was removed"),
        ("DELETE FROM audit_heads", "the note of the end of the log was removed; the last row is 9"),
        (
            "INSERT INTO audit SELECT 'forged', workspace_id, at, actor, action, subject_id, detail, route, \
             request_id, 10, 'x' FROM audit WHERE sequence = 9",
            "row 10 (forged)",
        ),
    ] {
        let office = closed_office();
        without_triggers(&office).execute_batch(statements).unwrap();
        let (is_good, said) = verified(&office, &[]);
        assert!(!is_good && said.contains("was altered: ") && said.contains(finding), "{statements}: {said}");
    }
}

/// A row of the file as the engine reads it.
fn row(database: &Connection, sequence: i64) -> Row {
    let query = "SELECT id, workspace_id, at, actor, action, subject_id, detail, route, request_id, sequence, hash \
                 FROM audit WHERE sequence = ?1";
    let read = |row: &rusqlite::Row<'_>| {
        Ok(Row {
            id: row.get(0)?,
            workspace_id: row.get(1)?,
            at: row.get(2)?,
            actor: row.get(3)?,
            action: row.get(4)?,
            subject_id: row.get(5)?,
            detail: row.get(6)?,
            route: row.get(7)?,
            request_id: row.get(8)?,
            sequence: row.get(9)?,
            hash: row.get(10)?,
        })
    };
    database.query_row(query, [sequence], read).unwrap()
}

#[test]
fn a_row_whose_hash_was_made_anew_is_found_by_the_next() {
    let office = closed_office();
    let database = without_triggers(&office);
    let before = row(&database, 4).hash.unwrap();
    let forged = Row { actor: "nobody".to_owned(), ..row(&database, 5) };
    let hash = log::hash(&before, 5, &forged);
    database.execute("UPDATE audit SET actor = 'nobody', hash = ?1 WHERE sequence = 5", [hash]).unwrap();
    let (is_good, said) = verified(&office, &[]);
    assert!(!is_good && said.contains("row 6 ("), "{said}");
}

#[test]
fn a_log_that_was_rewritten_to_its_end_does_not_contain_what_somebody_noted() {
    let office = closed_office();
    let (_, said) = verified(&office, &[]);
    let note = said.rsplit("note ").next().unwrap().trim().to_owned();
    let database = without_triggers(&office);
    let mut before = row(&database, 4).hash.unwrap();
    for sequence in 5..=9 {
        let forged = Row { actor: "nobody".to_owned(), ..row(&database, sequence) };
        before = log::hash(&before, sequence, &forged);
        let change = "UPDATE audit SET actor = 'nobody', hash = ?1 WHERE sequence = ?2";
        database.execute(change, rusqlite::params![before, sequence]).unwrap();
    }
    database.execute("UPDATE audit_heads SET hash = ?1", [before]).unwrap();
    assert!(verified(&office, &[]).0, "the log by itself cannot tell");
    let (is_good, said) = verified(&office, &["--contains", &note]);
    assert!(!is_good && said.contains(&format!("does not contain row {note} any more")), "{said}");
}

#[test]
fn what_a_killed_server_left_unsealed_is_sealed_by_the_next() {
    let office = Office::new();
    office.configure("", &[]);
    let desk = office.open(None);
    let api_key = desk.api_key.clone();
    desk.post("/user_identities/create", json!({"full_name": "Ada"}));
    desk.kill();
    assert!(verified(&office, &[]).0, "a tail that is not sealed yet is no finding");
    office.open(Some(&api_key)).stop();
    let (is_good, said) = verified(&office, &[]);
    assert!(is_good && said.contains(": 4 rows are as they were written, 0 not sealed yet"), "{said}");
}

/// A workspace with a few lines in its log.
fn fill(store: &Store) -> domain::id::WorkspaceId {
    let moment = Moment::new("2030-01-01T12:00:00Z".parse().unwrap(), 7);
    let filled = store.write("test.fill", move |tx| {
        let mut moment = moment.clone();
        let key = sites::NewApiKey { short_token: "test1".to_owned(), long_token_sha256: "0".repeat(64) };
        let new = sites::NewSandbox {
            workspace_name: "Trial".to_owned(),
            site_name: "Hotel Meridian".to_owned(),
            time_zone: "Europe/Stockholm".to_owned(),
            api_key: key,
        };
        let made = sites::create_sandbox(tx, &mut moment, &new)?;
        let caller = Caller::of_workspace(made.workspace_id, "test".to_owned());
        for _ in 0..40 {
            user_identities::create(tx, &mut moment, &caller, &user_identities::Create::default())?;
        }
        Ok::<_, engine::Error>(made.workspace_id)
    });
    filled.unwrap()
}

/// Several programs seal one log at once, and it is one chain all the same.
fn several_seal_one_log(store: &Store, other: &Store) {
    let workspace = fill(store);
    std::thread::scope(|scope| {
        for store in [store, other, store, other] {
            scope.spawn(|| while store.write("test.seal", |tx| log::seal(tx, 3)).unwrap() > 0 {});
        }
    });
    let found = store.read("test.verify", |tx| log::verify(tx, workspace)).unwrap();
    assert_eq!((found.finding, found.unsealed, found.end.sequence), (None, 0, 44));
    let altered = store.write("test.alter", |tx| -> Result<(), store::Error> {
        store::testing::execute(tx, "UPDATE audit SET actor = 'nobody' WHERE sequence = 2")
    });
    let told = format!("{:?}", altered.unwrap_err());
    assert!(told.contains("rows of the audit log are never changed"), "{told}");
    let removed = store.write("test.remove", |tx| -> Result<(), store::Error> {
        store::testing::execute(tx, "DELETE FROM audit WHERE sequence = 2")
    });
    assert!(format!("{:?}", removed.unwrap_err()).contains("never removed"));
    let page = store.read("test.page", |tx| rows::sealed(tx, workspace, 40, 100)).unwrap();
    assert_eq!(page.iter().map(|row| row.sequence.unwrap()).collect::<Vec<_>>(), [41, 42, 43, 44]);
}

#[test]
fn several_that_seal_at_once_make_one_chain_on_sqlite() {
    let fresh = fresh_store(Place::File).unwrap();
    several_seal_one_log(&fresh.store, &fresh.store);
}

#[test]
fn several_that_seal_at_once_make_one_chain_on_postgres() {
    let name = "several_that_seal_at_once_make_one_chain_on_postgres";
    let Some(cluster) = PrivateCluster::start_or_skip(name) else { return };
    let fresh = fresh_store(Place::Cluster(&cluster)).unwrap();
    let other = Store::open(&fresh.location).unwrap();
    several_seal_one_log(&fresh.store, &other);
}
