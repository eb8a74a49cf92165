//! Connected accounts: what a hotel or a credential manager was connected as.

use diesel::prelude::*;
use domain::id::{ConnectedAccountId, WorkspaceId, kind};
use jiff::Timestamp;

use crate::{
    Error, Tx,
    client_sessions::{ACCOUNT, granted_to},
    column::{IdColumn, JsonColumn, OptionalTimeColumn, TimeColumn, microseconds},
    custom_metadata::{Has, carrying, naming},
    database::RunOn,
    page::{Page, containing, lower},
    schema::{connect_webviews, connected_accounts},
    sight::Sight,
};

/// A connected account.
#[derive(Debug, Clone, Queryable)]
pub struct ConnectedAccount {
    /// Id.
    #[diesel(deserialize_as = IdColumn<kind::ConnectedAccount>)]
    pub id: ConnectedAccountId,
    /// Workspace.
    #[diesel(deserialize_as = IdColumn<kind::Workspace>)]
    pub workspace_id: WorkspaceId,
    /// `visionline` or `assa_abloy_credential_service`.
    pub account_type: String,
    /// Name, for people.
    pub display_name: String,
    /// When it was connected.
    #[diesel(deserialize_as = TimeColumn)]
    pub created_at: Timestamp,
    /// The customer, in the caller's words.
    pub customer_key: Option<String>,
    /// Kept and shown; there is nothing here that would not be managed.
    pub automatically_manage_new_devices: bool,
    /// What it was connected for, a JSON array.
    #[diesel(deserialize_as = JsonColumn)]
    pub accepted_capabilities: serde_json::Value,
    /// When it was removed.
    #[diesel(deserialize_as = OptionalTimeColumn)]
    pub deleted_at: Option<Timestamp>,
}

impl ConnectedAccount {
    /// An account of the usual kind, for no customer.
    #[must_use]
    pub fn new(
        id: ConnectedAccountId,
        workspace_id: WorkspaceId,
        account_type: &str,
        display_name: &str,
        created_at: Timestamp,
    ) -> Self {
        Self {
            id,
            workspace_id,
            account_type: account_type.to_owned(),
            display_name: display_name.to_owned(),
            created_at,
            customer_key: None,
            automatically_manage_new_devices: true,
            accepted_capabilities: serde_json::json!(["access_control"]),
            deleted_at: None,
        }
    }
}

/// Which accounts to list; the parts combine with AND.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Only those with these words.
    pub custom_metadata: Has,
    /// Only this customer's.
    pub customer_key: Option<String>,
    /// Only those that client sessions with this key were given.
    pub user_identifier_key: Option<String>,
    /// Only these.
    pub ids: Option<Vec<ConnectedAccountId>>,
    /// Only those in this sight.
    pub sight: Option<Sight>,
    /// Only those whose name, type, customer or id holds this text, in any letter case.
    pub search: Option<String>,
}

/// Adds an account.
///
/// # Errors
/// When the query fails.
pub fn insert(tx: &mut Tx<'_>, account: &ConnectedAccount) -> Result<(), Error> {
    diesel::insert_into(connected_accounts::table)
        .values((
            connected_accounts::id.eq(account.id.to_string()),
            connected_accounts::workspace_id.eq(account.workspace_id.to_string()),
            connected_accounts::account_type.eq(&account.account_type),
            connected_accounts::display_name.eq(&account.display_name),
            connected_accounts::created_at.eq(microseconds(account.created_at)),
            connected_accounts::customer_key.eq(&account.customer_key),
            connected_accounts::automatically_manage_new_devices.eq(account.automatically_manage_new_devices),
            connected_accounts::accepted_capabilities.eq(account.accepted_capabilities.to_string()),
            connected_accounts::deleted_at.eq(account.deleted_at.map(microseconds)),
        ))
        .execute_on(tx)
        .map_err(Error::during("insert a connected account"))?;
    Ok(())
}

/// A live account of the workspace.
///
/// # Errors
/// When the query fails.
pub fn find(
    tx: &mut Tx<'_>,
    workspace_id: WorkspaceId,
    id: ConnectedAccountId,
) -> Result<Option<ConnectedAccount>, Error> {
    connected_accounts::table
        .find(id.to_string())
        .filter(connected_accounts::workspace_id.eq(workspace_id.to_string()))
        .filter(connected_accounts::deleted_at.is_null())
        .get_on(tx)
        .optional()
        .map_err(Error::during("find a connected account"))
}

/// A page of the workspace's live accounts, oldest first.
///
/// # Errors
/// When the query fails.
pub fn list(
    tx: &mut Tx<'_>,
    workspace_id: WorkspaceId,
    filter: &Filter,
    page: Page,
) -> Result<Vec<ConnectedAccount>, Error> {
    use connected_accounts::{account_type, created_at, customer_key, display_name, id};
    let mut query = connected_accounts::table
        .filter(connected_accounts::workspace_id.eq(workspace_id.to_string()))
        .filter(connected_accounts::deleted_at.is_null())
        .order((created_at, id))
        .limit(page.limit)
        .into_boxed();
    for (name, values) in filter.custom_metadata.pairs() {
        query = match values {
            Some(values) => query.filter(id.eq_any(carrying(name, values))),
            None => query.filter(id.ne_all(naming(name))),
        };
    }
    if let Some(customer) = &filter.customer_key {
        query = query.filter(customer_key.eq(customer));
    }
    if let Some(ids) = &filter.ids {
        query = query.filter(id.eq_any(texts(ids)));
    }
    if let Some(sight) = &filter.sight {
        query = query.filter(id.eq_any(texts(&sight.connected_account_ids)));
    }
    if let Some(user_identifier_key) = &filter.user_identifier_key {
        query = query.filter(id.eq_any(granted_to(user_identifier_key.clone(), ACCOUNT)));
    }
    if let Some(search) = &filter.search {
        let holds = || containing(search);
        query = query.filter(
            lower(id.nullable())
                .like(holds())
                .escape('\\')
                .or(lower(display_name.nullable()).like(holds()).escape('\\'))
                .or(lower(account_type.nullable()).like(holds()).escape('\\'))
                .or(lower(customer_key).like(holds()).escape('\\')),
        );
    }
    if let Some((after_created_at, after_id)) = page.after_columns() {
        query = query.filter(created_at.gt(after_created_at).or(created_at.eq(after_created_at).and(id.gt(after_id))));
    }
    query.load(tx.connection).map_err(Error::during("list connected accounts"))
}

/// The live accounts that a session sees besides those it was given: those that came of its webviews, and its customer's.
///
/// # Errors
/// When the query fails.
pub fn of_session(tx: &mut Tx<'_>, workspace_id: WorkspaceId, sight: &Sight) -> Result<Vec<ConnectedAccountId>, Error> {
    let pages = connect_webviews::table
        .filter(connect_webviews::id.eq_any(texts(&sight.connect_webview_ids)))
        .select(connect_webviews::connected_account_id.assume_not_null());
    let mut query = connected_accounts::table
        .filter(connected_accounts::workspace_id.eq(workspace_id.to_string()))
        .filter(connected_accounts::deleted_at.is_null())
        .select(connected_accounts::id)
        .into_boxed();
    let is_pages = connected_accounts::id.eq_any(pages);
    query = match &sight.customer_key {
        Some(customer) => {
            query.filter(is_pages.or(connected_accounts::customer_key.assume_not_null().eq(customer.clone())))
        }
        None => query.filter(is_pages),
    };
    let found: Vec<IdColumn<kind::ConnectedAccount>> =
        query.load(tx.connection).map_err(Error::during("find the accounts of a session"))?;
    let mut ids: Vec<ConnectedAccountId> = found.into_iter().map(ConnectedAccountId::from).collect();
    ids.retain(|id| !sight.connected_account_ids.contains(id));
    Ok(ids)
}

fn texts<Item: ToString>(ids: &[Item]) -> Vec<String> {
    ids.iter().map(ToString::to_string).collect()
}

/// Writes what can change of an account.
///
/// # Errors
/// When the query fails.
pub fn update(tx: &mut Tx<'_>, account: &ConnectedAccount) -> Result<(), Error> {
    diesel::update(connected_accounts::table.find(account.id.to_string()))
        .set((
            connected_accounts::display_name.eq(&account.display_name),
            connected_accounts::customer_key.eq(&account.customer_key),
            connected_accounts::automatically_manage_new_devices.eq(account.automatically_manage_new_devices),
            connected_accounts::accepted_capabilities.eq(account.accepted_capabilities.to_string()),
            connected_accounts::deleted_at.eq(account.deleted_at.map(microseconds)),
        ))
        .execute_on(tx)
        .map_err(Error::during("update a connected account"))?;
    Ok(())
}
