//! Requests to the two services: weather first, then the work; and requests that have to wait.

use http::{Request, Response};
use jiff::Timestamp;
use serde_json::json;

use super::Hotel;
use crate::exchange::{Exchange, respond};
use crate::fault::{FaultKind, Weather};
use crate::lock_server::{self, Reply, Visit};
use crate::parked::Parked;
use crate::phone_keys;

impl Hotel {
    /// One request to the Visionline Web API. The target of the request and its headers must be exactly as sent:
    /// the signature is checked over them.
    pub fn lock_server(&mut self, now: Timestamp, request: &Request<Vec<u8>>) -> Exchange {
        self.settle(now);
        self.counts.note(lock_server::PREFIX, request);
        match self.waiting.hold(request) {
            Some(ticket) => Exchange::Waiting { ticket, until: None },
            None => self.admit(now, request),
        }
    }

    /// Asks again for an answer that was [`Exchange::Waiting`].
    pub fn resume(&mut self, now: Timestamp, ticket: u64) -> Exchange {
        self.settle(now);
        match self.waiting.get(ticket) {
            None => Exchange::ReplyLost,
            Some(Parked::Silent) => Exchange::Waiting { ticket, until: None },
            Some(Parked::Held(_)) => {
                if !self.waiting.is_released(ticket) {
                    return Exchange::Waiting { ticket, until: None };
                }
                match self.waiting.forget(ticket) {
                    Some(Parked::Held(request)) => self.admit(now, &request),
                    _ => Exchange::ReplyLost,
                }
            }
            Some(Parked::AtEncoder { job, delay_ms }) => {
                let (job, delay_ms) = (*job, *delay_ms);
                match self.encoders.take_end(job) {
                    Some((encoder, task, end)) => {
                        self.waiting.forget(ticket);
                        let mut news = Vec::new();
                        let visit = self.visit(now, &mut news);
                        let response = lock_server::encoded(&visit, &encoder, &task, &end);
                        Exchange::Answered { response, delay_ms }
                    }
                    None => Exchange::Waiting { ticket, until: self.encoders.next_change(job, &self.property.knobs) },
                }
            }
        }
    }

    /// The client of a waiting request has gone. An encoder that has its job goes on: the server knows nothing.
    pub fn abandon(&mut self, ticket: u64) {
        if let Some(Parked::AtEncoder { job, .. }) = self.waiting.forget(ticket) {
            self.encoders.take_end(job);
        }
    }

    /// One request to Credential Services.
    pub fn credential_services(&mut self, now: Timestamp, request: &Request<Vec<u8>>) -> Exchange {
        self.settle(now);
        self.counts.note("", request);
        if self.are_services_offline {
            return Exchange::Unreachable;
        }
        let phones = &self.phones;
        let response: Response<Vec<u8>> =
            phone_keys::answer(&mut self.phone_keys, now, &self.property, &mut self.random, request, |endpoint_id| {
                phones.get(endpoint_id).is_none_or(|phone| phone.online)
            });
        self.contact_phones();
        self.tell(now, Vec::new());
        Exchange::Answered { response, delay_ms: 0 }
    }

    fn admit(&mut self, now: Timestamp, request: &Request<Vec<u8>>) -> Exchange {
        let weather = self.faults.strike(
            now,
            request.headers().contains_key(http::header::AUTHORIZATION),
            request.method() != http::Method::GET,
        );
        match weather.kind {
            Some(FaultKind::Unreachable) => return Exchange::Unreachable,
            Some(FaultKind::Silent) => {
                return Exchange::Waiting { ticket: self.waiting.park(Parked::Silent), until: None };
            }
            Some(FaultKind::ServerError) => {
                let body = json!({"status": 500, "code": 50001, "resource": null, "message": "internal error",
                    "developerMessage": "a fault was ordered"});
                return Exchange::Answered { response: respond(now, 500, Some(&body)), delay_ms: weather.delay_ms };
            }
            Some(FaultKind::SessionExpired) => self.sessions.forget_caller(request),
            _ => {}
        }
        let mut news = Vec::new();
        let mut visit = self.visit(now, &mut news);
        let reply = lock_server::answer(&mut visit, request);
        self.contact_phones();
        self.tell(now, news);
        self.damage(now, reply, &weather)
    }

    /// What the weather lets through of a reply.
    fn damage(&mut self, now: Timestamp, reply: Reply, weather: &Weather) -> Exchange {
        let delay_ms = weather.delay_ms;
        match (weather.kind, reply) {
            (Some(FaultKind::LostReply), _) => Exchange::ReplyLost,
            (Some(FaultKind::Garbage), _) => {
                let mut response = respond(now, 200, Some(&json!({})));
                *response.body_mut() = b"<html>\xff\xfe{\"id\":".to_vec();
                Exchange::Answered { response, delay_ms }
            }
            (_, Reply::Answered(response)) => Exchange::Answered { response, delay_ms },
            (_, Reply::AtEncoder(job)) => {
                let ticket = self.waiting.park(Parked::AtEncoder { job, delay_ms });
                // A card may lie there already.
                self.resume(now, ticket)
            }
        }
    }

    fn visit<'a>(&'a mut self, now: Timestamp, news: &'a mut Vec<crate::callbacks::News>) -> Visit<'a> {
        Visit {
            now,
            property: &self.property,
            random: &mut self.random,
            records: &mut self.records,
            sessions: &mut self.sessions,
            phone_keys: &mut self.phone_keys,
            plastic: &mut self.plastic,
            encoders: &mut self.encoders,
            commands: &mut self.commands,
            rate: &mut self.rate,
            news,
            are_services_online: !self.are_services_offline,
        }
    }
}
