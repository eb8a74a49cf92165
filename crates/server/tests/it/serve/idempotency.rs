//! An idempotency key holds over a power cut (P1, P2): the real program is killed among requests, and each is sent again.

use std::{
    collections::BTreeMap,
    process::Command,
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use serde_json::{Value, json};

use super::{Office, desk::Line};

const ROUNDS: usize = 6;
const CLIENTS: usize = 4;

fn send(line: &Line, key: &str) -> std::io::Result<(u16, String)> {
    let header = format!("idempotency-key: {key}\r\n");
    line.try_post_with("/user_identities/create", &header, &json!({"full_name": key}))
}

#[test]
fn a_server_that_is_killed_at_any_moment_carries_every_request_out_once() {
    let office = Office::new();
    office.configure("", &[]);
    let mut api_key: Option<String> = None;
    // What was sent, and what was answered if anything was.
    let sent: Mutex<BTreeMap<String, Option<String>>> = Mutex::default();
    for round in 0..ROUNDS {
        let desk = office.open(api_key.as_deref());
        api_key = Some(desk.api_key.clone());
        let answered = AtomicUsize::new(0);
        std::thread::scope(|scope| {
            for client in 0..CLIENTS {
                let (line, sent, answered) = (desk.line(), &sent, &answered);
                scope.spawn(move || {
                    for number in 0.. {
                        let key = format!("{round}-{client}-{number}");
                        sent.lock().unwrap().insert(key.clone(), None);
                        let Ok((status, body)) = send(&line, &key) else { return };
                        assert_eq!(status, 200, "{body}");
                        sent.lock().unwrap().insert(key, Some(body));
                        answered.fetch_add(1, Ordering::SeqCst);
                    }
                });
            }
            // In the midst of them: a little later in each round.
            desk.wait("some answers", |_| (answered.load(Ordering::SeqCst) > 5 + 3 * round).then_some(()));
            let killed =
                Command::new("sh").args(["-c", "kill -KILL \"$0\""]).arg(desk.process_id().to_string()).status();
            assert!(killed.unwrap().success());
        });
    }

    let desk = office.open(api_key.as_deref());
    let sent = sent.into_inner().unwrap();
    for (key, answer) in &sent {
        let (status, body) = send(&desk.line(), key).unwrap();
        match answer {
            Some(first) => assert_eq!((status, &body), (200, first), "{key}"),
            // It may have been carried out or not; then it is now, or its answer was lost.
            None if status == 200 => {}
            None => {
                let json: Value = serde_json::from_str(&body).unwrap();
                assert_eq!((status, &json["error"]["type"]), (409, &json!("conflict")), "{key}: {body}");
                assert_eq!(json["error"]["data"]["changed"][0]["action"], "user_identity.create", "{body}");
            }
        }
    }
    let listed = desk.post("/user_identities/list", json!({"limit": 10_000}));
    let mut names: Vec<&str> =
        listed["user_identities"].as_array().unwrap().iter().map(|one| one["full_name"].as_str().unwrap()).collect();
    names.sort_unstable();
    let mut expected: Vec<&str> = sent.keys().map(String::as_str).collect();
    expected.sort_unstable();
    assert_eq!(names, expected, "each once");
}
