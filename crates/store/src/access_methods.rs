//! Access methods: the cards and phone keys of access grants, and the credentials that carry them.

use diesel::prelude::*;
use domain::id::{AccessGrantId, AccessMethodId, CredentialId, EntranceId, InstantKeyId, SpaceId, WorkspaceId, kind};
use jiff::Timestamp;

use crate::{
    Error, Tx,
    among::among,
    column::{IdColumn, OptionalIdColumn, OptionalTimeColumn, TimeColumn, microseconds},
    database::RunOn,
    page::Page,
    schema::{access_grant_doors, access_grant_spaces, access_grants, access_method_credentials, access_methods},
    sight::Sight,
};

/// A method.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct AccessMethod {
    /// Id.
    #[diesel(deserialize_as = IdColumn<kind::AccessMethod>)]
    pub id: AccessMethodId,
    /// Workspace.
    #[diesel(deserialize_as = IdColumn<kind::Workspace>)]
    pub workspace_id: WorkspaceId,
    /// The grant that it carries.
    #[diesel(deserialize_as = IdColumn<kind::AccessGrant>)]
    pub access_grant_id: AccessGrantId,
    /// `card` or `mobile_key`, as the credentials have it.
    pub mode: String,
    /// How often its instant key may be used.
    pub instant_key_max_use_count: Option<i32>,
    /// The link that shows the guest's keys.
    #[diesel(deserialize_as = OptionalIdColumn<kind::InstantKey>)]
    pub instant_key_id: Option<InstantKeyId>,
    /// When it was asked for with its present times: what is late is counted from then.
    #[diesel(deserialize_as = TimeColumn)]
    pub asked_at: Timestamp,
    /// When it was issued for the first time.
    #[diesel(deserialize_as = OptionalTimeColumn)]
    pub first_issued_at: Option<Timestamp>,
    /// When it was issued as it is wanted now; none while it is not.
    #[diesel(deserialize_as = OptionalTimeColumn)]
    pub issued_at: Option<Timestamp>,
    /// Since when a card must be written.
    #[diesel(deserialize_as = OptionalTimeColumn)]
    pub encoding_asked_at: Option<Timestamp>,
    /// Since when it is nearly too late.
    #[diesel(deserialize_as = OptionalTimeColumn)]
    pub delayed_at: Option<Timestamp>,
    /// Since when it is too late.
    #[diesel(deserialize_as = OptionalTimeColumn)]
    pub failed_at: Option<Timestamp>,
    /// When it was made.
    #[diesel(deserialize_as = TimeColumn)]
    pub created_at: Timestamp,
    /// When its deletion was asked for.
    #[diesel(deserialize_as = OptionalTimeColumn)]
    pub deleting_at: Option<Timestamp>,
    /// When it was gone.
    #[diesel(deserialize_as = OptionalTimeColumn)]
    pub deleted_at: Option<Timestamp>,
}

/// Which methods to list; the parts combine with AND.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Only this grant's.
    pub access_grant_id: Option<AccessGrantId>,
    /// Only those of grants with this door.
    pub acs_entrance_id: Option<EntranceId>,
    /// Only those of grants with this space.
    pub space_id: Option<SpaceId>,
    /// Only what this sight covers.
    pub sight: Option<Sight>,
}

/// Adds a method.
///
/// # Errors
/// When the query fails.
pub fn insert(tx: &mut Tx<'_>, method: &AccessMethod) -> Result<(), Error> {
    diesel::insert_into(access_methods::table)
        .values((
            access_methods::id.eq(method.id.to_string()),
            access_methods::workspace_id.eq(method.workspace_id.to_string()),
            access_methods::access_grant_id.eq(method.access_grant_id.to_string()),
            access_methods::mode.eq(&method.mode),
            access_methods::instant_key_max_use_count.eq(method.instant_key_max_use_count),
            access_methods::instant_key_id.eq(method.instant_key_id.map(|id| id.to_string())),
            access_methods::asked_at.eq(microseconds(method.asked_at)),
            access_methods::first_issued_at.eq(method.first_issued_at.map(microseconds)),
            access_methods::issued_at.eq(method.issued_at.map(microseconds)),
            access_methods::encoding_asked_at.eq(method.encoding_asked_at.map(microseconds)),
            access_methods::delayed_at.eq(method.delayed_at.map(microseconds)),
            access_methods::failed_at.eq(method.failed_at.map(microseconds)),
            access_methods::created_at.eq(microseconds(method.created_at)),
            access_methods::deleting_at.eq(method.deleting_at.map(microseconds)),
            access_methods::deleted_at.eq(method.deleted_at.map(microseconds)),
        ))
        .execute_on(tx)
        .map_err(Error::during("insert an access method"))?;
    Ok(())
}

/// Lets a credential carry a method.
///
/// # Errors
/// When the query fails.
pub fn insert_credential(tx: &mut Tx<'_>, method: AccessMethodId, credential: CredentialId) -> Result<(), Error> {
    diesel::insert_into(access_method_credentials::table)
        .values((
            access_method_credentials::credential_id.eq(credential.to_string()),
            access_method_credentials::access_method_id.eq(method.to_string()),
        ))
        .execute_on(tx)
        .map_err(Error::during("insert a credential of an access method"))?;
    Ok(())
}

/// A method of the workspace that is not gone.
///
/// # Errors
/// When the query fails.
pub fn find(tx: &mut Tx<'_>, workspace_id: WorkspaceId, id: AccessMethodId) -> Result<Option<AccessMethod>, Error> {
    access_methods::table
        .find(id.to_string())
        .filter(access_methods::workspace_id.eq(workspace_id.to_string()))
        .filter(access_methods::deleted_at.is_null())
        .get_on(tx)
        .optional()
        .map_err(Error::during("find an access method"))
}

/// The methods of grants that are not gone, oldest first.
///
/// # Errors
/// When the query fails.
pub fn of_grants(tx: &mut Tx<'_>, grants: &[AccessGrantId]) -> Result<Vec<AccessMethod>, Error> {
    if grants.is_empty() {
        return Ok(Vec::new());
    }
    access_methods::table
        .filter(among(access_methods::access_grant_id, grants))
        .filter(access_methods::deleted_at.is_null())
        .order((access_methods::created_at, access_methods::id))
        .load_on(tx)
        .map_err(Error::during("load the methods of access grants"))
}

/// The methods that these cards and parents carry and that are not gone, each once, oldest first.
///
/// # Errors
/// When the query fails.
pub fn carried_by(tx: &mut Tx<'_>, credentials: &[CredentialId]) -> Result<Vec<AccessMethod>, Error> {
    if credentials.is_empty() {
        return Ok(Vec::new());
    }
    access_methods::table
        .inner_join(
            access_method_credentials::table.on(access_method_credentials::access_method_id.eq(access_methods::id)),
        )
        .filter(among(access_method_credentials::credential_id, credentials))
        .filter(access_methods::deleted_at.is_null())
        .select(access_methods::all_columns)
        .distinct()
        .order((access_methods::created_at, access_methods::id))
        .load_on(tx)
        .map_err(Error::during("load the methods of credentials"))
}

/// Those of the credentials that carry a method.
///
/// # Errors
/// When the query fails.
pub fn carriers_among(tx: &mut Tx<'_>, credentials: &[CredentialId]) -> Result<Vec<CredentialId>, Error> {
    if credentials.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<IdColumn<kind::Credential>> = access_method_credentials::table
        .filter(among(access_method_credentials::credential_id, credentials))
        .select(access_method_credentials::credential_id)
        .load_on(tx)
        .map_err(Error::during("find the credentials that carry methods"))?;
    Ok(ids.into_iter().map(Into::into).collect())
}

/// The cards and parents that carry these methods, those that are gone included.
///
/// # Errors
/// When the query fails.
pub fn credentials_of(
    tx: &mut Tx<'_>,
    methods: &[AccessMethodId],
) -> Result<Vec<(AccessMethodId, CredentialId)>, Error> {
    if methods.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<(IdColumn<kind::AccessMethod>, IdColumn<kind::Credential>)> = access_method_credentials::table
        .filter(among(access_method_credentials::access_method_id, methods))
        .order((access_method_credentials::access_method_id, access_method_credentials::credential_id))
        .select((access_method_credentials::access_method_id, access_method_credentials::credential_id))
        .load_on(tx)
        .map_err(Error::during("load the credentials of access methods"))?;
    Ok(rows.into_iter().map(|(method, credential)| (method.into(), credential.into())).collect())
}

/// A page of the workspace's methods that are not gone, oldest first.
///
/// # Errors
/// When the query fails.
pub fn list(
    tx: &mut Tx<'_>,
    workspace_id: WorkspaceId,
    filter: &Filter,
    page: Page,
) -> Result<Vec<AccessMethod>, Error> {
    use access_methods::{access_grant_id, created_at, id};
    let mut query = access_methods::table
        .filter(access_methods::workspace_id.eq(workspace_id.to_string()))
        .filter(access_methods::deleted_at.is_null())
        .order((created_at, id))
        .limit(page.limit)
        .into_boxed();
    if let Some(grant) = filter.access_grant_id {
        query = query.filter(access_grant_id.eq(grant.to_string()));
    }
    if let Some(sight) = &filter.sight {
        let person = sight.user_identity_id.map(|person| person.to_string());
        let seen = access_grants::table
            .filter(
                access_grants::user_identity_id
                    .nullable()
                    .eq(person)
                    .or(access_grants::customer_key.eq(sight.customer_key.clone())),
            )
            .select(access_grants::id);
        query = query.filter(access_grant_id.eq_any(seen));
    }
    if let Some(door) = filter.acs_entrance_id {
        let holders = access_grant_doors::table
            .filter(access_grant_doors::entrance_id.eq(door.to_string()))
            .select(access_grant_doors::access_grant_id);
        query = query.filter(access_grant_id.eq_any(holders));
    }
    if let Some(space) = filter.space_id {
        let holders = access_grant_spaces::table
            .filter(access_grant_spaces::space_id.eq(space.to_string()))
            .select(access_grant_spaces::access_grant_id);
        query = query.filter(access_grant_id.eq_any(holders));
    }
    if let Some((after_created_at, after_id)) = page.after_columns() {
        query = query.filter(created_at.gt(after_created_at).or(created_at.eq(after_created_at).and(id.gt(after_id))));
    }
    query.load(tx.connection).map_err(Error::during("list access methods"))
}

/// Stores how a method stands now: everything but what it was made with.
///
/// # Errors
/// When the query fails.
pub fn update(tx: &mut Tx<'_>, method: &AccessMethod) -> Result<(), Error> {
    diesel::update(access_methods::table.find(method.id.to_string()))
        .set((
            access_methods::asked_at.eq(microseconds(method.asked_at)),
            access_methods::first_issued_at.eq(method.first_issued_at.map(microseconds)),
            access_methods::issued_at.eq(method.issued_at.map(microseconds)),
            access_methods::encoding_asked_at.eq(method.encoding_asked_at.map(microseconds)),
            access_methods::delayed_at.eq(method.delayed_at.map(microseconds)),
            access_methods::failed_at.eq(method.failed_at.map(microseconds)),
            access_methods::deleting_at.eq(method.deleting_at.map(microseconds)),
            access_methods::deleted_at.eq(method.deleted_at.map(microseconds)),
        ))
        .execute_on(tx)
        .map_err(Error::during("update an access method"))?;
    Ok(())
}
