//! The two folders of migrations build the same schema, and a schema from the future is refused.

use std::thread;

use innkeep_store::testing::{Place, PrivateCluster, execute, fresh_store, texts};
use innkeep_store::{Engine, Error, Location, Store};

#[test]
fn both_engines_get_the_same_schema() {
    let Some(cluster) = PrivateCluster::start_or_skip("both_engines_get_the_same_schema") else { return };
    let sqlite = schema(&fresh_store(Place::Memory).unwrap().store);
    let postgres = schema(&fresh_store(Place::Cluster(&cluster)).unwrap().store);
    let only = |left: &[String], right: &[String]| -> Vec<String> {
        left.iter().filter(|line| !right.contains(line)).cloned().collect()
    };
    let differences = (only(&sqlite, &postgres), only(&postgres, &sqlite));
    assert_eq!(differences, (vec![], vec![]), "left: only on SQLite, right: only on PostgreSQL");
    assert_eq!(sqlite, postgres);
}

/// The comparison itself: everything it must tell apart, read alike on both engines.
#[test]
fn a_schema_is_described_alike_on_both_engines() {
    let describe = |store: &Store| -> Vec<String> {
        store.write("test.tables", |tx| execute(tx, PROBES)).unwrap();
        schema(store).into_iter().filter(|line| line.contains("probe")).collect()
    };
    let expected = [
        "column probe_guest.hotel_id text not null",
        "column probe_guest.note text",
        "column probe_guest.number integer not null",
        "column probe_guest.picture bytes",
        "column probe_guest.visits integer not null default",
        "column probe_hotel.id text not null",
        "foreign key probe_guest (hotel_id) -> probe_hotel (id) on delete cascade",
        "index probe_guest_note on probe_guest (note, expression) partial",
        "index probe_guest_visits on probe_guest (visits desc, number) unique",
        "primary key probe_guest (hotel_id, number)",
        "primary key probe_hotel (id)",
        "unique constraint on probe_guest (number, note)",
    ];
    assert_eq!(describe(&fresh_store(Place::Memory).unwrap().store), expected);
    let Some(cluster) = PrivateCluster::start_or_skip("a_schema_is_described_alike_on_both_engines") else { return };
    assert_eq!(describe(&fresh_store(Place::Cluster(&cluster)).unwrap().store), expected);
}

const PROBES: &str = "
    CREATE TABLE probe_hotel (id TEXT NOT NULL PRIMARY KEY);
    CREATE TABLE probe_guest (
        number BIGINT NOT NULL,
        hotel_id TEXT NOT NULL REFERENCES probe_hotel ON DELETE CASCADE,
        note TEXT,
        picture BYTEA,
        visits BIGINT NOT NULL DEFAULT 0,
        PRIMARY KEY (hotel_id, number),
        UNIQUE (number, note)
    );
    CREATE UNIQUE INDEX probe_guest_visits ON probe_guest (visits DESC, number);
    CREATE INDEX probe_guest_note ON probe_guest (note, lower(note)) WHERE note IS NOT NULL;
";

#[test]
fn the_folders_hold_the_same_numbers_and_names() {
    let names = |engine: &str| {
        let folder = format!("{}/migrations/{engine}", env!("CARGO_MANIFEST_DIR"));
        let mut names: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        names
    };
    assert_eq!(names("sqlite"), names("postgres"));
}

#[test]
fn a_database_from_the_future_is_refused_on_sqlite() {
    let fresh = fresh_store(Place::File).unwrap();
    a_database_from_the_future_is_refused(fresh.store, &fresh.location);
}

#[test]
fn a_database_from_the_future_is_refused_on_postgres() {
    let Some(cluster) = PrivateCluster::start_or_skip("a_database_from_the_future_is_refused_on_postgres") else {
        return;
    };
    let fresh = fresh_store(Place::Cluster(&cluster)).unwrap();
    a_database_from_the_future_is_refused(fresh.store, &fresh.location);
}

fn a_database_from_the_future_is_refused(store: Store, location: &Location) {
    store
        .write("test.future", |tx| {
            execute(tx, "INSERT INTO __diesel_schema_migrations (version, run_on) VALUES ('9999', CURRENT_TIMESTAMP)")
        })
        .unwrap();
    drop(store);
    match Store::open(location).map(drop) {
        Err(error @ Error::SchemaTooNew { .. }) => {
            let message = error.to_string();
            assert!(message.starts_with("the database holds migration 9999, this program knows"), "{message}");
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_reopened_database_is_not_migrated_again() {
    let fresh = fresh_store(Place::File).unwrap();
    let applied = |store: &Store| {
        store
            .read("test.applied", |tx| {
                texts(tx, "SELECT version || ' ' || run_on AS text FROM __diesel_schema_migrations ORDER BY version")
            })
            .unwrap()
    };
    let before = applied(&fresh.store);
    assert!(!before.is_empty());
    let fresh = fresh.reopen().unwrap();
    assert_eq!(applied(&fresh.store), before);
}

#[test]
fn several_may_start_at_once_on_a_new_sqlite_file() {
    let folder = tempfile::tempdir().unwrap();
    open_at_once(&Location::File(folder.path().join("store.db")));
}

#[test]
fn several_may_start_at_once_on_a_new_postgres_database() {
    let Some(cluster) = PrivateCluster::start_or_skip("several_may_start_at_once_on_a_new_postgres_database") else {
        return;
    };
    open_at_once(&cluster.empty_database().unwrap());
}

fn open_at_once(location: &Location) {
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| Store::open(location).unwrap());
        }
    });
}

/// The schema as lines that read alike on both engines: what a table holds, what is required, unique, referred to
/// and indexed. Types are compared by family, because SQLite has no sizes.
fn schema(store: &Store) -> Vec<String> {
    let queries = match store.engine() {
        Engine::Sqlite => SQLITE,
        Engine::Postgres => POSTGRES,
    };
    let mut lines = Vec::new();
    for query in queries {
        lines.extend(store.read("test.schema", |tx| texts(tx, query)).unwrap());
    }
    lines.sort();
    lines
}

const SQLITE: &[&str] = &[
    // A single INTEGER primary key is the row's number and never null, whatever is declared.
    "SELECT 'column ' || t.name || '.' || c.name || ' '
         || CASE WHEN upper(c.type) IN ('INTEGER', 'BIGINT', 'SMALLINT', 'INT') THEN 'integer'
                 WHEN upper(c.type) LIKE '%CHAR%' OR upper(c.type) = 'TEXT' THEN 'text'
                 WHEN upper(c.type) IN ('BLOB', 'BYTEA', 'BINARY') THEN 'bytes' ELSE lower(c.type) END
         || CASE WHEN c.\"notnull\" OR (c.pk > 0 AND upper(c.type) = 'INTEGER') THEN ' not null' ELSE '' END
         || CASE WHEN c.dflt_value IS NULL THEN '' ELSE ' default' END AS text
     FROM sqlite_master t JOIN pragma_table_info(t.name) c
     WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND t.name <> '__diesel_schema_migrations'",
    "SELECT 'primary key ' || name || ' (' || group_concat(part, ', ') || ')' AS text FROM (
         SELECT t.name, c.name AS part FROM sqlite_master t JOIN pragma_table_info(t.name) c
         WHERE t.type = 'table' AND c.pk > 0 AND t.name <> '__diesel_schema_migrations' ORDER BY t.name, c.pk)
     GROUP BY name",
    "SELECT 'foreign key ' || name || ' (' || group_concat(part, ', ') || ') -> ' || target
         || ' (' || group_concat(target_part, ', ') || ') on delete ' || on_delete AS text FROM (
         SELECT t.name, f.id, f.\"from\" AS part, f.\"table\" AS target, lower(f.on_delete) AS on_delete,
                coalesce(f.\"to\", (SELECT c.name FROM pragma_table_info(f.\"table\") c WHERE c.pk = f.seq + 1))
                    AS target_part
         FROM sqlite_master t JOIN pragma_foreign_key_list(t.name) f WHERE t.type = 'table'
         ORDER BY t.name, f.id, f.seq)
     GROUP BY name, id, target, on_delete",
    "SELECT CASE origin WHEN 'u' THEN 'unique constraint' ELSE 'index ' || index_name END || ' on ' || name || ' ('
         || group_concat(part, ', ') || ')' || CASE WHEN is_unique AND origin = 'c' THEN ' unique' ELSE '' END
         || CASE WHEN partial THEN ' partial' ELSE '' END AS text FROM (
         SELECT t.name, i.name AS index_name, i.origin, i.\"unique\" AS is_unique, i.partial,
                coalesce(c.name, 'expression') || CASE WHEN c.\"desc\" THEN ' desc' ELSE '' END AS part
         FROM sqlite_master t JOIN pragma_index_list(t.name) i JOIN pragma_index_xinfo(i.name) c
         WHERE t.type = 'table' AND i.origin <> 'pk' AND c.key AND t.name <> '__diesel_schema_migrations'
         ORDER BY t.name, i.name, c.seqno)
     GROUP BY name, index_name, origin, is_unique, partial",
];

const POSTGRES: &[&str] = &[
    "SELECT 'column ' || table_name || '.' || column_name || ' '
         || CASE WHEN data_type IN ('bigint', 'integer', 'smallint') THEN 'integer'
                 WHEN data_type IN ('text', 'character varying') THEN 'text'
                 WHEN data_type = 'bytea' THEN 'bytes' ELSE data_type END
         || CASE WHEN is_nullable = 'NO' THEN ' not null' ELSE '' END
         || CASE WHEN column_default IS NULL OR column_default LIKE 'nextval(%' THEN '' ELSE ' default' END AS text
     FROM information_schema.columns
     WHERE table_schema = 'public' AND table_name <> '__diesel_schema_migrations'",
    "SELECT 'primary key ' || t.relname || ' (' || string_agg(a.attname, ', ' ORDER BY k.position) || ')' AS text
     FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid
     CROSS JOIN LATERAL unnest(c.conkey) WITH ORDINALITY AS k (number, position)
     JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.number
     WHERE c.contype = 'p' AND c.connamespace = 'public'::regnamespace AND t.relname <> '__diesel_schema_migrations'
     GROUP BY c.oid, t.relname",
    "SELECT 'foreign key ' || t.relname || ' (' || string_agg(a.attname, ', ' ORDER BY k.position) || ') -> '
         || r.relname || ' (' || string_agg(b.attname, ', ' ORDER BY k.position) || ') on delete '
         || CASE c.confdeltype WHEN 'a' THEN 'no action' WHEN 'r' THEN 'restrict' WHEN 'c' THEN 'cascade'
                               WHEN 'n' THEN 'set null' ELSE 'set default' END AS text
     FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid JOIN pg_class r ON r.oid = c.confrelid
     CROSS JOIN LATERAL unnest(c.conkey, c.confkey) WITH ORDINALITY AS k (number, target, position)
     JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.number
     JOIN pg_attribute b ON b.attrelid = r.oid AND b.attnum = k.target
     WHERE c.contype = 'f' AND c.connamespace = 'public'::regnamespace
     GROUP BY c.oid, t.relname, r.relname, c.confdeltype",
    "SELECT CASE WHEN c.oid IS NULL THEN 'index ' || i.relname ELSE 'unique constraint' END || ' on ' || t.relname
         || ' (' || string_agg(coalesce(a.attname, 'expression')
                               || CASE WHEN x.indoption[k.position - 1] & 1 = 1 THEN ' desc' ELSE '' END,
                               ', ' ORDER BY k.position) || ')'
         || CASE WHEN x.indisunique AND c.oid IS NULL THEN ' unique' ELSE '' END
         || CASE WHEN x.indpred IS NULL THEN '' ELSE ' partial' END AS text
     FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class t ON t.oid = x.indrelid
     CROSS JOIN LATERAL unnest(x.indkey) WITH ORDINALITY AS k (number, position)
     LEFT JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.number AND k.number > 0
     LEFT JOIN pg_constraint c ON c.conindid = i.oid AND c.contype = 'u'
     WHERE t.relnamespace = 'public'::regnamespace AND NOT x.indisprimary AND k.position <= x.indnkeyatts
         AND t.relname <> '__diesel_schema_migrations'
     GROUP BY x.indexrelid, i.relname, t.relname, c.oid, x.indisunique, x.indpred",
];
