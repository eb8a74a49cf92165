//! How the doors of a pushed stay are to be opened.

use store::{
    credentials::{CARD, MOBILE_KEY},
    systems::AcsSystem,
};

use crate::access_grants::{NewLink, Requested};

/// Which of the methods that are possible a guest gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Strategy {
    /// All of them.
    All,
    /// The first.
    FirstAvailable,
    /// The first two.
    FirstTwo,
}

/// What guests of pushed stays get (`spec/api.md 4.27`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Automation {
    /// Methods in the order in which they are preferred: `card`, `mobile_key`.
    pub access_methods: Vec<String>,
    /// Which of those that are possible a guest gets.
    pub strategy: Strategy,
    /// How many cards a guest gets, where a guest gets cards.
    pub card_count: usize,
    /// How often the link of a guest's mobile key may be opened; none for the usual.
    pub instant_key_max_use_count: Option<i32>,
}

impl Default for Automation {
    fn default() -> Self {
        Self {
            access_methods: vec![CARD.to_owned(), MOBILE_KEY.to_owned()],
            strategy: Strategy::All,
            card_count: 1,
            instant_key_max_use_count: None,
        }
    }
}

impl Automation {
    /// What a guest gets at these sites; a mobile key comes with the link.
    pub(super) fn methods_at(&self, sites: &[AcsSystem], link: Option<&NewLink>) -> Vec<Requested> {
        let is_possible = |method: &&String| match method.as_str() {
            CARD => true,
            MOBILE_KEY => sites.iter().all(|site| site.default_credential_manager_id.is_some()),
            _ => false,
        };
        let most = match self.strategy {
            Strategy::All => usize::MAX,
            Strategy::FirstAvailable => 1,
            Strategy::FirstTwo => 2,
        };
        let chosen = self.access_methods.iter().filter(is_possible).take(most);
        chosen
            .flat_map(|mode| {
                let count = if mode == CARD { self.card_count } else { 1 };
                let uses = self.instant_key_max_use_count.filter(|_| mode == MOBILE_KEY);
                let link = link.filter(|_| mode == MOBILE_KEY).cloned();
                let one = Requested { mode: mode.clone(), code: None, instant_key_max_use_count: uses, link };
                std::iter::repeat_n(one, count)
            })
            .collect()
    }
}
