//! What the routes of grants share: naming one, and the methods that are asked for.

use engine::{
    Noun,
    access_grants::{By, NewLink, Requested},
};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{
    adapter::{
        Error,
        field::{Id, Reference, Text},
    },
    api::{error::not_found, id},
    app::App,
    instant_links, session_tokens,
};

/// The most methods that are asked for at once.
pub const MOST_METHODS: usize = 100;

/// Reads the two parameters that several routes share.
///
/// # Errors
/// 400 unless exactly one of them is given, 404 for an id that is no id.
pub fn named(access_grant_id: Option<Reference>, access_grant_key: Option<Text>) -> Result<By, Error> {
    match (access_grant_id, access_grant_key) {
        (Some(id), None) => Ok(By::Id(id::known(Noun::AccessGrant, &id)?)),
        (None, Some(key)) => Ok(By::Key(key.into_string())),
        _ => Err(Error::invalid_input("Provide exactly one of access_grant_id or access_grant_key")),
    }
}

/// The devices here are phones, and nobody is granted a phone.
///
/// # Errors
/// 404 for the first of them.
pub fn refuse_devices(device_ids: &[Id]) -> Result<(), Error> {
    match device_ids.first() {
        Some(device) => Err(not_found(Noun::Phone, device.as_str())),
        None => Ok(()),
    }
}

/// A way to open the doors.
#[derive(Deserialize, JsonSchema)]
pub struct RequestedMethod {
    /// What opens the doors. Visionline has `card` and `mobile_key`; others are noted on the grant and not made.
    mode: Mode,
    /// A code of 4 to 9 digits, with the mode `code`.
    code: Option<String>,
    /// How often the instant key of a mobile key may be used.
    #[schemars(range(min = 1, max = 1_000_000))]
    instant_key_max_use_count: Option<i32>,
}

/// What opens the doors.
#[derive(Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// A code to type in; not with Visionline.
    Code,
    /// A plastic card.
    Card,
    /// A key in a phone.
    MobileKey,
    /// A request from afar; not with Visionline.
    CloudKey,
}

impl Mode {
    /// The word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Code => "code",
            Self::Card => "card",
            Self::MobileKey => "mobile_key",
            Self::CloudKey => "cloud_key",
        }
    }
}

/// The methods as the engine takes them.
///
/// # Errors
/// 400 for a code that is none.
pub fn requested(app: &App, methods: Vec<RequestedMethod>) -> Result<Vec<Requested>, Error> {
    methods
        .into_iter()
        .enumerate()
        .map(|(number, method)| {
            if let Some(code) = &method.code {
                let is_code = (4..=9).contains(&code.len()) && code.bytes().all(|byte| byte.is_ascii_digit());
                if !is_code {
                    let field = format!("requested_access_methods.{number}.code");
                    return Err(Error::invalid_field(&field, "Expected 4 to 9 digits"));
                }
            }
            Ok(Requested {
                mode: method.mode.as_str().to_owned(),
                code: method.code,
                instant_key_max_use_count: method.instant_key_max_use_count,
                link: link(app, method.mode)?,
            })
        })
        .collect()
}

/// The link of a mobile key. Without a secret key of the operator there is none: the grant is what matters.
///
/// # Errors
/// 500 when the random source fails.
pub fn link(app: &App, mode: Mode) -> Result<Option<NewLink>, Error> {
    if app.seal.is_none() || !matches!(mode, Mode::MobileKey) {
        return Ok(None);
    }
    let lasts = app.instant_key_life;
    Ok(Some(NewLink { code: instant_links::fresh(app)?, token: session_tokens::fresh(app)?, lasts }))
}
