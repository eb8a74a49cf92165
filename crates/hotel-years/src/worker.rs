//! The worker of the site, by hand and in one thread: look, next, errand, came back, until nothing is due.

use engine::issuing::{Outcome, Step};
use jiff::{SignedDuration, Timestamp};
use server::site::{Errand, Next, Surveyed, Surveyor};
use visionline::{Answer, Error, Operation, Step as Talk, TransportFailure};
use visionline_sim::Exchange;

use crate::{
    promises::Broken,
    weather::REQUEST_TIMEOUT_MS,
    world::{World, WorldError, later},
};

/// More rounds at one time, and more times, than any step of a story can need; a site that is still busy then never
/// settles.
const MOST_ROUNDS: usize = 600;

/// A key that its phone fetches at once is known to be there after the worker's first readings.
pub const PATIENCE: SignedDuration = SignedDuration::from_secs(4);

/// Looks at the hotel after each exchange with the lock server.
pub type Watch<'a> = &'a mut dyn FnMut(&World) -> Result<(), Broken>;

impl World {
    /// Works until nothing is due any more and nothing becomes due within [`PATIENCE`].
    ///
    /// # Errors
    /// When the site does not settle, or the watch finds a broken promise.
    pub fn settle(&mut self, watch: Watch<'_>) -> Result<(), Broken> {
        let target = later(self.now, PATIENCE);
        self.work_until(target, watch)
    }

    /// Lets time pass until `target`, doing what becomes due meanwhile.
    ///
    /// # Errors
    /// As [`World::settle`].
    pub fn advance(&mut self, target: Timestamp, watch: Watch<'_>) -> Result<(), Broken> {
        self.work_until(target, watch)?;
        self.now = self.now.max(target);
        Ok(())
    }

    fn work_until(&mut self, target: Timestamp, watch: Watch<'_>) -> Result<(), Broken> {
        let (mut wakes, mut rounds) = (0, 0);
        while wakes < MOST_ROUNDS && rounds < MOST_ROUNDS {
            rounds += 1;
            let moment = self.moment();
            if std::mem::take(&mut self.is_fresh) {
                self.program.resume(&moment)?;
            }
            match self.program.next_due(&moment)?.filter(|due| *due <= target) {
                None => return Ok(()),
                Some(due) if due <= self.now => {}
                Some(due) => {
                    self.now = self.now.max(self.wake(due, target, wakes));
                    wakes += 1;
                    rounds = 0;
                }
            }
            if let Some(step) = self.turn()? {
                self.carry_out(step, watch)?;
            }
        }
        Err(WorldError::Unsettled(MOST_ROUNDS).into())
    }

    /// What is to be sent now. The process may die after each of the two transactions.
    fn turn(&mut self) -> Result<Option<Step>, Broken> {
        let moment = self.moment();
        if self.crash.is_none() {
            return Ok(self.program.look_and_next(&moment)?.1);
        }
        self.program.look(&moment)?;
        if self.may_die() {
            return Ok(None);
        }
        let moment = self.moment();
        let step = self.program.next(&moment)?;
        Ok(step.filter(|_| !self.may_die()))
    }

    /// A key that waits for a phone is read again every minute for ever. After the first of these readings the
    /// sleeping worker oversleeps, as one in a restarted process would, so that days do not take minutes.
    fn wake(&self, due: Timestamp, target: Timestamp, wakes: usize) -> Timestamp {
        if wakes < 5 {
            return due;
        }
        let left_s = target.duration_since(self.now).as_secs();
        due.max(later(self.now, SignedDuration::from_secs(left_s / 4)))
    }

    /// Sends one step and reports what came back, unless the process dies in between.
    fn carry_out(&mut self, step: Step, watch: Watch<'_>) -> Result<(), Broken> {
        let mut errand = Errand::new(step.clone(), self.zone.clone());
        let mut next = errand.start();
        let outcome: Outcome = loop {
            match next {
                Next::Done(outcome) => break outcome,
                Next::Ask(operation) => {
                    let answer = self.ask_watched(operation, watch)?;
                    if self.may_die() {
                        return Ok(());
                    }
                    next = errand.reply(answer);
                }
            }
        };
        let moment = self.moment();
        self.program.came_back(&moment, step, outcome)?;
        self.may_die();
        Ok(())
    }

    /// Looks at the cards of a door, as the worker does now and then, and takes in what was found.
    ///
    /// # Errors
    /// When the lock server does not answer, or the engine fails.
    pub fn survey(&mut self, door: &str) -> Result<(), WorldError> {
        let (mut surveyor, mut operation) = Surveyor::start(door, self.zone.clone(), self.now);
        loop {
            let answer = self.ask(operation);
            match surveyor.reply(answer) {
                Surveyed::Ask(next) => operation = next,
                Surveyed::Failed(error) => return Err(WorldError::SetUp(format!("no survey of {door}: {error}"))),
                Surveyed::Done(survey) => {
                    let moment = self.moment();
                    return self.program.surveyed(&moment, survey);
                }
            }
        }
    }

    /// Carries one operation of the driver to the lock server.
    ///
    /// # Errors
    /// As the driver says.
    pub fn ask(&mut self, operation: Operation) -> Result<Answer, Error> {
        let mut talk = self.session.start(operation, self.now);
        loop {
            match talk {
                Talk::Done(result) => return result,
                Talk::Send(request) => {
                    let delivery = self.exchange(&request);
                    talk = self.session.reply(delivery, self.now);
                }
            }
        }
    }

    fn ask_watched(&mut self, operation: Operation, watch: Watch<'_>) -> Result<Result<Answer, Error>, Broken> {
        let mut talk = self.session.start(operation, self.now);
        loop {
            match talk {
                Talk::Done(result) => return Ok(result),
                Talk::Send(request) => {
                    let delivery = self.exchange(&request);
                    self.note_new_cards()?;
                    watch(self)?;
                    talk = self.session.reply(delivery, self.now);
                }
            }
        }
    }

    fn exchange(&mut self, request: &http::Request<Vec<u8>>) -> visionline::transport::Delivery {
        self.exchanges += 1;
        self.now = later(self.now, SignedDuration::from_millis(7));
        match self.hotel.lock_server(self.now, request) {
            Exchange::Answered { response, delay_ms } => {
                let waited_ms = delay_ms.min(REQUEST_TIMEOUT_MS);
                self.now = later(self.now, SignedDuration::from_millis(i64::try_from(waited_ms).unwrap_or(i64::MAX)));
                if delay_ms > REQUEST_TIMEOUT_MS {
                    return Err(TransportFailure::Lost("the answer took too long".into()));
                }
                Ok(response)
            }
            Exchange::ReplyLost => Err(TransportFailure::Lost("the simulated connection broke".into())),
            Exchange::Waiting { ticket, .. } => {
                self.hotel.abandon(ticket);
                Err(TransportFailure::Lost("the answer took too long".into()))
            }
            Exchange::Unreachable => Err(TransportFailure::NotSent("the simulated lock server is unreachable".into())),
        }
    }
}
