//! Time passes: encoders finish, online locks hear, phones become active; and what there is to tell of it.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::Hotel;
use crate::callbacks::News;
use crate::encoders::{End, Ended, Task};
use crate::lock::Verdict;
use crate::online::Order;
use crate::property::EncodeAnswer;
use crate::wall;

impl Hotel {
    /// Lets everything happen that is due by `now`.
    pub(crate) fn settle(&mut self, now: Timestamp) {
        let ended = self.encoders.settle(now, &self.property.knobs);
        self.take_ended(now, ended);
        for command in self.commands.take_due(now) {
            let is_live = self.records.card(command.card_id).is_some_and(|card| card.ended().is_none());
            match (self.locks.get_mut(&command.door), command.order) {
                (Some(lock), Order::Raise { stamp }) if is_live => lock.raise_stamp(stamp),
                (Some(lock), Order::Cancel { expire }) => lock.cancel(command.card_id, expire),
                _ => {}
            }
        }
        for endpoint_id in self.phone_keys.settle(now) {
            self.contact_phone(&endpoint_id);
        }
        self.tell(now, Vec::new());
    }

    /// Takes jobs that have ended at encoders into the records and onto the media.
    pub(super) fn take_ended(&mut self, now: Timestamp, ended: Vec<Ended>) {
        let is_polled = self.property.knobs.encode_answer == EncodeAnswer::Poll;
        let mut news = Vec::new();
        for one in ended {
            if let Some(serial_number) = &one.spoilt {
                let before = self.plastic.spoil(serial_number);
                self.records.overwrite(before);
            }
            let result_code = match &one.end {
                End::Done(_) => 0,
                End::Failed(code) => code.0,
            };
            let mut card_id = None;
            if let Task::Write { card_id: id, .. } = one.task {
                card_id = Some(id);
                let image = self.records.card(id).map(|card| card.image(self.property.system_id));
                if let (End::Done(serial_number), Some(image)) = (&one.end, image) {
                    self.write_plastic(serial_number, image);
                }
                if let Some(encoding) = self.records.card_mut(id).and_then(|card| card.encoding.as_mut()) {
                    encoding.result_code = Some(result_code);
                }
            }
            if !(is_polled && card_id.is_some()) {
                self.encoders.keep_end(&one);
            }
            news.push(News::Encoder { encoder: one.encoder, card_id, result_code });
        }
        self.tell(now, news);
    }

    /// An online lock tells the server whom it has seen.
    pub(crate) fn report_from_door(&mut self, now: Timestamp, door: &str, verdict: &Verdict) {
        let is_online = self.property.door(door).is_some_and(|door| door.online);
        if let (true, Some(card_id), Some(code)) = (is_online, verdict.card_id, verdict.code()) {
            let news = News::Door { door: door.to_owned(), card_id, code, is_opened: verdict.opened() };
            self.tell(now, vec![news]);
        }
    }

    /// Writes callbacks for what has happened, where the property file says so.
    pub(super) fn tell(&mut self, now: Timestamp, mut news: Vec<News>) {
        news.extend(self.phone_keys.take_news());
        for one in news {
            let knobs = &self.property.knobs;
            let url = match &one {
                News::Endpoint { .. } => &knobs.endpoint_callback_url,
                News::Credential { .. } => &knobs.credential_callback_url,
                News::Card { .. } | News::Encoder { .. } | News::Door { .. } => &knobs.visionline_callback_url,
            };
            if let Some(url) = url {
                let body = self.callback_body(now, &one);
                self.callbacks.push(url, knobs.callback_authorization.as_deref(), body);
            }
        }
    }

    fn callback_body(&self, now: Timestamp, news: &News) -> Value {
        let at = wall::format(wall::at(&self.property.zone, now));
        match news {
            News::Endpoint { endpoint_id, status } => {
                json!({"callbackType": "ENDPOINT", "endpointId": endpoint_id, "endpointStatus": status})
            }
            News::Credential { endpoint_id, status, key } => {
                let zone = &self.property.zone;
                json!({
                    "callbackType": "CREDENTIAL",
                    "systemId": self.property.system_id.to_string(),
                    "endpointId": endpoint_id,
                    "credentialId": key.credential_id.to_string(),
                    "credentialStatus": status,
                    "label": key.label,
                    "description": key.description,
                    "validity": {
                        "startDate": wall::start_instant(zone, key.image.start).to_string(),
                        "endDate": wall::end_instant(zone, key.image.expire).to_string(),
                    },
                })
            }
            News::Card { kind, card_id } => json!({"type": kind, "time": at, "card": card_id.to_string()}),
            News::Encoder { encoder, card_id, result_code } => json!({
                "type": "encoderFinished", "time": at, "encoder": encoder,
                "card": card_id.map(|id| id.to_string()), "resultCode": result_code,
            }),
            News::Door { door, card_id, code, is_opened } => json!({
                "type": "doorEvent", "time": at, "door": door,
                "card": card_id.to_string(), "code": code, "opened": is_opened,
            }),
        }
    }
}
