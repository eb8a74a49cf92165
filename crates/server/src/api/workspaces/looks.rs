//! How the pages for people look.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

/// Shape of the logo on a page.
#[derive(Debug, Clone, Copy, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LogoShape {
    /// A circle.
    Circle,
    /// A square.
    Square,
}

/// Looks of the pages on which people connect an account.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
pub struct Looks {
    /// Shape of the logo at the centre.
    logo_shape: Option<LogoShape>,
    /// Colour of the main button, such as `#232426`.
    #[schemars(length(max = 64))]
    primary_button_color: Option<String>,
    /// Text colour of the main button.
    #[schemars(length(max = 64))]
    primary_button_text_color: Option<String>,
    /// What is said once the account is connected.
    #[schemars(length(max = 2000))]
    success_message: Option<String>,
}

impl Looks {
    /// What was chosen, as it is stored; none when nothing was.
    pub fn chosen(self) -> Option<Value> {
        let members = [
            ("logo_shape", self.logo_shape.map(|shape| json!(shape))),
            ("primary_button_color", self.primary_button_color.map(Value::from)),
            ("primary_button_text_color", self.primary_button_text_color.map(Value::from)),
            ("success_message", self.success_message.map(Value::from)),
        ];
        let chosen: Map<String, Value> =
            members.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect();
        (!chosen.is_empty()).then_some(Value::Object(chosen))
    }
}
