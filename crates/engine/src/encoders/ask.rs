//! Asking for work at an encoder: a pending action attempt and a job, in one transaction.

use domain::{
    Moment,
    id::{AcsUserId, CredentialId, EncoderId},
};
use serde_json::json;
use store::{
    Tx,
    action_attempts::{self, ActionAttempt},
    credentials::{self, CARD},
    encoder_jobs::{self, ASSIGN, ENCODE, EncoderJob, QUEUED, SCAN},
    encoders::{self, Encoder},
};

use super::{ENCODE_CREDENTIAL, SCAN_CREDENTIAL, SCAN_TO_ASSIGN_CREDENTIAL};
use crate::{Caller, Error, Noun};

/// Asks for a card credential to be written on the next card at an encoder. Whether it can be is decided when its turn
/// has come; until then the attempt is pending.
///
/// # Errors
/// When the encoder or the credential is unknown, they belong to different systems, or it is no card.
pub fn encode(
    tx: &mut Tx<'_>,
    moment: &mut Moment,
    caller: &Caller,
    encoder_id: EncoderId,
    credential_id: CredentialId,
) -> Result<ActionAttempt, Error> {
    const FIELD: &str = "acs_credential_id";
    let encoder = find(tx, caller, encoder_id)?;
    // One that is gone is told by the attempt, as one that is going: `credential_deleted` (`spec/api.md 4.16`).
    let credential = credentials::by_ids(tx, &[credential_id])?
        .into_iter()
        .find(|credential| credential.workspace_id == caller.workspace_id && caller.sees_credential(credential))
        .ok_or_else(|| Error::not_found(Noun::AcsCredential, credential_id))?;
    if credential.access_method != CARD {
        let message = "only credentials of access_method card are encoded; a mobile key is delivered to its owner's \
                       phones by itself";
        return Err(Error::invalid(FIELD, message));
    }
    if credential.acs_system_id != encoder.acs_system_id {
        let message = "the encoder belongs to another access system; name one of the credential's system";
        return Err(Error::invalid("acs_encoder_id", message));
    }
    let job = Asked { task: ENCODE, action_type: ENCODE_CREDENTIAL, credential: Some(credential_id), user: None };
    store(tx, moment, caller, &encoder, &job)
}

/// Asks for the next card at an encoder to be read.
///
/// # Errors
/// When the encoder is unknown.
pub fn scan(
    tx: &mut Tx<'_>,
    moment: &mut Moment,
    caller: &Caller,
    encoder_id: EncoderId,
) -> Result<ActionAttempt, Error> {
    let encoder = find(tx, caller, encoder_id)?;
    let job = Asked { task: SCAN, action_type: SCAN_CREDENTIAL, credential: None, user: None };
    store(tx, moment, caller, &encoder, &job)
}

/// Asks for the next card at an encoder to be read, and its credential to be given to a user.
///
/// # Errors
/// When the encoder or the user is unknown, or they belong to different systems.
pub fn scan_to_assign(
    tx: &mut Tx<'_>,
    moment: &mut Moment,
    caller: &Caller,
    encoder_id: EncoderId,
    user_id: AcsUserId,
) -> Result<ActionAttempt, Error> {
    let encoder = find(tx, caller, encoder_id)?;
    let user = crate::users::find(tx, caller, user_id)?;
    if user.acs_system_id != encoder.acs_system_id {
        let message = "the user belongs to another access system than the encoder; name a user of the encoder's";
        return Err(Error::invalid("acs_user_id", message));
    }
    let job = Asked { task: ASSIGN, action_type: SCAN_TO_ASSIGN_CREDENTIAL, credential: None, user: Some(user_id) };
    store(tx, moment, caller, &encoder, &job)
}

/// An encoder of the caller's workspace.
pub(super) fn find(tx: &mut Tx<'_>, caller: &Caller, id: EncoderId) -> Result<Encoder, Error> {
    encoders::find(tx, caller.workspace_id, id)?
        .filter(|encoder| caller.sees_whole_system(encoder.acs_system_id))
        .ok_or_else(|| Error::not_found(Noun::AcsEncoder, id))
}

struct Asked {
    task: &'static str,
    action_type: &'static str,
    credential: Option<CredentialId>,
    user: Option<AcsUserId>,
}

fn store(
    tx: &mut Tx<'_>,
    moment: &mut Moment,
    caller: &Caller,
    encoder: &Encoder,
    asked: &Asked,
) -> Result<ActionAttempt, Error> {
    let attempt = ActionAttempt {
        id: moment.id(),
        workspace_id: caller.workspace_id,
        action_type: asked.action_type.to_owned(),
        status: "pending".to_owned(),
        result: None,
        error: None,
        created_at: moment.now,
    };
    action_attempts::insert(tx, &attempt)?;
    let job = EncoderJob {
        id: attempt.id,
        workspace_id: caller.workspace_id,
        acs_system_id: encoder.acs_system_id,
        encoder_id: encoder.id,
        task: asked.task.to_owned(),
        credential_id: asked.credential,
        acs_user_id: asked.user,
        carrier_id: None,
        simulated: None,
        stage: QUEUED.to_owned(),
        created_at: moment.now,
        begun_at: None,
        ended_at: None,
    };
    encoder_jobs::insert(tx, &job)?;
    let detail = json!({
        "action_attempt_id": attempt.id,
        "acs_credential_id": asked.credential,
        "acs_user_id": asked.user,
    });
    caller.note(tx, moment, &format!("acs_encoder.{}", asked.task), encoder.id, detail)?;
    Ok(attempt)
}
