//! What becomes of a session.

use domain::{
    Moment,
    id::{ClientSessionId, ConnectWebviewId, UserIdentityId},
};
use serde_json::json;
use store::{
    Tx,
    client_sessions::{self, ClientSession, Filter, Grants},
    events::{self, Event},
};

use super::{By, Given, create::known, find};
use crate::{Caller, Error};

/// Gives a session more. A person takes the place of its former one.
///
/// # Errors
/// When the session or what it is to be given is unknown.
pub fn grant_access(
    tx: &mut Tx<'_>,
    moment: &mut Moment,
    caller: &Caller,
    by: &By,
    asked: &Given,
) -> Result<ClientSession, Error> {
    let mut session = find(tx, caller, by, moment.now)?;
    let more = known(tx, caller, asked)?;
    client_sessions::grant(tx, session.id, &more)?;
    if let Some(person) = asked.user_identity_id {
        client_sessions::set_identity(tx, session.id, person)?;
        session.user_identity_id = Some(person);
    }
    let detail = json!({
        "user_identity_id": asked.user_identity_id,
        "connected_account_ids": more.connected_account_ids,
        "connect_webview_ids": more.connect_webview_ids,
    });
    caller.note(tx, moment, "client_session.grant_access", session.id, detail)?;
    Ok(session)
}

/// Gives the calling session the webview that it has just made; others need nothing for that.
///
/// # Errors
/// When storage fails.
pub fn grant_webview(tx: &mut Tx<'_>, caller: &Caller, webview: ConnectWebviewId) -> Result<(), Error> {
    if let Some(id) = caller.sight().and_then(|sight| sight.client_session_id) {
        let more = Grants { connect_webview_ids: vec![webview], ..Grants::default() };
        client_sessions::grant(tx, id, &more)?;
    }
    Ok(())
}

/// Ends a session: its token opens nothing any more, the record stays. Doing so again changes nothing.
///
/// # Errors
/// When there is no such session.
pub fn revoke(tx: &mut Tx<'_>, moment: &mut Moment, caller: &Caller, id: ClientSessionId) -> Result<(), Error> {
    let session = find(tx, caller, &By::Id(id), moment.now)?;
    if session.revoked_at.is_some() {
        return Ok(());
    }
    client_sessions::revoke(tx, id, moment.now)?;
    caller.note(tx, moment, "client_session.revoke", id, json!({}))
}

/// Deletes a session.
///
/// # Errors
/// When there is no such session.
pub fn delete(tx: &mut Tx<'_>, moment: &mut Moment, caller: &Caller, id: ClientSessionId) -> Result<(), Error> {
    let session = find(tx, caller, &By::Id(id), moment.now)?;
    client_sessions::delete(tx, session.id, moment.now)?;
    let event = Event {
        client_session_id: Some(session.id),
        ..Event::new(moment, caller.workspace_id, "client_session.deleted")
    };
    events::insert(tx, &event)?;
    caller.note(tx, moment, "client_session.delete", id, json!({}))
}

/// Deletes the sessions of a person, who is going (`spec/api.md 2.7`).
pub(crate) fn delete_those_of(
    tx: &mut Tx<'_>,
    moment: &mut Moment,
    caller: &Caller,
    person: UserIdentityId,
) -> Result<(), Error> {
    let filter = Filter { user_identity_id: Some(Some(person)), ..Filter::default() };
    for session in client_sessions::list(tx, caller.workspace_id, &filter)? {
        delete(tx, moment, caller, session.id)?;
    }
    Ok(())
}
