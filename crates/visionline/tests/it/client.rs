//! The asynchronous shell over a replaced transport.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use http::{Request, Response};
use innkeep_visionline::{Answer, Client, Operation, Options, Secret, Transport};

use crate::script::{OPENED, answer, line, now};

fn client(transport: Transport) -> Client {
    Client::new(transport, "sym", Secret::new("sym"), Options::default(), Arc::new(now))
}

/// The status and body for a request.
fn reply(request: &Request<Vec<u8>>) -> (u16, &'static str) {
    match (request.method().as_str(), request.uri().path()) {
        ("POST", "/api/v1/sessions") => OPENED,
        ("GET", "/api/v1/doors") => (200, r#"[{"id":"101"}]"#),
        ("DELETE", "/api/v1/sessions/7f3a") => (201, ""),
        _ => (404, ""),
    }
}

#[tokio::test]
async fn an_operation_runs_in_process_and_closing_ends_the_session() {
    let asked = Arc::new(Mutex::new(Vec::new()));
    let noted = Arc::clone(&asked);
    let client = client(Transport::in_process(move |request: Request<Vec<u8>>| {
        noted.lock().unwrap().push(line(&request));
        let reply = reply(&request);
        async move { answer(reply) }
    }));
    let Answer::Doors(doors) = client.run(Operation::ListDoors).await.unwrap() else { panic!("not doors") };
    assert_eq!(doors[0].id, "101");
    client.close().await.unwrap();
    assert_eq!(
        *asked.lock().unwrap(),
        [
            r#"POST /api/v1/sessions {"username":"sym","password":"sym"}"#,
            "GET /api/v1/doors?details=true",
            "DELETE /api/v1/sessions/7f3a",
        ]
    );
}

#[tokio::test]
async fn operations_of_one_client_never_overlap() {
    let (current, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let (now_running, peak) = (Arc::clone(&current), Arc::clone(&most));
    let client = Arc::new(client(Transport::in_process(move |request: Request<Vec<u8>>| {
        let reply = reply(&request);
        let (now_running, peak) = (Arc::clone(&now_running), Arc::clone(&peak));
        async move {
            peak.fetch_max(now_running.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            tokio::task::yield_now().await;
            now_running.fetch_sub(1, Ordering::SeqCst);
            answer(reply)
        }
    })));
    let running: Vec<_> = (0..8)
        .map(|_| {
            let client = Arc::clone(&client);
            tokio::spawn(async move { client.run(Operation::ListDoors).await.is_ok() })
        })
        .collect();
    for operation in running {
        assert!(operation.await.unwrap());
    }
    assert_eq!(most.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn an_operation_that_was_dropped_leaves_the_client_usable() {
    let calls = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&calls);
    let client = client(Transport::in_process(move |request: Request<Vec<u8>>| {
        let first = counted.fetch_add(1, Ordering::SeqCst) == 0;
        let reply = reply(&request);
        async move {
            if first {
                std::future::pending::<()>().await;
            }
            answer(reply)
        }
    }));
    tokio::select! {
        biased;
        _ = client.run(Operation::ListDoors) => panic!("the first request is never answered"),
        () = std::future::ready(()) => {}
    }
    assert_eq!(calls.load(Ordering::SeqCst), 1, "the first operation had begun");
    assert!(client.run(Operation::ListDoors).await.is_ok());
}

#[tokio::test]
async fn the_server_clock_is_known_after_the_first_answer() {
    let client = client(Transport::in_process(|request: Request<Vec<u8>>| {
        let (status, body) = reply(&request);
        async move {
            let response = Response::builder().status(status).header("date", "Fri, 14 Nov 2025 10:15:00 GMT");
            Ok(response.body(body.as_bytes().to_vec()).unwrap())
        }
    }));
    assert_eq!(client.server_clock_offset().await, None);
    client.run(Operation::OpenSession).await.unwrap();
    assert_eq!(client.server_clock_offset().await, Some(jiff::SignedDuration::from_secs(-30)));
}
