//! What clients did, and in which pace they are answered (style 3.7: count, answer one at a time).

use serde::Deserialize;
use serde_json::{Value, json};

use crate::counts::Counts;
use crate::hotel::Hotel;

/// `GET requests`: how many have come, by route; and how many sessions are open.
pub(super) fn counts(hotel: &Hotel) -> Value {
    json!({
        "total": hotel.counts.total(),
        "by_route": hotel.counts.by_route(),
        "open_sessions": hotel.sessions.count(),
    })
}

/// `DELETE requests`.
pub(super) fn count_anew(hotel: &mut Hotel) -> Value {
    hotel.counts = Counts::default();
    counts(hotel)
}

/// `GET answers`: whether requests are held back, and how many wait.
pub(super) fn answers(hotel: &Hotel) -> Value {
    json!({"held": hotel.waiting.is_holding(), "waiting": hotel.waiting.held()})
}

/// Body of `answers`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Hold {
    held: bool,
}

/// `POST answers`: hold requests back from now on, or let all of them go.
pub(super) fn hold(hotel: &mut Hotel, body: &Hold) -> Value {
    hotel.waiting.set_holding(body.held);
    answers(hotel)
}

/// Body of `answers/release`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Release {
    count: u64,
}

/// `POST answers/release`: the oldest requests held back are worked on and answered; with fewer of them than asked
/// for, the next to come pass.
pub(super) fn release(hotel: &mut Hotel, body: &Release) -> Value {
    hotel.waiting.release(body.count);
    answers(hotel)
}

/// `GET callbacks`: the last ones, sent or on their way, oldest first.
pub(super) fn callbacks(hotel: &Hotel) -> Value {
    let sent = hotel.callbacks.remembered().map(|(url, body)| json!({"url": url, "body": body}));
    json!({"callbacks": sent.collect::<Vec<_>>()})
}

/// `POST credential-services/offline` and `online`: the lock server then answers 503/50302 to orders for phone keys.
pub(super) fn set_services_offline(hotel: &mut Hotel, are_offline: bool) -> Value {
    hotel.are_services_offline = are_offline;
    json!({"online": !are_offline})
}
