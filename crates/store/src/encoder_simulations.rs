//! What a sandbox was told of the next card at an encoder (`spec/api.md 4.18`).

use diesel::prelude::*;
use domain::id::{CredentialId, EncoderId, kind};

use crate::{
    Error, Tx,
    column::{JsonColumn, OptionalIdColumn},
    database::RunOn,
    schema::encoder_simulations,
};

/// Notes what the next job of the family (`encode` or `scan`) shall come to, in the place of what was noted before.
/// With a credential only a job for that one comes to it.
///
/// # Errors
/// When the query fails.
pub fn set(
    tx: &mut Tx<'_>,
    encoder_id: EncoderId,
    family: &str,
    credential_id: Option<CredentialId>,
    outcome: &serde_json::Value,
) -> Result<(), Error> {
    diesel::delete(encoder_simulations::table.find((encoder_id.to_string(), family.to_owned())))
        .execute_on(tx)
        .map_err(Error::during("forget a simulation"))?;
    diesel::insert_into(encoder_simulations::table)
        .values((
            encoder_simulations::encoder_id.eq(encoder_id.to_string()),
            encoder_simulations::family.eq(family),
            encoder_simulations::credential_id.eq(credential_id.map(|id| id.to_string())),
            encoder_simulations::outcome.eq(outcome.to_string()),
        ))
        .execute_on(tx)
        .map_err(Error::during("note a simulation"))?;
    Ok(())
}

/// Takes what the next job of the family shall come to; none when nothing was said, or not of this credential.
///
/// # Errors
/// When the query fails.
pub fn take(
    tx: &mut Tx<'_>,
    encoder_id: EncoderId,
    family: &str,
    credential_id: Option<CredentialId>,
) -> Result<Option<serde_json::Value>, Error> {
    let noted: Option<(OptionalIdColumn<kind::Credential>, JsonColumn)> = encoder_simulations::table
        .find((encoder_id.to_string(), family.to_owned()))
        .select((encoder_simulations::credential_id, encoder_simulations::outcome))
        .get_on(tx)
        .optional()
        .map_err(Error::during("find a simulation"))?;
    let Some((only, outcome)) = noted else { return Ok(None) };
    let only: Option<CredentialId> = only.into();
    if credential_id.is_some() && only.is_some() && only != credential_id {
        return Ok(None);
    }
    diesel::delete(encoder_simulations::table.find((encoder_id.to_string(), family.to_owned())))
        .execute_on(tx)
        .map_err(Error::during("take a simulation"))?;
    Ok(Some(outcome.into()))
}
