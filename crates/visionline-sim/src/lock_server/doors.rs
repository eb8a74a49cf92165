//! Doors of the Web API: list, detail, check-out (`spec/visionline.md` 2.2).

use serde_json::{Map, Value, json};

use super::refusal::Refusal;
use super::{Answer, Visit, cards, object};
use crate::property::{Door, DoorIds};
use crate::target::Target;

/// `GET /doors`, with `details=true` and `doorGroup`.
pub(super) fn list(visit: &Visit<'_>, target: &Target) -> Answer {
    let detailed = target.value("details").is_some_and(|value| value.eq_ignore_ascii_case("true"));
    let group = target.value("doorGroup");
    let doors = visit.property.doors.iter().filter(|door| group.is_none_or(|group| group == door.group));
    let object = |door| if detailed { door_object(visit, door) } else { json!({"id": door.name}) };
    Answer::ok(doors.map(object).collect())
}

/// `GET /doors/{id}`.
pub(super) fn get(visit: &Visit<'_>, id: &str) -> Result<Answer, Refusal> {
    Ok(Answer::ok(door_object(visit, known(visit, id)?)))
}

/// `POST /doors/{id}`: check-out. It discards the guest cards whose main or only door this is; offline locks learn
/// nothing of it.
pub(super) fn update(visit: &mut Visit<'_>, id: &str, body: &[u8]) -> Result<Answer, Refusal> {
    let door = known(visit, id)?;
    let (number, answer) = (door.number, door_object(visit, door));
    let checked_out = match object(visit, body, &["checkedOut"])?.get("checkedOut") {
        Some(Value::Bool(flag)) => *flag,
        Some(_) => return Err(Refusal::Body("checkedOut is not a boolean".into())),
        None => return Err(Refusal::NotAllowed),
    };
    if checked_out {
        cards::check_out(visit, number);
    }
    Ok(Answer::ok(answer))
}

fn known<'a>(visit: &Visit<'a>, id: &str) -> Result<&'a Door, Refusal> {
    visit.property.door(id).ok_or_else(|| Refusal::NotFound(format!("doors/{id}")))
}

fn door_object(visit: &Visit<'_>, door: &Door) -> Value {
    let profiles: Vec<Value> = (1..).zip(&door.profiles).map(|(id, kind)| json!({"id": id, "type": kind})).collect();
    let ids = match visit.property.knobs.door_ids {
        DoorIds::Both => &["id", "doorID"][..],
        DoorIds::Id => &["id"],
        DoorIds::DoorId => &["doorID"],
    };
    let mut object: Map<String, Value> =
        ids.iter().map(|name| ((*name).to_owned(), door.name.clone().into())).collect();
    for (name, value) in [
        ("doorName", door.name.as_str()),
        ("localName", &door.name),
        ("doorCategory", door.category.as_str()),
        ("doorGroup", &door.group),
    ] {
        object.insert(name.to_owned(), value.into());
    }
    object.insert("profiles".to_owned(), profiles.into());
    Value::Object(object)
}
