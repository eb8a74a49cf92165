//! Work at encoders: each row is what one action attempt wants of one encoder.

use diesel::prelude::*;
use domain::id::{AcsSystemId, AcsUserId, ActionAttemptId, CarrierId, CredentialId, EncoderId, WorkspaceId, kind};
use jiff::Timestamp;

use crate::{
    Error, Tx,
    column::{IdColumn, OptionalIdColumn, OptionalJsonColumn, OptionalTimeColumn, TimeColumn, microseconds},
    database::RunOn,
    schema::encoder_jobs,
};

/// Text of [`EncoderJob::task`]: write a card.
pub const ENCODE: &str = "encode";
/// Text of [`EncoderJob::task`]: read a card.
pub const SCAN: &str = "scan";
/// Text of [`EncoderJob::task`]: read a card and give its credential to a user.
pub const ASSIGN: &str = "assign";

/// Text of [`EncoderJob::stage`]: nothing was asked of the encoder yet.
pub const QUEUED: &str = "queued";
/// Text of [`EncoderJob::stage`]: it was asked, and somebody waits for the answer.
pub const AT_ENCODER: &str = "at_encoder";
/// Text of [`EncoderJob::stage`]: it was asked and the answer is lost; whether the card was written is looked for.
pub const FINDING: &str = "finding";
/// Text of [`EncoderJob::stage`]: nothing is left to do.
pub const OVER: &str = "over";

/// A job.
#[derive(Debug, Clone, Queryable)]
pub struct EncoderJob {
    /// The action attempt that it is for.
    #[diesel(deserialize_as = IdColumn<kind::ActionAttempt>)]
    pub id: ActionAttemptId,
    /// Workspace.
    #[diesel(deserialize_as = IdColumn<kind::Workspace>)]
    pub workspace_id: WorkspaceId,
    /// Site.
    #[diesel(deserialize_as = IdColumn<kind::AcsSystem>)]
    pub acs_system_id: AcsSystemId,
    /// Where.
    #[diesel(deserialize_as = IdColumn<kind::Encoder>)]
    pub encoder_id: EncoderId,
    /// [`ENCODE`], [`SCAN`] or [`ASSIGN`].
    pub task: String,
    /// What is to be written, or what was read.
    #[diesel(deserialize_as = OptionalIdColumn<kind::Credential>)]
    pub credential_id: Option<CredentialId>,
    /// Who is to get the card that is read.
    #[diesel(deserialize_as = OptionalIdColumn<kind::AcsUser>)]
    pub acs_user_id: Option<AcsUserId>,
    /// The card record that is being written.
    #[diesel(deserialize_as = OptionalIdColumn<kind::Carrier>)]
    pub carrier_id: Option<CarrierId>,
    /// What a sandbox was told to let it come to, JSON.
    #[diesel(deserialize_as = OptionalJsonColumn)]
    pub simulated: Option<serde_json::Value>,
    /// [`QUEUED`], [`AT_ENCODER`], [`FINDING`] or [`OVER`].
    pub stage: String,
    /// When it was asked for.
    #[diesel(deserialize_as = TimeColumn)]
    pub created_at: Timestamp,
    /// When the encoder was first asked.
    #[diesel(deserialize_as = OptionalTimeColumn)]
    pub begun_at: Option<Timestamp>,
    /// When it was over.
    #[diesel(deserialize_as = OptionalTimeColumn)]
    pub ended_at: Option<Timestamp>,
}

/// Adds a job.
///
/// # Errors
/// When the query fails.
pub fn insert(tx: &mut Tx<'_>, job: &EncoderJob) -> Result<(), Error> {
    diesel::insert_into(encoder_jobs::table)
        .values((
            encoder_jobs::id.eq(job.id.to_string()),
            encoder_jobs::workspace_id.eq(job.workspace_id.to_string()),
            encoder_jobs::acs_system_id.eq(job.acs_system_id.to_string()),
            encoder_jobs::encoder_id.eq(job.encoder_id.to_string()),
            encoder_jobs::task.eq(&job.task),
            encoder_jobs::credential_id.eq(job.credential_id.map(|id| id.to_string())),
            encoder_jobs::acs_user_id.eq(job.acs_user_id.map(|id| id.to_string())),
            encoder_jobs::carrier_id.eq(job.carrier_id.map(|id| id.to_string())),
            encoder_jobs::simulated.eq(job.simulated.as_ref().map(ToString::to_string)),
            encoder_jobs::stage.eq(&job.stage),
            encoder_jobs::created_at.eq(microseconds(job.created_at)),
            encoder_jobs::begun_at.eq(job.begun_at.map(microseconds)),
            encoder_jobs::ended_at.eq(job.ended_at.map(microseconds)),
        ))
        .execute_on(tx)
        .map_err(Error::during("insert a job at an encoder"))?;
    Ok(())
}

/// The site's jobs that are not over, in the order in which they were asked for.
///
/// # Errors
/// When the query fails.
pub fn open(tx: &mut Tx<'_>, acs_system_id: AcsSystemId) -> Result<Vec<EncoderJob>, Error> {
    encoder_jobs::table
        .filter(encoder_jobs::acs_system_id.eq(acs_system_id.to_string()))
        .filter(encoder_jobs::ended_at.is_null())
        .order((encoder_jobs::created_at, encoder_jobs::id))
        .load_on(tx)
        .map_err(Error::during("load the jobs at encoders"))
}

/// Whether the site has jobs that are not over.
///
/// # Errors
/// When the query fails.
pub fn any_open(tx: &mut Tx<'_>, acs_system_id: AcsSystemId) -> Result<bool, Error> {
    let found: Vec<String> = encoder_jobs::table
        .filter(encoder_jobs::acs_system_id.eq(acs_system_id.to_string()))
        .filter(encoder_jobs::ended_at.is_null())
        .select(encoder_jobs::id)
        .limit(1)
        .load_on(tx)
        .map_err(Error::during("look for jobs at encoders"))?;
    Ok(!found.is_empty())
}

/// A job by id; none when there is none.
///
/// # Errors
/// When the query fails.
pub fn find(tx: &mut Tx<'_>, id: ActionAttemptId) -> Result<Option<EncoderJob>, Error> {
    encoder_jobs::table.find(id.to_string()).get_on(tx).optional().map_err(Error::during("find a job at an encoder"))
}

/// The credential that was written last at the encoder.
///
/// # Errors
/// When the query fails.
pub fn last_encoded(tx: &mut Tx<'_>, encoder_id: EncoderId) -> Result<Option<CredentialId>, Error> {
    let last: Option<OptionalIdColumn<kind::Credential>> = encoder_jobs::table
        .filter(encoder_jobs::encoder_id.eq(encoder_id.to_string()))
        .filter(encoder_jobs::task.eq(ENCODE))
        .filter(encoder_jobs::ended_at.is_not_null())
        .filter(encoder_jobs::carrier_id.is_not_null())
        .order((encoder_jobs::ended_at.desc(), encoder_jobs::id.desc()))
        .select(encoder_jobs::credential_id)
        .limit(1)
        .get_on(tx)
        .optional()
        .map_err(Error::during("find the card written last"))?;
    Ok(last.and_then(Into::into))
}

/// What changed of a job; the parts that are none stay as they are.
#[derive(Debug, Clone, Default)]
pub struct Change {
    /// The new stage.
    pub stage: Option<&'static str>,
    /// The card record that is being written: inner none when there is none any more.
    pub carrier_id: Option<Option<CarrierId>>,
    /// What a sandbox was told.
    pub simulated: Option<serde_json::Value>,
    /// When the encoder was first asked.
    pub begun_at: Option<Timestamp>,
    /// When it was over.
    pub ended_at: Option<Timestamp>,
}

#[derive(AsChangeset)]
#[diesel(table_name = encoder_jobs)]
struct Changes {
    stage: Option<&'static str>,
    carrier_id: Option<Option<String>>,
    simulated: Option<String>,
    begun_at: Option<i64>,
    ended_at: Option<i64>,
}

/// Changes a job. A change without any part is refused by the database layer, so give at least one.
///
/// # Errors
/// When the query fails.
pub fn change(tx: &mut Tx<'_>, id: ActionAttemptId, change: Change) -> Result<(), Error> {
    diesel::update(encoder_jobs::table.find(id.to_string()))
        .set(Changes {
            stage: change.stage,
            carrier_id: change.carrier_id.map(|carrier| carrier.map(|id| id.to_string())),
            simulated: change.simulated.map(|told| told.to_string()),
            begun_at: change.begun_at.map(microseconds),
            ended_at: change.ended_at.map(microseconds),
        })
        .execute_on(tx)
        .map_err(Error::during("change a job at an encoder"))?;
    Ok(())
}
