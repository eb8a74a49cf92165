//! How methods look from outside.

use std::collections::BTreeMap;

use domain::id::{AccessGrantId, AccessMethodId, CredentialId};
use jiff::Timestamp;
use store::{
    Tx,
    access_grants::{self, AccessGrant},
    access_methods::{self, AccessMethod, Filter},
    client_sessions::{self, ClientSession},
    credentials::{self, CARD, Credential},
    instant_keys::{self, InstantKey},
    page::Page,
};

use super::named;
use crate::{Caller, Error, Noun, access_grants::is_dead};

/// A method with what the API shows of it.
#[derive(Debug, Clone)]
pub struct View {
    /// The row.
    pub method: AccessMethod,
    /// Its grant.
    pub grant: AccessGrant,
    /// The cards and parents that carry it and are not gone.
    pub credentials: Vec<Credential>,
    /// The link that shows the guest's keys, with the client session that it is worth.
    pub link: Option<(InstantKey, ClientSession)>,
}

impl View {
    /// Whether nothing will come of it any more: another party has its rooms, or its keys were taken back.
    pub fn is_dead(&self) -> bool {
        !self.credentials.is_empty() && self.credentials.iter().all(is_dead)
    }

    /// Whether it was issued and waits to be issued anew with other times.
    pub fn is_changing(&self) -> bool {
        let method = &self.method;
        let is_live = method.deleting_at.is_none() && self.was_moved();
        let was_issued = method.first_issued_at.is_some() && method.issued_at.is_none();
        is_live && was_issued && !self.is_dead() && (method.mode != CARD || self.is_card_late())
    }

    /// Whether it was last asked for with other times, rather than with other doors.
    fn was_moved(&self) -> bool {
        let told = self.grant.times_changed.as_ref().and_then(|told| told["created_at"].as_str());
        let moved_at = told.and_then(|text| text.parse::<Timestamp>().ok());
        moved_at.is_some_and(|at| at.as_millisecond() >= self.method.asked_at.as_millisecond())
    }

    /// Whether a card must be written again since it was given other times. One that had them already and must be
    /// written for another reason, such as a newer stay that goes before, has its times.
    fn is_card_late(&self) -> bool {
        let method = &self.method;
        let since_times = |card: &Credential| card.needs_reissue_at.is_some_and(|since| since <= method.asked_at);
        method.encoding_asked_at.is_some() && self.credentials.iter().any(since_times)
    }
}

/// A method of the caller's workspace.
///
/// # Errors
/// When there is none, or storage fails.
pub fn find(tx: &mut Tx<'_>, caller: &Caller, id: AccessMethodId) -> Result<View, Error> {
    let method = named(tx, caller, id)?;
    views(tx, vec![method])?.pop().ok_or_else(|| Error::not_found(Noun::AccessMethod, id))
}

/// A page of the caller's methods.
///
/// # Errors
/// When storage fails.
pub fn list(tx: &mut Tx<'_>, caller: &Caller, filter: &Filter, page: Page) -> Result<Vec<View>, Error> {
    let filter = Filter { sight: caller.sight().cloned(), ..filter.clone() };
    let rows = access_methods::list(tx, caller.workspace_id, &filter, page)?;
    views(tx, rows)
}

/// Rows that are shown at once: engines bind a limited number of values per query.
const ROWS_AT_ONCE: usize = 1_000;

/// Rows as the API shows them, in the same order.
///
/// # Errors
/// When storage fails.
pub fn views(tx: &mut Tx<'_>, mut rows: Vec<AccessMethod>) -> Result<Vec<View>, Error> {
    let mut views = Vec::with_capacity(rows.len());
    while !rows.is_empty() {
        let rest = rows.split_off(rows.len().min(ROWS_AT_ONCE));
        let grants: Vec<AccessGrantId> = rows.iter().map(|row| row.access_grant_id).collect();
        let grants: BTreeMap<AccessGrantId, AccessGrant> =
            access_grants::by_ids(tx, &grants)?.into_iter().map(|grant| (grant.id, grant)).collect();
        let links = access_methods::credentials_of(tx, &rows.iter().map(|row| row.id).collect::<Vec<_>>())?;
        let carrying: Vec<CredentialId> = links.iter().map(|(_, credential)| *credential).collect();
        let credentials: BTreeMap<CredentialId, Credential> = credentials::by_ids(tx, &carrying)?
            .into_iter()
            .filter(|credential| credential.deleted_at.is_none())
            .map(|credential| (credential.id, credential))
            .collect();
        for method in std::mem::replace(&mut rows, rest) {
            let Some(grant) = grants.get(&method.access_grant_id).cloned() else { continue };
            let own = links.iter().filter(|(id, _)| *id == method.id);
            let credentials = own.filter_map(|(_, credential)| credentials.get(credential).cloned()).collect();
            let link = link(tx, &method)?;
            views.push(View { method, grant, credentials, link });
        }
    }
    Ok(views)
}

fn link(tx: &mut Tx<'_>, method: &AccessMethod) -> Result<Option<(InstantKey, ClientSession)>, Error> {
    let Some(id) = method.instant_key_id else { return Ok(None) };
    let Some(key) = instant_keys::find(tx, method.workspace_id, id)?.filter(|key| key.deleted_at.is_none()) else {
        return Ok(None);
    };
    let session = client_sessions::find(tx, method.workspace_id, key.client_session_id)?;
    Ok(session.map(|session| (key, session)))
}
