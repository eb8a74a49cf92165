//! Connect webviews: pages on which an operator connects a hotel or a credential manager.

use diesel::prelude::*;
use domain::id::{ConnectWebviewId, ConnectedAccountId, WorkspaceId, kind};
use jiff::Timestamp;

use crate::{
    Error, Tx,
    client_sessions::{WEBVIEW, granted_to},
    column::{
        IdColumn, JsonColumn, OptionalIdColumn, OptionalJsonColumn, OptionalTimeColumn, TimeColumn, microseconds,
    },
    custom_metadata::{Has, carrying, naming},
    database::RunOn,
    page::{Page, containing, lower},
    schema::connect_webviews,
    sight::Sight,
};

/// [`ConnectWebview::status`]: nobody has come to an end with it.
pub const PENDING: &str = "pending";
/// [`ConnectWebview::status`]: connected.
pub const AUTHORIZED: &str = "authorized";
/// [`ConnectWebview::status`]: given up, or refused for good.
pub const FAILED: &str = "failed";

/// A page on which an operator connects a system.
#[derive(Debug, Clone, Queryable)]
pub struct ConnectWebview {
    /// Id.
    #[diesel(deserialize_as = IdColumn<kind::ConnectWebview>)]
    pub id: ConnectWebviewId,
    /// Workspace.
    #[diesel(deserialize_as = IdColumn<kind::Workspace>)]
    pub workspace_id: WorkspaceId,
    /// What opens the page, sealed.
    pub sealed_token: String,
    /// [`PENDING`], [`AUTHORIZED`] or [`FAILED`].
    pub status: String,
    /// What may be connected, a JSON array in the caller's words.
    #[diesel(deserialize_as = JsonColumn)]
    pub accepted_providers: serde_json::Value,
    /// What else the caller asked for and is shown, a JSON object.
    #[diesel(deserialize_as = JsonColumn)]
    pub options: serde_json::Value,
    /// Where the operator goes in the end.
    pub custom_redirect_url: Option<String>,
    /// Where the operator goes when it failed.
    pub custom_redirect_failure_url: Option<String>,
    /// The customer, in the caller's words.
    pub customer_key: Option<String>,
    /// What was connected.
    pub selected_provider: Option<String>,
    /// The account that came of it.
    #[diesel(deserialize_as = OptionalIdColumn<kind::ConnectedAccount>)]
    pub connected_account_id: Option<ConnectedAccountId>,
    /// Why it failed: `error_code` and `error_message`.
    #[diesel(deserialize_as = OptionalJsonColumn)]
    pub failure: Option<serde_json::Value>,
    /// How often somebody tried in vain.
    pub tries: i32,
    /// When it was made.
    #[diesel(deserialize_as = TimeColumn)]
    pub created_at: Timestamp,
    /// When the system was connected.
    #[diesel(deserialize_as = OptionalTimeColumn)]
    pub authorized_at: Option<Timestamp>,
}

/// Which webviews to list; the parts combine with AND.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Only those with these words.
    pub custom_metadata: Has,
    /// Only this customer's.
    pub customer_key: Option<String>,
    /// Only those that client sessions with this key were given.
    pub user_identifier_key: Option<String>,
    /// Only these.
    pub ids: Option<Vec<ConnectWebviewId>>,
    /// Only those in this sight.
    pub sight: Option<Sight>,
    /// Only those whose id, status, provider, customer or account holds this text, in any letter case.
    pub search: Option<String>,
}

/// Adds a webview.
///
/// # Errors
/// When the query fails.
pub fn insert(tx: &mut Tx<'_>, webview: &ConnectWebview) -> Result<(), Error> {
    diesel::insert_into(connect_webviews::table)
        .values((
            connect_webviews::id.eq(webview.id.to_string()),
            connect_webviews::workspace_id.eq(webview.workspace_id.to_string()),
            connect_webviews::sealed_token.eq(&webview.sealed_token),
            connect_webviews::status.eq(&webview.status),
            connect_webviews::accepted_providers.eq(webview.accepted_providers.to_string()),
            connect_webviews::options.eq(webview.options.to_string()),
            connect_webviews::custom_redirect_url.eq(&webview.custom_redirect_url),
            connect_webviews::custom_redirect_failure_url.eq(&webview.custom_redirect_failure_url),
            connect_webviews::customer_key.eq(&webview.customer_key),
            connect_webviews::selected_provider.eq(&webview.selected_provider),
            connect_webviews::connected_account_id.eq(webview.connected_account_id.map(|id| id.to_string())),
            connect_webviews::failure.eq(webview.failure.as_ref().map(ToString::to_string)),
            connect_webviews::tries.eq(webview.tries),
            connect_webviews::created_at.eq(microseconds(webview.created_at)),
            connect_webviews::authorized_at.eq(webview.authorized_at.map(microseconds)),
        ))
        .execute_on(tx)
        .map_err(Error::during("insert a connect webview"))?;
    Ok(())
}

/// A webview of the workspace.
///
/// # Errors
/// When the query fails.
pub fn find(tx: &mut Tx<'_>, workspace_id: WorkspaceId, id: ConnectWebviewId) -> Result<Option<ConnectWebview>, Error> {
    connect_webviews::table
        .find(id.to_string())
        .filter(connect_webviews::workspace_id.eq(workspace_id.to_string()))
        .get_on(tx)
        .optional()
        .map_err(Error::during("find a connect webview"))
}

/// A webview whatever its workspace: for the page itself, which is opened by its token.
///
/// # Errors
/// When the query fails.
pub fn by_id(tx: &mut Tx<'_>, id: ConnectWebviewId) -> Result<Option<ConnectWebview>, Error> {
    connect_webviews::table.find(id.to_string()).get_on(tx).optional().map_err(Error::during("open a connect webview"))
}

/// A page of the workspace's webviews, oldest first.
///
/// # Errors
/// When the query fails.
pub fn list(
    tx: &mut Tx<'_>,
    workspace_id: WorkspaceId,
    filter: &Filter,
    page: Page,
) -> Result<Vec<ConnectWebview>, Error> {
    use connect_webviews::{connected_account_id, created_at, customer_key, id, selected_provider, status};
    let mut query = connect_webviews::table
        .filter(connect_webviews::workspace_id.eq(workspace_id.to_string()))
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
        query = query.filter(id.eq_any(ids.iter().map(ToString::to_string).collect::<Vec<_>>()));
    }
    if let Some(sight) = &filter.sight {
        let given = id.eq_any(sight.connect_webview_ids.iter().map(ToString::to_string).collect::<Vec<_>>());
        query = match &sight.customer_key {
            Some(customer) => query.filter(given.or(customer_key.assume_not_null().eq(customer))),
            None => query.filter(given),
        };
    }
    if let Some(user_identifier_key) = &filter.user_identifier_key {
        query = query.filter(id.eq_any(granted_to(user_identifier_key.clone(), WEBVIEW)));
    }
    if let Some(search) = &filter.search {
        let holds = || containing(search);
        query = query.filter(
            lower(id.nullable())
                .like(holds())
                .escape('\\')
                .or(lower(status.nullable()).like(holds()).escape('\\'))
                .or(lower(selected_provider).like(holds()).escape('\\'))
                .or(lower(customer_key).like(holds()).escape('\\'))
                .or(lower(connected_account_id).like(holds()).escape('\\')),
        );
    }
    if let Some((after_created_at, after_id)) = page.after_columns() {
        query = query.filter(created_at.gt(after_created_at).or(created_at.eq(after_created_at).and(id.gt(after_id))));
    }
    query.load(tx.connection).map_err(Error::during("list connect webviews"))
}

/// Writes what became of a webview.
///
/// # Errors
/// When the query fails.
pub fn update(tx: &mut Tx<'_>, webview: &ConnectWebview) -> Result<(), Error> {
    diesel::update(connect_webviews::table.find(webview.id.to_string()))
        .set((
            connect_webviews::status.eq(&webview.status),
            connect_webviews::selected_provider.eq(&webview.selected_provider),
            connect_webviews::connected_account_id.eq(webview.connected_account_id.map(|id| id.to_string())),
            connect_webviews::failure.eq(webview.failure.as_ref().map(ToString::to_string)),
            connect_webviews::tries.eq(webview.tries),
            connect_webviews::authorized_at.eq(webview.authorized_at.map(microseconds)),
        ))
        .execute_on(tx)
        .map_err(Error::during("update a connect webview"))?;
    Ok(())
}

/// Removes a webview: its link opens nothing any more.
///
/// # Errors
/// When the query fails.
pub fn delete(tx: &mut Tx<'_>, id: ConnectWebviewId) -> Result<(), Error> {
    diesel::delete(connect_webviews::table.find(id.to_string()))
        .execute_on(tx)
        .map_err(Error::during("delete a connect webview"))?;
    Ok(())
}
