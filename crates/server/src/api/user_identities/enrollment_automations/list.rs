//! `/user_identities/enrollment_automations/list`

use domain::id::UserIdentityId;
use engine::Noun;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::user_identities::By;

use super::resource::EnrollmentAutomation;
use crate::{
    adapter::{Call, Error, field::Reference},
    api::id,
    app::App,
};

/// Lists the enrolment automations of a person, oldest first.
#[derive(Deserialize, JsonSchema)]
pub struct List {
    /// ID of the person.
    user_identity_id: Reference,
}

/// What is answered.
#[derive(Serialize, JsonSchema)]
pub struct Answer {
    enrollment_automations: Vec<EnrollmentAutomation>,
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, request: List) -> Result<Answer, Error> {
    let id: UserIdentityId = id::known(Noun::UserIdentity, &request.user_identity_id)?;
    let found = App::look(call, "enrollment_automation.list", |tx, caller| {
        let person = engine::user_identities::find(tx, caller, &By::Id(id))?;
        Ok(store::enrollment_automations::of_identity(tx, person.id)?)
    })?;
    Ok(Answer { enrollment_automations: found.into_iter().map(EnrollmentAutomation::from).collect() })
}
