//! How the page looks: forms and messages, without scripts, with a strict content policy.

use std::sync::LazyLock;

use askama::Template;
use axum::body::Body;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::{HeaderValue, Response, StatusCode, header};
use sha2::{Digest, Sha256};
use store::connect_webviews::ConnectWebview;

use super::{form::Problem, redirect};
use crate::adapter::Who;

const STYLE: &str = include_str!("../../templates/connect/connect.css");

/// The one style that the policy allows.
static STYLE_SOURCE: LazyLock<String> =
    LazyLock::new(|| format!("'sha256-{}'", STANDARD.encode(Sha256::digest(STYLE.as_bytes()))));

/// A field of a form.
#[derive(Debug, Clone, Default)]
pub struct Field {
    /// Name and id.
    pub name: &'static str,
    /// What it is.
    pub label: &'static str,
    /// What to enter.
    pub hint: &'static str,
    /// What was entered.
    pub value: String,
    /// `text`, `password`, `textarea`, `checkbox` or `radio`.
    pub kind: &'static str,
    /// What to choose among.
    pub options: Vec<Choice>,
    /// What is wrong with it.
    pub problem: String,
    /// When it is of use, for the style.
    pub class: &'static str,
}

impl Field {
    /// The attributes that lead to hint and problem.
    fn described(&self) -> String {
        let mut ids = Vec::new();
        if !self.hint.is_empty() {
            ids.push(format!("{}-hint", self.name));
        }
        let mut attributes = String::new();
        if !self.problem.is_empty() {
            ids.push(format!("{}-problem", self.name));
            attributes.push_str(" aria-invalid=\"true\"");
        }
        if !ids.is_empty() {
            attributes.push_str(&format!(" aria-describedby=\"{}\"", ids.join(" ")));
        }
        attributes
    }
}

/// One of several.
#[derive(Debug, Clone)]
pub struct Choice {
    /// What is sent.
    pub value: &'static str,
    /// What it means.
    pub label: &'static str,
}

/// Fields that belong together.
#[derive(Debug, Clone, Default)]
pub struct Section {
    /// What they are about.
    pub legend: &'static str,
    /// What to know.
    pub texts: Vec<String>,
    /// Something to compare.
    pub code: String,
    /// The fields.
    pub fields: Vec<Field>,
}

/// A button of a form.
#[derive(Debug, Clone, Copy)]
pub struct Button {
    /// What is sent.
    pub step: &'static str,
    /// What it does.
    pub label: &'static str,
    /// Whether it leads away from what was entered.
    pub is_quiet: bool,
}

/// A form to fill in.
#[derive(Debug, Default, Template)]
#[template(path = "connect/form.html")]
pub struct FormPage {
    /// Set by [`FormPage::answer`].
    pub style: &'static str,
    /// What it is about.
    pub heading: &'static str,
    /// What to know.
    pub texts: Vec<String>,
    /// What is wrong.
    pub problems: Vec<Problem>,
    /// What was tried, in order.
    pub tried: Vec<String>,
    /// What was entered before.
    pub hidden: Vec<(&'static str, String)>,
    /// The fields.
    pub sections: Vec<Section>,
    /// Names of time zones to choose among.
    pub zones: Vec<String>,
    /// The buttons, the first for the key Enter.
    pub buttons: Vec<Button>,
}

impl FormPage {
    /// The page, with each problem also at its field.
    pub fn answer(mut self, webview: &ConnectWebview) -> Response<Body> {
        self.style = STYLE;
        for field in self.sections.iter_mut().flat_map(|section| &mut section.fields) {
            if let Some(problem) = self.problems.iter().find(|problem| problem.field == field.name) {
                field.problem.clone_from(&problem.message);
            }
        }
        let status = if self.problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
        html(status, self.render(), &redirect::sources(webview))
    }
}

/// A link to choose.
pub struct Link {
    /// Where it leads.
    pub href: String,
    /// What it is.
    pub label: &'static str,
}

/// Something to read.
#[derive(Template)]
#[template(path = "connect/message.html")]
pub struct Message {
    style: &'static str,
    /// What it is about.
    pub heading: String,
    /// The rest.
    pub texts: Vec<String>,
    /// Where to go from here.
    pub choices: Vec<Link>,
}

impl Message {
    /// A message without links.
    pub fn new(heading: impl Into<String>, texts: &[&str]) -> Self {
        let texts = texts.iter().map(|text| (*text).to_owned()).collect();
        Self { style: STYLE, heading: heading.into(), texts, choices: Vec::new() }
    }

    /// With these links.
    pub fn with(self, choices: Vec<Link>) -> Self {
        Self { choices, ..self }
    }

    /// The page.
    pub fn answer(self, status: StatusCode) -> Response<Body> {
        html(status, self.render(), &[])
    }
}

/// To another address, after a form.
pub fn go_to(address: &str) -> Option<Response<Body>> {
    let address = HeaderValue::from_str(address).ok()?;
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::SEE_OTHER;
    response.headers_mut().insert(header::LOCATION, address);
    guard(&mut response, &[]);
    Some(response)
}

fn html(status: StatusCode, text: askama::Result<String>, form_targets: &[String]) -> Response<Body> {
    let (status, text) = match text {
        Ok(text) => (status, text),
        Err(error) => {
            tracing::error!(%error, "a page could not be written");
            (StatusCode::INTERNAL_SERVER_ERROR, String::new())
        }
    };
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = status;
    let kind = HeaderValue::from_static("text/html; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    guard(&mut response, form_targets);
    response
}

/// The address of the page has a token in it, so it is never told to another site and never kept. Other sites may show
/// the page in a frame, as callers do with such pages: there is nothing in it that belongs to a person's session.
fn guard(response: &mut Response<Body>, form_targets: &[String]) {
    let policy = format!(
        "default-src 'none'; style-src {}; form-action 'self'{}; base-uri 'none'",
        *STYLE_SOURCE,
        form_targets.iter().map(|target| format!(" {target}")).collect::<String>()
    );
    let headers = response.headers_mut();
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response.extensions_mut().insert(Who("connect_webview", "/connect_webviews/view"));
}
