//! The configuration file: what is read from it, and how it is refused.

use std::path::Path;

use engine::customers::Strategy;
use innkeep_server::config::Config;
use store::Location;
use visionline::transport::Trust;

/// The example of the manual, between its fences.
fn example() -> String {
    let manual = include_str!("../../../../../docs/OPERATING.md");
    let start = manual.find("```toml\n").expect("the manual has an example") + "```toml\n".len();
    let length = manual[start..].find("```").unwrap();
    manual[start..start + length].to_owned()
}

fn environment(name: &str) -> Option<String> {
    match name {
        "INNKEEP_MERIDIAN_PASSWORD" => Some("sym\n".to_owned()),
        "INNKEEP_DATABASE" => Some("postgres://innkeep:secret@db/innkeep".to_owned()),
        _ => None,
    }
}

fn parse(text: &str) -> Result<Config, String> {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("zenith.password"), "s3cret\n").unwrap();
    std::fs::write(folder.path().join("zenith.pem"), "-----BEGIN CERTIFICATE-----\n").unwrap();
    Config::parse(text, folder.path(), environment).map_err(|error| error.to_string())
}

#[track_caller]
fn refused(text: &str) -> String {
    parse(text).map(|_| ()).unwrap_err()
}

/// The smallest site that is taken, with a line more.
fn site(line: &str) -> String {
    format!(
        "[[sites]]\nkey = \"m\"\nname = \"M\"\nurl = \"https://10.0.0.5\"\noperator = \"sym\"\n\
         password_env = \"INNKEEP_MERIDIAN_PASSWORD\"\ntime_zone = \"Europe/Stockholm\"\n{line}\n"
    )
}

#[test]
fn the_example_of_the_manual_is_taken_whole() {
    let config = parse(&example()).unwrap();
    config.require_trust().unwrap();
    assert_eq!(config.sites.len(), 2);
    assert_eq!(config.sites[0].password.expose(), "sym");
    assert!(matches!(config.sites[0].trust, Some(Trust::Fingerprint(_))));
    assert!(matches!(config.sites[1].trust, Some(Trust::Roots(_))));
    assert_eq!(config.public_url.unwrap().to_string(), "https://keys.example.org/");
}

#[test]
fn every_setting_of_the_example_stands_with_its_default_or_is_needed() {
    // A setting that the example leaves out would be one that nobody learns of.
    let example = example();
    for name in [
        "listen",
        "public_url",
        "database",
        "database_file",
        "database_env",
        "secret_key_file",
        "secret_key_env",
        "lease_seconds",
        "event_retention_days",
        "allowed_networks",
        "allow_http",
        "name",
        "sandbox",
        "access_methods",
        "methods_per_guest",
        "cards_per_guest",
        "instant_key_max_use_count",
        "instant_key_hours",
        "key",
        "url",
        "operator",
        "password_file",
        "password_env",
        "root_certificate_file",
        "certificate_sha256",
        "insecure_no_verification",
        "time_zone",
        "timestamps_without_zone",
        "double_bookings",
        "mobile_access_uuid",
        "system_id",
        "requests_at_once",
        "answer_timeout_seconds",
        "synchronise_seconds",
        "survey_seconds",
        "encoders",
        "common_door_operation",
        "discard_dialect",
    ] {
        let stands = example.lines().any(|line| line.trim_start_matches("# ").starts_with(&format!("{name} = ")));
        assert!(stands, "{name} is not in the example");
    }
}

#[test]
fn an_empty_file_has_a_default_for_everything() {
    let config = parse("").unwrap();
    assert_eq!(config.listen.to_string(), "127.0.0.1:8080");
    assert!(matches!(&config.database, Location::File(path) if path.ends_with("innkeep.db")));
    assert!(!config.workspace.is_sandbox);
    assert_eq!(config.sites.len(), 0);
}

#[test]
fn what_guests_of_pushed_stays_get_is_all_that_is_possible_unless_the_file_says_otherwise() {
    let usual = parse("").unwrap().stays;
    assert_eq!(usual.automation.access_methods, ["card", "mobile_key"]);
    assert_eq!((usual.automation.strategy, usual.automation.card_count), (Strategy::All, 1));
    let text = "[stays]\naccess_methods = [\"mobile_key\"]\nmethods_per_guest = \"first_available\"\ncards_per_guest = 2\n\
                instant_key_max_use_count = 3\ninstant_key_hours = 1\n";
    let given = parse(text).unwrap().stays;
    assert_eq!(given.automation.access_methods, ["mobile_key"]);
    assert_eq!((given.automation.strategy, given.automation.card_count), (Strategy::FirstAvailable, 2));
    assert_eq!(given.automation.instant_key_max_use_count, Some(3));
    assert_eq!(given.instant_key_life.as_hours(), 1);
    for (line, expected) in [
        ("access_methods = [\"code\"]", "[stays] access_methods: Visionline has no \"code\"; write card or mobile_key"),
        ("access_methods = []", "[stays] access_methods: name at least one of card and mobile_key"),
        ("cards_per_guest = 0", "[stays] cards_per_guest: must be 1 to 10"),
        ("instant_key_max_use_count = 0", "[stays] instant_key_max_use_count: must be 1 or more"),
        ("instant_key_hours = 0", "[stays] instant_key_hours: must be 1 to 8760"),
    ] {
        assert_eq!(refused(&format!("[stays]\n{line}")), expected);
    }
}

#[test]
fn an_unknown_setting_is_refused_with_its_line_and_the_nearest_name() {
    assert_eq!(refused("\nlitsen = 1"), "line 2: there is no setting litsen here; did you mean listen?");
    assert_eq!(
        refused(&site("certificate_sha265 = \"\"")),
        "line 8: there is no setting certificate_sha265 here; did you mean certificate_sha256?"
    );
    assert_eq!(
        refused("[workspace]\nsandboxed = true"),
        "line 2: there is no setting sandboxed here; did you mean sandbox?"
    );
    assert_eq!(refused("zzzzzzzzzzzzzz = 1"), "line 1: there is no setting zzzzzzzzzzzzzz here");
}

#[test]
fn values_that_cannot_be_used_are_refused_with_what_to_write() {
    for (text, expected) in [
        (site("").replace("https://10.0.0.5", "http://10.0.0.5"), "write https://host or https://host:port"),
        (site("").replace("https://10.0.0.5", "https://10.0.0.5/api"), "without a path"),
        (site("").replace("Europe/Stockholm", "Stockholm"), "time_zone: \"Stockholm\" is no IANA time zone"),
        (site("").replace("INNKEEP_MERIDIAN_PASSWORD", "NOBODY"), "the environment variable NOBODY is not set"),
        (
            site("").replace("password_env = \"INNKEEP_MERIDIAN_PASSWORD\"", ""),
            "name the file with the operator's password",
        ),
        (site("password_file = \"zenith.password\""), "give either password_file or password_env"),
        (site("certificate_sha256 = \"AB:CD\""), "64 hexadecimal digits"),
        (site("insecure_no_verification = true\nroot_certificate_file = \"zenith.pem\""), "give one of"),
        (site("root_certificate_file = \"zenith.password\""), "holds no certificate in PEM form"),
        (site("root_certificate_file = \"nothing.pem\""), "could not be read"),
        (site("requests_at_once = 0"), "requests_at_once: must be between 1 and 16"),
        (site("answer_timeout_seconds = 0"), "answer_timeout_seconds: must be between 1 and 600"),
        (site("mobile_access_uuid = \"1\""), "add the table [credential_manager]"),
        (format!("{}{}", site(""), site("")), "two sites have this key"),
        (site("").replace("key = \"m\"", "key = \"m x\""), "letters, digits"),
        ("database = \"mysql://x\"".to_owned(), "database: "),
        ("database = \"memory\"".to_owned(), "name a file"),
        ("public_url = \"keys\"".to_owned(), "is no address"),
        ("listen = \"here\"".to_owned(), "line 1: "),
        ("listen = ".to_owned(), "line 1: "),
        (site("discard_dialect = \"shout\""), "line 8: "),
    ] {
        let said = refused(&text);
        assert!(said.contains(expected), "expected {expected:?} in {said:?}");
    }
}

#[test]
fn a_site_says_where_it_stands_in_the_file() {
    let said = refused(&format!("listen = \"127.0.0.1:1\"\n{}", site("requests_at_once = 99")));
    assert!(said.starts_with("line 2, site m: requests_at_once: "), "{said}");
}

#[test]
fn no_secret_is_ever_repeated() {
    let config = parse("database_env = \"INNKEEP_DATABASE\"").unwrap();
    assert_eq!(config.database.to_string(), "postgres://db/innkeep");
    assert!(!format!("{:?}", parse(&site("")).unwrap()).contains("\"sym\\n\""));
    assert!(!format!("{:?}", parse(&site("")).unwrap().sites[0].password).contains("sym"));
    for text in [
        "database = \"postgres://innkeep:hunter2@db/innkeep\"".to_owned(),
        "database = \"postgres://db/innkeep?password=hunter2\"".to_owned(),
        site("").replace("https://10.0.0.5", "https://sym:hunter2@10.0.0.5"),
    ] {
        let said = refused(&text);
        assert!(!said.contains("hunter2"), "{said}");
    }
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let said = Config::load(Path::new("/nowhere/innkeep.toml")).map(|_| ()).unwrap_err().to_string();
    assert_eq!(said, "the configuration file /nowhere/innkeep.toml could not be read");
}

#[test]
fn the_secret_key_stands_in_a_file_or_in_the_environment_and_its_absence_is_said() {
    let folder = tempfile::tempdir().unwrap();
    innkeep_server::seal::key_file::make(&folder.path().join("secret.key")).unwrap();
    let text = std::fs::read_to_string(folder.path().join("secret.key")).unwrap();
    let read = |line: &str, value: &str| {
        Config::parse(line, folder.path(), |name| (name == "INNKEEP_SECRET_KEY").then(|| value.to_owned()))
            .map_err(|error| error.to_string())
    };
    let from_file = read("secret_key_file = \"secret.key\"", "").unwrap();
    let from_environment = read("secret_key_env = \"INNKEEP_SECRET_KEY\"", &text).unwrap();
    let sealed = from_file.seal.as_ref().unwrap().seal("here", &visionline::Secret::new("sym"));
    assert!(from_environment.seal.unwrap().open("here", &sealed).is_ok());
    assert_eq!(from_file.warnings(), Vec::<String>::new());

    let told = read("secret_key_env = \"INNKEEP_SECRET_KEY\"", "s3cret").map(|_| ()).unwrap_err();
    assert_eq!(
        told,
        "secret_key_env: a secret key is 32 random bytes as base64; make one with `innkeep secret-key --file secret.key`"
    );
    let warnings = parse("").unwrap().warnings();
    assert!(warnings[0].contains("innkeep secret-key --file secret.key"), "{warnings:?}");
}

#[test]
fn webhooks_reach_allowed_networks_only_and_events_are_kept_as_long_as_it_is_said() {
    let usual = parse("").unwrap();
    assert_eq!(usual.events_kept.as_hours(), 90 * 24);
    assert!(!usual.webhooks.accepts("192.168.10.7".parse().unwrap(), false) && !usual.webhooks.allows_http);
    let text = "event_retention_days = 7\n[webhooks]\nallowed_networks = [\"192.168.10.0/24\"]\nallow_http = true";
    let config = parse(text).unwrap();
    assert_eq!(config.events_kept.as_hours(), 7 * 24);
    assert!(config.webhooks.accepts("192.168.10.7".parse().unwrap(), false) && config.webhooks.allows_http);
    assert_eq!(refused("event_retention_days = 0"), "event_retention_days: must be between 1 and 3650");
    assert_eq!(
        refused("[webhooks]\nallowed_networks = [\"the office\"]"),
        "[webhooks] allowed_networks: \"the office\": a network is written like 192.168.10.0/24 or fd00:10::/64, a single \
         address without a slash"
    );
}
