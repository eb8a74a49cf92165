//! The desk's side of a program: bookings by access grants (`spec/api.md 4.19`, `4.20`).

use domain::{
    Moment,
    id::{AccessGrantId, AccessMethodId, CredentialId},
};
use engine::{Error, access_grants};

use crate::world::WorldError;

/// A grant as it was made or changed.
#[derive(Debug, Clone)]
pub struct Granted {
    /// Its id.
    pub id: AccessGrantId,
    /// Its keys that are not gone, oldest first, each with the credential that carries it.
    pub keys: Vec<(AccessMethodId, CredentialId)>,
}

/// What a desk asks of a program. Refusals are answers, not failures of the program.
pub trait Granting {
    /// Books.
    ///
    /// # Errors
    /// When it is refused.
    fn create_grant(&mut self, moment: &Moment, asked: access_grants::Create) -> Result<Granted, Error>;

    /// Changes times or doors.
    ///
    /// # Errors
    /// When it is refused.
    fn update_grant(&mut self, moment: &Moment, id: AccessGrantId, asked: access_grants::Update) -> Result<(), Error>;

    /// Cancels.
    ///
    /// # Errors
    /// When it is refused.
    fn delete_grant(&mut self, moment: &Moment, id: AccessGrantId) -> Result<(), Error>;

    /// Adds a mobile key.
    ///
    /// # Errors
    /// When it is refused.
    fn add_key(&mut self, moment: &Moment, id: AccessGrantId) -> Result<Granted, Error>;

    /// Ends one key.
    ///
    /// # Errors
    /// When it is refused.
    fn delete_key(&mut self, moment: &Moment, id: AccessMethodId) -> Result<(), Error>;

    /// A grant as the API shows it; none when it is gone.
    ///
    /// # Errors
    /// When storage fails.
    fn grant(&self, id: AccessGrantId) -> Result<Option<access_grants::View>, WorldError>;

    /// Everything that is kept about grants and credentials, to be compared.
    ///
    /// # Errors
    /// When storage fails.
    fn everything(&self) -> Result<String, WorldError>;

    /// The credential for which a card with this mark of ours was made: the parent, for a key on a phone.
    ///
    /// # Errors
    /// When storage fails.
    fn made_for(&self, mark: &str) -> Result<Option<CredentialId>, WorldError>;
}
