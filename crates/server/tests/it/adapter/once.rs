//! One request under one key at a time, with a route that takes as long as a test wants.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use axum::body::Body;
use http::Request;
use innkeep_server::adapter::{
    Access, Actor, Call, Error, Later, Nothing, Settings, create, create_later,
    idempotency::{Answer, Answers, Claim},
    router,
};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;
use tokio::sync::Semaphore;

use super::{Reply, send};

/// A bell that rings when it is told to.
struct Bell(Arc<Inner>);

struct Inner {
    /// A permit for each request that has begun to ring.
    begun: Semaphore,
    /// A permit lets one request go on.
    gate: Semaphore,
    /// A permit for each answer that was kept.
    kept: Semaphore,
    runs: AtomicU64,
    answers: Mutex<HashMap<String, Answer>>,
}

#[derive(Serialize, JsonSchema)]
struct Rung {
    times: u64,
}

fn ring(call: &Call<'_, Bell>, _: Nothing) -> Result<Later<Rung>, Error> {
    let bell = Arc::clone(&call.state.0);
    Ok(Later::new(async move {
        bell.begun.add_permits(1);
        bell.gate.acquire().await.unwrap().forget();
        Ok(Rung { times: bell.runs.fetch_add(1, Ordering::SeqCst) + 1 })
    }))
}

/// Fails the first time, and never again.
fn crack(call: &Call<'_, Bell>, _: Nothing) -> Result<Rung, Error> {
    match call.state.0.runs.fetch_add(1, Ordering::SeqCst) {
        0 => Err(Error::internal(&std::io::Error::other("cracked"))),
        before => Ok(Rung { times: before + 1 }),
    }
}

fn find(call: &Call<'_, Bell>, claim: &Claim) -> Result<Option<Answer>, Error> {
    Ok(call.state.0.answers.lock().unwrap().get(&claim.id).cloned())
}

fn keep(call: &Call<'_, Bell>, claim: &Claim, answer: &Answer) {
    call.state.0.answers.lock().unwrap().insert(claim.id.clone(), answer.clone());
    call.state.0.kept.add_permits(1);
}

fn bell() -> (Arc<Inner>, axum::Router) {
    let inner = Arc::new(Inner {
        begun: Semaphore::new(0),
        gate: Semaphore::new(0),
        kept: Semaphore::new(0),
        runs: AtomicU64::new(0),
        answers: Mutex::default(),
    });
    let settings = Settings {
        state: Arc::new(Bell(Arc::clone(&inner))),
        authenticate: |_, _, _| Ok(Access { workspace_id: "w1".to_owned(), who: Actor::ApiKey("desk".to_owned()) }),
        clock: |_| Timestamp::UNIX_EPOCH,
        request_ids: Box::new(|| "a-request".to_owned()),
        reads_wait: false,
        answers: Some(Answers { find, keep }),
        public_url: None,
        extra: axum::Router::new(),
    };
    let table = vec![create_later("/bell/ring", ring), create("/bell/crack", crack)];
    (inner, router(table, settings).unwrap())
}

async fn post(router: axum::Router, path: &'static str) -> Reply {
    let request = Request::post(path).header("idempotency-key", "a").body(Body::empty());
    send(&router, request.unwrap()).await
}

#[tokio::test]
async fn a_request_under_a_key_that_is_still_being_carried_out_is_told_so() {
    let (bell, router) = bell();
    let first = tokio::spawn(post(router.clone(), "/bell/ring"));
    bell.begun.acquire().await.unwrap().forget();
    let second = post(router.clone(), "/bell/ring").await;
    assert_eq!((second.status.as_u16(), second.header("idempotency-replayed")), (409, ""));
    let error = &second.json()["error"];
    assert_eq!(error["type"], "conflict");
    assert_eq!(
        error["message"],
        "The first request with this Idempotency-Key is still being carried out; send it again in a moment to get its \
         answer"
    );
    bell.gate.add_permits(1);
    let first = first.await.unwrap();
    let third = post(router, "/bell/ring").await;
    assert_eq!((first.status.as_u16(), first.text.as_str()), (200, r#"{"times":1,"ok":true}"#));
    assert_eq!((third.header("idempotency-replayed"), &third.text), ("true", &first.text));
}

#[tokio::test]
async fn a_caller_that_leaves_finds_the_answer_when_it_comes_back() {
    let (bell, router) = bell();
    let first = tokio::spawn(post(router.clone(), "/bell/ring"));
    bell.begun.acquire().await.unwrap().forget();
    first.abort();
    assert!(first.await.unwrap_err().is_cancelled());
    bell.gate.add_permits(1);
    bell.kept.acquire().await.unwrap().forget();
    let again = post(router, "/bell/ring").await;
    assert_eq!((again.header("idempotency-replayed"), again.text.as_str()), ("true", r#"{"times":1,"ok":true}"#));
}

#[tokio::test]
async fn a_fault_of_ours_is_not_kept() {
    let (_, router) = bell();
    let first = post(router.clone(), "/bell/crack").await;
    let second = post(router.clone(), "/bell/crack").await;
    let third = post(router, "/bell/crack").await;
    assert_eq!((first.status.as_u16(), second.status.as_u16()), (500, 200));
    assert_eq!((second.header("idempotency-replayed"), third.header("idempotency-replayed")), ("", "true"));
    assert_eq!(third.text, second.text);
}
