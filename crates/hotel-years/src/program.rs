//! The program behind a hotel, as stories see it: what the API does, and the work at the lock server that follows.

use std::collections::BTreeMap;

use domain::{
    Moment,
    id::{CredentialId, EndpointId, EntranceId, PhoneId, UserIdentityId},
};
use engine::{
    credentials,
    issuing::{Outcome, Step, Survey},
    sites::SeenDoor,
};
use jiff::Timestamp;

use crate::{
    granting::Granting,
    world::{Enrolled, Person, WorldError},
};

/// Which program a story is played with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Engine and store: everything but the sockets.
    Whole,
    /// The planner of `domain` over records in memory: a hundred times as many stories in the same time.
    PlannerAlone,
}

/// What a world asks of its program. Each call happens at the moment's instant.
pub trait Program {
    /// Takes the hotel's doors; answers them by name.
    ///
    /// # Errors
    /// When storage fails.
    fn record_doors(&mut self, moment: &Moment, seen: &[SeenDoor]) -> Result<BTreeMap<String, EntranceId>, WorldError>;

    /// A person with a user at the site.
    ///
    /// # Errors
    /// When it is refused.
    fn create_person(&mut self, moment: &Moment, name: &str) -> Result<Person, WorldError>;

    /// A phone of the person with an active endpoint.
    ///
    /// # Errors
    /// When it is refused.
    fn enrol_phone(&mut self, moment: &Moment, identity: UserIdentityId) -> Result<Enrolled, WorldError>;

    /// Deactivates a phone; answers its endpoints.
    ///
    /// # Errors
    /// When it is refused.
    fn deactivate_phone(&mut self, moment: &Moment, phone: PhoneId) -> Result<Vec<EndpointId>, WorldError>;

    /// Asks for a credential.
    ///
    /// # Errors
    /// When it is refused: an answer to the caller, not a failure of the program.
    fn create_credential(&mut self, moment: &Moment, asked: credentials::Create)
    -> Result<CredentialId, engine::Error>;

    /// Deletes a parent or a child.
    ///
    /// # Errors
    /// When it is refused.
    fn delete_credential(&mut self, moment: &Moment, id: CredentialId) -> Result<(), engine::Error>;

    /// The desk's side of it; none for a program without access grants.
    fn desk(&self) -> Option<&dyn Granting> {
        None
    }

    /// [`Program::desk`], to book.
    fn desk_mut(&mut self) -> Option<&mut dyn Granting> {
        None
    }

    /// The children of a parent with their endpoints.
    ///
    /// # Errors
    /// When storage fails.
    fn children(&self, parent: CredentialId) -> Result<Vec<(CredentialId, Option<EndpointId>)>, WorldError>;

    /// How many credentials there are.
    ///
    /// # Errors
    /// When storage fails.
    fn credential_count(&self) -> Result<usize, WorldError>;

    /// Whether these credentials are said to be valid; none for one that is gone.
    ///
    /// # Errors
    /// When storage fails.
    fn validity(&self, ids: &[CredentialId], now: Timestamp) -> Result<BTreeMap<CredentialId, bool>, WorldError>;

    /// Takes over what a process that died has left open.
    ///
    /// # Errors
    /// When storage fails.
    fn resume(&mut self, _: &Moment) -> Result<(), WorldError> {
        Ok(())
    }

    /// Brings the intentions in line with the plan; answers whether there was anything to look at.
    ///
    /// # Errors
    /// When storage fails.
    fn look(&mut self, moment: &Moment) -> Result<bool, WorldError>;

    /// The next request that is due.
    ///
    /// # Errors
    /// When storage fails.
    fn next(&mut self, moment: &Moment) -> Result<Option<Step>, WorldError>;

    /// When there is something to do next.
    ///
    /// # Errors
    /// When storage fails.
    fn next_due(&mut self, moment: &Moment) -> Result<Option<Timestamp>, WorldError>;

    /// [`Program::look`] and [`Program::next`] in one, for times when nothing can happen in between.
    ///
    /// # Errors
    /// When storage fails.
    fn look_and_next(&mut self, moment: &Moment) -> Result<(bool, Option<Step>), WorldError> {
        Ok((self.look(moment)?, self.next(moment)?))
    }

    /// Whether it reads the cards of the hotel's doors.
    fn surveys(&self) -> bool {
        false
    }

    /// Takes in the cards that were found at a door.
    ///
    /// # Errors
    /// When storage fails.
    fn surveyed(&mut self, _: &Moment, _: Survey) -> Result<(), WorldError> {
        Ok(())
    }

    /// Records the outcome of a request.
    ///
    /// # Errors
    /// When storage fails.
    fn came_back(&mut self, moment: &Moment, step: Step, outcome: Outcome) -> Result<(), WorldError>;
}
