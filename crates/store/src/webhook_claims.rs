//! Which program is sending to a webhook. A claim keeps two programs from sending the same at the same time, and one
//! webhook from more than a batch at a time; that nothing is lost rests on the messages.

use diesel::prelude::*;
use domain::id::{WebhookId, kind};
use jiff::Timestamp;

use crate::{
    Error, Tx,
    column::{IdColumn, OptionalTimeColumn, TimeColumn, microseconds},
    database::RunOn,
    schema::webhook_claims,
};

/// A claim, in force or past.
#[derive(Debug, Clone, Queryable)]
pub struct Claim {
    /// The webhook.
    #[diesel(deserialize_as = IdColumn<kind::Webhook>)]
    pub webhook_id: WebhookId,
    /// Who claimed it last.
    pub holder: String,
    /// Until when nobody else sends to it.
    #[diesel(deserialize_as = TimeColumn)]
    pub claimed_until: Timestamp,
    /// Since when every attempt has failed.
    #[diesel(deserialize_as = OptionalTimeColumn)]
    pub failing_since: Option<Timestamp>,
}

/// The last claim of a webhook.
///
/// # Errors
/// When the query fails.
pub fn find(tx: &mut Tx<'_>, id: WebhookId) -> Result<Option<Claim>, Error> {
    webhook_claims::table.find(id.to_string()).get_on(tx).optional().map_err(Error::during("find a webhook's claim"))
}

/// Claims a webhook until an instant, unless somebody's claim is in force; answers the claim that was there before.
///
/// # Errors
/// When a query fails.
pub fn take(
    tx: &mut Tx<'_>,
    id: WebhookId,
    holder: &str,
    now: Timestamp,
    until: Timestamp,
) -> Result<Option<Option<Claim>>, Error> {
    let Some(former) = find(tx, id)? else {
        diesel::insert_into(webhook_claims::table)
            .values((
                webhook_claims::webhook_id.eq(id.to_string()),
                webhook_claims::holder.eq(holder),
                webhook_claims::claimed_until.eq(microseconds(until)),
                webhook_claims::failing_since.eq(None::<i64>),
            ))
            .execute_on(tx)
            .map_err(Error::during("claim a webhook for the first time"))?;
        return Ok(Some(None));
    };
    if former.claimed_until > now {
        return Ok(None);
    }
    diesel::update(webhook_claims::table.find(id.to_string()))
        .set((webhook_claims::holder.eq(holder), webhook_claims::claimed_until.eq(microseconds(until))))
        .execute_on(tx)
        .map_err(Error::during("claim a webhook"))?;
    Ok(Some(Some(former)))
}

/// Ends a claim, if it is still this holder's, and notes since when the webhook fails.
///
/// # Errors
/// When the query fails.
pub fn release(
    tx: &mut Tx<'_>,
    id: WebhookId,
    holder: &str,
    now: Timestamp,
    failing_since: Option<Timestamp>,
) -> Result<(), Error> {
    diesel::update(webhook_claims::table.find(id.to_string()))
        .filter(webhook_claims::holder.eq(holder))
        .set((
            webhook_claims::claimed_until.eq(microseconds(now)),
            webhook_claims::failing_since.eq(failing_since.map(microseconds)),
        ))
        .execute(tx.connection)
        .map_err(Error::during("release a webhook"))?;
    Ok(())
}

/// Ends every claim: for a program that knows that nobody else is there.
///
/// # Errors
/// When the query fails.
pub fn end_all(tx: &mut Tx<'_>, now: Timestamp) -> Result<(), Error> {
    diesel::update(webhook_claims::table.filter(webhook_claims::claimed_until.gt(microseconds(now))))
        .set(webhook_claims::claimed_until.eq(microseconds(now)))
        .execute_on(tx)
        .map_err(Error::during("end the claims of webhooks"))?;
    Ok(())
}
