//! Enrolment automations: that a person's phones are to be enrolled at a credential manager (`spec/api.md 2.8`).

use diesel::prelude::*;
use domain::id::{AcsSystemId, EnrollmentAutomationId, UserIdentityId, WorkspaceId, kind};
use jiff::Timestamp;

use crate::{
    Error, Tx,
    column::{IdColumn, TimeColumn, microseconds},
    database::RunOn,
    schema::enrollment_automations,
};

/// An enrolment automation: one per person and credential manager.
#[derive(Debug, Clone, Queryable)]
pub struct EnrollmentAutomation {
    /// Id.
    #[diesel(deserialize_as = IdColumn<kind::EnrollmentAutomation>)]
    pub id: EnrollmentAutomationId,
    /// Workspace.
    #[diesel(deserialize_as = IdColumn<kind::Workspace>)]
    pub workspace_id: WorkspaceId,
    /// The person.
    #[diesel(deserialize_as = IdColumn<kind::UserIdentity>)]
    pub user_identity_id: UserIdentityId,
    /// The credential manager.
    #[diesel(deserialize_as = IdColumn<kind::AcsSystem>)]
    pub credential_manager_id: AcsSystemId,
    /// When it was launched.
    #[diesel(deserialize_as = TimeColumn)]
    pub created_at: Timestamp,
}

/// Adds an automation.
///
/// # Errors
/// When the query fails; a second of one person at one manager is a unique violation.
pub fn insert(tx: &mut Tx<'_>, automation: &EnrollmentAutomation) -> Result<(), Error> {
    diesel::insert_into(enrollment_automations::table)
        .values((
            enrollment_automations::id.eq(automation.id.to_string()),
            enrollment_automations::workspace_id.eq(automation.workspace_id.to_string()),
            enrollment_automations::user_identity_id.eq(automation.user_identity_id.to_string()),
            enrollment_automations::credential_manager_id.eq(automation.credential_manager_id.to_string()),
            enrollment_automations::created_at.eq(microseconds(automation.created_at)),
        ))
        .execute_on(tx)
        .map_err(Error::during("insert an enrolment automation"))?;
    Ok(())
}

/// An automation of the workspace.
///
/// # Errors
/// When the query fails.
pub fn find(
    tx: &mut Tx<'_>,
    workspace_id: WorkspaceId,
    id: EnrollmentAutomationId,
) -> Result<Option<EnrollmentAutomation>, Error> {
    enrollment_automations::table
        .find(id.to_string())
        .filter(enrollment_automations::workspace_id.eq(workspace_id.to_string()))
        .get_on(tx)
        .optional()
        .map_err(Error::during("find an enrolment automation"))
}

/// The automations of a person, oldest first.
///
/// # Errors
/// When the query fails.
pub fn of_identity(tx: &mut Tx<'_>, identity_id: UserIdentityId) -> Result<Vec<EnrollmentAutomation>, Error> {
    enrollment_automations::table
        .filter(enrollment_automations::user_identity_id.eq(identity_id.to_string()))
        .order((enrollment_automations::created_at, enrollment_automations::id))
        .load_on(tx)
        .map_err(Error::during("load a person's enrolment automations"))
}

/// Gives an automation to another person.
///
/// # Errors
/// When the query fails; a second of one person at one manager is a unique violation.
pub fn set_identity(tx: &mut Tx<'_>, id: EnrollmentAutomationId, identity_id: UserIdentityId) -> Result<(), Error> {
    diesel::update(enrollment_automations::table.find(id.to_string()))
        .set(enrollment_automations::user_identity_id.eq(identity_id.to_string()))
        .execute_on(tx)
        .map_err(Error::during("hand an enrolment automation over"))?;
    Ok(())
}

/// Removes an automation.
///
/// # Errors
/// When the query fails.
pub fn remove(tx: &mut Tx<'_>, id: EnrollmentAutomationId) -> Result<(), Error> {
    diesel::delete(enrollment_automations::table.find(id.to_string()))
        .execute_on(tx)
        .map_err(Error::during("remove an enrolment automation"))?;
    Ok(())
}
