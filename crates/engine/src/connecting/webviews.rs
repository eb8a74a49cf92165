//! The page itself: made, shown, given up.

use domain::{Moment, id::ConnectWebviewId};
use serde_json::{Map, Value, json};
use store::{
    Tx,
    connect_webviews::{self, ConnectWebview, FAILED, Filter, PENDING},
    custom_metadata,
    page::Page,
};

use crate::{Caller, Error, Noun, client_sessions, event};

/// Whoever has the link can try passwords at the lock server, so the link ends after so many tries in vain.
const MOST_TRIES: i32 = 30;

/// A page to be made.
#[derive(Debug, Clone)]
pub struct Create {
    /// What may be connected, in the caller's words; not empty.
    pub accepted_providers: Vec<String>,
    /// What else the caller asked for and is shown, a JSON object.
    pub options: Value,
    /// Where the operator goes in the end.
    pub custom_redirect_url: Option<String>,
    /// Where the operator goes when it failed.
    pub custom_redirect_failure_url: Option<String>,
    /// The customer, in the caller's words.
    pub customer_key: Option<String>,
    /// Words of the caller's.
    pub custom_metadata: Map<String, Value>,
}

/// Makes a page. What opens it is kept as `seal` seals it for the page's id.
///
/// # Errors
/// When storage fails.
pub fn create(
    tx: &mut Tx<'_>,
    moment: &mut Moment,
    caller: &Caller,
    asked: &Create,
    seal: &dyn Fn(ConnectWebviewId) -> String,
) -> Result<ConnectWebview, Error> {
    let id = moment.id();
    let webview = ConnectWebview {
        id,
        workspace_id: caller.workspace_id,
        sealed_token: seal(id),
        status: PENDING.to_owned(),
        accepted_providers: json!(asked.accepted_providers),
        options: asked.options.clone(),
        custom_redirect_url: asked.custom_redirect_url.clone(),
        custom_redirect_failure_url: asked.custom_redirect_failure_url.clone(),
        // What a customer's session makes is the customer's.
        customer_key: caller.sight().and_then(|sight| sight.customer_key.clone()).or(asked.customer_key.clone()),
        selected_provider: None,
        connected_account_id: None,
        failure: None,
        tries: 0,
        created_at: moment.now,
        authorized_at: None,
    };
    connect_webviews::insert(tx, &webview)?;
    custom_metadata::replace(tx, &webview.id.to_string(), &asked.custom_metadata)?;
    client_sessions::grant_webview(tx, caller, webview.id)?;
    let detail = json!({ "accepted_providers": asked.accepted_providers });
    caller.note(tx, moment, "connect_webview.create", webview.id, detail)?;
    Ok(webview)
}

/// A page of the caller's workspace.
///
/// # Errors
/// When there is none.
pub fn find(tx: &mut Tx<'_>, caller: &Caller, id: ConnectWebviewId) -> Result<ConnectWebview, Error> {
    connect_webviews::find(tx, caller.workspace_id, id)?
        .filter(|webview| caller.sees_webview(webview.id, webview.customer_key.as_deref()))
        .ok_or_else(|| Error::not_found(Noun::ConnectWebview, id))
}

/// Pages of the caller's workspace, oldest first.
///
/// # Errors
/// When storage fails.
pub fn list(tx: &mut Tx<'_>, caller: &Caller, filter: &Filter, page: Page) -> Result<Vec<ConnectWebview>, Error> {
    let filter = Filter { sight: caller.sight().cloned(), ..filter.clone() };
    Ok(connect_webviews::list(tx, caller.workspace_id, &filter, page)?)
}

/// Removes a page. What was connected through it stays.
///
/// # Errors
/// When there is none.
pub fn delete(tx: &mut Tx<'_>, moment: &mut Moment, caller: &Caller, id: ConnectWebviewId) -> Result<(), Error> {
    find(tx, caller, id)?;
    custom_metadata::remove(tx, &id.to_string())?;
    connect_webviews::delete(tx, id)?;
    caller.note(tx, moment, "connect_webview.delete", id, json!({}))
}

/// A page for whoever has its link, which the shell checks; none when there is no such page.
///
/// # Errors
/// When storage fails.
pub fn open(tx: &mut Tx<'_>, id: ConnectWebviewId) -> Result<Option<ConnectWebview>, Error> {
    Ok(connect_webviews::by_id(tx, id)?)
}

/// Somebody tried in vain. After too many tries the page has failed.
///
/// # Errors
/// When storage fails.
pub fn tried(tx: &mut Tx<'_>, moment: &mut Moment, id: ConnectWebviewId) -> Result<Option<ConnectWebview>, Error> {
    let Some(mut webview) = connect_webviews::by_id(tx, id)? else { return Ok(None) };
    if webview.status != PENDING {
        return Ok(Some(webview));
    }
    webview.tries = webview.tries.saturating_add(1);
    if webview.tries >= MOST_TRIES {
        fail(tx, moment, &mut webview, "too_many_attempts", "Connecting was tried too often. Ask for a new link.")?;
    } else {
        connect_webviews::update(tx, &webview)?;
    }
    Ok(Some(webview))
}

/// The operator does not want to go on.
///
/// # Errors
/// When storage fails.
pub fn give_up(tx: &mut Tx<'_>, moment: &mut Moment, id: ConnectWebviewId) -> Result<Option<ConnectWebview>, Error> {
    let Some(mut webview) = connect_webviews::by_id(tx, id)? else { return Ok(None) };
    if webview.status == PENDING {
        fail(tx, moment, &mut webview, "canceled_by_user", "The operator did not connect the system.")?;
    }
    Ok(Some(webview))
}

/// Ends a page without success.
pub(super) fn fail(
    tx: &mut Tx<'_>,
    moment: &mut Moment,
    webview: &mut ConnectWebview,
    error_code: &str,
    error_message: &str,
) -> Result<(), Error> {
    webview.status = FAILED.to_owned();
    webview.failure = Some(json!({ "error_code": error_code, "error_message": error_message }));
    connect_webviews::update(tx, webview)?;
    event::webview_failed(tx, moment, webview)?;
    note(tx, moment, webview, "connect_webview.fail", json!({ "error_code": error_code }))
}

/// Writes a line of the audit log for whoever acts through a page.
pub(super) fn note(
    tx: &mut Tx<'_>,
    moment: &mut Moment,
    webview: &ConnectWebview,
    action: &str,
    detail: Value,
) -> Result<(), Error> {
    let actor = format!("connect_webview:{}", webview.id);
    Caller::of_workspace(webview.workspace_id, actor).note(tx, moment, action, webview.id, detail)
}
