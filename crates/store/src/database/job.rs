//! A write that waits for its turn: the caller's closure, where its answer goes, and the queue it waits in.

use std::any::Any;
use std::cell::Cell;
use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use super::connection::Tx;
use crate::Error;

/// A write whose types are erased, so that writes of different callers can share a queue and a commit.
pub(super) trait Job: Send {
    /// Name of the transaction.
    fn name(&self) -> &'static str;
    /// Runs the closure and keeps its result; true when that is `Ok`. May be called again, forgetting the result
    /// before.
    fn run(&mut self, tx: &mut Tx<'_>) -> bool;
    /// Answers the caller: with the kept result, or with `instead`.
    fn answer(self: Box<Self>, instead: Option<Error>);
}

/// The one kind of [`Job`].
pub(super) struct Write<Work, T, E, Reply> {
    pub(super) name: &'static str,
    pub(super) work: Work,
    pub(super) result: Option<Result<T, E>>,
    pub(super) reply: Reply,
}

impl<Work, T, E, Reply> Job for Write<Work, T, E, Reply>
where
    Work: FnMut(&mut Tx<'_>) -> Result<T, E> + Send,
    T: Send,
    E: From<Error> + Send,
    Reply: FnOnce(Result<T, E>) + Send,
{
    fn name(&self) -> &'static str {
        self.name
    }

    fn run(&mut self, tx: &mut Tx<'_>) -> bool {
        let result = (self.work)(tx);
        let kept = result.is_ok();
        self.result = Some(result);
        kept
    }

    fn answer(self: Box<Self>, instead: Option<Error>) {
        let Self { result, reply, .. } = *self;
        let result = match instead {
            Some(error) => Err(E::from(error)),
            None => result.unwrap_or_else(|| Err(E::from(Error::Closed))),
        };
        reply(result);
    }
}

/// How a closure ended.
pub(super) enum Ended {
    /// With `Ok`: to be committed.
    Kept,
    /// With the caller's own `Err`: to be rolled back.
    Refused,
    /// With a panic: to be rolled back.
    Panicked(Error),
}

/// Runs a job's closure; a panic ends the job and not the thread.
pub(super) fn run(job: &mut dyn Job, tx: &mut Tx<'_>) -> Ended {
    let name = job.name();
    match guarded(name, || job.run(tx)) {
        Ok(true) => Ended::Kept,
        Ok(false) => Ended::Refused,
        Err(panicked) => Ended::Panicked(panicked),
    }
}

/// Answers a job. A panic in the caller's reply is logged: there is nobody left to tell.
pub(super) fn answer(job: Box<dyn Job>, instead: Option<Error>) {
    let name = job.name();
    if let Err(error) = guarded(name, || job.answer(instead)) {
        tracing::error!(transaction = name, %error, "the reply to a transaction panicked");
    }
}

thread_local! {
    /// Whether this thread is inside a closure that the store runs.
    static INSIDE: Cell<bool> = const { Cell::new(false) };
}

/// Refuses a call that would wait for the thread or connection it is made on.
pub(super) fn refuse_nested(transaction: &'static str) -> Result<(), Error> {
    if INSIDE.get() { Err(Error::Nested { transaction }) } else { Ok(()) }
}

/// Runs a caller's closure, marking the thread and turning a panic into an error.
pub(super) fn guarded<T>(transaction: &'static str, closure: impl FnOnce() -> T) -> Result<T, Error> {
    INSIDE.set(true);
    // Whatever the closure left half done is rolled back or dropped by the caller of this function.
    let ended = catch_unwind(AssertUnwindSafe(closure));
    INSIDE.set(false);
    ended.map_err(|panic| Error::Panicked { transaction, message: message_of(panic.as_ref()) })
}

fn message_of(panic: &(dyn Any + Send)) -> String {
    if let Some(text) = panic.downcast_ref::<&str>() {
        return (*text).to_owned();
    }
    panic.downcast_ref::<String>().cloned().unwrap_or_else(|| "no message".to_owned())
}

/// Locks, also after a panic elsewhere: every holder in this crate leaves the value whole.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The jobs waiting for a writer, first come first served.
#[derive(Default)]
pub(super) struct Queue {
    waiting: Mutex<Waiting>,
    filled: Condvar,
}

#[derive(Default)]
struct Waiting {
    jobs: VecDeque<Box<dyn Job>>,
    closed: bool,
}

impl Queue {
    /// Adds a job; gives it back when the queue is closed.
    pub(super) fn push(&self, job: Box<dyn Job>) -> Result<(), Box<dyn Job>> {
        let mut waiting = lock(&self.waiting);
        if waiting.closed {
            return Err(job);
        }
        waiting.jobs.push_back(job);
        drop(waiting);
        self.filled.notify_one();
        Ok(())
    }

    /// The next job, waiting for one; none when the queue is closed and empty.
    pub(super) fn next(&self) -> Option<Box<dyn Job>> {
        let mut waiting = lock(&self.waiting);
        loop {
            if let Some(job) = waiting.jobs.pop_front() {
                return Some(job);
            }
            if waiting.closed {
                return None;
            }
            waiting = self.filled.wait(waiting).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// The next job if one is waiting.
    pub(super) fn next_waiting(&self) -> Option<Box<dyn Job>> {
        lock(&self.waiting).jobs.pop_front()
    }

    /// Takes no more jobs. Those that wait are still done.
    pub(super) fn close(&self) {
        lock(&self.waiting).closed = true;
        self.filled.notify_all();
    }
}
