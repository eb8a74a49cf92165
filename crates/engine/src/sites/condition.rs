//! Whether a site's lock server can be worked with, as the API shows it (`spec/api.md 4.24`).

use domain::{Moment, id::AcsSystemId};
use serde_json::{Value, json};
use store::{
    Tx, configuration,
    systems::{self, AcsSystem},
};

use super::settings;
use crate::{Caller, Error, event};

/// How a site stands. All but the first keep its work waiting; each carries what happened, for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition {
    /// It answers.
    Working,
    /// Nobody answers at its address, or not in time.
    Unreachable(String),
    /// It does not let our operator in. Nothing is tried again until the configuration changes.
    LoginRefused(String),
    /// Somebody has disconnected it, to see what happens then. Nothing is tried until it is connected again.
    DisconnectedForTrial,
    /// Our operator lacks a right, or the lock server an option.
    NotPermitted(String),
    /// It answers with errors, or with something that no lock server says.
    Failing(String),
}

const UNREACHABLE: &str = "visionline_instance_unreachable";
const LOGIN_REFUSED: &str = "account_disconnected";
const NOT_PERMITTED: &str = "insufficient_permissions";
const FAILING: &str = "provider_service_unavailable";
const SYNC_FAILED: &str = "unknown_issue_with_acs_system";

impl Condition {
    fn code(&self) -> Option<&'static str> {
        match self {
            Self::Working => None,
            Self::Unreachable(_) => Some(UNREACHABLE),
            Self::LoginRefused(_) | Self::DisconnectedForTrial => Some(LOGIN_REFUSED),
            Self::NotPermitted(_) => Some(NOT_PERMITTED),
            Self::Failing(_) => Some(FAILING),
        }
    }

    /// What is wrong and what to do, for people.
    fn message(&self) -> String {
        match self {
            Self::Working => String::new(),
            Self::Unreachable(why) => format!(
                "The lock server does not answer: {why}. Check that it runs and that its address is right; work waits \
                 and is done when it is back."
            ),
            Self::LoginRefused(why) => format!(
                "The lock server does not let the operator in: {why}. Connect the hotel again through a connect webview; \
                 if it stands in the configuration file, check the operator and its password there and restart. Nothing \
                 is tried until then."
            ),
            Self::DisconnectedForTrial => "The account was disconnected by /connected_accounts/simulate/disconnect. \
                                           Connect it again through a connect webview; nothing is tried until then."
                .to_owned(),
            Self::NotPermitted(why) => format!(
                "The lock server does not permit what is needed: {why}. Give the operator the System Manager template \
                 and check the options of the lock server."
            ),
            Self::Failing(why) => format!(
                "The lock server cannot do its work: {why}. If what answers at its address is not a Visionline, \
                 correct the address; otherwise work waits until it recovers."
            ),
        }
    }
}

/// Notes how a site stands, with the events of a change. Answers whether it was news.
///
/// # Errors
/// When storage fails.
pub fn note_condition(
    tx: &mut Tx<'_>,
    moment: &mut Moment,
    system_id: AcsSystemId,
    condition: &Condition,
) -> Result<bool, Error> {
    let mut system = systems::get(tx, system_id)?;
    // An answer that was under way does not end a trial, and nothing is told of what is gone.
    if system.is_disconnected || system.deleted_at.is_some() {
        return Ok(false);
    }
    let (standing, others) = sorted(&system.errors);
    let before = codes(&system.errors);
    let had = |code: &str| standing.iter().any(|error| error["error_code"] == code);
    let Some(code) = condition.code() else {
        let is_first = settings::is_set(&system, "awaits_connection");
        if standing.is_empty() && !is_first {
            return Ok(false);
        }
        let had_login_error = had(LOGIN_REFUSED);
        system.errors = Value::Array(others);
        settings::set(&mut system, "awaits_connection", json!(false));
        configuration::set_system_state(tx, &system)?;
        note_state(tx, moment, &system, &json!({ "errors": before }), &json!({ "errors": codes(&system.errors) }))?;
        event::system(tx, moment, "acs_system.connected", &system)?;
        if is_first || had_login_error {
            event::account(tx, moment, "connected_account.connected", &system, json!({}))?;
        }
        return Ok(true);
    };
    if had(code) && standing.len() == 1 {
        return Ok(false);
    }
    let was_news = !had(code);
    let error =
        json!({ "error_code": code, "message": condition.message(), "created_at": format!("{:.3}", moment.now) });
    let is_login = code == LOGIN_REFUSED;
    let account_errors = if is_login { json!([account_error(&error)]) } else { json!([]) };
    system.errors = others.into_iter().chain([error]).collect();
    configuration::set_system_state(tx, &system)?;
    note_state(tx, moment, &system, &json!({ "errors": before }), &json!({ "errors": codes(&system.errors) }))?;
    if was_news {
        event::system_with_problems(tx, moment, "acs_system.disconnected", &system, &account_errors)?;
        if is_login {
            let detail = json!({ "connected_account_errors": account_errors, "connected_account_warnings": [] });
            event::account(tx, moment, "connected_account.disconnected", &system, detail)?;
        }
    }
    Ok(was_news)
}

/// Notes that the doors could not be read although the lock server answers, or that they could again.
///
/// # Errors
/// When storage fails.
pub fn note_sync(
    tx: &mut Tx<'_>,
    moment: &mut Moment,
    system_id: AcsSystemId,
    problem: Option<&str>,
) -> Result<(), Error> {
    let mut system = systems::get(tx, system_id)?;
    let mut warnings: Vec<Value> = objects(&system.warnings).collect();
    let had = warnings.iter().any(|warning| warning["warning_code"] == SYNC_FAILED);
    match problem {
        None if !had => return Ok(()),
        Some(_) if had => return Ok(()),
        None => warnings.retain(|warning| warning["warning_code"] != SYNC_FAILED),
        Some(why) => warnings.push(json!({
            "warning_code": SYNC_FAILED,
            "message": format!("Doors and encoders could not be read: {why}. Those of the last time are shown."),
            "created_at": format!("{:.3}", moment.now),
        })),
    }
    system.warnings = Value::Array(warnings);
    configuration::set_system_state(tx, &system)?;
    let (before, after) = (json!({ "is_synchronised": !had }), json!({ "is_synchronised": had }));
    note_state(tx, moment, &system, &before, &after)
}

fn note_state(
    tx: &mut Tx<'_>,
    moment: &mut Moment,
    system: &AcsSystem,
    before: &Value,
    after: &Value,
) -> Result<(), Error> {
    let program = Caller::program(system.workspace_id);
    program.note_change(tx, moment, "acs_system.observe", system.id, before.clone(), after.clone())
}

fn codes(errors: &Value) -> Vec<Value> {
    objects(errors).map(|error| error["error_code"].clone()).collect()
}

/// Connection errors, and all others.
fn sorted(errors: &Value) -> (Vec<Value>, Vec<Value>) {
    let ours = [UNREACHABLE, LOGIN_REFUSED, NOT_PERMITTED, FAILING];
    objects(errors).partition(|error| ours.iter().any(|code| error["error_code"] == *code))
}

fn objects(list: &Value) -> impl Iterator<Item = Value> {
    list.as_array().into_iter().flatten().filter(|item| item.is_object()).cloned()
}

/// The errors of a system that its account shows as well (`spec/api.md 4.24`).
pub fn account_errors(system: &AcsSystem) -> Vec<Value> {
    let shared = objects(&system.errors).filter(|error| error["error_code"] == LOGIN_REFUSED);
    shared.map(|error| account_error(&error)).collect()
}

/// The same error as the account shows it.
fn account_error(error: &Value) -> Value {
    let mut error = error.clone();
    error["is_connected_account_error"] = json!(true);
    error["is_bridge_error"] = json!(false);
    error
}
