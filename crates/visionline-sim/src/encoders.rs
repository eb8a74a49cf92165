//! Encoders at the desks: what lies on them, what they wait for, how it ends (`spec/visionline.md` 3.3).
//!
//! An encoder does its jobs one after the other. Nothing here waits: [`Encoders::settle`] plays what has happened by
//! a given instant, and [`Encoders::next_change`] tells when to ask again.

use std::collections::{BTreeMap, VecDeque};

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::property::{Knobs, Property, Technology};
use crate::result_code::ResultCode;

/// A plastic card lying on an encoder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PlacedCard {
    /// 16 hex digits.
    pub(crate) serial_number: String,
    pub(crate) technology: Technology,
    pub(crate) memory_bytes: u32,
}

/// What an encoder shall do with the next card.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Task {
    Write { card_id: u32, image_bytes: u32 },
    Read,
}

/// How a job ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum End {
    /// Written or read; the serial number of the medium.
    Done(String),
    Failed(ResultCode),
}

/// A job that ended just now.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) job: u64,
    pub(crate) encoder: String,
    pub(crate) task: Task,
    pub(crate) end: End,
    /// The card on it was taken away in the middle and cannot be read any more.
    pub(crate) spoilt: Option<String>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Job {
    id: u64,
    task: Task,
    deadline: Timestamp,
}

/// One encoder.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Station {
    pub(crate) is_online: bool,
    pub(crate) placed: Option<PlacedCard>,
    placed_at: Timestamp,
    /// The card was written by an earlier job: it must be taken away before the next is written.
    is_written: bool,
    /// Since when the first job in the queue is being worked at.
    front_since: Timestamp,
    queue: VecDeque<Job>,
}

impl Station {
    fn new(is_online: bool) -> Self {
        let start = Timestamp::UNIX_EPOCH;
        let queue = VecDeque::new();
        Self { is_online, placed: None, placed_at: start, is_written: false, front_since: start, queue }
    }

    /// The card the first job works on, and since when.
    fn at_work(&self) -> Option<(&Job, &PlacedCard, Timestamp)> {
        let (job, placed) = (self.queue.front()?, self.placed.as_ref()?);
        let waits_for_another = self.is_written && job.task != Task::Read;
        (!waits_for_another).then(|| (job, placed, self.placed_at.max(self.front_since)))
    }

    /// The instant of the first job's end if nothing else happens.
    fn front_end(&self, knobs: &Knobs) -> Option<Timestamp> {
        let deadline = self.queue.front()?.deadline;
        Some(match self.at_work() {
            Some((job, _, since)) if since < deadline => later(since, work_seconds(&job.task, knobs)),
            _ => deadline,
        })
    }

    /// Takes the first job off the queue; the next one is worked at from then on.
    fn finish_front(&mut self, at: Timestamp) -> Option<Job> {
        let job = self.queue.pop_front()?;
        self.front_since = at;
        Some(job)
    }

    /// The state in one word, and the job that is worked at.
    pub(crate) fn state(&self) -> (&'static str, Option<(&Task, Timestamp)>) {
        let front = self.queue.front().map(|job| (&job.task, job.deadline));
        let word = match (&front, self.at_work().is_some()) {
            _ if !self.is_online => "offline",
            (None, _) if self.is_written => "done",
            (None, _) => "idle",
            (Some(_), true) => "writing",
            (Some(_), false) => "waiting_for_card",
        };
        (word, front)
    }

    pub(crate) fn queue_length(&self) -> usize {
        self.queue.len()
    }
}

/// All encoders of the property.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Encoders {
    stations: BTreeMap<String, Station>,
    next_job: u64,
    /// Ends that a waiting request has not fetched yet, by job.
    ends: BTreeMap<u64, (String, Task, End)>,
}

impl Encoders {
    pub(crate) fn new(property: &Property) -> Self {
        let stations = property.encoders.iter().map(|encoder| (encoder.id.clone(), Station::new(encoder.online)));
        Self { stations: stations.collect(), ..Self::default() }
    }

    pub(crate) fn station(&self, encoder: &str) -> Option<&Station> {
        self.stations.get(encoder)
    }

    /// Gives an encoder a job; tells its number. `None` if the encoder is unknown.
    pub(crate) fn start(&mut self, now: Timestamp, encoder: &str, task: Task, knobs: &Knobs) -> Option<u64> {
        let station = self.stations.get_mut(encoder)?;
        self.next_job += 1;
        if station.queue.is_empty() {
            station.front_since = now;
        }
        let deadline = later(now, i64::from(knobs.encoder_deadline_seconds));
        station.queue.push_back(Job { id: self.next_job, task, deadline });
        Some(self.next_job)
    }

    /// Puts a card on an encoder, in the place of the one before; `false` if the encoder is unknown.
    pub(crate) fn place(&mut self, now: Timestamp, encoder: &str, card: PlacedCard) -> bool {
        let Some(station) = self.stations.get_mut(encoder) else {
            return false;
        };
        station.placed = Some(card);
        station.placed_at = now;
        station.is_written = false;
        true
    }

    /// Takes the card away. A job that was at work on it fails: while it was writing with 18, while it was verifying
    /// (the second half of the time) with 20.
    pub(crate) fn remove(&mut self, now: Timestamp, encoder: &str, knobs: &Knobs) -> Vec<Ended> {
        let Some(station) = self.stations.get_mut(encoder) else {
            return Vec::new();
        };
        let interrupted = station.at_work().map(|(job, placed, since)| {
            let half = SignedDuration::from_secs(work_seconds(&job.task, knobs)) / 2;
            let code =
                if now.duration_since(since) < half { ResultCode::NOT_WRITTEN } else { ResultCode::NOT_VERIFIED };
            let spoilt = (job.task != Task::Read).then(|| placed.serial_number.clone());
            (code, spoilt)
        });
        station.placed = None;
        station.is_written = false;
        let Some((code, spoilt)) = interrupted else {
            return Vec::new();
        };
        let job = station.finish_front(now);
        job.map(|job| self.note(encoder, job, End::Failed(code), spoilt)).into_iter().collect()
    }

    /// Lets the job at hand fail with a code; empty if there is none.
    pub(crate) fn fail(&mut self, now: Timestamp, encoder: &str, code: ResultCode) -> Vec<Ended> {
        let job = self.stations.get_mut(encoder).and_then(|station| station.finish_front(now));
        job.map(|job| self.note(encoder, job, End::Failed(code), None)).into_iter().collect()
    }

    /// Cuts an encoder off or brings it back; its jobs fail when it is cut off.
    pub(crate) fn set_online(&mut self, now: Timestamp, encoder: &str, is_online: bool) -> Vec<Ended> {
        let Some(station) = self.stations.get_mut(encoder) else {
            return Vec::new();
        };
        station.is_online = is_online;
        if is_online {
            return Vec::new();
        }
        station.front_since = now;
        let jobs = std::mem::take(&mut station.queue);
        jobs.into_iter().map(|job| self.note(encoder, job, End::Failed(ResultCode::NO_CONNECTION), None)).collect()
    }

    /// Plays what has happened by `now`; tells the jobs that have ended, in their order.
    pub(crate) fn settle(&mut self, now: Timestamp, knobs: &Knobs) -> Vec<Ended> {
        let mut all = Vec::new();
        if self.stations.values().all(|station| station.queue.is_empty()) {
            return all;
        }
        let names: Vec<String> = self.stations.keys().cloned().collect();
        for encoder in names {
            while let Some((job, end)) = self.stations.get_mut(&encoder).and_then(|one| step(one, now, knobs)) {
                all.push(self.note(&encoder, job, end, None));
            }
        }
        all
    }

    /// The instant at which a job's fate may change by itself; `None` if it has ended.
    pub(crate) fn next_change(&self, job: u64, knobs: &Knobs) -> Option<Timestamp> {
        self.stations.values().find_map(|station| {
            let own = station.queue.iter().find(|queued| queued.id == job)?;
            Some(station.front_end(knobs).map_or(own.deadline, |front| front.min(own.deadline)))
        })
    }

    /// Fetches the end of a job for the request that waited for it.
    pub(crate) fn take_end(&mut self, job: u64) -> Option<(String, Task, End)> {
        self.ends.remove(&job)
    }

    /// Keeps the end of a job for the request that waits for it.
    pub(crate) fn keep_end(&mut self, ended: &Ended) {
        self.ends.insert(ended.job, (ended.encoder.clone(), ended.task.clone(), ended.end.clone()));
    }

    fn note(&mut self, encoder: &str, job: Job, end: End, spoilt: Option<String>) -> Ended {
        Ended { job: job.id, encoder: encoder.to_owned(), task: job.task, end, spoilt }
    }
}

/// The next end at one encoder that lies not after `now`.
fn step(station: &mut Station, now: Timestamp, knobs: &Knobs) -> Option<(Job, End)> {
    let front_end = station.front_end(knobs)?;
    // A job behind the first can only run out of time.
    let late = station.queue.iter().skip(1).position(|job| job.deadline <= now && job.deadline < front_end);
    if let Some(behind) = late {
        let job = station.queue.remove(behind + 1)?;
        return Some((job, End::Failed(ResultCode::IN_QUEUE)));
    }
    if let Some((job, placed, since)) = station.at_work()
        && since < job.deadline
        && since <= now
    {
        if let Task::Write { image_bytes, .. } = job.task
            && let Some(code) = unfit(placed, image_bytes, knobs)
        {
            return Some((station.finish_front(since)?, End::Failed(code)));
        }
        if front_end > now {
            return None;
        }
        let end = End::Done(placed.serial_number.clone());
        let job = station.finish_front(front_end)?;
        station.is_written |= job.task != Task::Read;
        return Some((job, end));
    }
    if front_end > now {
        return None;
    }
    // It came first in the queue only when its own time was up.
    let has_queued = station.queue.front().is_some_and(|job| station.front_since >= job.deadline);
    let code = if has_queued { ResultCode::IN_QUEUE } else { ResultCode::NO_CARD };
    Some((station.finish_front(front_end)?, End::Failed(code)))
}

fn unfit(placed: &PlacedCard, image_bytes: u32, knobs: &Knobs) -> Option<ResultCode> {
    if !knobs.media.contains(&placed.technology) {
        Some(ResultCode::UNUSABLE)
    } else if placed.memory_bytes < image_bytes {
        Some(ResultCode::CANNOT_BE_USED)
    } else {
        None
    }
}

fn work_seconds(task: &Task, knobs: &Knobs) -> i64 {
    match task {
        Task::Write { .. } => i64::from(knobs.encoder_write_seconds),
        Task::Read => 0,
    }
}

fn later(instant: Timestamp, seconds: i64) -> Timestamp {
    instant.checked_add(SignedDuration::from_secs(seconds)).unwrap_or(Timestamp::MAX)
}
