//! Which way a credential enters its doors: override, join, auto-join (`spec/api.md 4.8`).

/// The way that applies to a guest credential.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Opens a new stay on its guest doors.
    Override,
    /// Enters the stays of the credentials it joins.
    Join,
    /// Enters the stay in force for its window, or opens one where there is none.
    AutoJoin,
}

/// What the caller said of the three ways.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Asked {
    /// `override` and its other spellings.
    pub overrides: Option<bool>,
    /// Whether any credential to join was named.
    pub joins: bool,
    /// `auto_join`.
    pub auto_join: Option<bool>,
}

/// Why the three cannot be taken together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ModeError {
    /// Override ends what a joiner shares.
    #[error("an override key cannot also join: send either override or joiner_acs_credential_ids")]
    OverrideWithJoiners,
    /// Auto-join chooses by itself.
    #[error("auto_join chooses by itself: send it without override and without joiner_acs_credential_ids")]
    AutoJoinWithOthers,
    /// An explicit `override: false` promises joiners (`spec/api.md 4.8`).
    #[error(
        "joiner_acs_credential_ids is required when override is false: name the credentials to join, or send override: \
         true to start a new stay"
    )]
    JoinersMissing,
}

impl Asked {
    /// The mode that applies, by the table of `spec/api.md 4.8`. A credential with only common doors needs none of
    /// the three, so an explicit `override: false` is fine there.
    ///
    /// # Errors
    /// When the combination contradicts itself.
    pub fn mode(self, has_guest_doors: bool) -> Result<Mode, ModeError> {
        let overrides = self.overrides == Some(true);
        let auto_join = self.auto_join == Some(true);
        match (overrides, self.joins, auto_join) {
            (true, true, _) => Err(ModeError::OverrideWithJoiners),
            (true, false, true) | (false, true, true) => Err(ModeError::AutoJoinWithOthers),
            (true, false, false) => Ok(Mode::Override),
            (false, true, false) => Ok(Mode::Join),
            (false, false, false) if self.overrides == Some(false) && has_guest_doors => Err(ModeError::JoinersMissing),
            (false, false, _) => Ok(Mode::AutoJoin),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_of_modes_holds_row_by_row() {
        let table = [
            (Some(true), false, None, Ok(Mode::Override)),
            (Some(true), false, Some(false), Ok(Mode::Override)),
            (Some(true), true, None, Err(ModeError::OverrideWithJoiners)),
            (Some(true), true, Some(true), Err(ModeError::OverrideWithJoiners)),
            (Some(true), false, Some(true), Err(ModeError::AutoJoinWithOthers)),
            (Some(false), false, None, Err(ModeError::JoinersMissing)),
            (Some(false), true, None, Ok(Mode::Join)),
            (None, true, None, Ok(Mode::Join)),
            (None, true, Some(true), Err(ModeError::AutoJoinWithOthers)),
            (None, false, Some(true), Ok(Mode::AutoJoin)),
            (Some(false), false, Some(true), Ok(Mode::AutoJoin)),
            (None, false, None, Ok(Mode::AutoJoin)),
        ];
        for (overrides, joins, auto_join, expected) in table {
            let asked = Asked { overrides, joins, auto_join };
            assert_eq!(asked.mode(true), expected, "{asked:?}");
        }
    }

    #[test]
    fn common_doors_alone_need_no_joiners() {
        let asked = Asked { overrides: Some(false), ..Asked::default() };
        assert_eq!(asked.mode(false), Ok(Mode::AutoJoin));
    }
}
