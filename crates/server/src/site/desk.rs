//! The encoders of a site: one conversation with the lock server for each that waits for a person, beside the worker's
//! own, so that nobody else's work waits for that person.

use std::{collections::HashMap, sync::Arc, time::Duration};

use domain::id::ActionAttemptId;
use engine::encoders::{self, Outcome, Step, Visit};
use jiff::{SignedDuration, tz::TimeZone};
use store::encoder_jobs;
use tokio::task::{self, JoinError, JoinSet};
use visionline::Client;

use super::{
    Worker, WorkerError,
    encoder_errand::{EncoderErrand, Next},
    worker::Mind,
};
use crate::{api::acs::credentials::resource::show, sandbox::Sandbox};

/// How long a step that was tried a moment ago rests before it is tried again.
const REST: Duration = Duration::from_secs(1);
/// How much longer than the window an answer may take: the lock server has a limit of its own.
const BEYOND_THE_WINDOW: Duration = Duration::from_secs(30);

/// How the encoders of a site are used.
pub struct DeskSettings {
    /// Whether they are used at all (`spec/visionline.md` 7, row 11).
    pub is_on: bool,
    /// How long a person has for placing a card.
    pub window: Duration,
    /// The lock server, once for each encoder that may wait at a time.
    pub clients: Vec<Client>,
    /// The simulated hotel whose encoders nobody stands at, if it is in this process.
    pub sandbox: Option<Arc<Sandbox>>,
}

impl DeskSettings {
    /// How long a request to an encoder may take.
    pub fn answer_within(window: Duration) -> Duration {
        window + BEYOND_THE_WINDOW
    }
}

/// The encoders of a site at work.
pub(super) struct Desk {
    is_on: bool,
    window: Duration,
    clients: Vec<Arc<Client>>,
    sandbox: Option<Arc<Sandbox>>,
}

impl Desk {
    pub(super) fn new(settings: DeskSettings) -> Self {
        Self {
            is_on: settings.is_on,
            window: settings.window,
            clients: settings.clients.into_iter().map(Arc::new).collect(),
            sandbox: settings.sandbox,
        }
    }
}

/// What is under way at the encoders. All of it may be lost.
#[derive(Default)]
pub(super) struct AtWork {
    pub(super) under_way: JoinSet<Option<Finished>>,
    doing: HashMap<task::Id, (usize, ActionAttemptId)>,
}

/// A step and what became of it.
#[derive(Debug)]
pub(super) struct Finished {
    step: Step,
    outcome: Outcome,
}

impl AtWork {
    /// Gives everything up; it is looked for later.
    pub(super) fn abandon(&mut self) {
        self.under_way.abort_all();
        self.doing.clear();
    }
}

impl Worker {
    /// Starts what is to be done at the encoders now.
    pub(super) async fn serve_desk(&self, mind: &mut Mind) -> Result<(), WorkerError> {
        let Some(epoch) = mind.epoch() else { return Ok(()) };
        let (store, system_id) = (self.store().clone(), self.system_id());
        // Asked in each round, so it must cost next to nothing while nobody uses an encoder.
        let asked = task::spawn_blocking(move || {
            store.read("site.any_encoder_job", move |tx| encoder_jobs::any_open(tx, system_id))
        });
        let has_work = asked.await.unwrap_or(Ok(false)).map_err(engine::Error::from)?;
        if !has_work {
            return Ok(());
        }
        let wanted = self.desk_now(&mind.at_encoders);
        let steps = self
            .write_as(Some(epoch), "encoders.begin", move |tx, moment| {
                encoders::begin(tx, moment, system_id, &wanted, show)
            })
            .await?;
        for step in steps {
            self.start_step(mind, step);
        }
        Ok(())
    }

    fn desk_now(&self, at_work: &AtWork) -> encoders::Desk {
        let desk = self.desk();
        let signed = |duration: Duration| SignedDuration::try_from(duration).unwrap_or(SignedDuration::MAX);
        encoders::Desk {
            doing: at_work.doing.values().map(|(_, job)| *job).collect(),
            limit: desk.clients.len().saturating_sub(at_work.doing.len()),
            is_on: desk.is_on,
            window: signed(desk.window),
            answer_within: signed(DeskSettings::answer_within(desk.window)),
        }
    }

    fn start_step(&self, mind: &mut Mind, step: Step) {
        let taken: Vec<usize> = mind.at_encoders.doing.values().map(|(slot, _)| *slot).collect();
        let free = self.desk().clients.iter().enumerate().find(|(slot, _)| !taken.contains(slot));
        let Some((slot, client)) = free else { return };
        let job = step.job;
        let run = carry_out(step, Arc::clone(client), self.zone().clone(), self.desk().sandbox.clone());
        let limit = DeskSettings::answer_within(self.desk().window) + BEYOND_THE_WINDOW;
        let task = mind.at_encoders.under_way.spawn(limited(limit, run));
        mind.at_encoders.doing.insert(task.id(), (slot, job));
    }

    /// Records what came of a step.
    pub(super) async fn take_in_from_desk(
        &self,
        mind: &mut Mind,
        done: Result<(task::Id, Option<Finished>), JoinError>,
    ) -> Result<(), WorkerError> {
        let id = match &done {
            Ok((id, _)) => *id,
            Err(error) => error.id(),
        };
        mind.at_encoders.doing.remove(&id);
        // One that was given up, or whose answer did not come, is an orphan: it is looked for in the next round.
        let Ok((_, Some(Finished { step, outcome }))) = done else { return Ok(()) };
        if let Outcome::Failed(setback) = &outcome {
            tracing::info!(action_attempt.id = %step.job, reason = %setback.message, "an encoder did not do what was asked");
        }
        let desk = self.desk_now(&mind.at_encoders);
        self.write_as(mind.epoch(), "encoders.came_back", move |tx, moment| {
            encoders::came_back(tx, moment, &desk, &step, &outcome, show)
        })
        .await
    }
}

async fn limited(limit: Duration, run: impl Future<Output = Finished>) -> Option<Finished> {
    tokio::time::timeout(limit, run).await.ok()
}

async fn carry_out(step: Step, client: Arc<Client>, zone: TimeZone, sandbox: Option<Arc<Sandbox>>) -> Finished {
    if step.is_repeated {
        tokio::time::sleep(REST).await;
    }
    let encoder = step.encoder_id.clone();
    let is_forced = step.lays_card;
    let hand = sandbox.filter(|_| !matches!(step.visit, Visit::Find { .. }));
    let talk = async {
        let mut errand = EncoderErrand::new(step, zone);
        let mut next = errand.start();
        let outcome = loop {
            match next {
                Next::Done(outcome) => break outcome,
                Next::Ask(operation) => next = errand.reply(client.run(operation).await),
            }
        };
        (errand.step().clone(), outcome)
    };
    let helping = async {
        if let Some(sandbox) = hand {
            sandbox.lend_a_hand(&encoder, is_forced).await;
        }
    };
    let mut talk = std::pin::pin!(talk);
    let (step, outcome) = tokio::select! {
        done = &mut talk => done,
        () = helping => talk.await,
    };
    Finished { step, outcome }
}
