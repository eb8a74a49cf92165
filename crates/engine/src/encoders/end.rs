//! The end of a job and of its attempt.

use domain::{Moment, Stage, id::AcsSystemId};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use store::{
    Tx, action_attempts,
    carriers::{self, Carrier},
    encoder_jobs::{self, Change, EncoderJob, FINDING, OVER, QUEUED},
    systems,
};

use super::failure::{DISCONNECTED, Failure};
use crate::{
    Caller, Error,
    issuing::{ended, note_stage},
};

/// The job has failed; nothing of the credential has changed.
pub(super) fn fail(tx: &mut Tx<'_>, moment: &mut Moment, job: &EncoderJob, failure: &Failure) -> Result<(), Error> {
    action_attempts::end(tx, job.id, Err(&failure.to_json()))?;
    over(tx, moment, job, Some(failure))
}

/// The job has succeeded.
pub(super) fn succeed(tx: &mut Tx<'_>, moment: &mut Moment, job: &EncoderJob, result: &Value) -> Result<(), Error> {
    action_attempts::end(tx, job.id, Ok(result))?;
    over(tx, moment, job, None)
}

/// Whatever waits at the encoders of a site waits in vain: the site is removed.
pub(crate) fn abandon(tx: &mut Tx<'_>, moment: &mut Moment, system: AcsSystemId) -> Result<(), Error> {
    let failure = Failure::new(DISCONNECTED, "The hotel was disconnected. Connect it again and ask anew.");
    for job in encoder_jobs::open(tx, system)? {
        fail(tx, moment, &job, &failure)?;
    }
    Ok(())
}

fn over(tx: &mut Tx<'_>, moment: &mut Moment, job: &EncoderJob, failure: Option<&Failure>) -> Result<(), Error> {
    let error = failure.map(|failure| failure.to_json()["type"].clone());
    let change = Change { stage: Some(OVER), ended_at: Some(moment.now), ..Change::default() };
    encoder_jobs::change(tx, job.id, change)?;
    let after = json!({ "stage": OVER, "error": error });
    let program = Caller::program(job.workspace_id);
    program.note_change(tx, moment, "action_attempt.end", job.id, json!({ "stage": job.stage }), after)
}

/// The card record of the job was certainly not written: it is given up.
pub(super) fn give_up(tx: &mut Tx<'_>, moment: &mut Moment, job: &EncoderJob) -> Result<(), Error> {
    let Some(id) = job.carrier_id else { return Ok(()) };
    let carrier = carriers::get(tx, id)?;
    if carrier.stage() == Stage::Sent {
        ended(tx, moment, &carrier, Stage::Gone)?;
        note_carrier(tx, moment, job, &carrier)?;
    }
    // The doors are free for others again, and the next try has a record of its own.
    Ok(encoder_jobs::change(tx, job.id, Change { carrier_id: Some(None), ..Change::default() })?)
}

/// The lock server has the record, and no medium carries it: it is discarded, so that none ever will (P2).
pub(super) fn discard(tx: &mut Tx<'_>, moment: &mut Moment, job: &EncoderJob, card_id: String) -> Result<(), Error> {
    let Some(id) = job.carrier_id else { return Ok(()) };
    let change = carriers::Change {
        stage: Some(Stage::Revoking),
        due_at: Some(Some(moment.now)),
        attempts: Some(0),
        card: Some((card_id, None)),
        ..carriers::Change::default()
    };
    let before = carriers::get(tx, id)?;
    carriers::change(tx, id, change)?;
    note_carrier(tx, moment, job, &before)?;
    Ok(encoder_jobs::change(tx, job.id, Change { carrier_id: Some(None), ..Change::default() })?)
}

/// Writes to the audit log where the job's carrier stands now.
pub(super) fn note_carrier(
    tx: &mut Tx<'_>,
    moment: &mut Moment,
    job: &EncoderJob,
    before: &Carrier,
) -> Result<(), Error> {
    let system = systems::get(tx, job.acs_system_id)?;
    note_stage(tx, moment, &system, before)
}

/// Another try while there is time, else the failure.
pub(super) fn retry_or_fail(
    tx: &mut Tx<'_>,
    moment: &mut Moment,
    job: &EncoderJob,
    window: SignedDuration,
    failure: &Failure,
) -> Result<(), Error> {
    give_up(tx, moment, job)?;
    if is_within(job, window, moment.now) {
        return Ok(encoder_jobs::change(tx, job.id, Change { stage: Some(QUEUED), ..Change::default() })?);
    }
    fail(tx, moment, job, failure)
}

/// Whether a card was written is looked for from now on.
pub(super) fn find_out(tx: &mut Tx<'_>, job: &EncoderJob) -> Result<(), Error> {
    Ok(encoder_jobs::change(tx, job.id, Change { stage: Some(FINDING), ..Change::default() })?)
}

/// Whether the time that a person has for placing a card is not over.
pub(super) fn is_within(job: &EncoderJob, window: SignedDuration, now: Timestamp) -> bool {
    job.begun_at.is_none_or(|begun| now < later(begun, window))
}

/// When the record of a carrier cannot be written any more: the request that made it has certainly ended.
pub(super) fn settled_at(carrier: &Carrier, answer_within: SignedDuration) -> Timestamp {
    later(carrier.created_at, answer_within)
}

pub(super) fn later(at: Timestamp, pause: SignedDuration) -> Timestamp {
    at.saturating_add(pause).unwrap_or(Timestamp::MAX)
}
