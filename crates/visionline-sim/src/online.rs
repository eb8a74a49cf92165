//! What the server sends to online locks, and when they have heard it (`spec/visionline.md` 4.8).
//!
//! An offline lock never hears anything. The commands carry what a lock may know: stamps and card ids.

use jiff::civil::DateTime;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::property::{Door, Property};

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) enum Order {
    /// A new stay: keys with older stamps die.
    Raise { stamp: u32 },
    /// A cancelled card, and when it ends by itself.
    Cancel { expire: DateTime },
}

/// One command on its way.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Command {
    pub(crate) door: String,
    pub(crate) due: Timestamp,
    /// The card it is about.
    pub(crate) card_id: u32,
    pub(crate) order: Order,
}

/// All commands on their way, in the order in which they were given.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Commands {
    pending: Vec<Command>,
}

impl Commands {
    /// Tells a door's lock of a new stay once it has started.
    pub(crate) fn raise(&mut self, now: Timestamp, door: &Door, card_id: u32, stamp: u32, start: Timestamp) {
        if door.online {
            let due = arrival(now, door).max(start);
            self.pending.push(Command { door: door.name.clone(), due, card_id, order: Order::Raise { stamp } });
        }
    }

    /// Tells all online locks of a cancelled card.
    pub(crate) fn cancel(&mut self, now: Timestamp, property: &Property, card_id: u32, expire: DateTime) {
        for door in property.doors.iter().filter(|door| door.online) {
            let (door, due) = (door.name.clone(), arrival(now, door));
            self.pending.push(Command { door, due, card_id, order: Order::Cancel { expire } });
        }
    }

    /// The commands that have arrived by `now`.
    pub(crate) fn take_due(&mut self, now: Timestamp) -> Vec<Command> {
        self.pending.extract_if(.., |command| command.due <= now).collect()
    }

    /// How many are on their way to a door.
    pub(crate) fn pending(&self, door: &str) -> usize {
        self.pending.iter().filter(|command| command.door == door).count()
    }
}

fn arrival(now: Timestamp, door: &Door) -> Timestamp {
    now.checked_add(SignedDuration::from_secs(i64::from(door.online_delay_seconds))).unwrap_or(Timestamp::MAX)
}
