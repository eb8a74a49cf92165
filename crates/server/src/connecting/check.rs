//! Trying what the operator typed, before anything is stored.

use std::sync::Arc;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use engine::sites::{SeenDoor, SeenEncoder};
use http::{Request, StatusCode, header};
use visionline::{
    Transport, TransportFailure,
    transport::{Https, HttpsOptions},
};

use super::{
    connection,
    form::{Entry, Place, Problem},
};
use crate::{
    app::App,
    config,
    doctor::{self, SettingsIn, Verdict},
    sandbox::Sandbox,
    serve,
    site::chain,
};

/// What was tried, and what came of it.
#[derive(Debug, Default)]
pub struct Checked {
    /// In words, in order.
    pub tried: Vec<String>,
    /// What does not work; empty when everything does.
    pub problems: Vec<Problem>,
    /// The doors that are listed.
    pub doors: Vec<SeenDoor>,
    /// The encoders that are listed; none when they are not used or could not be read.
    pub encoders: Option<Vec<SeenEncoder>>,
}

/// Signs in at the lock server and reads doors and encoders.
pub async fn lock_server(app: &App, place: &Place, entry: &Entry) -> Checked {
    let client = match (&app.sandbox, &place.zone) {
        (Some(sandbox), _) => connection::simulated(sandbox, &app.clock, &entry.username, &entry.password),
        (None, Some(zone)) => {
            let typed = connection::typed(
                place.name.clone(),
                &place.address,
                &entry.username,
                entry.trust.clone(),
                zone.clone(),
            );
            let site = config::Site { password: entry.password.clone(), ..typed };
            match serve::client(&site, &entry.trust, None, &app.clock) {
                Ok(client) => client,
                Err(error) => return failed("certificate", format!("{error:#}")),
            }
        }
        (None, None) => return failed("time_zone", "the time zone is missing".to_owned()),
    };
    let seen = doctor::sign_in(&client, &entry.username, entry.encoders, SettingsIn::Page).await;
    let mut checked = Checked { doors: seen.doors.unwrap_or_default(), encoders: seen.encoders, ..Checked::default() };
    for finding in seen.findings {
        let field = match finding.step {
            "certificate" => "certificate",
            "sign in" => "username",
            _ => "",
        };
        if finding.verdict == Verdict::Failed {
            checked.problems.push(Problem::at(field, sentence(&finding.message)));
        }
        checked.tried.push(format!("{}: {}", finding.step, finding.message));
    }
    checked
}

/// Asks Credential Services for an endpoint that nobody has, which shows whether the user is let in.
pub async fn credential_service(app: &App, place: &Place, entry: &Entry) -> Checked {
    let answer = match (&app.sandbox, question(entry)) {
        (Some(sandbox), Ok(question)) => simulated(sandbox, &question).await,
        (None, Ok(question)) => match Https::new(&HttpsOptions::new(&place.address, entry.trust.clone())) {
            Ok(https) => Transport::Https(https).send(question).await,
            Err(error) => return failed("certificate", chain(&error)),
        },
        (_, Err(error)) => return failed("username", format!("the username cannot be sent: {error}")),
    };
    match answer {
        Err(failure) => {
            let told = chain(&failure);
            let field = if told.to_lowercase().contains("certificate") { "certificate" } else { "service_url" };
            failed(field, format!("Credential Services do not answer: {told}. Check the address and the certificate"))
        }
        Ok(answer) if matches!(answer.status(), StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN) => failed(
            "username",
            "Credential Services do not let this user in. Check username and password with who gave them to you"
                .to_owned(),
        ),
        Ok(answer) if is_theirs(&answer) => {
            Checked { tried: vec![format!("sign in: user {} is let in", entry.username)], ..Checked::default() }
        }
        Ok(answer) => failed(
            "service_url",
            format!(
                "What answers at this address is not Credential Services: it said {}. Check the address",
                answer.status()
            ),
        ),
    }
}

fn question(entry: &Entry) -> Result<Request<Vec<u8>>, http::Error> {
    let who = STANDARD.encode(format!("{}:{}", entry.username, entry.password.expose()));
    Request::get("/endpoint/innkeep-looks-whether-it-is-let-in")
        .header(header::AUTHORIZATION, format!("Basic {who}"))
        // The newer of the two versions in the field (`spec/visionline.md` 5.2).
        .header(header::ACCEPT, "application/vnd.assaabloy-com.credential-2.4+json")
        .body(Vec::new())
}

async fn simulated(
    sandbox: &Arc<Sandbox>,
    question: &Request<Vec<u8>>,
) -> Result<http::Response<Vec<u8>>, TransportFailure> {
    sandbox.credential_services(question).await.map_err(|cut| TransportFailure::NotSent(Box::new(cut)))
}

/// Whether it speaks of endpoints as Credential Services do: it has none of that name, or does not let them be read.
fn is_theirs(answer: &http::Response<Vec<u8>>) -> bool {
    let body: serde_json::Value = serde_json::from_slice(answer.body()).unwrap_or_default();
    let is_refusal = matches!(answer.status(), StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED);
    is_refusal && body.get("code").is_some_and(serde_json::Value::is_number)
}

fn failed(field: &'static str, message: String) -> Checked {
    Checked { problems: vec![Problem::at(field, sentence(&message))], ..Checked::default() }
}

/// With a capital letter, as texts on a page begin.
pub fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
