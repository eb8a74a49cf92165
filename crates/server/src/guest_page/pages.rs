//! What the templates are given.

use askama::Template;
use engine::instant_keys::{KeyKind, KeyState, ShownKey};
use jiff::{Timestamp, tz::TimeZone};
use store::credential_details::ShownDoor;

use super::{
    trial::Trial,
    words::{self, Words, written},
};

/// The style of all pages.
pub const STYLE: &str = include_str!("../../templates/guest_page/style.css");

/// Whether to open the link in this browser.
#[derive(Template)]
#[template(path = "guest_page/question.html")]
pub struct Question {
    pub words: &'static Words,
    pub address: String,
}

/// Why there is nothing to see.
#[derive(Template)]
#[template(path = "guest_page/closed.html")]
pub struct Closed {
    pub words: &'static Words,
    pub closed: &'static words::Closed,
}

/// The guest's keys.
#[derive(Template)]
#[template(path = "guest_page/keys.html")]
pub struct Keys {
    pub words: &'static Words,
    pub address: String,
    pub keys: Vec<Key>,
    pub verdict: Option<Verdict>,
    pub trial: Option<Trial>,
}

/// One key.
pub struct Key {
    site: String,
    kind: &'static str,
    rooms: String,
    other_doors: String,
    starts_at: Timestamp,
    ends_at: Timestamp,
    from: String,
    until: String,
    state: &'static str,
    class: &'static str,
}

/// What a door said to the guest's phone.
pub struct Verdict {
    pub class: &'static str,
    pub text: String,
    pub reason: Option<&'static str>,
    pub code: Option<String>,
}

/// A key in the words of a language and the hotel's own time.
pub fn shown(words: &Words, key: &ShownKey) -> Key {
    let zone = key.time_zone.as_deref().and_then(|name| TimeZone::get(name).ok()).unwrap_or(TimeZone::UTC);
    let local = |instant: Timestamp| written(&words.calendar, zone.to_datetime(instant));
    let names = |wanted: fn(&ShownDoor) -> bool| {
        let names: Vec<&str> = key.doors.iter().filter(|door| wanted(door)).map(|door| door.name.as_str()).collect();
        names.join(", ")
    };
    Key {
        site: key.site_name.clone(),
        kind: if key.kind == KeyKind::Card { words.card } else { words.phone_key },
        rooms: names(ShownDoor::is_guest),
        other_doors: names(|door| !door.is_guest()),
        starts_at: key.starts_at,
        ends_at: key.ends_at,
        from: local(key.starts_at),
        until: local(key.ends_at),
        state: words.state(key.state),
        class: if matches!(key.state, KeyState::Ready | KeyState::ReadyLater) { "good" } else { "" },
    }
}
