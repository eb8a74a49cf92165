//! The worker of one site: looks at the outbox, sends what is due, reports what came back, and waits.
//!
//! It is woken by changes and by the clock, reads everything anew each time, and can be stopped and started at any
//! point (style 3.6).

use std::{sync::Arc, time::Duration};

use domain::{Moment, id::AcsSystemId};
use engine::{
    issuing::{self, Outcome, Step},
    sites::{self, SeenDoor},
};
use jiff::{Timestamp, tz::TimeZone};
use store::Store;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use visionline::{Answer, Client, Operation};

use super::{Errand, Next};
use crate::{clock::Clock, entropy};

/// The longest the worker sleeps without looking: a virtual clock may have been moved meanwhile.
const LONGEST_SLEEP: Duration = Duration::from_secs(1);

/// Requests handed out at once. One keeps the order of the doors simple; the driver sends one at a time anyhow.
const STEPS_AT_ONCE: i64 = 1;

/// A worker for one site.
pub struct Worker {
    /// The site.
    pub system_id: AcsSystemId,
    /// Its zone.
    pub zone: TimeZone,
    /// Its lock server.
    pub client: Client,
    /// Where everything is kept.
    pub store: Store,
    /// What time it is.
    pub clock: Clock,
    /// Rings after every change.
    pub changed: Arc<Notify>,
}

/// Why a round of the worker ended early.
#[derive(Debug, thiserror::Error)]
pub enum WorkerError {
    /// The engine could not record or read.
    #[error("the work of the site could not be read or recorded")]
    Engine(#[from] engine::Error),
    /// A task of the runtime was lost.
    #[error("a database task was lost")]
    Lost(#[from] tokio::task::JoinError),
    /// The lock server did not list its doors.
    #[error("the lock server did not list its doors")]
    Doors(#[source] visionline::Error),
}

impl Worker {
    /// Works until told to stop, then ends the session at the lock server.
    pub async fn run(self, stop: CancellationToken) {
        while !stop.is_cancelled() {
            // Registered before looking, so that no change in between is missed.
            let changed = self.changed.notified();
            let pause = match self.work().await {
                Ok(pause) => pause,
                Err(error) => {
                    tracing::error!(site = %self.system_id, error = %chain(&error), "the worker's round failed");
                    LONGEST_SLEEP
                }
            };
            tokio::select! {
                () = stop.cancelled() => {}
                () = changed => {}
                () = tokio::time::sleep(pause) => {}
            }
        }
        if let Err(error) = self.client.close().await {
            tracing::info!(site = %self.system_id, %error, "the lock server did not confirm the end of the session");
        }
    }

    /// Reads the lock server's doors and records what changed.
    ///
    /// # Errors
    /// When the lock server does not answer, or storage fails.
    pub async fn synchronise(&self) -> Result<(), WorkerError> {
        let doors = match self.client.run(Operation::ListDoors).await.map_err(WorkerError::Doors)? {
            Answer::Doors(doors) => doors,
            _ => Vec::new(),
        };
        let seen: Vec<SeenDoor> = doors.into_iter().map(seen_door).collect();
        let system_id = self.system_id;
        self.write("site.record_doors", move |tx, moment| sites::record_doors(tx, moment, system_id, &seen)).await
    }

    /// Does everything that is due; answers how long there is nothing to do.
    async fn work(&self) -> Result<Duration, WorkerError> {
        let system_id = self.system_id;
        loop {
            let looked = self.write("issuing.look", move |tx, moment| issuing::look(tx, moment, system_id)).await?;
            let steps = self
                .write("issuing.next", move |tx, moment| issuing::next(tx, moment, system_id, STEPS_AT_ONCE))
                .await?;
            if steps.is_empty() && !looked {
                break;
            }
            for step in steps {
                let outcome = self.carry_out(step.clone()).await;
                self.write("issuing.came_back", move |tx, moment| issuing::came_back(tx, moment, &step, &outcome))
                    .await?;
            }
        }
        let due = self.write("issuing.next_due", move |tx, _| issuing::next_due(tx, system_id)).await?;
        Ok(pause_until(due, self.clock.now()))
    }

    async fn carry_out(&self, step: Step) -> Outcome {
        let mut errand = Errand::new(step, self.zone.clone());
        let mut next = errand.start();
        loop {
            match next {
                Next::Done(outcome) => return outcome,
                Next::Ask(operation) => {
                    let answer = self.client.run(operation).await;
                    if let Err(error) = &answer {
                        tracing::info!(
                            site = %self.system_id,
                            carrier.id = %errand.step().carrier(),
                            error = %chain(error),
                            "the lock server did not do what was asked"
                        );
                    }
                    next = errand.reply(answer);
                }
            }
        }
    }

    async fn write<T: Send + 'static>(
        &self,
        name: &'static str,
        mut work: impl FnMut(&mut store::Tx<'_>, &mut Moment) -> Result<T, engine::Error> + Send + 'static,
    ) -> Result<T, WorkerError> {
        let moment = Moment::new(self.clock.now(), entropy::seed());
        let (sender, receiver) = tokio::sync::oneshot::channel();
        self.store.write_then(
            name,
            move |tx| {
                let mut moment = moment.clone();
                work(tx, &mut moment)
            },
            move |result| {
                // The worker may have been stopped while the transaction waited; its outcome stands in the database.
                let _ = sender.send(result);
            },
        );
        let result = receiver.await.unwrap_or_else(|_| Err(store::Error::Closed.into()));
        Ok(result?)
    }
}

fn pause_until(due: Option<Timestamp>, now: Timestamp) -> Duration {
    let Some(due) = due else { return LONGEST_SLEEP };
    let wait = Duration::try_from(due.duration_since(now)).unwrap_or(Duration::ZERO);
    wait.min(LONGEST_SLEEP)
}

fn seen_door(door: visionline::Door) -> SeenDoor {
    SeenDoor {
        category: door.category.as_ref().map_or_else(String::new, |category| category.as_str().to_owned()),
        profiles: door.profiles.into_iter().map(|profile| (profile.id.unwrap_or_default(), profile.kind)).collect(),
        name: door.id,
    }
}

/// An error with all its causes, for the log.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}
