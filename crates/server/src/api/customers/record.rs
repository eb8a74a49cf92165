//! Reading pushed records, each by itself: a broken one must not spoil the others (`spec/api.md 4.27`).

use engine::customers::{PEOPLE, PLACES, Person, Problem, STAYS, Stay};
use serde_json::Value;
use store::customers::Name;

use crate::{adapter::field::When, api::when::meant};

/// Longest text of a record, in characters.
const LONGEST_TEXT: usize = 1000;
/// Most places or guests of one stay.
const MOST_NAMED: usize = 100;

/// What is to be done with a record.
#[derive(Debug, Clone)]
pub enum Read {
    /// A place.
    Place(Name),
    /// A person.
    Person(Name, Person),
    /// A stay.
    Stay(Stay),
}

impl Read {
    /// The list it stands in, and its key.
    pub fn name(&self) -> &Name {
        match self {
            Self::Place(name) | Self::Person(name, _) => name,
            Self::Stay(stay) => &stay.name,
        }
    }
}

/// The key of a record, if it can be told.
pub fn key_of(list: &str, record: &Value) -> Option<String> {
    let (_, member) = PLACES.into_iter().chain(PEOPLE).chain(STAYS).find(|(name, _)| *name == list)?;
    text(record, member).ok().flatten()
}

/// Reads a record of a list.
///
/// # Errors
/// What is wrong with it, naming the member.
pub fn read(list: &'static str, record: &Value) -> Result<Read, Problem> {
    if !record.is_object() {
        return Err(Problem::unreadable("it is no object"));
    }
    for (name, member) in PLACES {
        if name == list {
            return Ok(Read::Place(named(list, record, member)?));
        }
    }
    for (name, member) in PEOPLE {
        if name == list {
            let person = Person {
                full_name: text(record, "name")?.or(text(record, "full_name")?),
                email_address: text(record, "email_address")?.or(text(record, "email")?),
                phone_number: text(record, "phone_number")?.or(text(record, "phone")?),
            };
            return Ok(Read::Person(named(list, record, member)?, person));
        }
    }
    let member = STAYS.into_iter().find(|(name, _)| *name == list).map_or("reservation_key", |(_, member)| member);
    let mut place_keys = Vec::new();
    for (_, member) in PLACES {
        place_keys.extend(keys(record, member)?);
    }
    let mut guests = Vec::new();
    for (kind, member) in PEOPLE {
        guests.extend(keys(record, member)?.into_iter().map(|key| Name { kind: kind.to_owned(), key }));
    }
    if place_keys.is_empty() {
        return Err(Problem::unreadable("it names no space; name one by space_key, room_key or the like"));
    }
    if guests.is_empty() {
        return Err(Problem::unreadable("it names no guest; name one by guest_key or user_identity_key"));
    }
    if place_keys.len() > MOST_NAMED || guests.len() > MOST_NAMED {
        return Err(Problem::unreadable(format!("it names more than {MOST_NAMED} spaces or guests")));
    }
    Ok(Read::Stay(Stay {
        name: named(list, record, member)?,
        place_keys,
        guests,
        starts_at: meant(time(record, "starts_at")?),
        ends_at: meant(time(record, "ends_at")?),
        label: text(record, "name")?,
        reservation_key: if member == "reservation_key" { None } else { text(record, "reservation_key")? },
        links: Vec::new(),
    }))
}

fn named(list: &str, record: &Value, member: &str) -> Result<Name, Problem> {
    let key = text(record, member)?.ok_or_else(|| Problem::unreadable(format!("{member} is required")))?;
    Ok(Name { kind: list.to_owned(), key })
}

/// A text; absent, `null` and empty are the same here.
fn text(record: &Value, member: &str) -> Result<Option<String>, Problem> {
    match record.get(member) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) if text.trim().is_empty() => Ok(None),
        Some(Value::String(text)) if text.chars().count() > LONGEST_TEXT || text.contains('\0') => {
            Err(Problem::unreadable(format!("{member} is too long or holds U+0000")))
        }
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(Problem::unreadable(format!("{member} must be a text"))),
    }
}

/// One key by `member`, and several by its plural.
fn keys(record: &Value, member: &str) -> Result<Vec<String>, Problem> {
    let mut found: Vec<String> = text(record, member)?.into_iter().collect();
    let several = format!("{member}s");
    match record.get(&several) {
        None | Some(Value::Null) => {}
        Some(Value::Array(items)) => {
            for item in items {
                match item.as_str().filter(|key| !key.trim().is_empty() && key.len() <= LONGEST_TEXT) {
                    Some(key) => found.push(key.to_owned()),
                    None => return Err(Problem::unreadable(format!("{several} must be a list of texts"))),
                }
            }
        }
        Some(_) => return Err(Problem::unreadable(format!("{several} must be a list of texts"))),
    }
    Ok(found)
}

fn time(record: &Value, member: &str) -> Result<When, Problem> {
    let given = text(record, member)?.ok_or_else(|| Problem::unreadable(format!("{member} is required")))?;
    When::parse(&given).ok_or_else(|| {
        Problem::unreadable(format!("{member} is no point in time; write one such as 2026-12-01T15:00:00Z"))
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn reason(list: &'static str, record: &Value) -> String {
        read(list, record).unwrap_err().reason
    }

    #[test]
    fn a_stay_names_its_spaces_and_guests_in_every_word_for_them() {
        let record = json!({
            "booking_key": "b", "reservation_key": "r", "room_keys": ["101", "102"], "unit_key": "u", "guest_key": "g",
            "staff_member_keys": ["s"], "starts_at": "2030-01-01T15:00:00Z", "ends_at": "2030-01-02 10:00",
        });
        let Read::Stay(stay) = read("bookings", &record).unwrap() else { panic!("{record}") };
        assert_eq!(stay.place_keys, ["101", "102", "u"]);
        let guests: Vec<(&str, &str)> = stay.guests.iter().map(|name| (&*name.kind, &*name.key)).collect();
        assert_eq!(guests, [("guests", "g"), ("staff_members", "s")]);
        assert_eq!(stay.reservation_key.as_deref(), Some("r"));
    }

    #[test]
    fn what_is_wrong_is_named() {
        let good = json!({
            "reservation_key": "r", "room_key": "101", "guest_key": "g", "starts_at": "2030-01-01T15:00:00Z",
            "ends_at": "2030-01-02T10:00:00Z",
        });
        read("reservations", &good).unwrap();
        for (member, value, expected) in [
            ("reservation_key", json!(" "), "reservation_key is required"),
            ("reservation_key", json!(7), "reservation_key must be a text"),
            ("room_key", json!(null), "it names no space; name one by space_key, room_key or the like"),
            ("room_keys", json!([7]), "room_keys must be a list of texts"),
            ("room_keys", json!("101"), "room_keys must be a list of texts"),
            ("guest_key", json!(null), "it names no guest; name one by guest_key or user_identity_key"),
            ("starts_at", json!(null), "starts_at is required"),
            ("ends_at", json!("2030-01-02"), "ends_at is no point in time; write one such as 2026-12-01T15:00:00Z"),
            ("name", json!("x".repeat(1001)), "name is too long or holds U+0000"),
        ] {
            let mut broken = good.clone();
            broken[member] = value;
            assert_eq!(reason("reservations", &broken), expected);
        }
        assert_eq!(reason("guests", &json!("jane")), "it is no object");
        assert_eq!(reason("rooms", &json!({"name": "101"})), "room_key is required");
    }
}
