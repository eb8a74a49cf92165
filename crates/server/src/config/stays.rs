//! What guests get who are pushed by a property system or sent a link.

use engine::customers::{Automation, Strategy};
use jiff::SignedDuration;
use serde::Deserialize;

use super::{ConfigError, document::value};
use crate::instant_links::USUAL_LIFE;

/// Methods that Visionline has.
const METHODS: [&str; 2] = ["card", "mobile_key"];
/// Most cards that one guest gets by themselves.
const MOST_CARDS: usize = 10;
/// Longest life of a link, in hours: a year.
const LONGEST_LIFE_HOURS: i64 = 365 * 24;

/// What guests get.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stays {
    /// What guests of pushed stays get.
    pub automation: Automation,
    /// How long an instant key lasts whose guest has no mobile key.
    pub instant_key_life: SignedDuration,
}

impl Default for Stays {
    fn default() -> Self {
        Self { automation: Automation::default(), instant_key_life: USUAL_LIFE }
    }
}

/// The same as people write it.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub(super) struct StaysTable {
    access_methods: Option<Vec<String>>,
    methods_per_guest: Option<MethodsPerGuest>,
    cards_per_guest: Option<usize>,
    instant_key_max_use_count: Option<i32>,
    instant_key_hours: Option<i64>,
}

#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "snake_case")]
enum MethodsPerGuest {
    All,
    FirstAvailable,
    FirstTwo,
}

/// What the table means; what is absent has its default.
pub(super) fn read(table: StaysTable) -> Result<Stays, ConfigError> {
    let usual = Stays::default();
    let refused = |key: &'static str, problem: String| value("[stays] ", key, problem);
    let access_methods = table.access_methods.unwrap_or(usual.automation.access_methods);
    if let Some(unknown) = access_methods.iter().find(|method| !METHODS.contains(&method.as_str())) {
        return Err(refused("access_methods", format!("Visionline has no {unknown:?}; write card or mobile_key")));
    }
    if access_methods.is_empty() {
        return Err(refused("access_methods", "name at least one of card and mobile_key".to_owned()));
    }
    let card_count = table.cards_per_guest.unwrap_or(usual.automation.card_count);
    if !(1..=MOST_CARDS).contains(&card_count) {
        return Err(refused("cards_per_guest", format!("must be 1 to {MOST_CARDS}")));
    }
    if table.instant_key_max_use_count.is_some_and(|count| count < 1) {
        return Err(refused("instant_key_max_use_count", "must be 1 or more".to_owned()));
    }
    let hours = table.instant_key_hours;
    if hours.is_some_and(|hours| !(1..=LONGEST_LIFE_HOURS).contains(&hours)) {
        return Err(refused("instant_key_hours", format!("must be 1 to {LONGEST_LIFE_HOURS}")));
    }
    Ok(Stays {
        automation: Automation {
            access_methods,
            strategy: match table.methods_per_guest {
                None | Some(MethodsPerGuest::All) => Strategy::All,
                Some(MethodsPerGuest::FirstAvailable) => Strategy::FirstAvailable,
                Some(MethodsPerGuest::FirstTwo) => Strategy::FirstTwo,
            },
            card_count,
            instant_key_max_use_count: table.instant_key_max_use_count,
        },
        instant_key_life: hours.map_or(usual.instant_key_life, SignedDuration::from_hours),
    })
}
