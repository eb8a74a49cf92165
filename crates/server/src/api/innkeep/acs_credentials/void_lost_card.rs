//! `/innkeep/acs_credentials/void_lost_card`

use domain::id::CredentialId;
use engine::Noun;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    adapter::{
        Call, Error,
        field::{Id, Reference, Utc},
    },
    api::id,
    app::App,
};

/// Makes a lost card useless: its credential is deleted, and its stay gets a new stamp. Phones of the stay get new keys
/// by themselves, its other cards must be encoded again. The lost card is refused at a door as soon as a new key of the
/// stay has been used there.
#[derive(Deserialize, JsonSchema)]
pub struct Void {
    /// ID of the credential of the lost card.
    acs_credential_id: Reference,
}

/// What is answered.
#[derive(Serialize, JsonSchema)]
pub struct Answer {
    innkeep: LostCard,
}

/// What follows.
#[derive(Serialize, JsonSchema)]
struct LostCard {
    /// The other cards of the stay, each with the warning `needs_to_be_reissued`.
    #[schemars(with = "Vec<Id>")]
    acs_credential_ids_to_encode_again: Vec<CredentialId>,
    /// Until when the lost card opens a door at which no new key of the stay has been used.
    may_open_until: Utc,
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, request: Void) -> Result<Answer, Error> {
    let id: CredentialId = id::known(Noun::AcsCredential, &request.acs_credential_id)?;
    let lost = App::change(call, "acs_credential.void_lost_card", move |tx, moment, caller| {
        engine::credentials::void_lost_card(tx, moment, caller, id)
    })?;
    let innkeep =
        LostCard { acs_credential_ids_to_encode_again: lost.to_encode_again, may_open_until: Utc(lost.may_open_until) };
    Ok(Answer { innkeep })
}
