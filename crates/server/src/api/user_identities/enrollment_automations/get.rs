//! `/user_identities/enrollment_automations/get`

use domain::id::EnrollmentAutomationId;
use engine::Noun;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::resource::EnrollmentAutomation;
use crate::{
    adapter::{Call, Error, field::Reference},
    api::id,
    app::App,
};

/// Gets an enrolment automation.
#[derive(Deserialize, JsonSchema)]
pub struct Get {
    /// ID of the automation.
    enrollment_automation_id: Reference,
}

/// What is answered.
#[derive(Serialize, JsonSchema)]
pub struct Answer {
    enrollment_automation: EnrollmentAutomation,
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, request: Get) -> Result<Answer, Error> {
    let id: EnrollmentAutomationId = id::known(Noun::EnrollmentAutomation, &request.enrollment_automation_id)?;
    let found = App::look(call, "enrollment_automation.get", |tx, caller| {
        engine::enrollment_automations::find(tx, caller, id)
    })?;
    Ok(Answer { enrollment_automation: found.into() })
}
