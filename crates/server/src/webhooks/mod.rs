//! Sending events to webhooks (`spec/api.md 5.3`): the loop that asks the engine what is ready, sends it, and hands
//! back what came of it.
//!
//! Each webhook is sent to on its own, a batch at a time, so one that is slow, dead or endless holds up nobody else.
//! Several programs on one database share the work by claims on webhooks.

mod policy;
mod post;
mod signature;

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
    time::Duration,
};

use domain::id::WebhookId;
use engine::webhooks::{self, Batch, Letter, Outcome, Undelivered};
use jiff::SignedDuration;
use store::Store;
use tokio::{
    sync::Notify,
    task::{self, JoinError, JoinSet},
};
use tokio_util::sync::CancellationToken;
use visionline::Secret;

pub use policy::{Names, Policy, Refused};
pub use post::{ANSWER_WITHIN, Post};
pub use signature::{fresh_secret, signature};

use crate::{api::events::resource, background, clock::Clock, entropy, seal::Seal, site::chain};

/// The longest the loop sleeps without looking: workers write events too, a virtual clock may have been moved, and
/// another program may have died.
const LONGEST_SLEEP: Duration = Duration::from_millis(500);
/// How long changes are gathered before looking: most of them concern no webhook.
const GATHER: Duration = Duration::from_millis(10);
/// Webhooks that are sent to at the same time. Each is only a socket that waits.
const MOST_AT_ONCE: usize = 256;
/// How long a claim lasts: longer than a batch can take.
const CLAIM: SignedDuration = SignedDuration::from_secs(60);
/// How long what is under way is waited for when the program is told to stop. What is open then is sent again.
const STOP_WITHIN: Duration = Duration::from_secs(5);

/// Where the secret of a webhook is sealed for.
pub fn place_of_secret(id: WebhookId) -> String {
    format!("webhook {id}")
}

/// Sends events to webhooks.
pub struct Courier {
    store: Store,
    clock: Clock,
    changed: Arc<Notify>,
    post: Post,
    seal: Option<Seal>,
    /// Whether no other program can be using the database, so that a claim found there is a dead one's.
    is_alone: bool,
    /// Who we are among the programs of one database.
    holder: String,
}

impl Courier {
    /// A courier; nothing is sent yet.
    pub fn new(
        store: Store,
        clock: Clock,
        changed: Arc<Notify>,
        policy: Policy,
        seal: Option<Seal>,
        is_alone: bool,
    ) -> Self {
        let holder = format!("{:016x}", entropy::seed());
        Self { store, clock, changed, post: Post::new(policy), seal, is_alone, holder }
    }

    /// Sends until `stop`.
    pub async fn run(self, stop: CancellationToken) {
        let courier = Arc::new(self);
        if courier.is_alone {
            let resumed = background::write(&courier.store, &courier.clock, "webhook.resume", |tx, moment| {
                webhooks::resume(tx, moment.now)
            });
            if let Err(error) = resumed.await {
                tracing::warn!(error = %chain(&error), "what a former program claimed is taken up when its claims end");
            }
        }
        let mut under_way = UnderWay::default();
        while !stop.is_cancelled() {
            courier.start(&mut under_way).await;
            tokio::select! {
                () = stop.cancelled() => {}
                () = tokio::time::sleep(LONGEST_SLEEP) => {}
                () = courier.changed.notified() => tokio::time::sleep(GATHER).await,
                Some(done) = under_way.tasks.join_next_with_id() => under_way.end(&done),
            }
        }
        let rest = async {
            while let Some(done) = under_way.tasks.join_next_with_id().await {
                under_way.end(&done);
            }
        };
        if tokio::time::timeout(STOP_WITHIN, rest).await.is_err() {
            tracing::info!("stopped while events were under way to webhooks; they are sent again at the next start");
        }
    }

    /// Starts a batch for each webhook that is ready.
    async fn start(self: &Arc<Self>, under_way: &mut UnderWay) {
        let (store, now) = (self.store.clone(), self.clock.now());
        let looked = task::spawn_blocking(move || store.read("webhook.ready", |tx| webhooks::ready(tx, now)));
        let ready = match looked.await {
            Ok(Ok(ready)) => ready,
            Ok(Err(error)) => return tracing::error!(error = %chain(&error), "webhooks could not be looked at"),
            Err(error) => return tracing::error!(%error, "webhooks could not be looked at"),
        };
        for id in ready {
            if under_way.webhooks.len() < MOST_AT_ONCE && under_way.webhooks.insert(id) {
                let courier = Arc::clone(self);
                let task = under_way.tasks.spawn(async move { courier.deliver(id).await });
                under_way.by_task.insert(task.id(), id);
            }
        }
    }

    /// Sends what is due at one webhook, once.
    async fn deliver(self: Arc<Self>, id: WebhookId) {
        let holder = self.holder.clone();
        let claimed = background::write(&self.store, &self.clock, "webhook.claim", move |tx, moment| {
            webhooks::claim(tx, moment, id, &holder, CLAIM)
        });
        let batch = match claimed.await {
            Ok(Some(batch)) => Arc::new(batch),
            Ok(None) => return,
            Err(error) => return tracing::error!(webhook = %id, error = %chain(&error), "a webhook was not claimed"),
        };
        let outcomes = self.send(&batch).await;
        let recorded = background::write(&self.store, &self.clock, "webhook.came_back", move |tx, moment| {
            webhooks::came_back(tx, moment, &batch, &outcomes)
        });
        if let Err(error) = recorded.await {
            tracing::error!(
                webhook = %id, error = %chain(&error),
                "what came of sending to a webhook was not recorded; it is sent again"
            );
        }
    }

    /// Sends the letters of a batch at the same time; answers an outcome for each.
    async fn send(self: &Arc<Self>, batch: &Arc<Batch>) -> Vec<Outcome> {
        let mut sending = JoinSet::new();
        for number in 0..batch.letters.len() {
            let (courier, batch) = (Arc::clone(self), Arc::clone(batch));
            sending.spawn(async move { (number, courier.outcome(&batch, &batch.letters[number]).await) });
        }
        let lost = || Outcome {
            response_status: None,
            undelivered: Some(Undelivered("the attempt was lost".to_owned())),
            duration_ms: 0,
            at: self.clock.now(),
        };
        let mut outcomes: Vec<Option<Outcome>> = vec![None; batch.letters.len()];
        while let Some(done) = sending.join_next().await {
            match done {
                Ok((number, outcome)) => outcomes[number] = Some(outcome),
                Err(error) => tracing::error!(%error, "sending to a webhook ended in a fault"),
            }
        }
        outcomes.into_iter().map(|outcome| outcome.unwrap_or_else(lost)).collect()
    }

    async fn outcome(&self, batch: &Batch, letter: &Letter) -> Outcome {
        let started = self.clock.elapsed();
        let sent = match self.open_secret(batch) {
            Ok(secret) => self.post_letter(batch, letter, &secret).await,
            Err(problem) => Err(problem),
        };
        let (response_status, undelivered) = match sent {
            Ok(status) if (200..300).contains(&status) => (Some(status), None),
            Ok(status) => (Some(status), Some(format!("the webhook answered {status}; only 2xx takes an event"))),
            Err(problem) => (None, Some(problem)),
        };
        let duration = self.clock.elapsed().saturating_sub(started);
        Outcome {
            response_status,
            undelivered: undelivered.map(Undelivered),
            duration_ms: i64::try_from(duration.as_millis()).unwrap_or(i64::MAX),
            at: self.clock.now(),
        }
    }

    async fn post_letter(&self, batch: &Batch, letter: &Letter, secret: &Secret) -> Result<u16, String> {
        let event = resource::Event::from(letter.event.clone());
        let body = serde_json::to_vec(&event).map_err(|error| format!("the event cannot be written: {error}"))?;
        let headers = signature::headers(&letter.message.id, self.clock.now(), &body, secret)?;
        self.post.send(&batch.webhook.url, batch.is_sandbox, headers, body).await
    }

    fn open_secret(&self, batch: &Batch) -> Result<Secret, String> {
        let seal =
            self.seal.as_ref().ok_or("the server has no secret key, so the webhook's secret cannot be opened")?;
        let opened = seal.open(&place_of_secret(batch.webhook.id), &batch.webhook.sealed_secret);
        opened.map_err(|error| format!("the webhook's secret cannot be opened: {error}"))
    }
}

/// The webhooks that are being sent to.
#[derive(Default)]
struct UnderWay {
    tasks: JoinSet<()>,
    by_task: HashMap<task::Id, WebhookId>,
    webhooks: HashSet<WebhookId>,
}

impl UnderWay {
    fn end(&mut self, done: &Result<(task::Id, ()), JoinError>) {
        let id = match done {
            Ok((id, ())) => *id,
            Err(error) => {
                tracing::error!(%error, "sending to a webhook ended in a fault");
                error.id()
            }
        };
        if let Some(webhook) = self.by_task.remove(&id) {
            self.webhooks.remove(&webhook);
        }
    }
}
