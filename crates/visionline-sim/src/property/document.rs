//! The property file as people write it: ranges of doors, names instead of numbers.

use jiff::tz::TimeZone;
use serde::Deserialize;
use toml::Spanned;

use super::{Account, Category, Door, Encoder, Knobs, Operator, Property, PropertyError, nearest};
use crate::lock::{Interval, OpeningHours};

/// More doors than any hotel has; keeps a slip of the pen from filling the memory.
const LONGEST_RANGE: u32 = 10_000;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    name: String,
    system_id: u32,
    mobile_access_uuid: u32,
    zone: Spanned<String>,
    credential_services: Account,
    #[serde(default)]
    operators: Vec<Operator>,
    #[serde(default)]
    doors: Vec<Spanned<Entry>>,
    #[serde(default)]
    encoders: Vec<Encoder>,
    #[serde(default)]
    knobs: Knobs,
}

/// One `[[doors]]`: a door by `name` or a run of doors by `numbers`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    name: Option<Spanned<String>>,
    numbers: Option<Spanned<String>>,
    category: Category,
    #[serde(default)]
    group: String,
    order: Option<u32>,
    #[serde(default)]
    profiles: Vec<String>,
    rooms: Option<Spanned<String>>,
    suite: Option<String>,
    opening_hours: Option<OpeningHours>,
    #[serde(default)]
    staff_groups: Vec<u32>,
    #[serde(default)]
    clock_drift_seconds: i64,
    #[serde(default)]
    online: bool,
    #[serde(default)]
    online_delay_seconds: u32,
}

pub(super) fn parse(text: &str) -> Result<Property, PropertyError> {
    let document: Document = toml::from_str(text).map_err(|error| {
        let line = line_at(text, error.span().map_or(text.len(), |span| span.start));
        let problem = error.message().trim_end().replace('\n', " ");
        match nearest::known_name(&problem) {
            Some((unknown, nearest)) => PropertyError::UnknownName { line, unknown, nearest },
            None => PropertyError::Form { line, problem },
        }
    })?;
    let zone = TimeZone::get(document.zone.get_ref()).map_err(|_| PropertyError::UnknownZone {
        line: line_of(text, &document.zone),
        zone: document.zone.get_ref().clone(),
    })?;
    if document.operators.is_empty() {
        return Err(PropertyError::Missing { what: "operators" });
    }
    if document.doors.is_empty() {
        return Err(PropertyError::Missing { what: "doors" });
    }
    let mut doors: Vec<Door> = Vec::new();
    for entry in &document.doors {
        add_doors(text, entry, &mut doors)?;
    }
    for entry in &document.doors {
        if let Some(rooms) = &entry.get_ref().rooms {
            let interval = interval_of(rooms.get_ref(), &doors).ok_or_else(|| PropertyError::BadRooms {
                line: line_of(text, rooms),
                rooms: rooms.get_ref().clone(),
            })?;
            let name = entry.get_ref().name.as_ref().map(Spanned::get_ref);
            for door in doors.iter_mut().filter(|door| Some(&door.name) == name) {
                door.rooms = Some(interval);
            }
        }
    }
    Ok(Property {
        name: document.name,
        system_id: document.system_id,
        mobile_access_uuid: document.mobile_access_uuid,
        zone,
        operators: document.operators,
        credential_services: document.credential_services,
        doors,
        encoders: document.encoders,
        knobs: document.knobs,
    })
}

/// Adds the doors of one entry. Without `order` a door whose name is a number takes that number, another one
/// follows the highest so far.
fn add_doors(text: &str, entry: &Spanned<Entry>, doors: &mut Vec<Door>) -> Result<(), PropertyError> {
    let written = entry.get_ref();
    let (names, line) = match (&written.name, &written.numbers) {
        (Some(name), None) => (vec![name.get_ref().clone()], line_of(text, name)),
        (None, Some(numbers)) => {
            let line = line_of(text, numbers);
            let range = numbers.get_ref();
            let names = names_of(range).ok_or_else(|| PropertyError::BadRange { line, range: range.clone() })?;
            (names, line)
        }
        _ => return Err(PropertyError::DoorWithoutName { line: line_of(text, entry) }),
    };
    for (offset, name) in (0_u32..).zip(names) {
        let highest = doors.iter().map(|door| door.number).max().unwrap_or(0);
        let number = match written.order {
            Some(order) => order.saturating_add(offset),
            None => name.parse().unwrap_or(highest.saturating_add(1)),
        };
        if doors.iter().any(|door| door.name == name) {
            return Err(PropertyError::DuplicateDoor { line, name });
        }
        if doors.iter().any(|door| door.number == number) {
            return Err(PropertyError::DuplicateNumber { line, name, number });
        }
        doors.push(Door {
            number,
            name,
            category: written.category,
            group: written.group.clone(),
            profiles: written.profiles.clone(),
            rooms: None,
            suite: written.suite.clone(),
            opening_hours: written.opening_hours,
            staff_groups: written.staff_groups.clone(),
            clock_drift_seconds: written.clock_drift_seconds,
            online: written.online,
            online_delay_seconds: written.online_delay_seconds,
        });
    }
    Ok(())
}

fn names_of(range: &str) -> Option<Vec<String>> {
    let (first, last) = range.split_once('-')?;
    let (first, last): (u32, u32) = (first.trim().parse().ok()?, last.trim().parse().ok()?);
    let sound = first <= last && last - first < LONGEST_RANGE;
    sound.then(|| (first..=last).map(|number| number.to_string()).collect())
}

/// The door numbers between two guest doors; names may hold hyphens, so every split is tried.
fn interval_of(rooms: &str, doors: &[Door]) -> Option<Interval> {
    let number = |name: &str| {
        doors.iter().find(|door| door.category == Category::Guest && door.name == name.trim()).map(|door| door.number)
    };
    rooms.match_indices('-').find_map(|(at, _)| {
        let interval = Interval { first: number(&rooms[..at])?, last: number(&rooms[at + 1..])? };
        (interval.first <= interval.last).then_some(interval)
    })
}

fn line_of<T>(text: &str, spanned: &Spanned<T>) -> usize {
    line_at(text, spanned.span().start)
}

fn line_at(text: &str, offset: usize) -> usize {
    1 + text.bytes().take(offset).filter(|byte| *byte == b'\n').count()
}
