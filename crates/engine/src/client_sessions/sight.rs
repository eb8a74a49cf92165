//! How much of a workspace a session sees.

use domain::id::{ClientSessionId, EntranceId, SpaceId};
use jiff::Timestamp;
use store::{
    Tx,
    client_sessions::{self, ClientSession},
    connected_accounts,
    page::Page,
    sight::Sight,
    space_members,
    spaces::{self, Filter},
    systems, users,
};

use crate::{Caller, Error, caller::Scope};

/// The caller with the sight of its session, as it is in this transaction.
///
/// # Errors
/// When storage fails.
pub fn narrowed(tx: &mut Tx<'_>, caller: &Caller, id: ClientSessionId, now: Timestamp) -> Result<Caller, Error> {
    // A session that ended since it was let in sees nothing.
    let session = client_sessions::find(tx, caller.workspace_id, id)?.filter(|session| session.is_live(now));
    let scope = match session {
        Some(session) => scope_of(tx, &session, now)?,
        None => Scope::Session(Box::default()),
    };
    Ok(Caller { scope, ..caller.clone() })
}

/// What a session sees: its accounts with all that is in their systems, its webviews, and what is its person's.
///
/// # Errors
/// When storage fails.
pub fn scope_of(tx: &mut Tx<'_>, session: &ClientSession, now: Timestamp) -> Result<Scope, Error> {
    let grants = client_sessions::grants_of(tx, &[session.id])?.pop().unwrap_or_default();
    let mut sight = Sight {
        client_session_id: Some(session.id),
        customer_key: session.customer_key.clone(),
        connect_webview_ids: grants.connect_webview_ids,
        connected_account_ids: grants.connected_account_ids,
        user_identity_id: session.user_identity_id,
        ..Sight::default()
    };
    // What a page of the session's connected is the session's, and so is what belongs to its customer.
    let more = connected_accounts::of_session(tx, session.workspace_id, &sight)?;
    sight.connected_account_ids.extend(more);
    for system in systems::list(tx, session.workspace_id)? {
        if sight.connected_account_ids.contains(&system.connected_account_id) {
            sight.acs_system_ids.push(system.id);
        }
    }
    if let Some(person) = session.user_identity_id {
        let own = users::of_identity(tx, person)?;
        sight.acs_user_ids = own.iter().map(|user| user.id).collect();
        let doors = crate::users::accessible_entrances(tx, &own, now)?;
        sight.acs_entrance_ids = doors.into_iter().map(|door| door.id).collect::<Vec<EntranceId>>();
    }
    if let Some(key) = &session.customer_key {
        let filter = Filter { customer_key: Some(key.clone()), ..Filter::default() };
        let own = spaces::list(tx, session.workspace_id, &filter, Page::whole())?;
        let ids: Vec<SpaceId> = own.iter().map(|space| space.id).collect();
        sight.acs_entrance_ids.extend(space_members::entrances(tx, &ids)?.into_iter().map(|(_, door)| door));
    }
    Ok(Scope::Session(Box::new(sight)))
}
