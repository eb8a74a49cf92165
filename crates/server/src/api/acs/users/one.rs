//! Naming one user: by its id, or by the person and, where the person has several users, the system
//! (`spec/api.md 2`, U1).

use domain::id::{AcsSystemId, AcsUserId, UserIdentityId};
use engine::{Caller, Noun};
use store::{Tx, user_identities::By, users::AcsUser};

use crate::{
    adapter::{Error, field::Id},
    api::{error::missing, id},
};

/// A user as a caller names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OneUser {
    /// By its own id.
    Id(AcsUserId),
    /// The user of a person, at a system or the only one.
    OfPerson(UserIdentityId, Option<AcsSystemId>),
}

impl OneUser {
    /// Reads the three parameters that many routes share.
    ///
    /// # Errors
    /// 400 unless exactly one of the two ways is taken.
    pub fn named(user: Option<&Id>, person: Option<&Id>, system: Option<&Id>) -> Result<Self, Error> {
        match (user, person) {
            (Some(user), None) => Ok(Self::Id(id::of(user)?)),
            (None, Some(person)) => Ok(Self::OfPerson(id::of(person)?, id::of_optional(system)?)),
            _ => Err(Error::invalid_input("Provide exactly one of acs_user_id and user_identity_id")),
        }
    }

    /// The user in the caller's workspace.
    ///
    /// # Errors
    /// When there is none, or the person has several and no system was named.
    pub fn find(self, tx: &mut Tx<'_>, caller: &Caller) -> Result<AcsUser, engine::Error> {
        match self {
            Self::Id(id) => engine::users::find(tx, caller, id),
            Self::OfPerson(person, Some(system)) => engine::users::of_identity_at(tx, caller, person, system),
            Self::OfPerson(person, None) => {
                let found = engine::user_identities::find(tx, caller, &By::Id(person))?;
                let mut users = store::users::of_identity(tx, found.id)?;
                match (users.pop(), users.is_empty()) {
                    (Some(only), true) => Ok(only),
                    (None, _) => Err(missing(Noun::AcsUser, person)),
                    (Some(_), false) => Err(engine::Error::Invalid {
                        field: "acs_system_id",
                        message: "the person has users in several systems: name the system".to_owned(),
                    }),
                }
            }
        }
    }
}
