//! What hands do with plastic cards: put them on encoders, write, program and erase them.

use jiff::Timestamp;
use jiff::civil::DateTime;
use serde::Deserialize;

use super::Hotel;
use crate::encoders::PlacedCard;
use crate::lock::{Function, GuestDoor, Image, Medium, OpeningHours};
use crate::plastic;
use crate::property::Technology;
use crate::result_code::ResultCode;
use crate::sealed;
use crate::wall;

/// Why a medium or an encoder could not be handled.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MediumError {
    /// Not up to 16 hex digits.
    #[error("the serial number {0:?} is not up to 16 hex digits")]
    SerialNumber(String),
    /// No encoder of that id or name.
    #[error("there is no encoder {0:?}")]
    UnknownEncoder(String),
    /// No door of that name.
    #[error("there is no door {0:?}")]
    UnknownDoor(String),
    /// Not the image of a card.
    #[error("the image is not one that the lock server gave out: 48 hex digits, for one of its cards")]
    Image,
    /// The job at hand is none, or ended.
    #[error("encoder {0:?} has no job that could fail")]
    NoJob(String),
}

/// A card made by hand, for functions that no request makes (`spec/visionline.md` 4.6, 4.7).
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Program {
    /// `staff`, `one_time`, `cancel`, `stand_open`, `guest`, `suite` or `future_arrival`.
    pub function: ProgramFunction,
    /// Names of guest doors. Their stamps are the newest given out there, so that the card neither overrides nor is
    /// overridden by those in force.
    #[serde(default)]
    pub guest_doors: Vec<String>,
    /// Names of common doors.
    #[serde(default)]
    pub common_doors: Vec<String>,
    /// User group of a staff card.
    #[serde(default)]
    pub user_group: u32,
    /// Registration numbers of cancelled cards.
    #[serde(default)]
    pub cancels: Vec<u32>,
    /// Hours of the day.
    pub schedule: Option<OpeningHours>,
    /// Opens a deadbolted door.
    #[serde(default)]
    pub deadbolt_override: bool,
    /// Local start; now without one.
    pub start: Option<DateTime>,
    /// Local end; a year from the start without one.
    pub expire: Option<DateTime>,
}

/// What a hand-made card is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProgramFunction {
    /// A guest's card.
    Guest,
    /// A guest's card for a suite.
    Suite,
    /// A guest's card issued before its start.
    FutureArrival,
    /// Opens each door once.
    OneTime,
    /// Staff.
    Staff,
    /// Brings a cancel list to a lock.
    Cancel,
    /// Toggles stand open.
    StandOpen,
}

impl Hotel {
    /// Puts a card on an encoder, in the place of the one before.
    ///
    /// # Errors
    /// If the encoder or the form of the serial number is unknown.
    pub fn place_card(
        &mut self,
        now: Timestamp,
        encoder: &str,
        serial_number: &str,
        technology: Technology,
        memory_bytes: Option<u32>,
    ) -> Result<(), MediumError> {
        let serial_number = serial(serial_number)?;
        let memory_bytes = memory_bytes.unwrap_or_else(|| technology.memory_bytes());
        self.remove_card(now, encoder)?;
        let id = self.encoder_id(encoder)?;
        self.encoders.place(now, &id, PlacedCard { serial_number, technology, memory_bytes });
        self.settle(now);
        Ok(())
    }

    /// Takes the card off an encoder; a job at work on it fails.
    ///
    /// # Errors
    /// If the encoder is unknown.
    pub fn remove_card(&mut self, now: Timestamp, encoder: &str) -> Result<(), MediumError> {
        self.settle(now);
        let id = self.encoder_id(encoder)?;
        let ended = self.encoders.remove(now, &id, &self.property.knobs);
        self.take_ended(now, ended);
        Ok(())
    }

    /// Lets the job at hand of an encoder fail with a result code of the vendor's.
    ///
    /// # Errors
    /// If the encoder is unknown or has no job.
    pub fn fail_encoder(&mut self, now: Timestamp, encoder: &str, result_code: u8) -> Result<(), MediumError> {
        self.settle(now);
        let id = self.encoder_id(encoder)?;
        let ended = self.encoders.fail(now, &id, ResultCode(result_code));
        if ended.is_empty() {
            return Err(MediumError::NoJob(id));
        }
        self.take_ended(now, ended);
        Ok(())
    }

    /// Cuts an encoder off from the lock server, which fails its jobs, or brings it back.
    ///
    /// # Errors
    /// If the encoder is unknown.
    pub fn set_encoder_online(&mut self, now: Timestamp, encoder: &str, is_online: bool) -> Result<(), MediumError> {
        self.settle(now);
        let id = self.encoder_id(encoder)?;
        let ended = self.encoders.set_online(now, &id, is_online);
        self.take_ended(now, ended);
        Ok(())
    }

    /// Writes an image to a plastic card by hand, as no encoder would; the card before is overwritten.
    /// `false` if the serial number is not up to 16 hex digits.
    pub fn write_plastic(&mut self, serial_number: &str, image: Image) -> bool {
        let Some(serial) = plastic::serial_number(serial_number) else {
            return false;
        };
        let card_id = image.card_id;
        let before = self.plastic.write(&serial, image).filter(|before| *before != card_id);
        self.records.overwrite(before);
        if let Some(card) = self.records.card_mut(card_id) {
            card.not_issued = false;
            card.issued_cards = card.issued_cards.saturating_add(1);
            if !card.serial_numbers.contains(&serial) {
                card.serial_numbers.push(serial);
            }
        }
        true
    }

    /// Writes an `encryptedImage` to a medium, as a client with a writer of its own does; tells whether it became a
    /// key. Sealed for another medium it leaves this one unreadable.
    ///
    /// # Errors
    /// If the serial number or the image has not the right form, or the image is of no card.
    pub fn write_sealed(&mut self, serial_number: &str, sealed: &str) -> Result<bool, MediumError> {
        let serial_number = serial(serial_number)?;
        let system_id = self.property.system_id;
        let number = sealed::card_number(sealed, system_id).ok_or(MediumError::Image)?;
        let card = self.records.card(number).ok_or(MediumError::Image)?;
        let is_genuine = sealed::seal(card, system_id).eq_ignore_ascii_case(sealed);
        let fits = card.sealed_for.is_empty() || card.sealed_for.contains(&serial_number);
        let image = card.image(system_id);
        let before = if is_genuine && fits {
            self.plastic.write(&serial_number, image)
        } else {
            self.plastic.spoil(&serial_number)
        };
        self.records.overwrite(before.filter(|before| *before != number));
        Ok(is_genuine && fits)
    }

    /// Makes a medium blank; its card counts as overwritten.
    ///
    /// # Errors
    /// If the serial number has not the right form.
    pub fn erase_plastic(&mut self, serial_number: &str) -> Result<(), MediumError> {
        let before = self.plastic.erase(&serial(serial_number)?);
        self.records.overwrite(before);
        Ok(())
    }

    /// Programs a medium with a card that is in no database; tells the number it got.
    ///
    /// # Errors
    /// If the serial number has not the right form or a door is unknown.
    pub fn program(&mut self, now: Timestamp, serial_number: &str, program: &Program) -> Result<u32, MediumError> {
        let serial_number = serial(serial_number)?;
        let number = |name: &String| {
            let door = self.property.door(name).ok_or_else(|| MediumError::UnknownDoor(name.clone()))?;
            Ok(door.number)
        };
        let guest_doors = program.guest_doors.iter().map(number).collect::<Result<Vec<u32>, _>>()?;
        let common_doors = program.common_doors.iter().map(number).collect::<Result<Vec<u32>, _>>()?;
        let start = program.start.unwrap_or_else(|| wall::minute_at(&self.property.zone, now));
        let year = jiff::Span::new().years(1);
        let function = match program.function {
            ProgramFunction::Guest => Function::Guest,
            ProgramFunction::Suite => Function::Suite,
            ProgramFunction::FutureArrival => Function::FutureArrival,
            ProgramFunction::OneTime => Function::OneTime,
            ProgramFunction::Staff => Function::Staff,
            ProgramFunction::StandOpen => Function::StandOpen,
            ProgramFunction::Cancel => {
                let end = |id: &u32| self.records.card(*id).map_or(DateTime::MAX, |card| card.expire);
                Function::Cancel(program.cancels.iter().map(|id| (*id, end(id))).collect())
            }
        };
        let stamp = |number: u32| GuestDoor { number, stamp: self.records.newest_stamp(number) };
        let image = Image {
            system_id: self.property.system_id,
            card_id: 0,
            function,
            medium: Medium::Plastic,
            user_group: program.user_group,
            guest_doors: guest_doors.into_iter().map(stamp).collect(),
            common_doors,
            start,
            expire: program.expire.unwrap_or_else(|| start.saturating_add(year)),
            schedule: program.schedule,
            deadbolt_override: program.deadbolt_override,
        };
        let card_id = self.records.take_card_id();
        let before = self.plastic.write(&serial_number, Image { card_id, ..image });
        self.records.overwrite(before);
        Ok(card_id)
    }

    /// The id of an encoder, by id or name.
    pub(crate) fn encoder_id(&self, encoder: &str) -> Result<String, MediumError> {
        let known = self.property.encoder(encoder).map(|encoder| encoder.id.clone());
        known.ok_or_else(|| MediumError::UnknownEncoder(encoder.to_owned()))
    }
}

fn serial(text: &str) -> Result<String, MediumError> {
    plastic::serial_number(text).ok_or_else(|| MediumError::SerialNumber(text.to_owned()))
}
