//! What is to be done at the encoders of a site now: the first job of each, marked before it is done.

use std::collections::BTreeSet;

use domain::{
    Moment, Stage,
    id::{AcsSystemId, ActionAttemptId, CarrierId, EncoderId},
};
use jiff::SignedDuration;
use serde_json::json;
use store::{
    Tx, action_attempts,
    carriers::{self, Change},
    credentials,
    encoder_jobs::{self, AT_ENCODER, ENCODE, EncoderJob, FINDING, QUEUED},
    encoder_simulations,
    encoders::{self, Encoder},
    entrances,
    systems::{self, AcsSystem},
};

use super::{
    Simulated, Step, Visit,
    end::{fail, is_within, later, retry_or_fail},
    failure::{DELETED, DISCONNECTED, EXPIRED, Failure, NOT_AGAIN, NOT_ONLINE, UNCATEGORIZED},
    fitness::{Obstacle, explain, method_of, unfit},
    read,
};
use crate::{
    Caller, Error,
    encoders::Show,
    issuing::{load, order, settle_losses},
};

/// How many times the window an attempt may be pending, counted from the request: it may have waited for its turn.
const CEILING_WINDOWS: i32 = 5;

/// What the worker knows and can take on.
#[derive(Debug, Clone)]
pub struct Desk {
    /// Jobs whose outcome somebody waits for. Any other job that was begun is an orphan: the program was restarted, or
    /// the answer got lost.
    pub doing: BTreeSet<ActionAttemptId>,
    /// The most further steps.
    pub limit: usize,
    /// Whether the encoders of the site may be used at all (`spec/visionline.md` 7, row 11).
    pub is_on: bool,
    /// How long a person has for placing a card.
    pub window: SignedDuration,
    /// How long after a request was sent it has certainly ended.
    pub answer_within: SignedDuration,
}

/// Whether the site has anything to do at its encoders: a cheap question.
///
/// # Errors
/// When storage fails.
pub fn any_open(tx: &mut Tx<'_>, system_id: AcsSystemId) -> Result<bool, Error> {
    Ok(encoder_jobs::any_open(tx, system_id)?)
}

/// Hands out what is to be done at the encoders of the site now: at each the job that was asked for first. Jobs that
/// cannot be done end here, with the reason in their attempt.
///
/// # Errors
/// When storage fails.
pub fn begin(
    tx: &mut Tx<'_>,
    moment: &mut Moment,
    system_id: AcsSystemId,
    desk: &Desk,
    show: Show,
) -> Result<Vec<Step>, Error> {
    let jobs = encoder_jobs::open(tx, system_id)?;
    if jobs.is_empty() {
        return Ok(Vec::new());
    }
    let system = systems::get(tx, system_id)?;
    let all = encoders::of_system(tx, system_id)?;
    let mut engaged: BTreeSet<EncoderId> = BTreeSet::new();
    let mut steps = Vec::new();
    for job in jobs {
        if expired(tx, moment, desk, &job)? {
            continue;
        }
        let Some(encoder) = all.iter().find(|encoder| encoder.id == job.encoder_id) else { continue };
        if !engaged.insert(encoder.id) || desk.doing.contains(&job.id) || steps.len() >= desk.limit {
            continue;
        }
        let place = Place { system: &system, encoder, desk, show };
        let step = match (job.stage.as_str(), job.task.as_str()) {
            (QUEUED, ENCODE) => encode(tx, moment, &place, &job)?,
            (QUEUED, _) => scan(tx, moment, &place, &job)?,
            (_, ENCODE) => find(tx, moment, &place, &job)?,
            (_, _) => scan_again(tx, moment, &place, &job)?,
        };
        match step {
            Next::Do(step) => steps.push(*step),
            Next::Wait => {}
            Next::Over => {
                engaged.remove(&encoder.id);
            }
        }
    }
    Ok(steps)
}

/// Where a job is to be done, and how.
struct Place<'a> {
    system: &'a AcsSystem,
    encoder: &'a Encoder,
    desk: &'a Desk,
    show: Show,
}

impl Place<'_> {
    /// Why nothing can be done here at all.
    fn trouble(&self) -> Option<Failure> {
        if !self.desk.is_on {
            let message = "Encoders are not switched on for this hotel: how its lock server wants them used has not \
                           been confirmed. The operator of Innkeep switches them on with encoders = true at the site, or by \
                           connecting it again with encoders.";
            return Some(Failure::new(NOT_ONLINE, message));
        }
        if self.encoder.removed_at.is_some() {
            let message = format!(
                "The lock server does not list the encoder {} any more. Use another one, or define it there again.",
                self.encoder.name
            );
            return Some(Failure::new(NOT_ONLINE, message));
        }
        let errors = self.system.errors.as_array()?;
        let told = errors.iter().find_map(|error| error["message"].as_str())?;
        Some(Failure::new(DISCONNECTED, told))
    }

    fn step(&self, job: &EncoderJob, visit: Visit) -> Step {
        let is_repeated = job.begun_at.is_some();
        let lays_card = job.simulated.is_some();
        Step { job: job.id, encoder_id: self.encoder.native_id.clone(), visit, is_repeated, lays_card }
    }
}

enum Next {
    Do(Box<Step>),
    /// Its turn has come, and something else must end first.
    Wait,
    Over,
}

/// Ends the attempt of a job whose time is up; answers whether the job is over with that. One that was begun goes on
/// until it is known what became of the card.
fn expired(tx: &mut Tx<'_>, moment: &mut Moment, desk: &Desk, job: &EncoderJob) -> Result<bool, Error> {
    if moment.now < later(job.created_at, desk.window * CEILING_WINDOWS) {
        return Ok(false);
    }
    let message = if job.stage == QUEUED {
        "The encoder was engaged with other work until the time was up. Try again."
    } else {
        "It could not be found out in time whether the card was written. Look at the credential before you try again."
    };
    let failure = Failure::new(EXPIRED, message);
    if job.stage == QUEUED && job.carrier_id.is_none() {
        fail(tx, moment, job, &failure)?;
        return Ok(true);
    }
    action_attempts::end(tx, job.id, Err(&failure.to_json()))?;
    Ok(false)
}

fn encode(tx: &mut Tx<'_>, moment: &mut Moment, place: &Place<'_>, job: &EncoderJob) -> Result<Next, Error> {
    let refuse = |tx: &mut Tx<'_>, moment: &mut Moment, failure: &Failure| {
        fail(tx, moment, job, failure)?;
        Ok(Next::Over)
    };
    let row = match job.credential_id {
        Some(id) => credentials::by_ids(tx, &[id])?.into_iter().next(),
        None => None,
    };
    let Some(card) = row else {
        return refuse(tx, moment, &Failure::new(DELETED, "The credential is gone. Create a new one."));
    };
    if let Some(failure) = unfit(tx, moment, &card)? {
        return refuse(tx, moment, &failure);
    }
    if encoder_jobs::open(tx, place.system.id)?
        .iter()
        .any(|other| other.id != job.id && other.credential_id == Some(card.id) && other.carrier_id.is_some())
    {
        let message = "The card is being written on another encoder at this moment. Finish there, or wait until it \
                       has given up.";
        return refuse(tx, moment, &Failure::new(NOT_AGAIN, message));
    }
    let mut job = job.clone();
    if let Some(told) = encoder_simulations::take(tx, place.encoder.id, Simulated::ENCODE, Some(card.id))? {
        if let Some(failure) = Simulated::failure(&told) {
            return refuse(tx, moment, &failure);
        }
        encoder_jobs::change(tx, job.id, encoder_jobs::Change { simulated: Some(told.clone()), ..Default::default() })?;
        job.simulated = Some(told);
    }
    if let Some(failure) = place.trouble() {
        return refuse(tx, moment, &failure);
    }

    settle_losses(tx, moment, place.system, &[card.id])?;
    let around = load(tx, &[card.id], moment.now)?;
    let method = match method_of(&around, card.id) {
        Ok(method) => method,
        Err(Obstacle::Wait) => return Ok(Next::Wait),
        Err(Obstacle::Lost) => {
            let message = "A newer stay has taken the doors of this card. Create a new credential.";
            return refuse(tx, moment, &Failure::new(NOT_AGAIN, message));
        }
        Err(Obstacle::Waiting(reason)) => {
            let failure = Failure::new(UNCATEGORIZED, explain(tx, &around, card.id, reason)?);
            return refuse(tx, moment, &failure);
        }
    };
    let native = place.encoder.native_id.as_str();
    let Some((carrier, ordered)) = order(tx, moment, place.system, &around, card.id, &method, Some(native))? else {
        return refuse(tx, moment, &Failure::new(DELETED, "The credential is gone. Create a new one."));
    };
    // Nobody but the desk looks at it: the worker must never make a card by itself.
    let sent = Change {
        stage: Some(Stage::Sent),
        due_at: Some(None),
        attempts: Some(1),
        settles_at: Some(later(moment.now, place.desk.answer_within)),
        ..Change::default()
    };
    carriers::change(tx, carrier, sent)?;
    mark_begun(tx, moment, &job, Some(carrier))?;
    Ok(Next::Do(Box::new(place.step(&job, Visit::Write(Box::new(ordered))))))
}

fn mark_begun(tx: &mut Tx<'_>, moment: &mut Moment, job: &EncoderJob, carrier: Option<CarrierId>) -> Result<(), Error> {
    let change = encoder_jobs::Change {
        stage: Some(AT_ENCODER),
        carrier_id: carrier.map(Some),
        begun_at: job.begun_at.is_none().then_some(moment.now),
        ..Default::default()
    };
    encoder_jobs::change(tx, job.id, change)?;
    let after = json!({ "stage": AT_ENCODER, "acs_encoder_id": job.encoder_id, "carrier_id": carrier });
    let program = Caller::program(job.workspace_id);
    program.note_change(tx, moment, "action_attempt.begin", job.id, json!({ "stage": job.stage }), after)
}

/// The card of a job whose answer nobody waits for is looked for.
fn find(tx: &mut Tx<'_>, moment: &mut Moment, place: &Place<'_>, job: &EncoderJob) -> Result<Next, Error> {
    let Some(id) = job.carrier_id else {
        retry_or_fail(tx, moment, job, place.desk.window, &Failure::timed_out())?;
        return Ok(Next::Wait);
    };
    let carrier = carriers::get(tx, id)?;
    let held: Vec<_> = carriers::doors_of(tx, &[id])?.into_iter().map(|door| door.entrance_id).collect();
    let door = entrances::by_ids(tx, &held)?.into_iter().next().map(|entrance| entrance.door_name);
    let valid_at = carrier.starts_at.max(moment.now.min(carrier.ends_at));
    let is_repeated = job.stage == FINDING;
    encoder_jobs::change(tx, job.id, encoder_jobs::Change { stage: Some(FINDING), ..Default::default() })?;
    let step = place.step(job, Visit::Find { door, valid_at, mark: id.mark() });
    Ok(Next::Do(Box::new(Step { is_repeated, lays_card: false, ..step })))
}

fn scan(tx: &mut Tx<'_>, moment: &mut Moment, place: &Place<'_>, job: &EncoderJob) -> Result<Next, Error> {
    if let Some(told) = encoder_simulations::take(tx, place.encoder.id, Simulated::SCAN, None)? {
        read::simulated(tx, moment, place.system, place.encoder, job, &told, place.show)?;
        return Ok(Next::Over);
    }
    if let Some(failure) = place.trouble() {
        fail(tx, moment, job, &failure)?;
        return Ok(Next::Over);
    }
    mark_begun(tx, moment, job, None)?;
    Ok(Next::Do(Box::new(place.step(job, Visit::Read))))
}

/// Reading twice does no harm.
fn scan_again(tx: &mut Tx<'_>, moment: &mut Moment, place: &Place<'_>, job: &EncoderJob) -> Result<Next, Error> {
    if is_within(job, place.desk.window, moment.now) {
        return Ok(Next::Do(Box::new(place.step(job, Visit::Read))));
    }
    fail(tx, moment, job, &Failure::timed_out())?;
    Ok(Next::Over)
}
