//! A webhook on the wire (`spec/api.md 3.11`).

use domain::id::WebhookId;
use schemars::JsonSchema;
use serde::Serialize;
use visionline::Secret;

use crate::{adapter::field::Id, seal::Seal, webhooks::place_of_secret};

/// Where events are sent.
#[derive(Serialize, JsonSchema)]
pub struct Webhook {
    /// ID of the webhook.
    #[schemars(with = "Id")]
    webhook_id: WebhookId,
    /// Where events are sent.
    url: String,
    /// The types of event that are sent; `*` stands for all.
    event_types: Vec<String>,
    /// What events are signed with.
    #[serde(skip_serializing_if = "Option::is_none")]
    secret: Option<String>,
}

impl Webhook {
    /// The webhook, with its secret if that can be opened.
    pub fn shown(stored: &store::webhooks::Webhook, seal: Option<&Seal>) -> Self {
        let opened = seal.map(|seal| seal.open(&place_of_secret(stored.id), &stored.sealed_secret));
        let secret = match opened {
            Some(Ok(secret)) => Some(secret.expose().to_owned()),
            Some(Err(error)) => {
                tracing::error!(webhook = %stored.id, %error, "the secret of a webhook cannot be opened");
                None
            }
            None => None,
        };
        Self { webhook_id: stored.id, url: stored.url.clone(), event_types: stored.event_types(), secret }
    }

    /// A webhook that was just made with this secret.
    pub fn fresh(stored: &store::webhooks::Webhook, secret: &Secret) -> Self {
        Self {
            webhook_id: stored.id,
            url: stored.url.clone(),
            event_types: stored.event_types(),
            secret: Some(secret.expose().to_owned()),
        }
    }
}
