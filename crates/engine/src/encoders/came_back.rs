//! Recording what became of a step at an encoder.

use domain::{Moment, Stage};
use jiff::SignedDuration;
use store::{
    Tx,
    carriers::{self, Change},
    encoder_jobs::{self, ENCODE, EncoderJob, OVER},
    systems,
};

use super::{
    Desk, Outcome, Reason, Setback, Show, Step, Visit,
    end::{discard, fail, find_out, give_up, later, retry_or_fail, settled_at},
    failure::{Failure, Verdict, judge},
    read, written,
};
use crate::Error;

/// A lock server that broke off sooner than this is not at it for long.
const PATIENT: SignedDuration = SignedDuration::from_secs(20);
/// How long after a request that broke off its card may still be made.
const SETTLING: SignedDuration = SignedDuration::from_secs(2);

/// Records the outcome of a step that was handed out. An outcome that arrives twice changes nothing.
///
/// # Errors
/// When storage fails.
pub fn came_back(
    tx: &mut Tx<'_>,
    moment: &mut Moment,
    desk: &Desk,
    step: &Step,
    outcome: &Outcome,
    show: Show,
) -> Result<(), Error> {
    let Some(job) = encoder_jobs::find(tx, step.job)?.filter(|job| job.stage != OVER) else { return Ok(()) };
    let system = systems::get(tx, job.acs_system_id)?;
    match outcome {
        Outcome::Written { card_id, serial_number } => {
            written::written(tx, moment, &system, &job, card_id, serial_number.as_deref(), show)
        }
        Outcome::Unwritten { card_id } => unwritten(tx, moment, desk, &job, card_id),
        Outcome::NotThere => not_there(tx, moment, desk, &job),
        Outcome::Blank => read::blank(tx, moment, &job),
        Outcome::Unknown => read::unknown(tx, moment, &job),
        Outcome::Read(card) => read::read(tx, moment, &system, &job, card, show),
        Outcome::Failed(setback) => failed(tx, moment, desk, step, &job, setback),
    }
}

fn failed(
    tx: &mut Tx<'_>,
    moment: &mut Moment,
    desk: &Desk,
    step: &Step,
    job: &EncoderJob,
    setback: &Setback,
) -> Result<(), Error> {
    let is_finding = matches!(step.visit, Visit::Find { .. });
    if is_finding && !matches!(setback.reason, Reason::Result(_)) {
        // Whatever failed here was the look; whether the card was written is as open as before.
        return find_out(tx, job);
    }
    if setback.may_be_done && job.task == ENCODE {
        if let Some(id) = job.carrier_id
            && moment.now.duration_since(carriers::get(tx, id)?.created_at) < PATIENT
        {
            let settles_at = later(moment.now, SETTLING);
            carriers::change(tx, id, Change { settles_at: Some(settles_at), ..Change::default() })?;
        }
        return find_out(tx, job);
    }
    match judge(setback, job.task != ENCODE) {
        Verdict::Retry(failure) => retry_or_fail(tx, moment, job, desk.window, &failure),
        Verdict::Fail(failure) => {
            give_up(tx, moment, job)?;
            fail(tx, moment, job, &failure)
        }
    }
}

/// The record is there and nobody has placed a card. The encoder may still wait for one.
fn unwritten(tx: &mut Tx<'_>, moment: &mut Moment, desk: &Desk, job: &EncoderJob, card_id: &str) -> Result<(), Error> {
    let Some(id) = job.carrier_id else { return Ok(()) };
    let carrier = carriers::get(tx, id)?;
    if carrier.stage() == Stage::Sent && moment.now < settled_at(&carrier, desk.answer_within) {
        return find_out(tx, job);
    }
    discard(tx, moment, job, card_id.to_owned())?;
    fail(tx, moment, job, &Failure::timed_out())
}

fn not_there(tx: &mut Tx<'_>, moment: &mut Moment, desk: &Desk, job: &EncoderJob) -> Result<(), Error> {
    let Some(id) = job.carrier_id else { return Ok(()) };
    let carrier = carriers::get(tx, id)?;
    if carrier.settles_at.is_some_and(|settles_at| settles_at > moment.now) {
        return find_out(tx, job);
    }
    retry_or_fail(tx, moment, job, desk.window, &Failure::timed_out())
}
