//! What a worker does beside the engine's steps: it reads doors, encoders and, room by room, the cards.

use std::{collections::VecDeque, time::Duration};

use store::entrances;

use super::{
    job::Job,
    pace::Pace,
    worker::{Mind, Worker, WorkerError},
};

/// How soon a list that could not be read is asked for again; doubles with each time.
const FIRST_RETRY: Duration = Duration::from_secs(1);
/// The longest pause before that.
const LONGEST_RETRY: Duration = Duration::from_secs(60);
/// When the lists are read next, on the monotonic clock.
pub struct Duties {
    pub doors_at: Duration,
    /// How often in a row the doors could not be read.
    pub doors_failed: u32,
    pub encoders_at: Option<Duration>,
    pub cards_at: Option<Duration>,
    /// Guest doors that this round of surveys has not come to.
    to_survey: VecDeque<String>,
    between_surveys: Duration,
}

impl Duties {
    /// Everything is due at once, but for the cards: first the doors must be known.
    pub fn begin(pace: &Pace, now: Duration) -> Self {
        Self {
            doors_at: now,
            doors_failed: 0,
            encoders_at: pace.lists_encoders.then_some(now),
            cards_at: pace.surveys_within.map(|_| now + Duration::from_secs(1)),
            to_survey: VecDeque::new(),
            between_surveys: Duration::ZERO,
        }
    }

    /// How soon doors that could not be read are asked for again.
    pub fn doors_retry(&self) -> Duration {
        FIRST_RETRY.saturating_mul(2_u32.saturating_pow(self.doors_failed.min(16))).min(LONGEST_RETRY)
    }

    /// Everything is due now: somebody asked for it.
    pub fn hurry(&mut self, now: Duration) {
        self.doors_at = now;
        self.doors_failed = 0;
        self.encoders_at = self.encoders_at.map(|_| now);
    }
}

impl Worker {
    /// Starts the lists that are due, as far as a client is free: steps come first.
    pub(super) async fn start_duties(&self, mind: &mut Mind) -> Result<(), WorkerError> {
        let now = self.clock.elapsed();
        if !mind.free.is_empty() && mind.duties.doors_at <= now {
            mind.duties.doors_at = now + self.pace.lists_every;
            self.start(mind, Job::Doors, Vec::new());
        }
        if !mind.free.is_empty() && mind.duties.encoders_at.is_some_and(|at| at <= now) {
            mind.duties.encoders_at = Some(now + self.pace.lists_every);
            self.start(mind, Job::Encoders, Vec::new());
        }
        if !mind.free.is_empty() && mind.duties.cards_at.is_some_and(|at| at <= now) {
            if mind.duties.to_survey.is_empty() {
                self.plan_surveys(mind).await?;
            }
            mind.duties.cards_at = Some(now + mind.duties.between_surveys);
            if let Some(door) = mind.duties.to_survey.pop_front() {
                self.start(mind, Job::Cards(door), Vec::new());
            }
        }
        Ok(())
    }

    /// Begins a new round of surveys: all guest doors, spread over the time that one round may take.
    async fn plan_surveys(&self, mind: &mut Mind) -> Result<(), WorkerError> {
        let system_id = self.system_id;
        let doors = self
            .write("site.guest_doors", move |tx, _| Ok(entrances::of_system(tx, system_id)?))
            .await?
            .into_iter()
            .filter(|door| door.removed_at.is_none() && door.category().is_guest());
        mind.duties.to_survey = doors.map(|door| door.door_name).collect();
        let count = u32::try_from(mind.duties.to_survey.len()).unwrap_or(u32::MAX);
        let whole = self.pace.surveys_within.unwrap_or(Duration::MAX);
        // A hotel without doors is not read yet.
        mind.duties.between_surveys = whole.checked_div(count).unwrap_or(FIRST_RETRY);
        Ok(())
    }
}
