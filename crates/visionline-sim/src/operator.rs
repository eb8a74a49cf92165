//! What an operator does in Visionline's own program, past the Web API.

use jiff::civil::DateTime;

use crate::hotel::Hotel;

impl Hotel {
    /// Gives a card record another start or end; what phone or plastic carries stays as it is. `false` if there is no
    /// such card.
    pub fn change_window(&mut self, card_id: u32, start: Option<DateTime>, expire: Option<DateTime>) -> bool {
        let Some(card) = self.records.card_mut(card_id) else {
            return false;
        };
        card.start = start.unwrap_or(card.start);
        card.expire = expire.unwrap_or(card.expire);
        true
    }
}
