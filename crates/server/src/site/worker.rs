//! The worker of one site: looks at the outbox, sends what is due, reports what came back, and waits.
//!
//! It is woken by changes and by the clock, reads everything anew each time, and can be stopped, killed and started at
//! any point (style 3.6). Everything it writes names the epoch of its lease, so that of two programs on one database
//! the one that was overtaken writes nothing.

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
    time::Duration,
};

use domain::{
    Moment,
    id::{AcsSystemId, EntranceId},
};
use engine::{
    issuing::{self, Capacity, Step},
    sites::{self, Condition},
};
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use store::{Store, leases, systems};
use tokio::{
    sync::Notify,
    task::{self, JoinError, JoinSet},
};
use tokio_util::sync::CancellationToken;
use visionline::{Answer, Client, Operation};

use super::{
    chain,
    contacts::Contacts,
    desk::{AtWork, Desk},
    duties::Duties,
    health::{Health, Record},
    job::{self, Finished, Job, Means},
    lease::{self, Held},
    pace::{Pace, Site},
};
use crate::{clock::Clock, entropy};

/// The longest the worker sleeps without looking: a virtual clock may have been moved meanwhile, and another program
/// may have changed the database.
const LONGEST_SLEEP: Duration = Duration::from_secs(1);
/// How long requests that are under way are waited for when the program is told to stop. What is open then is looked
/// for at the next start.
const STOP_WITHIN: Duration = Duration::from_secs(5);

/// A worker for one site.
pub struct Worker {
    pub(super) system_id: AcsSystemId,
    zone: TimeZone,
    clients: Vec<Arc<Client>>,
    pub(super) pace: Pace,
    is_alone: bool,
    desk: Desk,
    store: Store,
    pub(super) clock: Clock,
    changed: Arc<Notify>,
    /// Who we are among the programs of one database.
    holder: String,
    contacts: Contacts,
}

/// Why a round of the worker ended early.
#[derive(Debug, thiserror::Error)]
pub enum WorkerError {
    /// The engine could not record or read.
    #[error("the work of the site could not be read or recorded")]
    Engine(#[from] engine::Error),
    /// The lock server did not list its doors.
    #[error("the lock server did not list its doors")]
    Doors(#[source] visionline::Error),
    /// Another program has taken the site over.
    #[error("another program works at the site now")]
    LeaseLost,
}

/// What the worker keeps in mind between two rounds. All of it may be lost.
pub(super) struct Mind {
    /// Clients that nobody uses.
    pub(super) free: Vec<usize>,
    under_way: JoinSet<Finished>,
    doing: HashMap<task::Id, Doing>,
    lease: Option<Held>,
    health: Record,
    /// Somebody has disconnected the site for a trial.
    is_disconnected: bool,
    pub(super) duties: Duties,
    pub(super) at_encoders: AtWork,
}

impl Mind {
    /// The epoch of the lease, while it is held.
    pub(super) fn epoch(&self) -> Option<i64> {
        self.lease.map(|held| held.epoch)
    }
}

/// A job under way: its client, and the guest doors it keeps busy.
struct Doing {
    slot: usize,
    doors: Vec<EntranceId>,
}

impl Worker {
    /// A worker; nothing is done yet.
    pub fn new(site: Site, store: Store, clock: Clock, changed: Arc<Notify>) -> Self {
        Self {
            system_id: site.system_id,
            zone: site.zone,
            clients: site.clients.into_iter().map(Arc::new).collect(),
            pace: site.pace,
            is_alone: site.is_alone,
            desk: Desk::new(site.desk),
            store,
            clock,
            changed,
            holder: format!("{:016x}", entropy::seed()),
            contacts: Contacts::default(),
        }
    }

    /// Notes there when the lock server answers.
    #[must_use]
    pub fn noting(self, contacts: &Contacts) -> Self {
        Self { contacts: contacts.clone(), ..self }
    }

    /// Reads the lock server's doors and records what changed.
    ///
    /// # Errors
    /// When the lock server does not answer, or storage fails.
    pub async fn synchronise(&self) -> Result<(), WorkerError> {
        let Some(client) = self.clients.first() else { return Ok(()) };
        let doors = match client.run(Operation::ListDoors).await.map_err(WorkerError::Doors)? {
            Answer::Doors(doors) => doors,
            _ => Vec::new(),
        };
        let seen: Vec<sites::SeenDoor> = doors.into_iter().map(job::seen_door).collect();
        let system_id = self.system_id;
        self.write("site.record_doors", move |tx, moment| sites::record_doors(tx, moment, system_id, &seen)).await
    }

    /// Works until told to stop, then ends the sessions at the lock server and gives the site back.
    pub async fn run(self, stop: CancellationToken) {
        let mut mind = self.wake_up();
        while !stop.is_cancelled() {
            // Registered before looking, so that no change in between is missed.
            let changed = self.changed.notified();
            let pause = match self.round(&mut mind).await {
                Ok(pause) => pause,
                Err(error) => {
                    self.trouble(&mut mind, &error);
                    LONGEST_SLEEP
                }
            };
            // Also while the lock server is in trouble: whoever stands at an encoder is told so.
            if let Err(error) = self.serve_desk(&mut mind).await {
                self.trouble(&mut mind, &error);
            }
            tokio::select! {
                () = stop.cancelled() => {}
                Some(done) = mind.under_way.join_next_with_id() => self.take_in(&mut mind, done).await,
                Some(done) = mind.at_encoders.under_way.join_next_with_id() => {
                    if let Err(error) = self.take_in_from_desk(&mut mind, done).await {
                        self.trouble(&mut mind, &error);
                    }
                }
                () = changed => {}
                () = tokio::time::sleep(pause) => {}
            }
        }
        self.finish(mind).await;
    }

    fn wake_up(&self) -> Mind {
        let now = self.clock.elapsed();
        Mind {
            free: (0..self.clients.len()).collect(),
            under_way: JoinSet::new(),
            doing: HashMap::new(),
            lease: None,
            health: Record::default(),
            is_disconnected: false,
            duties: Duties::begin(&self.pace, now),
            at_encoders: AtWork::default(),
        }
    }

    fn trouble(&self, mind: &mut Mind, error: &WorkerError) {
        if matches!(error, WorkerError::LeaseLost) {
            tracing::warn!(site = %self.system_id, "another program works at the site now");
            // What is under way may still be carried out; whoever works here now looks for it.
            mind.under_way.abort_all();
            mind.at_encoders.abandon();
            mind.lease = None;
        } else {
            tracing::error!(site = %self.system_id, error = %chain(error), "the worker's round failed");
        }
    }

    /// Starts everything that is due; answers how long there is nothing to start.
    async fn round(&self, mind: &mut Mind) -> Result<Duration, WorkerError> {
        if !self.hold_lease(mind).await? {
            return Ok(lease::retry(self.pace.lease));
        }
        self.heed_orders(mind).await?;
        if mind.health.is_paused() || mind.is_disconnected {
            return Ok(LONGEST_SLEEP);
        }
        if let Some(hold) = mind.health.hold(self.clock.elapsed()) {
            return Ok(hold.min(LONGEST_SLEEP));
        }
        let system_id = self.system_id;
        let epoch = mind.lease.map(|held| held.epoch);
        while !mind.free.is_empty() {
            let looked =
                self.write_as(epoch, "issuing.look", move |tx, moment| issuing::look(tx, moment, system_id)).await?;
            let capacity = self.capacity(mind);
            let handed = self
                .write_as(epoch, "issuing.next", move |tx, moment| issuing::next(tx, moment, system_id, &capacity))
                .await?;
            if handed.is_empty() && !looked {
                break;
            }
            for one in handed {
                self.start(mind, Job::Step(one.step.into()), one.doors);
            }
        }
        self.start_duties(mind).await?;
        if mind.free.is_empty() {
            return Ok(LONGEST_SLEEP);
        }
        let due = self.write_as(epoch, "issuing.next_due", move |tx, _| issuing::next_due(tx, system_id)).await?;
        let pause = pause_until(due, self.clock.now());
        // What is due and was not handed out waits for a door that is busy; its job wakes us when it is done.
        Ok(if mind.doing.is_empty() || !pause.is_zero() { pause } else { LONGEST_SLEEP })
    }

    /// Looks what the API asks of the site beside its keys. In each round, so it must cost next to nothing.
    async fn heed_orders(&self, mind: &mut Mind) -> Result<(), WorkerError> {
        let (store, system_id) = (self.store.clone(), self.system_id);
        let looked = task::spawn_blocking(move || store.read("site.orders", move |tx| systems::orders(tx, system_id)));
        let orders = looked.await.unwrap_or(Err(store::Error::Closed)).map_err(engine::Error::from)?;
        mind.is_disconnected = orders.is_disconnected;
        if orders.sync_asked_at.is_some()
            && self.write_as(mind.epoch(), "site.begin_sync", move |tx, _| sites::begin_sync(tx, system_id)).await?
        {
            mind.duties.hurry(self.clock.elapsed());
        }
        Ok(())
    }

    fn capacity(&self, mind: &Mind) -> Capacity {
        Capacity {
            limit: mind.free.len(),
            busy: mind.doing.values().flat_map(|doing| doing.doors.iter().copied()).collect::<BTreeSet<_>>(),
            outcome_within: self.pace.outcome_within(),
        }
    }

    pub(super) fn start(&self, mind: &mut Mind, job: Job, doors: Vec<EntranceId>) {
        let Some(slot) = mind.free.pop() else { return };
        let Some(client) = self.clients.get(slot) else { return };
        let means = Means {
            client: Arc::clone(client),
            zone: self.zone.clone(),
            clock: self.clock.clone(),
            handed_at: self.clock.elapsed(),
            limit: self.pace.step_within(),
        };
        let task = mind.under_way.spawn(job.run(means));
        mind.doing.insert(task.id(), Doing { slot, doors });
    }

    async fn take_in(&self, mind: &mut Mind, done: Result<(task::Id, Finished), JoinError>) {
        let id = match &done {
            Ok((id, _)) => *id,
            Err(error) => error.id(),
        };
        let slot = mind.doing.remove(&id).map(|doing| doing.slot);
        mind.free.extend(slot);
        let finished = match done {
            Ok((_, finished)) => finished,
            Err(error) if error.is_cancelled() => return,
            Err(error) => {
                tracing::error!(site = %self.system_id, %error, "a request to the lock server was lost");
                return;
            }
        };
        if let Err(error) = self.record(mind, finished, slot).await {
            self.trouble(mind, &error);
        }
    }

    /// Records what came of a job.
    async fn record(&self, mind: &mut Mind, finished: Finished, slot: Option<usize>) -> Result<(), WorkerError> {
        let system_id = self.system_id;
        let epoch = mind.lease.map(|held| held.epoch);
        if let Some(health) = &finished.health {
            let now = self.clock.elapsed();
            if !matches!(health, Health::Unreachable(_)) {
                self.contacts.note(self.system_id, self.clock.now());
            }
            if let Some(condition) = mind.health.learn(health, now, entropy::seed()) {
                match &condition {
                    Condition::Working => tracing::info!(site = %self.system_id, "the lock server works"),
                    trouble => tracing::warn!(site = %self.system_id, ?trouble, "the lock server is in trouble"),
                }
                self.write_as(epoch, "site.note_condition", move |tx, moment| {
                    sites::note_condition(tx, moment, system_id, &condition)
                })
                .await?;
            }
            if mind.health.is_troubled() {
                // Asked until it answers, also when there is nothing else to do.
                mind.duties.doors_at = mind.duties.doors_at.min(now + mind.duties.doors_retry());
            }
        }
        match finished.result {
            job::Result::Step(step, outcome) => {
                let is_discard = matches!(*step, Step::Discard { .. });
                self.write_as(epoch, "issuing.came_back", move |tx, moment| {
                    issuing::came_back(tx, moment, &step, &outcome)
                })
                .await?;
                if is_discard && let Some(slot) = slot {
                    self.remember_dialect(epoch, slot).await?;
                }
            }
            job::Result::Doors(Ok(seen)) => {
                mind.duties.doors_failed = 0;
                self.write_as(epoch, "site.record_doors", move |tx, moment| {
                    sites::note_sync(tx, moment, system_id, None)?;
                    sites::record_doors(tx, moment, system_id, &seen)
                })
                .await?;
            }
            job::Result::Doors(Err(problem)) => {
                mind.duties.doors_at = self.clock.elapsed() + mind.duties.doors_retry();
                mind.duties.doors_failed = mind.duties.doors_failed.saturating_add(1);
                if let Some(problem) = problem {
                    self.write_as(epoch, "site.note_sync", move |tx, moment| {
                        sites::note_sync(tx, moment, system_id, Some(&problem))
                    })
                    .await?;
                }
            }
            job::Result::Encoders(Some(seen)) => {
                self.write_as(epoch, "site.record_encoders", move |tx, moment| {
                    sites::record_encoders(tx, moment, system_id, &seen)
                })
                .await?;
            }
            job::Result::Cards(Some(survey)) => {
                self.write_as(epoch, "issuing.surveyed", move |tx, moment| {
                    issuing::surveyed(tx, moment, system_id, &survey)
                })
                .await?;
            }
            job::Result::Encoders(None) | job::Result::Cards(None) => {}
        }
        Ok(())
    }

    /// Stores how the lock server discards cards, when that is news.
    async fn remember_dialect(&self, epoch: Option<i64>, slot: usize) -> Result<(), WorkerError> {
        let Some(client) = self.clients.get(slot) else { return Ok(()) };
        let Some(dialect) = client.discard_dialect().await.and_then(|dialect| serde_json::to_value(dialect).ok())
        else {
            return Ok(());
        };
        let (system_id, dialect) = (self.system_id, dialect.as_str().unwrap_or_default().to_owned());
        self.write_as(epoch, "site.remember_discard_dialect", move |tx, moment| {
            sites::remember_discard_dialect(tx, moment, system_id, &dialect)
        })
        .await
    }

    /// Takes or renews the lease; false while another program has it.
    async fn hold_lease(&self, mind: &mut Mind) -> Result<bool, WorkerError> {
        let now = self.clock.elapsed();
        if mind.lease.is_some_and(|held| !held.is_due(now, self.pace.lease)) {
            return Ok(true);
        }
        let (system_id, holder, is_alone) = (self.system_id, self.holder.clone(), self.is_alone);
        let length = SignedDuration::try_from(self.pace.lease).unwrap_or(SignedDuration::MAX);
        let taken = self
            .write("site.lease", move |tx, moment| {
                if systems::get(tx, system_id)?.deleted_at.is_some() {
                    return Ok(None);
                }
                let until = moment.now.saturating_add(length).unwrap_or(Timestamp::MAX);
                let taken = leases::take(tx, system_id, &holder, moment.now, until, is_alone)?;
                if taken.is_some_and(|lease| lease.is_new) {
                    issuing::resume(tx, moment, system_id)?;
                }
                Ok(taken)
            })
            .await?;
        match taken {
            Some(taken) => mind.lease = Some(Held { epoch: taken.epoch, renewed_at: now }),
            None if mind.lease.is_some() => return Err(WorkerError::LeaseLost),
            None => {}
        }
        Ok(taken.is_some())
    }

    /// Waits a little for what is under way, ends the sessions and gives the lease back.
    async fn finish(&self, mut mind: Mind) {
        // A person may take a minute; the card is looked for at the next start.
        mind.at_encoders.abandon();
        let rest = async {
            while let Some(done) = mind.under_way.join_next_with_id().await {
                self.take_in(&mut mind, done).await;
            }
        };
        if tokio::time::timeout(STOP_WITHIN, rest).await.is_err() {
            tracing::warn!(site = %self.system_id, "stopped while a request was under way; it is looked for at the next start");
        }
        let closing = async {
            for client in &self.clients {
                if let Err(error) = client.close().await {
                    tracing::info!(site = %self.system_id, %error, "the lock server did not confirm the end of a session");
                }
            }
        };
        if tokio::time::timeout(STOP_WITHIN, closing).await.is_err() {
            tracing::info!(site = %self.system_id, "the lock server did not confirm the end of a session in time");
        }
        let (system_id, holder) = (self.system_id, self.holder.clone());
        let released =
            self.write("site.release", move |tx, moment| Ok(leases::release(tx, system_id, &holder, moment.now)?));
        if let Err(error) = released.await {
            tracing::info!(site = %self.system_id, error = %chain(&error), "the site was not given back; its lease runs out");
        }
    }

    pub(super) fn system_id(&self) -> AcsSystemId {
        self.system_id
    }

    pub(super) fn zone(&self) -> &TimeZone {
        &self.zone
    }

    pub(super) fn store(&self) -> &Store {
        &self.store
    }

    pub(super) fn desk(&self) -> &Desk {
        &self.desk
    }

    /// A transaction that only the holder of this epoch may make.
    pub(super) async fn write_as<T: Send + 'static>(
        &self,
        epoch: Option<i64>,
        name: &'static str,
        mut work: impl FnMut(&mut store::Tx<'_>, &mut Moment) -> Result<T, engine::Error> + Send + 'static,
    ) -> Result<T, WorkerError> {
        let (system_id, holder) = (self.system_id, self.holder.clone());
        let done = self.write(name, move |tx, moment| {
            let is_held = match epoch {
                Some(epoch) => leases::is_held(tx, system_id, &holder, epoch)?,
                None => false,
            };
            is_held.then(|| work(tx, moment)).transpose()
        });
        done.await?.ok_or(WorkerError::LeaseLost)
    }

    pub(super) async fn write<T: Send + 'static>(
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
