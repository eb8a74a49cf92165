//! Showing keys to doors: a phone with its keys, a plastic card, or a bare image.

use jiff::Timestamp;

use crate::hotel::Hotel;
use crate::lock::{Detail, Image, Lock, Verdict};
use crate::plastic::{self, Content};
use crate::wall;

/// What is shown to a door.
#[derive(Clone, Copy, Debug)]
pub enum Presented<'a> {
    /// The phone of an endpoint: it tries its keys, newest first, until one opens.
    Endpoint(&'a str),
    /// The carrier of a card record, by registration number: the phone key if the phone holds it, else the plastic.
    Card(u32),
    /// The plastic card of a serial number.
    Serial(&'a str),
    /// Any image, for cards that no lock server request makes (staff, cancel, stand open).
    Image(&'a Image),
}

/// Why nothing could be shown.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PresentError {
    /// No door of that name.
    #[error("there is no door {0:?}")]
    UnknownDoor(String),
    /// No phone of that endpoint.
    #[error("there is no phone with endpoint {0:?}")]
    UnknownEndpoint(String),
    /// No card record of that number.
    #[error("there is no card {0}")]
    UnknownCard(u32),
    /// No such medium was ever written.
    #[error("there is no written card with serial number {0:?}")]
    UnknownSerial(String),
}

impl Hotel {
    /// Shows something to a door and tells what its lock said.
    ///
    /// When a phone's keys are all refused, the verdict is that of the newest key that has the door on it, since
    /// this is what its holder needs to know; failing that, of the newest key.
    ///
    /// # Errors
    /// [`PresentError`] if the door or what is to be shown is unknown. A known phone or card without a key on it
    /// gets a verdict with [`Detail::NoKey`].
    pub fn present(&mut self, now: Timestamp, door: &str, presented: Presented<'_>) -> Result<Verdict, PresentError> {
        if self.lock(door).is_none() {
            return Err(PresentError::UnknownDoor(door.to_owned()));
        }
        self.settle(now);
        let images = self.images(presented)?;
        let local_now = wall::at(&self.property.zone, now);
        let lock = self.locks.get_mut(door).ok_or_else(|| PresentError::UnknownDoor(door.to_owned()))?;
        let verdict = try_all(lock, &images, local_now);
        self.report_from_door(now, door, &verdict);
        Ok(verdict)
    }

    /// The images that are there to be shown, in the order of trying.
    fn images(&self, presented: Presented<'_>) -> Result<Vec<Image>, PresentError> {
        match presented {
            Presented::Endpoint(endpoint_id) => {
                let phone = self.phones.get(endpoint_id);
                let phone = phone.ok_or_else(|| PresentError::UnknownEndpoint(endpoint_id.to_owned()))?;
                Ok(phone.keys.iter().rev().map(|key| key.image.clone()).collect())
            }
            Presented::Card(card_id) => {
                let card = self.records.card(card_id).ok_or(PresentError::UnknownCard(card_id))?;
                let carried = match &card.endpoint_id {
                    Some(endpoint_id) => self
                        .phones
                        .get(endpoint_id)
                        .is_some_and(|phone| phone.keys.iter().any(|key| key.image.card_id == card_id)),
                    None if card.serial_numbers.is_empty() => !card.not_issued,
                    None => self.plastic.carries(card_id),
                };
                Ok(carried.then(|| card.image(self.property.system_id)).into_iter().collect())
            }
            Presented::Serial(serial) => {
                let content = plastic::serial_number(serial).and_then(|serial| self.plastic.content(&serial));
                match content.ok_or_else(|| PresentError::UnknownSerial(serial.to_owned()))? {
                    Content::Image(image) => Ok(vec![image.clone()]),
                    // A lock does not react to it at all (`spec/visionline.md` 4.5).
                    Content::Unreadable => Ok(Vec::new()),
                }
            }
            Presented::Image(image) => Ok(vec![image.clone()]),
        }
    }
}

fn try_all(lock: &mut Lock, images: &[Image], local_now: jiff::civil::DateTime) -> Verdict {
    let mut told: Option<Verdict> = None;
    for image in images {
        let verdict = lock.present(image, local_now);
        if verdict.opened() {
            return verdict;
        }
        match &told {
            Some(known) if known.detail != Detail::NoAccess || verdict.detail == Detail::NoAccess => {}
            _ => told = Some(verdict),
        }
    }
    told.unwrap_or_else(|| Verdict { detail: Detail::NoKey, card_id: None, lock_clock: lock.clock(local_now) })
}
