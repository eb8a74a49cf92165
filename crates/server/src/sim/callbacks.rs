//! Sends what the simulated services tell on their own account: to the addresses of the property file and nowhere
//! else, so no redirect is followed and no proxy asked.

use std::time::Duration;

use tokio::sync::mpsc::UnboundedReceiver;
use visionline_sim::Callback;

/// How long a receiver may take.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(10);

/// Sends callbacks one after the other, each once: their order is part of what they tell.
pub(super) async fn send(mut callbacks: UnboundedReceiver<Callback>) {
    // Made when there is something to send: most simulators have nothing.
    let mut client = None;
    while let Some(callback) = callbacks.recv().await {
        if client.is_none() {
            client = make_client();
        }
        if let Some(client) = &client {
            post(client, callback).await;
        }
    }
}

fn make_client() -> Option<reqwest::Client> {
    // Fails only when there is one already.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .timeout(ANSWER_TIMEOUT)
        .build();
    client.inspect_err(|error| tracing::error!(%error, "callbacks cannot be sent")).ok()
}

async fn post(client: &reqwest::Client, callback: Callback) {
    let mut request = client
        .post(&callback.url)
        .header(http::header::CONTENT_TYPE, "application/json;charset=utf-8")
        .body(callback.body);
    if let Some(authorization) = callback.authorization {
        request = request.header(http::header::AUTHORIZATION, authorization);
    }
    match request.send().await {
        Ok(answer) => tracing::info!(url = callback.url, status = answer.status().as_u16(), "callback"),
        Err(error) => {
            let error = error.without_url();
            tracing::warn!(url = callback.url, error = format!("{:#}", anyhow::Error::from(error)), "callback lost");
        }
    }
}
