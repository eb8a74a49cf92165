//! The metrics: off unless the configuration says where, and true to what happened.

use std::{
    io::{Read, Write},
    net::TcpStream,
};

use serde_json::json;

use super::{LockServer, Office, SiteTable, lock_server::answer};

/// Status line and body of a `GET`.
fn get(url: &str) -> (String, String) {
    let (address, path) = url.strip_prefix("http://").unwrap().split_once('/').unwrap();
    let mut stream = TcpStream::connect(address).unwrap();
    write!(stream, "GET /{path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    (head.lines().next().unwrap().to_owned(), body.to_owned())
}

/// The value of a sample by its name and labels.
fn value(page: &str, sample: &str) -> Option<f64> {
    page.lines().find_map(|line| line.strip_prefix(sample)?.strip_prefix(' ')?.parse().ok())
}

#[test]
fn nothing_is_shown_unless_the_configuration_says_where() {
    let office = Office::new();
    office.configure("", &[]);
    let desk = office.open(None);
    assert_eq!(desk.ready.metrics, None);
    assert_eq!(get(&format!("{}/metrics", desk.ready.endpoint)).0, "HTTP/1.1 404 Not Found");
}

#[test]
fn the_metrics_say_what_happened_and_name_no_guest() {
    let hotel = LockServer::start();
    let office = Office::new();
    office.configure("metrics_listen = \"127.0.0.1:0\"", &[SiteTable::of(&hotel)]);
    let desk = office.open(None);
    let url = desk.ready.metrics.clone().unwrap();
    let doors = desk.doors();
    let (ada, bob) = (desk.arrive("Ada Secret", &hotel), desk.arrive("Bob Secret", &hotel));
    desk.try_post("/acs/users/get", &json!({"acs_user_id": doors["101"]})).unwrap();
    desk.try_post("/acs/users/get?secret=Ada", &json!({"acs_user_id": doors["101"]})).unwrap();
    desk.try_post("/no/such/route", &json!({})).unwrap();
    let first = desk.new_stay(&ada, &["101"]);
    desk.wait_issued(&first);
    let second = desk.new_stay(&bob, &["101"]);
    desk.wait_issued(&second);

    let (status, page) = get(&url);
    assert_eq!(status, "HTTP/1.1 200 OK");
    for (sample, expected) in [
        ("innkeep_requests_total{route=\"/acs/users/create\",status=\"200\"}", 2.0),
        ("innkeep_requests_total{route=\"/acs/users/get\",status=\"404\"}", 2.0),
        ("innkeep_requests_total{route=\"other\",status=\"404\"}", 1.0),
        ("innkeep_request_seconds_count{route=\"/acs/users/create\"}", 2.0),
        ("innkeep_request_seconds_bucket{route=\"/acs/users/create\",le=\"+Inf\"}", 2.0),
        ("innkeep_double_booked_doors_total", 1.0),
        ("innkeep_occupied_doors_overridden_last_day", 1.0),
        ("innkeep_transactions_total{transaction=\"acs_credential.create\",outcome=\"committed\"}", 2.0),
    ] {
        assert_eq!(value(&page, sample), Some(expected), "{sample} in\n{page}");
    }
    let site = format!("{{site=\"{}\",name=\"Hotel Meridian\"}}", desk.site());
    assert_eq!(value(&page, &format!("innkeep_site_working{site}")), Some(1.0), "{page}");
    let contact = value(&page, &format!("innkeep_site_last_contact_timestamp_seconds{site}")).unwrap();
    let now = innkeep_server::clock::Clock::real().now().as_duration().as_secs_f64();
    assert!(contact <= now && contact > now - 600.0, "{contact}");
    assert!(!page.contains("Secret") && !page.contains("Ada"), "{page}");
    for line in page.lines().filter(|line| !line.starts_with('#')) {
        let (sample, number) = line.rsplit_once(' ').unwrap();
        assert!(sample.starts_with("innkeep_") || sample.starts_with("process_"), "{line}");
        number.parse::<f64>().unwrap_or_else(|_| panic!("{line}"));
    }
}

#[test]
fn work_that_waits_for_a_lock_server_is_seen_to_wait() {
    let hotel = LockServer::start();
    let office = Office::new();
    office.configure("metrics_listen = \"127.0.0.1:0\"", &[SiteTable::of(&hotel)]);
    let desk = office.open(None);
    let guest = desk.arrive("Ada", &hotel);
    desk.doors();
    hotel.talk_nonsense(|_| answer(503, "text/plain", ""));
    let key = desk.new_stay(&guest, &["101"]);
    let url = desk.ready.metrics.clone().unwrap();
    let sample = |stage: &str| {
        format!("innkeep_carriers_waiting{{site=\"{}\",name=\"Hotel Meridian\",stage=\"{stage}\"}}", desk.site())
    };
    let waits = |page: &str| {
        value(page, &sample("sent")).unwrap_or(0.0) + value(page, &sample("accepted")).unwrap_or(0.0) > 0.0
    };
    desk.wait("the key is seen to wait", |_| waits(&get(&url).1).then_some(()));
    let site = format!("innkeep_site_working{{site=\"{}\",name=\"Hotel Meridian\"}}", desk.site());
    desk.wait("the site is seen to be in trouble", |_| (value(&get(&url).1, &site) == Some(0.0)).then_some(()));
    hotel.speak_sense();
    desk.wait_issued(&key);
    desk.wait("nothing waits", |_| (!waits(&get(&url).1)).then_some(()));
}
