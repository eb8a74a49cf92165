//! Durable credential creates over HTTP, against the bare SQLite driver that writes the same rows with 16 per commit
//! (design 14: floor 0.35, aim 0.6). Both in one run, in turn, on files with `synchronous=FULL`.

mod support;

use std::sync::Arc;

use rusqlite::params;
use support::{Site, load, now, per_second, request, row, say};
use tokio_util::sync::CancellationToken;

const ROUNDS: usize = 5;
const PER_ROUND: usize = 4_000;
const CLIENTS: usize = 16;
const PER_COMMIT: usize = 16;

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    let mut ours = Vec::new();
    let mut bare = Vec::new();
    let mut ratios = Vec::new();
    for round in 0..ROUNDS {
        let http = runtime.block_on(http_creates());
        let driver = bare_creates();
        say(&format!("round {round}: ours {http:.0}/s, bare driver {driver:.0}/s, ratio {:.2}", http / driver));
        ours.push(http);
        bare.push(driver);
        ratios.push(http / driver);
    }
    row("credential creates over HTTP, 16 clients", &mut ours);
    row("bare driver, same rows, 16 per commit", &mut bare);
    ratios.sort_by(f64::total_cmp);
    say(&format!("ratio: median {:.2}, floor 0.35, aim 0.6", ratios[ratios.len() / 2]));
}

async fn http_creates() -> f64 {
    let site = Site::open();
    let users = site.users(PER_ROUND);
    let requests: Vec<Vec<u8>> = users
        .iter()
        .enumerate()
        .map(|(number, user)| {
            let door = &site.doors[number % site.doors.len()];
            let body = format!(
                r#"{{"acs_user_id":"{user}","access_method":"mobile_key","is_multi_phone_sync_credential":true,"allowed_acs_entrance_ids":["{door}"],"starts_at":"2030-01-{:02}T15:00:00Z","ends_at":"2030-02-01T11:00:00Z","visionline_metadata":{{"cardFormat":"rfid48","label":"%ROOMNUM%","is_override_key":true}}}}"#,
                1 + number / site.doors.len()
            );
            request("POST", "/acs/credentials/create", &body)
        })
        .collect();
    let stop = CancellationToken::new();
    let address = site.serve(stop.clone()).await;
    let commits = site.store.counts().commits;
    let rate = load(address, CLIENTS, Arc::new(requests)).await;
    let commits = site.store.counts().commits - commits;
    say(&format!("{PER_ROUND} creates in {commits} commits"));
    stop.cancel();
    site.store.close();
    rate
}

/// The rows of one create: credential, door, stay, tenancy, outbox, audit.
fn bare_creates() -> f64 {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut connection = rusqlite::Connection::open(folder.path().join("bare.db")).expect("a database");
    connection
        .execute_batch("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;")
        .expect("the settings");
    connection.execute_batch(include_str!("../../store/migrations/sqlite/0001_start/up.sql")).expect("the schema");
    connection.execute_batch(BARE_SITE).expect("a site");
    for number in 0..PER_ROUND {
        connection
            .execute(
                "INSERT INTO acs_users (id, workspace_id, acs_system_id, full_name, is_suspended, created_at) \
                 VALUES (?1, 'w', 's', 'Guest', 0, 1)",
                params![id("user", number)],
            )
            .expect("a user");
    }
    for room in 0..support::ROOMS {
        connection
            .execute(
                "INSERT INTO entrances (id, workspace_id, acs_system_id, door_name, door_category, room_order, \
                 profiles, created_at) VALUES (?1, 'w', 's', ?2, 'guest', ?3, '[]', 1)",
                params![id("door", room), room.to_string(), i64::try_from(room).unwrap_or(0)],
            )
            .expect("a door");
    }
    let numbers: Vec<usize> = (0..PER_ROUND).collect();
    let started = now();
    for chunk in numbers.chunks(PER_COMMIT) {
        let transaction = connection.transaction().expect("a transaction");
        for number in chunk {
            insert(&transaction, *number).expect("the rows of a create");
        }
        transaction.commit().expect("a commit");
    }
    per_second(PER_ROUND, started)
}

fn insert(connection: &rusqlite::Connection, number: usize) -> rusqlite::Result<()> {
    let (credential, stay) = (id("cred", number), id("stay", number));
    let door = id("door", number % support::ROOMS);
    let at = 1_900_000_000_000_000_i64 + i64::try_from(number).unwrap_or(0);
    connection
        .prepare_cached(
            "INSERT INTO credentials (id, workspace_id, acs_system_id, acs_user_id, credential_manager_id, \
             access_method, is_multi_phone, starts_at, ends_at, schedule_modified, card_format, label, mode, \
             joiner_ids, revision, created_at) \
             VALUES (?1, 'w', 's', ?2, 'm', 'mobile_key', 1, ?3, ?4, 0, 'rfid48', '%ROOMNUM%', 'override', '[]', 0, ?3)",
        )?
        .execute(params![credential, id("user", number), at, at + 1])?;
    connection
        .prepare_cached("INSERT INTO stays (id, acs_system_id, starts_at, created_at) VALUES (?1, 's', ?2, ?2)")?
        .execute(params![stay, at])?;
    connection
        .prepare_cached(
            "INSERT INTO tenancies (stay_id, entrance_id, rank_starts_at, rank_created_at, starts_at, ends_at) \
             VALUES (?1, ?2, ?3, ?3, ?3, ?4)",
        )?
        .execute(params![stay, door, at, at + 1])?;
    connection
        .prepare_cached(
            "INSERT INTO credential_doors (credential_id, entrance_id, position, stay_id) VALUES (?1, ?2, 0, ?3)",
        )?
        .execute(params![credential, door, stay])?;
    connection
        .prepare_cached("INSERT INTO tasks (id, acs_system_id, credential_id, due_at) VALUES (?1, 's', ?2, ?3)")?
        .execute(params![id("task", number), credential, at])?;
    connection
        .prepare_cached(
            "INSERT INTO audit (id, workspace_id, at, actor, action, subject_id, detail) \
             VALUES (?1, 'w', ?2, 'api_key:0190f5fe-7c00-7a00-8000-0123456789ab', 'acs_credential.create', ?3, ?4)",
        )?
        .execute(params![id("note", number), at, credential, AUDIT_DETAIL])?;
    Ok(())
}

/// As long as an id of ours, and rising like one.
fn id(kind: &str, number: usize) -> String {
    format!("0190f5fe-7c00-7a00-{kind:0>4}-{number:012}")
}

const BARE_SITE: &str = "
    INSERT INTO workspaces (id, name, is_sandbox, created_at) VALUES ('w', 'Benchmark', 1, 1);
    INSERT INTO connected_accounts (id, workspace_id, account_type, display_name, created_at)
        VALUES ('a', 'w', 'visionline', 'Benchmark', 1);
    INSERT INTO acs_systems (id, workspace_id, connected_account_id, kind, name, settings, last_opening, errors,
        warnings, created_at) VALUES ('s', 'w', 'a', 'visionline_system', 'Benchmark', '{}', 0, '[]', '[]', 1),
        ('m', 'w', 'a', 'assa_abloy_credential_service', 'Manager', '{}', 0, '[]', '[]', 1);";

const AUDIT_DETAIL: &str = r#"{"acs_user_id":"0190f5fe-7c00-7a00-8000-0123456789ab","entrance_ids":["0190f5fe-7c00-7a00-8000-0123456789ab"],"mode":"override","replaces":[]}"#;
