//! How credentials look from outside: their rows, doors, validity, and where each key stands.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    Stage,
    id::{ConnectedAccountId, CredentialId, EntranceId, UserIdentityId},
};
use jiff::Timestamp;
use store::{
    Tx,
    carriers::{self, Carrier},
    credential_details::{self, Child, ShownDoor},
    credentials::{self, Credential, Filter},
    entrances::Entrance,
    page::Page,
};

use crate::{Caller, Error, Noun};

/// A credential with what the API shows of it.
#[derive(Debug, Clone)]
pub struct View {
    /// The row.
    pub credential: Credential,
    /// The account of its site.
    pub connected_account_id: ConnectedAccountId,
    /// The person behind its owner.
    pub user_identity_id: Option<UserIdentityId>,
    /// Its doors, in the order in which they were named.
    pub doors: Vec<ShownDoor>,
    /// `spec/api.md 4.12`.
    pub is_valid: bool,
    /// Whether a key of it is on a phone or card now.
    pub is_issued: bool,
    /// Its present card at the lock server.
    pub card_id: Option<String>,
    /// Its present mobile credential there.
    pub native_credential_id: Option<String>,
    /// Serial number of the plastic card that carries it.
    pub card_number: Option<String>,
    /// When the key that was made ends, which may differ from the end that is wanted now.
    pub key_ends_at: Option<Timestamp>,
    /// How far its present carrier has come; none for a parent and before the first carrier.
    pub stage: Option<Stage>,
    /// What went wrong last; of a parent, with one of its children.
    pub last_error: Option<serde_json::Value>,
    /// Since when the lock server shows another window than the one asked for.
    pub externally_modified_at: Option<Timestamp>,
    /// Whether the lock server has what is wanted; none for a parent without children.
    pub is_synced: Option<bool>,
    /// Since when.
    pub synced_at: Option<Timestamp>,
    /// The guest doors at which another party is booked for the same time; looked for when the credential is created.
    pub double_booked: Vec<EntranceId>,
}

impl View {
    /// A credential that was stored a moment ago: nothing has come of it yet, so nothing need be read.
    pub(super) fn fresh(
        credential: Credential,
        connected_account_id: ConnectedAccountId,
        user_identity_id: Option<UserIdentityId>,
        doors: Vec<Entrance>,
    ) -> Self {
        Self {
            // A parent without children has nothing to be in step with.
            is_synced: (!credential.is_multi_phone).then_some(false),
            credential,
            connected_account_id,
            user_identity_id,
            doors: doors.into_iter().map(ShownDoor::from).collect(),
            is_valid: true,
            is_issued: false,
            card_id: None,
            native_credential_id: None,
            card_number: None,
            key_ends_at: None,
            stage: None,
            last_error: None,
            externally_modified_at: None,
            synced_at: None,
            double_booked: Vec::new(),
        }
    }
}

/// A credential of the caller's workspace.
///
/// # Errors
/// When there is none, or storage fails.
pub fn find(tx: &mut Tx<'_>, caller: &Caller, id: CredentialId, now: Timestamp) -> Result<View, Error> {
    let (row, account, person) = credential_details::find(tx, caller.workspace_id, id)?
        .filter(|(row, _, _)| caller.sees_credential(row))
        .ok_or_else(|| Error::not_found(Noun::AcsCredential, id))?;
    let belongings = BTreeMap::from([(id, (account, person))]);
    Ok(Facts::load(tx, std::slice::from_ref(&row), belongings)?.view(row, now))
}

/// A page of the caller's credentials.
///
/// # Errors
/// When storage fails.
pub fn list(tx: &mut Tx<'_>, caller: &Caller, filter: &Filter, page: Page, now: Timestamp) -> Result<Vec<View>, Error> {
    let rows = {
        let filter = Filter { sight: caller.sight().cloned(), ..filter.clone() };
        credentials::list(tx, caller.workspace_id, &filter, page)?
    };
    views(tx, rows, now)
}

/// Rows that are shown at once: engines bind a limited number of values per query.
const ROWS_AT_ONCE: usize = 1_000;

/// Rows as the API shows them, in the same order, with a fixed number of queries per [`ROWS_AT_ONCE`].
///
/// # Errors
/// When storage fails.
pub fn views(tx: &mut Tx<'_>, mut rows: Vec<Credential>, now: Timestamp) -> Result<Vec<View>, Error> {
    let mut views = Vec::with_capacity(rows.len());
    while !rows.is_empty() {
        let rest = rows.split_off(rows.len().min(ROWS_AT_ONCE));
        let ids: Vec<CredentialId> = rows.iter().map(|row| row.id).collect();
        let belongings = credential_details::belongings(tx, &ids)?
            .into_iter()
            .map(|(id, account, person)| (id, (account, person)))
            .collect();
        let facts = Facts::load(tx, &rows, belongings)?;
        views.extend(std::mem::replace(&mut rows, rest).into_iter().map(|row| facts.view(row, now)));
    }
    Ok(views)
}

/// The account of each credential's site, and the person behind its owner.
type Belongings = BTreeMap<CredentialId, (ConnectedAccountId, Option<UserIdentityId>)>;

struct Facts {
    belongings: Belongings,
    /// Doors of cards and parents.
    doors: BTreeMap<CredentialId, Vec<ShownDoor>>,
    /// The present carrier of children and cards.
    carriers: BTreeMap<CredentialId, Carrier>,
    /// Children of the parents among the rows.
    children: BTreeMap<CredentialId, Vec<Child>>,
}

impl Facts {
    fn load(tx: &mut Tx<'_>, rows: &[Credential], belongings: Belongings) -> Result<Self, Error> {
        let holders: BTreeSet<CredentialId> = rows.iter().map(|row| row.parent_id.unwrap_or(row.id)).collect();
        let mut doors: BTreeMap<CredentialId, Vec<ShownDoor>> = BTreeMap::new();
        for (holder, door) in credential_details::doors_of(tx, &holders.into_iter().collect::<Vec<_>>())? {
            doors.entry(holder).or_default().push(door);
        }
        let parents: Vec<CredentialId> = rows.iter().filter(|row| row.is_multi_phone).map(|row| row.id).collect();
        let mut children: BTreeMap<CredentialId, Vec<Child>> = BTreeMap::new();
        for child in credential_details::brief_children_of(tx, &parents)? {
            children.entry(child.parent_id).or_default().push(child);
        }
        let keys: BTreeSet<CredentialId> = rows
            .iter()
            .filter(|row| !row.is_multi_phone)
            .map(|row| row.id)
            .chain(children.values().flatten().map(|child| child.id))
            .collect();
        let mut carriers = BTreeMap::new();
        // Oldest first, so the newest wins; one that never was or is no more never hides one that is.
        for carrier in carriers::of_credentials(tx, &keys.into_iter().collect::<Vec<_>>())? {
            let hides = carriers
                .get(&carrier.credential_id)
                .is_some_and(|shown: &Carrier| shown.stage().is_live() && !carrier.stage().is_live());
            if !hides {
                carriers.insert(carrier.credential_id, carrier);
            }
        }
        Ok(Self { belongings, doors, carriers, children })
    }

    fn view(&self, row: Credential, now: Timestamp) -> View {
        let holder = row.parent_id.unwrap_or(row.id);
        let carrier = self.carriers.get(&row.id);
        let (is_synced, synced_at) = self.synced(&row);
        // Every system has an account (a foreign key), so the default is never shown.
        let (connected_account_id, user_identity_id) = self
            .belongings
            .get(&row.id)
            .copied()
            .unwrap_or((ConnectedAccountId::from_uuid(row.acs_system_id.uuid()), None));
        View {
            connected_account_id,
            user_identity_id,
            doors: self.doors.get(&holder).cloned().unwrap_or_default(),
            is_valid: row.invalidated_at.is_none() && row.deleting_at.is_none() && row.ends_at > now,
            is_issued: row.issued_at.is_some() && self.keys_of(&row).iter().any(|key| self.is_live(key.id)),
            card_id: carrier.and_then(|carrier| carrier.card_id.clone()),
            native_credential_id: carrier.and_then(|carrier| carrier.native_credential_id.clone()),
            card_number: carrier
                .filter(|carrier| carrier.stage().is_live())
                .and_then(|carrier| carrier.serial_number.clone()),
            key_ends_at: carrier.filter(|carrier| carrier.delivered_at.is_some()).map(|carrier| carrier.ends_at),
            stage: carrier.map(Carrier::stage),
            last_error: self
                .keys_of(&row)
                .iter()
                .find_map(|key| self.carriers.get(&key.id).and_then(|carrier| carrier.last_error.clone())),
            externally_modified_at: carrier
                .filter(|carrier| carrier.stage().is_live())
                .and_then(|carrier| carrier.externally_modified_at),
            is_synced,
            synced_at,
            double_booked: Vec::new(),
            credential: row,
        }
    }

    /// The children of a parent; anything else is its own key.
    fn keys_of(&self, row: &Credential) -> Vec<Child> {
        if row.is_multi_phone {
            return self.children.get(&row.id).cloned().unwrap_or_default();
        }
        vec![Child { id: row.id, parent_id: row.id, is_ending: row.deleting_at.is_some() }]
    }

    fn is_live(&self, key: CredentialId) -> bool {
        self.carriers.get(&key).is_some_and(|carrier| carrier.stage().is_live())
    }

    /// Whether every key of the credential is at the lock server as it is wanted, and since when.
    fn synced(&self, row: &Credential) -> (Option<bool>, Option<Timestamp>) {
        let keys = self.keys_of(row);
        if keys.is_empty() {
            return (None, None);
        }
        let mut latest = None;
        for key in keys {
            let Some(carrier) = self.carriers.get(&key.id) else { return (Some(false), None) };
            if key.is_ending || !carrier.stage().is_live() || carrier.revision != row.revision {
                return (Some(false), None);
            }
            latest = latest.max(carrier.confirmed_at);
        }
        (Some(true), latest)
    }
}
