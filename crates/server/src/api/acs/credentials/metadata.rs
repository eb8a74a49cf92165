//! `visionline_metadata` of a new credential, in every spelling it has had (`spec/api.md 4.2`).

use domain::{card_format::CardFormat, id::CredentialId};
use engine::credentials::Joiner;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{
    adapter::{Error, field::Text},
    api::spelling::agreed,
};

/// The most credentials that one can join. Each is looked up by itself.
const MOST_JOINERS: usize = 1_000;

/// What only Visionline has. Each parameter is accepted under all names it has had; two names with different values
/// are refused.
#[derive(Default, Deserialize, JsonSchema)]
pub struct Metadata {
    /// Format of the data on the card; `rfid48` if absent.
    card_format: Option<Format>,
    /// An older name of `card_format`.
    #[serde(rename = "cardFormat")]
    #[schemars(extend("deprecated" = true))]
    card_format_camel: Option<Format>,
    /// Whether it is a guest's or a staff member's; `guest` if absent.
    card_function_type: Option<Function>,
    /// An older name of `card_function_type`.
    #[serde(rename = "cardType")]
    #[schemars(extend("deprecated" = true))]
    card_type: Option<Function>,
    /// Whether earlier keys of the guest doors stop working once this one is used.
    #[serde(rename = "override")]
    overrides: Option<bool>,
    /// An older name of `override`.
    #[schemars(extend("deprecated" = true))]
    is_override_key: Option<bool>,
    /// An older name of `override`.
    #[schemars(extend("deprecated" = true))]
    override_previous_credentials: Option<bool>,
    /// An older name of `override`.
    #[schemars(extend("deprecated" = true))]
    override_existing_entrance_credentials: Option<bool>,
    /// The credentials that go on working beside this one. An entry that is no UUID is a card ID of Visionline.
    #[schemars(length(max = MOST_JOINERS))]
    joiner_acs_credential_ids: Option<Vec<Text>>,
    /// An older name of `joiner_acs_credential_ids`.
    #[schemars(length(max = MOST_JOINERS), extend("deprecated" = true))]
    joiners: Option<Vec<Text>>,
    /// An older name of `joiner_acs_credential_ids`.
    #[serde(rename = "jointCredentialIDs")]
    #[schemars(length(max = MOST_JOINERS), extend("deprecated" = true))]
    joint_credential_ids: Option<Vec<Text>>,
    /// An older name of `joiner_acs_credential_ids`.
    #[serde(rename = "jointEntranceAccessCredentialIDs")]
    #[schemars(length(max = MOST_JOINERS), extend("deprecated" = true))]
    joint_entrance_access_credential_ids: Option<Vec<Text>>,
    /// Whether it joins the present stay of each door.
    auto_join: Option<bool>,
    /// What the phone shows, with placeholders such as `%ROOMNUM%`.
    label: Option<String>,
}

/// Format of the data on a card.
#[derive(Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
enum Format {
    /// 48 bytes.
    #[serde(rename = "rfid48")]
    Rfid48,
    /// For more content than fits into 48 bytes.
    #[serde(rename = "TLCode")]
    TlCode,
}

/// Whose a card is.
#[derive(Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Function {
    /// A guest's.
    Guest,
    /// A staff member's.
    Staff,
}

/// What was meant.
pub struct Meant {
    pub card_format: CardFormat,
    pub is_staff: bool,
    pub overrides: Option<bool>,
    pub joiners: Vec<Joiner>,
    pub auto_join: Option<bool>,
    pub label: Option<String>,
}

impl Metadata {
    /// Brings the spellings together.
    ///
    /// # Errors
    /// 400 naming two spellings that were given different values.
    pub fn meant(self) -> Result<Meant, Error> {
        let card_format = agreed([
            ("visionline_metadata.card_format", self.card_format),
            ("visionline_metadata.cardFormat", self.card_format_camel),
        ])?;
        let function = agreed([
            ("visionline_metadata.card_function_type", self.card_function_type),
            ("visionline_metadata.cardType", self.card_type),
        ])?;
        let overrides = agreed([
            ("visionline_metadata.override", self.overrides),
            ("visionline_metadata.is_override_key", self.is_override_key),
            ("visionline_metadata.override_previous_credentials", self.override_previous_credentials),
            ("visionline_metadata.override_existing_entrance_credentials", self.override_existing_entrance_credentials),
        ])?;
        let joiners = agreed([
            ("visionline_metadata.joiner_acs_credential_ids", self.joiner_acs_credential_ids),
            ("visionline_metadata.joiners", self.joiners),
            ("visionline_metadata.jointCredentialIDs", self.joint_credential_ids),
            ("visionline_metadata.jointEntranceAccessCredentialIDs", self.joint_entrance_access_credential_ids),
        ])?;
        Ok(Meant {
            card_format: match card_format {
                None | Some(Format::Rfid48) => CardFormat::Rfid48,
                Some(Format::TlCode) => CardFormat::TlCode,
            },
            is_staff: function == Some(Function::Staff),
            overrides,
            joiners: joiners.unwrap_or_default().into_iter().map(joiner).collect(),
            auto_join: self.auto_join,
            label: self.label,
        })
    }
}

/// One early sample names credentials by Visionline's card ids (`spec/api.md 4.2`).
fn joiner(name: Text) -> Joiner {
    match name.as_str().parse::<CredentialId>() {
        Ok(id) => Joiner::Credential(id),
        Err(_) => Joiner::Card(name.into_string()),
    }
}
