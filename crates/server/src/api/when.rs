//! Points in time as the engine takes them: what one without a zone means, the site says.

use crate::adapter::field::When;

/// The engine's form.
pub fn meant(when: When) -> engine::When {
    match when {
        When::Instant(instant) => engine::When::Instant(instant),
        When::Local(civil) => engine::When::Local(civil),
    }
}
