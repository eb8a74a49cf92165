//! Whether a card can be written now, how it is asked for, and what a clerk is told if it cannot be.

use std::collections::BTreeSet;

use domain::{
    Moment,
    id::CredentialId,
    plan::{self, Method, Waiting, Wish},
};
use store::{Tx, carriers, credentials::Credential, entrances, users};

use super::failure::{DELETED, Failure, NOT_AGAIN, UNCATEGORIZED};
use crate::{Error, issuing::Surroundings};

/// Why the credential cannot be written, whatever is at the doors.
pub(super) fn unfit(tx: &mut Tx<'_>, moment: &mut Moment, card: &Credential) -> Result<Option<Failure>, Error> {
    let failure = |kind, message: &str| Ok(Some(Failure::new(kind, message)));
    if card.deleted_at.or(card.deleting_at).is_some() {
        return failure(DELETED, "The credential was deleted. Create a new one.");
    }
    if card.ends_at <= moment.now {
        let message =
            "The credential has expired. Give it a later end with /acs/credentials/update, or create a new one.";
        return failure(UNCATEGORIZED, message);
    }
    if card.revoked_at.is_some() {
        return failure(NOT_AGAIN, "All access of the owner was revoked. Create a new credential.");
    }
    if card.invalidated_at.is_some() {
        let message = "The credential is not valid any more: a newer stay has its doors, its card was taken out of use, \
                       or another credential was written on it. Create a new one.";
        return failure(NOT_AGAIN, message);
    }
    if let Some(owner) = card.acs_user_id
        && !users::suspended(tx, &[owner])?.is_empty()
    {
        return failure(UNCATEGORIZED, "The owner is suspended. Call /acs/users/unsuspend before writing a card.");
    }
    let has_card = carriers::of_credentials(tx, &[card.id])?.iter().any(|carrier| carrier.stage().is_live());
    if has_card && card.needs_reissue_at.is_none() {
        let message = "The credential is on a card already, and one credential fits one card. Create a further \
                       credential that joins it for a second card.";
        return failure(NOT_AGAIN, message);
    }
    Ok(None)
}

/// Why no card can be asked for at this moment.
pub(super) enum Obstacle {
    /// Other work at the doors must end first.
    Wait,
    /// All its guest doors are lost.
    Lost,
    /// The rules of design 6 forbid it as things are.
    Waiting(Waiting),
}

/// How the card is to be asked for now (R1 to R4).
pub(super) fn method_of(around: &Surroundings, card: CredentialId) -> Result<Method, Obstacle> {
    let scene = &around.scene;
    let Some(key) = scene.keys.iter().find(|key| key.id == card) else { return Err(Obstacle::Lost) };
    if key.wish != Wish::Have {
        return Err(Obstacle::Lost);
    }
    plan::encode(scene, key).map_err(|reason| match reason {
        Waiting::Busy => Obstacle::Wait,
        reason => Obstacle::Waiting(reason),
    })
}

/// What a clerk can do about a key that has to wait.
pub(super) fn explain(
    tx: &mut Tx<'_>,
    around: &Surroundings,
    card: CredentialId,
    reason: Waiting,
) -> Result<String, Error> {
    Ok(match reason {
        Waiting::Opening => {
            let key = around.scene.keys.iter().find(|key| key.id == card);
            let stays: BTreeSet<_> = key.into_iter().flat_map(|key| key.guest.values()).collect();
            let doors: Vec<_> = around
                .scene
                .stays
                .iter()
                .filter(|(stay, _)| stays.contains(stay))
                .flat_map(|(_, stay)| stay.doors.keys().copied())
                .collect();
            let rooms: Vec<String> =
                entrances::by_ids(tx, &doors)?.into_iter().map(|entrance| entrance.door_name).collect();
            format!(
                "The stay is not open yet, and this card has fewer rooms than it. First write a card, or deliver a \
                 phone key, that has all of them: {}.",
                rooms.join(", ")
            )
        }
        Waiting::Apart => {
            "The keys of the stay that are in use now do not overlap this card in time; writing it would \
                           lock them out. Try again when they have ended."
                .to_owned()
        }
        Waiting::GivingWay { until } => format!(
            "Another party asked for a room of this card after its owner did, and has it until {until}. Write the card \
             then."
        ),
        Waiting::OtherParty | Waiting::FormerCards | Waiting::Busy => {
            "Some rooms of this card are shared with another party, whom it would lock out. Create one credential for \
             the shared rooms and another for the rest."
                .to_owned()
        }
    })
}
