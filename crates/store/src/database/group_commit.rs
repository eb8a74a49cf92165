//! The writer thread of SQLite.
//!
//! A durable commit costs a flush to the disk, however much is in it. So the thread takes every job that waits, runs
//! each in its own savepoint inside one transaction, commits once, and only then answers (P1). Jobs that arrive
//! during the flush form the next group.

use std::sync::{Arc, Mutex};

use super::connection::{AnyConnection, Tx};
use super::counts::Tally;
use super::job::{Ended, Job, Queue, answer, lock, run};
use super::readers::{control, execute};
use crate::Error;

/// Most transactions in one commit. Bounds what a failed commit takes with it and how long the first one waits.
const GROUP_LIMIT: usize = 128;

/// Others may read between groups but none may write, so the lock is taken at once and never upgraded.
const BEGIN: &str = "BEGIN IMMEDIATE";

/// A job and how its closure ended.
type Ran = (Box<dyn Job>, Ended);

/// How the transaction around a group ended.
enum Verdict {
    /// Durable: the answers are true.
    Committed,
    /// It could not be begun: nothing was stored.
    NotBegun(Error),
    /// The commit failed in the engine or on the disk.
    Uncertain(Arc<diesel::result::Error>),
    /// One job broke it for all: by a foreign key that is checked at the commit, or by an error on which SQLite ends
    /// the whole transaction. Nothing was stored.
    Undone,
}

/// Serves the queue until it is closed and empty.
pub(super) fn serve(queue: &Queue, connection: &Mutex<AnyConnection>, tally: &Tally) {
    while let Some(first) = queue.next() {
        // The lock goes back before the callers wake up: a reader of a memory database needs it.
        let (group, verdict) = run_group(&mut lock(connection), first, queue);
        if !matches!(verdict, Verdict::Undone) {
            answer_all(group, &verdict, tally);
            continue;
        }
        for (job, _) in group {
            tally.add(job.name(), |counts| counts.retried += 1);
            let (ran, verdict) = run_alone(&mut lock(connection), job);
            answer_all(vec![ran], &verdict, tally);
        }
    }
}

fn run_group(connection: &mut AnyConnection, first: Box<dyn Job>, queue: &Queue) -> (Vec<Ran>, Verdict) {
    if let Err(error) = control(connection, BEGIN) {
        return (vec![(first, Ended::Refused)], Verdict::NotBegun(not_begun(error)));
    }
    let mut group = Vec::new();
    let mut next = Some(first);
    while let Some(mut job) = next {
        let ended = run_in_savepoint(connection, job.as_mut());
        let is_intact = ended.is_ok();
        group.push((job, ended.unwrap_or(Ended::Refused)));
        if !is_intact {
            undo(connection);
            return (group, Verdict::Undone);
        }
        next = if group.len() < GROUP_LIMIT { queue.next_waiting() } else { None };
    }
    let verdict = match control(connection, "COMMIT") {
        Ok(()) => Verdict::Committed,
        Err(error) => {
            undo(connection);
            if is_constraint(&error) { Verdict::Undone } else { Verdict::Uncertain(Arc::new(error)) }
        }
    };
    (group, verdict)
}

/// An error here means that the transaction around the savepoint is gone.
fn run_in_savepoint(connection: &mut AnyConnection, job: &mut dyn Job) -> diesel::QueryResult<Ended> {
    control(connection, "SAVEPOINT job")?;
    let ended = run(job, &mut Tx { connection });
    match ended {
        Ended::Kept => control(connection, "RELEASE job")?,
        Ended::Refused | Ended::Panicked(_) => execute(connection, "ROLLBACK TO job; RELEASE job")?,
    }
    Ok(ended)
}

/// For a job of an undone group: whatever happens now is its own doing.
fn run_alone(connection: &mut AnyConnection, mut job: Box<dyn Job>) -> (Ran, Verdict) {
    if let Err(error) = control(connection, BEGIN) {
        return ((job, Ended::Refused), Verdict::NotBegun(not_begun(error)));
    }
    let ended = run(job.as_mut(), &mut Tx { connection });
    if !matches!(ended, Ended::Kept) {
        undo(connection);
        return ((job, ended), Verdict::Committed);
    }
    let verdict = match control(connection, "COMMIT") {
        Ok(()) => Verdict::Committed,
        Err(error) => {
            undo(connection);
            if is_constraint(&error) {
                Verdict::NotBegun(Error::from(error))
            } else {
                Verdict::Uncertain(Arc::new(error))
            }
        }
    };
    ((job, ended), verdict)
}

/// Answers a group with its verdict.
fn answer_all(group: Vec<Ran>, verdict: &Verdict, tally: &Tally) {
    if matches!(verdict, Verdict::Committed) && group.iter().any(|(_, ended)| matches!(ended, Ended::Kept)) {
        tally.commit();
    }
    for (job, ended) in group {
        let name = job.name();
        let instead = match (verdict, ended) {
            (Verdict::Committed, Ended::Kept) => {
                tally.add(name, |counts| counts.committed += 1);
                None
            }
            (Verdict::Committed, Ended::Refused) => {
                tally.add(name, |counts| counts.refused += 1);
                None
            }
            (_, Ended::Panicked(error)) => Some(error),
            (Verdict::NotBegun(error), _) => Some(error.clone()),
            (Verdict::Uncertain(source), _) => {
                Some(Error::OutcomeUnknown { transaction: name, source: Arc::clone(source) })
            }
            (Verdict::Undone, _) => continue,
        };
        if instead.is_some() {
            tally.add(name, |counts| counts.failed += 1);
        }
        answer(job, instead);
    }
}

fn not_begun(error: diesel::result::Error) -> Error {
    Error::during("begin a transaction")(error)
}

/// Fails when SQLite has ended the transaction by itself, which is just as well.
fn undo(connection: &mut AnyConnection) {
    if let Err(error) = execute(connection, "ROLLBACK") {
        tracing::debug!(%error, "the transaction was already over");
    }
}

fn is_constraint(error: &diesel::result::Error) -> bool {
    use diesel::result::DatabaseErrorKind::{CheckViolation, ForeignKeyViolation, NotNullViolation, UniqueViolation};
    matches!(
        error,
        diesel::result::Error::DatabaseError(
            ForeignKeyViolation | UniqueViolation | NotNullViolation | CheckViolation,
            _
        )
    )
}
