//! Events: what happened, for whoever asks.

use diesel::prelude::*;
use domain::{
    Moment,
    id::{
        AccessGrantId, AccessMethodId, AcsSystemId, AcsUserId, ActionAttemptId, ClientSessionId, ConnectWebviewId,
        ConnectedAccountId, CredentialId, EnrollmentAutomationId, EntranceId, EventId, PhoneId, SpaceId,
        UserIdentityId, WorkspaceId, kind,
    },
};
use jiff::Timestamp;

use crate::{
    Error, Tx,
    among::among,
    column::{IdColumn, JsonColumn, OptionalIdColumn, TimeColumn, microseconds},
    database::{Backend, RunOn},
    schema::{credentials, events, phones},
    sight::Sight,
    webhook_messages,
};

/// Something that happened. The ids are those of the things it happened to.
#[derive(Debug, Clone, Queryable)]
pub struct Event {
    /// Id.
    #[diesel(deserialize_as = IdColumn<kind::Event>)]
    pub id: EventId,
    /// Workspace.
    #[diesel(deserialize_as = IdColumn<kind::Workspace>)]
    pub workspace_id: WorkspaceId,
    /// Type, in the API's words (`spec/api.md 5.2`).
    pub event_type: String,
    /// When it happened.
    #[diesel(deserialize_as = TimeColumn)]
    pub occurred_at: Timestamp,
    /// The account.
    #[diesel(deserialize_as = OptionalIdColumn<kind::ConnectedAccount>)]
    pub connected_account_id: Option<ConnectedAccountId>,
    /// The site.
    #[diesel(deserialize_as = OptionalIdColumn<kind::AcsSystem>)]
    pub acs_system_id: Option<AcsSystemId>,
    /// The user.
    #[diesel(deserialize_as = OptionalIdColumn<kind::AcsUser>)]
    pub acs_user_id: Option<AcsUserId>,
    /// The credential.
    #[diesel(deserialize_as = OptionalIdColumn<kind::Credential>)]
    pub acs_credential_id: Option<CredentialId>,
    /// The door.
    #[diesel(deserialize_as = OptionalIdColumn<kind::Entrance>)]
    pub acs_entrance_id: Option<EntranceId>,
    /// The encoder.
    pub acs_encoder_id: Option<String>,
    /// The person.
    #[diesel(deserialize_as = OptionalIdColumn<kind::UserIdentity>)]
    pub user_identity_id: Option<UserIdentityId>,
    /// The phone.
    #[diesel(deserialize_as = OptionalIdColumn<kind::Phone>)]
    pub device_id: Option<PhoneId>,
    /// Further members of the event, a JSON object.
    #[diesel(deserialize_as = JsonColumn)]
    pub detail: serde_json::Value,
    /// The customer, in the caller's words.
    pub customer_key: Option<String>,
    /// The page on which a site was connected.
    #[diesel(deserialize_as = OptionalIdColumn<kind::ConnectWebview>)]
    pub connect_webview_id: Option<ConnectWebviewId>,
    /// The client session.
    #[diesel(deserialize_as = OptionalIdColumn<kind::ClientSession>)]
    pub client_session_id: Option<ClientSessionId>,
    /// The enrolment.
    #[diesel(deserialize_as = OptionalIdColumn<kind::EnrollmentAutomation>)]
    pub enrollment_automation_id: Option<EnrollmentAutomationId>,
    /// The action attempt.
    #[diesel(deserialize_as = OptionalIdColumn<kind::ActionAttempt>)]
    pub action_attempt_id: Option<ActionAttemptId>,
    /// The grant.
    #[diesel(deserialize_as = OptionalIdColumn<kind::AccessGrant>)]
    pub access_grant_id: Option<AccessGrantId>,
    /// The method of a grant.
    #[diesel(deserialize_as = OptionalIdColumn<kind::AccessMethod>)]
    pub access_method_id: Option<AccessMethodId>,
    /// The space.
    #[diesel(deserialize_as = OptionalIdColumn<kind::Space>)]
    pub space_id: Option<SpaceId>,
}

impl Event {
    /// An event of this type at the moment's instant, about nothing yet.
    #[must_use]
    pub fn new(moment: &mut Moment, workspace_id: WorkspaceId, event_type: &str) -> Self {
        Self {
            id: moment.id::<kind::Event>(),
            workspace_id,
            event_type: event_type.to_owned(),
            occurred_at: moment.now,
            connected_account_id: None,
            acs_system_id: None,
            acs_user_id: None,
            acs_credential_id: None,
            acs_entrance_id: None,
            acs_encoder_id: None,
            user_identity_id: None,
            device_id: None,
            detail: serde_json::json!({}),
            customer_key: None,
            connect_webview_id: None,
            client_session_id: None,
            enrollment_automation_id: None,
            action_attempt_id: None,
            access_grant_id: None,
            access_method_id: None,
            space_id: None,
        }
    }
}

/// Which events to list; the parts combine with AND. An event without the member does not match.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Only those after.
    pub after: Option<Timestamp>,
    /// Only those before.
    pub before: Option<Timestamp>,
    /// Only these types.
    pub event_types: Option<Vec<String>>,
    /// Only these events.
    pub event_ids: Option<Vec<EventId>>,
    /// Only these sites.
    pub acs_system_ids: Option<Vec<AcsSystemId>>,
    /// Only this user.
    pub acs_user_id: Option<AcsUserId>,
    /// Only this credential.
    pub acs_credential_id: Option<CredentialId>,
    /// Only this door.
    pub acs_entrance_id: Option<EntranceId>,
    /// Only this encoder.
    pub acs_encoder_id: Option<String>,
    /// Only this person.
    pub user_identity_id: Option<UserIdentityId>,
    /// Only these phones.
    pub device_ids: Option<Vec<PhoneId>>,
    /// Only this account.
    pub connected_account_id: Option<ConnectedAccountId>,
    /// Only this customer.
    pub customer_key: Option<String>,
    /// Only this page.
    pub connect_webview_id: Option<ConnectWebviewId>,
    /// Only these spaces.
    pub space_ids: Option<Vec<SpaceId>>,
    /// Only these grants.
    pub access_grant_ids: Option<Vec<AccessGrantId>>,
    /// Only these methods of grants.
    pub access_method_ids: Option<Vec<AccessMethodId>>,
    /// Only what this sight covers.
    pub sight: Option<Sight>,
    /// The most rows.
    pub limit: i64,
    /// Rows to pass over.
    pub offset: i64,
}

/// Adds an event, and puts it into the outbox of each webhook that wants it.
///
/// # Errors
/// When a query fails.
pub fn insert(tx: &mut Tx<'_>, event: &Event) -> Result<(), Error> {
    diesel::insert_into(events::table)
        .values((
            events::id.eq(event.id.to_string()),
            events::workspace_id.eq(event.workspace_id.to_string()),
            events::event_type.eq(&event.event_type),
            events::occurred_at.eq(microseconds(event.occurred_at)),
            events::connected_account_id.eq(event.connected_account_id.map(|id| id.to_string())),
            events::acs_system_id.eq(event.acs_system_id.map(|id| id.to_string())),
            events::acs_user_id.eq(event.acs_user_id.map(|id| id.to_string())),
            events::acs_credential_id.eq(event.acs_credential_id.map(|id| id.to_string())),
            events::acs_entrance_id.eq(event.acs_entrance_id.map(|id| id.to_string())),
            events::acs_encoder_id.eq(&event.acs_encoder_id),
            events::user_identity_id.eq(event.user_identity_id.map(|id| id.to_string())),
            events::device_id.eq(event.device_id.map(|id| id.to_string())),
            events::detail.eq(event.detail.to_string()),
            events::customer_key.eq(&event.customer_key),
            events::connect_webview_id.eq(event.connect_webview_id.map(|id| id.to_string())),
            events::client_session_id.eq(event.client_session_id.map(|id| id.to_string())),
            events::enrollment_automation_id.eq(event.enrollment_automation_id.map(|id| id.to_string())),
            events::action_attempt_id.eq(event.action_attempt_id.map(|id| id.to_string())),
            events::access_grant_id.eq(event.access_grant_id.map(|id| id.to_string())),
            events::access_method_id.eq(event.access_method_id.map(|id| id.to_string())),
            events::space_id.eq(event.space_id.map(|id| id.to_string())),
        ))
        .execute_on(tx)
        .map_err(Error::during("insert an event"))?;
    webhook_messages::enqueue(tx, event)
}

/// An event by id.
///
/// # Errors
/// When the query fails.
pub fn find(tx: &mut Tx<'_>, workspace_id: WorkspaceId, id: EventId) -> Result<Option<Event>, Error> {
    events::table
        .find(id.to_string())
        .filter(events::workspace_id.eq(workspace_id.to_string()))
        .get_on(tx)
        .optional()
        .map_err(Error::during("find an event"))
}

/// Forgets events of before an instant, the oldest first and no more than `limit`; answers how many.
///
/// # Errors
/// When a query fails.
pub fn prune(tx: &mut Tx<'_>, workspace_id: WorkspaceId, before: Timestamp, limit: i64) -> Result<usize, Error> {
    let old: Vec<String> = events::table
        .filter(events::workspace_id.eq(workspace_id.to_string()))
        .filter(events::occurred_at.lt(microseconds(before)))
        .order((events::occurred_at, events::id))
        .limit(limit)
        .select(events::id)
        .load_on(tx)
        .map_err(Error::during("find old events"))?;
    diesel::delete(events::table.filter(among(events::id, &old))).execute_on(tx).map_err(Error::during("forget events"))
}

/// The workspace's events that match, oldest first.
///
/// # Errors
/// When the query fails.
pub fn list(tx: &mut Tx<'_>, workspace_id: WorkspaceId, filter: &Filter) -> Result<Vec<Event>, Error> {
    matching(workspace_id, filter)
        .order((events::occurred_at, events::id))
        .limit(filter.limit)
        .offset(filter.offset)
        .load(tx.connection)
        .map_err(Error::during("list events"))
}

/// The newest of the workspace's events that match.
///
/// # Errors
/// When the query fails.
pub fn newest(tx: &mut Tx<'_>, workspace_id: WorkspaceId, filter: &Filter) -> Result<Option<Event>, Error> {
    matching(workspace_id, filter)
        .order((events::occurred_at.desc(), events::id.desc()))
        .limit(1)
        .get_result(tx.connection)
        .optional()
        .map_err(Error::during("find the newest event"))
}

fn matching(workspace_id: WorkspaceId, filter: &Filter) -> events::BoxedQuery<'static, Backend> {
    fn text<Item: ToString>(ids: &[Item]) -> Vec<String> {
        ids.iter().map(ToString::to_string).collect()
    }
    let mut query = events::table.filter(events::workspace_id.eq(workspace_id.to_string())).into_boxed();
    if let Some(after) = filter.after {
        query = query.filter(events::occurred_at.gt(microseconds(after)));
    }
    if let Some(before) = filter.before {
        query = query.filter(events::occurred_at.lt(microseconds(before)));
    }
    if let Some(types) = &filter.event_types {
        query = query.filter(events::event_type.eq_any(types.clone()));
    }
    if let Some(ids) = &filter.event_ids {
        query = query.filter(events::id.eq_any(text(ids)));
    }
    if let Some(ids) = &filter.acs_system_ids {
        query = query.filter(events::acs_system_id.eq_any(text(ids)));
    }
    if let Some(id) = filter.acs_user_id {
        query = query.filter(events::acs_user_id.eq(id.to_string()));
    }
    if let Some(id) = filter.acs_credential_id {
        query = query.filter(events::acs_credential_id.eq(id.to_string()));
    }
    if let Some(id) = filter.acs_entrance_id {
        query = query.filter(events::acs_entrance_id.eq(id.to_string()));
    }
    if let Some(id) = &filter.acs_encoder_id {
        query = query.filter(events::acs_encoder_id.eq(id.clone()));
    }
    if let Some(id) = filter.user_identity_id {
        query = query.filter(events::user_identity_id.eq(id.to_string()));
    }
    if let Some(ids) = &filter.device_ids {
        query = query.filter(events::device_id.eq_any(text(ids)));
    }
    if let Some(id) = filter.connected_account_id {
        query = query.filter(events::connected_account_id.eq(id.to_string()));
    }
    if let Some(key) = &filter.customer_key {
        query = query.filter(events::customer_key.eq(key.clone()));
    }
    if let Some(id) = filter.connect_webview_id {
        query = query.filter(events::connect_webview_id.eq(id.to_string()));
    }
    if let Some(ids) = &filter.access_grant_ids {
        query = query.filter(events::access_grant_id.eq_any(text(ids)));
    }
    if let Some(ids) = &filter.access_method_ids {
        query = query.filter(events::access_method_id.eq_any(text(ids)));
    }
    if let Some(ids) = &filter.space_ids {
        query = query.filter(events::space_id.eq_any(text(ids)));
    }
    if let Some(ids) = &filter.access_grant_ids {
        query = query.filter(events::access_grant_id.eq_any(text(ids)));
    }
    if let Some(ids) = &filter.access_method_ids {
        query = query.filter(events::access_method_id.eq_any(text(ids)));
    }
    if let Some(sight) = &filter.sight {
        // What carries the account or the system is seen by whoever sees that whole; the rest by whom it is about.
        let own_credentials = credentials::table
            .filter(credentials::acs_user_id.eq_any(text(&sight.acs_user_ids)))
            .select(credentials::id.nullable());
        let person = sight.user_identity_id.map(|id| id.to_string());
        let own_phones =
            phones::table.filter(phones::user_identity_id.nullable().eq(person.clone())).select(phones::id.nullable());
        let customer = sight.customer_key.clone();
        query = query.filter(
            events::connected_account_id
                .eq_any(text(&sight.connected_account_ids))
                .or(events::acs_system_id.eq_any(text(&sight.acs_system_ids)))
                .or(events::connect_webview_id.eq_any(text(&sight.connect_webview_ids)))
                .or(events::client_session_id.eq(sight.client_session_id.map(|id| id.to_string())))
                .or(events::customer_key.eq(customer))
                .or(events::acs_user_id.eq_any(text(&sight.acs_user_ids)))
                .or(events::user_identity_id.eq(person))
                .or(events::acs_credential_id.eq_any(own_credentials))
                .or(events::device_id.eq_any(own_phones)),
        );
    }
    query
}
