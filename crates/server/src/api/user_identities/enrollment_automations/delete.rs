//! `/user_identities/enrollment_automations/delete`

use domain::id::EnrollmentAutomationId;
use engine::Noun;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{
    adapter::{Call, Error, Nothing, field::Reference},
    api::id,
    app::App,
};

/// Ends an enrolment automation. Phones stay enrolled, and keys stay where they are.
#[derive(Deserialize, JsonSchema)]
pub struct Delete {
    /// ID of the automation.
    enrollment_automation_id: Reference,
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, request: Delete) -> Result<Nothing, Error> {
    let id: EnrollmentAutomationId = id::known(Noun::EnrollmentAutomation, &request.enrollment_automation_id)?;
    App::change(call, "enrollment_automation.delete", move |tx, moment, caller| {
        engine::enrollment_automations::delete(tx, moment, caller, id)
    })?;
    Ok(Nothing {})
}
