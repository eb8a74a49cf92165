//! `/acs/credentials/create`

use engine::credentials::{Owner, View};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{metadata::Metadata, resource::AcsCredential};
use crate::{
    adapter::{
        Call, Error, Later,
        field::{Id, When},
    },
    api::{id, list, spelling::agreed, when},
    app::App,
    counts::Counts,
};

/// Creates a credential: a plastic card that is then encoded, or a mobile key that is delivered to all phones of its
/// owner. Exactly one of `acs_user_id` and `user_identity_id` (with `acs_system_id`) names the owner.
#[derive(Deserialize, JsonSchema)]
pub struct Create {
    /// ID of the user who gets it.
    acs_user_id: Option<Id>,
    /// ID of the person who gets it, as a user of `acs_system_id`. A person who has no user there yet gets one: the one
    /// with the same email address or phone number, else a new one.
    user_identity_id: Option<Id>,
    /// ID of the access system, with `user_identity_id`.
    acs_system_id: Option<Id>,
    /// What opens the doors. Visionline has `card` and `mobile_key`.
    access_method: AccessMethod,
    /// ID of the credential manager that delivers a mobile key; the system's own if absent.
    credential_manager_acs_system_id: Option<Id>,
    /// IDs of the doors. If absent or empty: the doors granted to the user, else those of the credential that is
    /// replaced, else those of the joined credentials.
    #[schemars(length(max = list::MOST_IDS))]
    allowed_acs_entrance_ids: Option<Vec<Id>>,
    /// The older name of `allowed_acs_entrance_ids`.
    #[schemars(length(max = list::MOST_IDS), extend("deprecated" = true))]
    allowed_entrance_ids: Option<Vec<Id>>,
    /// Whether the credential is delivered to each phone of its owner; required for a `mobile_key`.
    #[serde(default)]
    is_multi_phone_sync_credential: bool,
    /// When it starts to open doors; now if absent or past.
    starts_at: Option<When>,
    /// When it stops opening doors; in the future and after the start.
    ends_at: Option<When>,
    /// What only Visionline has.
    #[serde(default)]
    visionline_metadata: Metadata,
}

/// What opens the doors.
#[derive(Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum AccessMethod {
    /// A code to type in; not with Visionline.
    Code,
    /// A plastic card.
    Card,
    /// A key in a phone.
    MobileKey,
    /// A request from afar; not with Visionline.
    CloudKey,
}

/// What is answered.
#[derive(Serialize, JsonSchema)]
pub struct Answer {
    acs_credential: AcsCredential,
}

/// Runs the route.
pub fn run(call: &Call<'_, App>, request: Create) -> Result<Later<Answer>, Error> {
    let asked = asked(request)?;
    let counts = call.state.counts.clone();
    App::change_later(
        call,
        "acs_credential.create",
        move |tx, moment, caller| engine::credentials::create(tx, moment, caller, &asked),
        move |created| {
            report_double_booking(&counts, &created);
            Answer { acs_credential: created.into() }
        },
    )
}

/// Double bookings are allowed, and counted (design 6): an operator who sees the number rise has a booking system that
/// sells rooms twice, or guests who leave without their keys being revoked.
fn report_double_booking(counts: &Counts, created: &View) {
    if created.double_booked.is_empty() {
        return;
    }
    counts.add_double_booked_doors(created.double_booked.len());
    tracing::warn!(
        credential.id = %created.credential.id,
        doors = created.double_booked.len(),
        total = counts.double_booked_doors(),
        "another party is booked at doors of a new credential for the same time"
    );
}

fn asked(request: Create) -> Result<engine::credentials::Create, Error> {
    let owner = owner(&request)?;
    let doors = agreed([
        ("allowed_acs_entrance_ids", request.allowed_acs_entrance_ids),
        ("allowed_entrance_ids", request.allowed_entrance_ids),
    ])?;
    let meant = request.visionline_metadata.meant()?;
    Ok(engine::credentials::Create {
        owner,
        access_method: match request.access_method {
            AccessMethod::Code => "code",
            AccessMethod::Card => "card",
            AccessMethod::MobileKey => "mobile_key",
            AccessMethod::CloudKey => "cloud_key",
        }
        .to_owned(),
        credential_manager_id: id::of_optional(request.credential_manager_acs_system_id.as_ref())?,
        entrance_ids: list::ids(doors.as_deref().unwrap_or_default())?,
        is_multi_phone: request.is_multi_phone_sync_credential,
        starts_at: request.starts_at.map(when::meant),
        ends_at: request.ends_at.map(when::meant),
        card_format: meant.card_format,
        is_staff: meant.is_staff,
        overrides: meant.overrides,
        auto_join: meant.auto_join,
        joiners: meant.joiners,
        label: meant.label,
    })
}

fn owner(request: &Create) -> Result<Owner, Error> {
    match (&request.acs_user_id, &request.user_identity_id) {
        // A system beside the user says nothing new: the user has one.
        (Some(user), None) => Ok(Owner::User(id::of(user)?)),
        (None, Some(person)) => match &request.acs_system_id {
            Some(system) => Ok(Owner::Identity(id::of(person)?, id::of(system)?)),
            None => Err(Error::invalid_field("acs_system_id", "Required")),
        },
        _ => Err(Error::invalid_input("Provide exactly one of acs_user_id or user_identity_id (with acs_system_id)")),
    }
}
