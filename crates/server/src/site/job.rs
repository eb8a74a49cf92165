//! One piece of work at a lock server, carried out by a task of its own, and what came of it.

use std::{sync::Arc, time::Duration};

use engine::{
    issuing::{Failure, FailureKind, Outcome, Step, Survey},
    sites::{SeenDoor, SeenEncoder},
};
use jiff::tz::TimeZone;
use visionline::{Answer, Client, Error, Operation};

use super::{Errand, Next, Surveyed, Surveyor, chain, health::Health};
use crate::clock::Clock;

/// A job that is begun later than this after it was handed out is not begun at all: the machine slept, and somebody
/// else may be at it (P2).
pub const BEGIN_WITHIN: Duration = Duration::from_secs(2);

/// What is to be done.
#[derive(Debug)]
pub enum Job {
    /// A step of the engine.
    Step(Box<Step>),
    /// List the doors.
    Doors,
    /// List the encoders.
    Encoders,
    /// Look at the cards of a door.
    Cards(String),
}

/// What came of it.
#[derive(Debug)]
pub enum Result {
    /// A step's outcome.
    Step(Box<Step>, Box<Outcome>),
    /// The doors, or why they could not be listed though the lock server answers.
    Doors(std::result::Result<Vec<SeenDoor>, Option<String>>),
    /// The encoders; none when they could not be listed.
    Encoders(Option<Vec<SeenEncoder>>),
    /// The cards; none when they could not be read.
    Cards(Option<Survey>),
}

/// A finished job.
#[derive(Debug)]
pub struct Finished {
    /// What came of it.
    pub result: Result,
    /// What it says about the lock server.
    pub health: Option<Health>,
}

/// What a job needs besides itself.
pub struct Means {
    /// The lock server.
    pub client: Arc<Client>,
    /// The site's zone.
    pub zone: TimeZone,
    /// What time it is.
    pub clock: Clock,
    /// When the job was handed out, on the monotonic clock.
    pub handed_at: Duration,
    /// How long a step may take as a whole.
    pub limit: Duration,
}

impl Job {
    /// Carries the job out.
    pub async fn run(self, means: Means) -> Finished {
        match self {
            Self::Step(step) => carry_out(*step, &means).await,
            Self::Doors => match means.client.run(Operation::ListDoors).await {
                Ok(Answer::Doors(doors)) => finished(
                    Result::Doors(Ok(doors.into_iter().map(seen_door).collect())),
                    Health::Working { wrote: false },
                ),
                Ok(_) => finished(Result::Doors(Err(None)), Health::Working { wrote: false }),
                Err(error) => {
                    let health = Health::of(&error);
                    // Whatever keeps the lock server from working is shown as its condition.
                    let problem = matches!(health, Health::Working { .. }).then(|| chain(&error));
                    finished(Result::Doors(Err(problem)), health)
                }
            },
            Self::Encoders => match means.client.run(Operation::ListEncoders).await {
                Ok(Answer::Encoders(encoders)) => {
                    let seen = encoders.into_iter().map(seen_encoder).collect();
                    finished(Result::Encoders(Some(seen)), Health::Working { wrote: false })
                }
                Ok(_) => finished(Result::Encoders(None), Health::Working { wrote: false }),
                Err(error) => finished(Result::Encoders(None), Health::of(&error)),
            },
            Self::Cards(door) => survey(&door, &means).await,
        }
    }
}

fn finished(result: Result, health: Health) -> Finished {
    Finished { result, health: Some(health) }
}

async fn survey(door: &str, means: &Means) -> Finished {
    let (mut surveyor, mut operation) = Surveyor::start(door, means.zone.clone(), means.clock.now());
    loop {
        match surveyor.reply(means.client.run(operation).await) {
            Surveyed::Ask(next) => operation = next,
            Surveyed::Done(survey) => {
                return finished(Result::Cards(Some(survey)), Health::Working { wrote: false });
            }
            Surveyed::Failed(error) => return finished(Result::Cards(None), Health::of(&error)),
        }
    }
}

async fn carry_out(step: Step, means: &Means) -> Finished {
    if means.clock.elapsed().saturating_sub(means.handed_at) > BEGIN_WITHIN {
        let outcome = failed("the program was held up before the request was sent", false);
        return Finished { result: Result::Step(step.into(), outcome.into()), health: None };
    }
    let done = tokio::time::timeout(means.limit, talk(Errand::new(step.clone(), means.zone.clone()), means)).await;
    match done {
        Ok((outcome, health)) => Finished { result: Result::Step(step.into(), outcome.into()), health },
        Err(_) => {
            let told = "no answer came in time".to_owned();
            Finished {
                result: Result::Step(step.into(), failed(&told, true).into()),
                health: Some(Health::Unreachable(told)),
            }
        }
    }
}

async fn talk(mut errand: Errand, means: &Means) -> (Outcome, Option<Health>) {
    let mut health = None;
    let mut next = errand.start();
    loop {
        match next {
            Next::Done(outcome) => return (outcome, health),
            Next::Ask(operation) => {
                let writes = matches!(operation, Operation::CreateCard(_) | Operation::DiscardCard(_));
                let answer = means.client.run(operation).await;
                health = Some(match &answer {
                    Ok(_) => Health::Working { wrote: writes },
                    Err(error) => {
                        log(&errand, error);
                        Health::of(error)
                    }
                });
                next = errand.reply(answer);
            }
        }
    }
}

fn log(errand: &Errand, error: &Error) {
    tracing::info!(
        carrier.id = %errand.step().carrier(),
        error = %chain(error),
        "the lock server did not do what was asked"
    );
}

fn failed(message: &str, may_be_done: bool) -> Outcome {
    Outcome::Failed(Failure { kind: FailureKind::Transient, may_be_done, message: message.to_owned() })
}

/// An encoder as the engine wants it.
pub fn seen_encoder(encoder: visionline::Encoder) -> SeenEncoder {
    SeenEncoder { name: encoder.name.unwrap_or_else(|| encoder.id.clone()), native_id: encoder.id }
}

/// A door as the engine wants it.
pub fn seen_door(door: visionline::Door) -> SeenDoor {
    SeenDoor {
        category: door.category.as_ref().map_or_else(String::new, |category| category.as_str().to_owned()),
        profiles: door.profiles.into_iter().map(|profile| (profile.id.unwrap_or_default(), profile.kind)).collect(),
        name: door.id,
    }
}
