//! Credentials: cards, parents and their children, and the doors they hold.

use diesel::prelude::*;
use domain::id::{
    AcsSystemId, AcsUserId, CredentialId, EndpointId, EntranceId, PhoneId, StayId, UserIdentityId, WorkspaceId, kind,
};
use jiff::Timestamp;

use crate::{
    Error, Tx,
    among::among,
    column::{
        IdColumn, JsonColumn, OptionalIdColumn, OptionalJsonColumn, OptionalTimeColumn, TimeColumn, microseconds,
    },
    database::RunOn,
    merged_user_identities,
    page::{Page, containing, lower},
    schema::{acs_users, carriers, credential_doors, credentials, endpoints, entrances},
    sight::Sight,
};

/// Text of [`Credential::access_method`] for a key in a phone.
pub const MOBILE_KEY: &str = "mobile_key";
/// Text of [`Credential::access_method`] for a plastic card.
pub const CARD: &str = "card";
/// Text of [`Credential::mode`] for a key that was made at the hotel's own lock server.
pub const IMPORTED: &str = "imported";

/// A card, a parent (`is_multi_phone`) or a child (`parent_id`).
#[derive(Debug, Clone, Queryable)]
pub struct Credential {
    /// Id.
    #[diesel(deserialize_as = IdColumn<kind::Credential>)]
    pub id: CredentialId,
    /// Workspace.
    #[diesel(deserialize_as = IdColumn<kind::Workspace>)]
    pub workspace_id: WorkspaceId,
    /// Site.
    #[diesel(deserialize_as = IdColumn<kind::AcsSystem>)]
    pub acs_system_id: AcsSystemId,
    /// Owner, when known.
    #[diesel(deserialize_as = OptionalIdColumn<kind::AcsUser>)]
    pub acs_user_id: Option<AcsUserId>,
    /// The parent of a child.
    #[diesel(deserialize_as = OptionalIdColumn<kind::Credential>)]
    pub parent_id: Option<CredentialId>,
    /// The endpoint of a child.
    #[diesel(deserialize_as = OptionalIdColumn<kind::Endpoint>)]
    pub endpoint_id: Option<EndpointId>,
    /// The manager that delivers a mobile key.
    #[diesel(deserialize_as = OptionalIdColumn<kind::AcsSystem>)]
    pub credential_manager_id: Option<AcsSystemId>,
    /// [`MOBILE_KEY`] or [`CARD`].
    pub access_method: String,
    /// Whether it is a parent.
    pub is_multi_phone: bool,
    /// Start of the window.
    #[diesel(deserialize_as = TimeColumn)]
    pub starts_at: Timestamp,
    /// End of the window.
    #[diesel(deserialize_as = TimeColumn)]
    pub ends_at: Timestamp,
    /// Whether the window differs from what was asked for.
    pub schedule_modified: bool,
    /// `rfid48` or `TLCode`.
    pub card_format: String,
    /// Label template of a mobile key.
    pub label: Option<String>,
    /// `override`, `join`, `auto_join` or [`IMPORTED`].
    pub mode: String,
    /// Ids of the joined credentials as the API echoes them, a JSON array.
    #[diesel(deserialize_as = JsonColumn)]
    pub joiner_ids: serde_json::Value,
    /// `auto_join` as it was asked for.
    pub auto_join: Option<bool>,
    /// Rises when the key's content changes.
    pub revision: i32,
    /// When its first carrier was delivered.
    #[diesel(deserialize_as = OptionalTimeColumn)]
    pub issued_at: Option<Timestamp>,
    /// When it stopped being valid at all its guest doors.
    #[diesel(deserialize_as = OptionalTimeColumn)]
    pub invalidated_at: Option<Timestamp>,
    /// Since when its card must be encoded again.
    #[diesel(deserialize_as = OptionalTimeColumn)]
    pub needs_reissue_at: Option<Timestamp>,
    /// Why the lock server refused this revision for good, a JSON object.
    #[diesel(deserialize_as = OptionalJsonColumn)]
    pub refused: Option<serde_json::Value>,
    /// The parent that takes this parent's place.
    #[diesel(deserialize_as = OptionalIdColumn<kind::Credential>)]
    pub replaced_by: Option<CredentialId>,
    /// When it was asked for.
    #[diesel(deserialize_as = TimeColumn)]
    pub created_at: Timestamp,
    /// When all its owner's access was revoked: its keys go, its record stays.
    #[diesel(deserialize_as = OptionalTimeColumn)]
    pub revoked_at: Option<Timestamp>,
    /// When its deletion was asked for.
    #[diesel(deserialize_as = OptionalTimeColumn)]
    pub deleting_at: Option<Timestamp>,
    /// When it was gone.
    #[diesel(deserialize_as = OptionalTimeColumn)]
    pub deleted_at: Option<Timestamp>,
}

impl Credential {
    /// Whether nothing has come of it yet.
    fn is_new(&self) -> bool {
        let since = [
            self.issued_at,
            self.invalidated_at,
            self.needs_reissue_at,
            self.revoked_at,
            self.deleting_at,
            self.deleted_at,
        ];
        since.iter().all(Option::is_none) && self.refused.is_none() && self.replaced_by.is_none()
    }
}

/// A door of a card or a parent; a child has those of its parent.
#[derive(Debug, Clone, Queryable)]
pub struct CredentialDoor {
    /// The credential.
    #[diesel(deserialize_as = IdColumn<kind::Credential>)]
    pub credential_id: CredentialId,
    /// The door.
    #[diesel(deserialize_as = IdColumn<kind::Entrance>)]
    pub entrance_id: EntranceId,
    /// Place in the order in which the doors were named.
    pub position: i32,
    /// The stay at a guest door; none at a common door.
    #[diesel(deserialize_as = OptionalIdColumn<kind::Stay>)]
    pub stay_id: Option<StayId>,
}

/// Which credentials to list; the parts combine with AND.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Only this site's.
    pub acs_system_id: Option<AcsSystemId>,
    /// Only this user's.
    pub acs_user_id: Option<AcsUserId>,
    /// Only this person's.
    pub user_identity_id: Option<UserIdentityId>,
    /// Only parents, or everything but parents.
    pub is_multi_phone: Option<bool>,
    /// Only those made before.
    pub created_before: Option<Timestamp>,
    /// Only those whose id or whose owner's name, email or phone holds this text.
    pub search: Option<String>,
    /// Only what this sight covers.
    pub sight: Option<Sight>,
}

/// Adds a credential.
///
/// # Errors
/// When the query fails.
pub fn insert(tx: &mut Tx<'_>, credential: &Credential) -> Result<(), Error> {
    let asked = (
        credentials::id.eq(credential.id.to_string()),
        credentials::workspace_id.eq(credential.workspace_id.to_string()),
        credentials::acs_system_id.eq(credential.acs_system_id.to_string()),
        credentials::acs_user_id.eq(credential.acs_user_id.map(|id| id.to_string())),
        credentials::parent_id.eq(credential.parent_id.map(|id| id.to_string())),
        credentials::endpoint_id.eq(credential.endpoint_id.map(|id| id.to_string())),
        credentials::credential_manager_id.eq(credential.credential_manager_id.map(|id| id.to_string())),
        credentials::access_method.eq(&credential.access_method),
        credentials::is_multi_phone.eq(credential.is_multi_phone),
        credentials::starts_at.eq(microseconds(credential.starts_at)),
        credentials::ends_at.eq(microseconds(credential.ends_at)),
        credentials::schedule_modified.eq(credential.schedule_modified),
        credentials::card_format.eq(&credential.card_format),
        credentials::label.eq(&credential.label),
        credentials::mode.eq(&credential.mode),
        credentials::joiner_ids.eq(credential.joiner_ids.to_string()),
        credentials::auto_join.eq(credential.auto_join),
        credentials::revision.eq(credential.revision),
        credentials::created_at.eq(microseconds(credential.created_at)),
    );
    let later = (
        credentials::issued_at.eq(credential.issued_at.map(microseconds)),
        credentials::invalidated_at.eq(credential.invalidated_at.map(microseconds)),
        credentials::needs_reissue_at.eq(credential.needs_reissue_at.map(microseconds)),
        credentials::refused.eq(credential.refused.as_ref().map(ToString::to_string)),
        credentials::replaced_by.eq(credential.replaced_by.map(|id| id.to_string())),
        credentials::revoked_at.eq(credential.revoked_at.map(microseconds)),
        credentials::deleting_at.eq(credential.deleting_at.map(microseconds)),
        credentials::deleted_at.eq(credential.deleted_at.map(microseconds)),
    );
    let insert = diesel::insert_into(credentials::table);
    // Almost all are new, and what is not bound costs nothing.
    if credential.is_new() {
        insert.values(asked).execute_on(tx)
    } else {
        insert.values((asked, later)).execute_on(tx)
    }
    .map_err(Error::during("insert a credential"))?;
    Ok(())
}

/// Adds a door to a credential.
///
/// # Errors
/// When the query fails.
pub fn insert_door(tx: &mut Tx<'_>, door: &CredentialDoor) -> Result<(), Error> {
    diesel::insert_into(credential_doors::table)
        .values((
            credential_doors::credential_id.eq(door.credential_id.to_string()),
            credential_doors::entrance_id.eq(door.entrance_id.to_string()),
            credential_doors::position.eq(door.position),
            credential_doors::stay_id.eq(door.stay_id.map(|id| id.to_string())),
        ))
        .execute_on(tx)
        .map_err(Error::during("insert a credential's door"))?;
    Ok(())
}

/// Takes doors from a credential.
///
/// # Errors
/// When the query fails.
pub fn remove_doors(tx: &mut Tx<'_>, id: CredentialId, doors: &[EntranceId]) -> Result<(), Error> {
    let own = credential_doors::table.filter(credential_doors::credential_id.eq(id.to_string()));
    diesel::delete(
        own.filter(credential_doors::entrance_id.eq_any(doors.iter().map(ToString::to_string).collect::<Vec<_>>())),
    )
    .execute_on(tx)
    .map_err(Error::during("take doors from a credential"))?;
    Ok(())
}

/// A credential of the workspace that is not gone.
///
/// # Errors
/// When the query fails.
pub fn find(tx: &mut Tx<'_>, workspace_id: WorkspaceId, id: CredentialId) -> Result<Option<Credential>, Error> {
    credentials::table
        .find(id.to_string())
        .filter(credentials::workspace_id.eq(workspace_id.to_string()))
        .filter(credentials::deleted_at.is_null())
        .get_on(tx)
        .optional()
        .map_err(Error::during("find a credential"))
}

/// Credentials by id, those that are gone included; unknown ids are left out.
///
/// # Errors
/// When the query fails.
pub fn by_ids(tx: &mut Tx<'_>, ids: &[CredentialId]) -> Result<Vec<Credential>, Error> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    credentials::table
        .filter(among(credentials::id, ids))
        .order((credentials::created_at, credentials::id))
        .load_on(tx)
        .map_err(Error::during("load credentials"))
}

/// The children of these parents that are not gone, oldest first.
///
/// # Errors
/// When the query fails.
pub fn children_of(tx: &mut Tx<'_>, parents: &[CredentialId]) -> Result<Vec<Credential>, Error> {
    if parents.is_empty() {
        return Ok(Vec::new());
    }
    credentials::table
        .filter(among(credentials::parent_id, parents))
        .filter(credentials::deleted_at.is_null())
        .order((credentials::created_at, credentials::id))
        .load_on(tx)
        .map_err(Error::during("load children"))
}

/// The children on these endpoints that are not gone, oldest first.
///
/// # Errors
/// When the query fails.
pub fn on_endpoints(tx: &mut Tx<'_>, endpoint_ids: &[EndpointId]) -> Result<Vec<Credential>, Error> {
    if endpoint_ids.is_empty() {
        return Ok(Vec::new());
    }
    credentials::table
        .filter(among(credentials::endpoint_id, endpoint_ids))
        .filter(credentials::deleted_at.is_null())
        .order((credentials::created_at, credentials::id))
        .load_on(tx)
        .map_err(Error::during("load an endpoint's credentials"))
}

/// Cards and parents of a user that are not gone, oldest first.
///
/// # Errors
/// When the query fails.
pub fn of_user(tx: &mut Tx<'_>, acs_user_id: AcsUserId) -> Result<Vec<Credential>, Error> {
    credentials::table
        .filter(credentials::acs_user_id.eq(acs_user_id.to_string()))
        .filter(credentials::deleted_at.is_null())
        .filter(credentials::parent_id.is_null())
        .order((credentials::created_at, credentials::id))
        .load_on(tx)
        .map_err(Error::during("load a user's credentials"))
}

/// Cards and parents that hold a door in one of these stays and are not gone, oldest first.
///
/// # Errors
/// When the query fails.
pub fn in_stays(tx: &mut Tx<'_>, stays: &[StayId]) -> Result<Vec<Credential>, Error> {
    if stays.is_empty() {
        return Ok(Vec::new());
    }
    let members: Vec<String> = credential_doors::table
        .filter(among(credential_doors::stay_id, stays))
        .select(credential_doors::credential_id)
        .distinct()
        .load_on(tx)
        .map_err(Error::during("load the members of stays"))?;
    if members.is_empty() {
        return Ok(Vec::new());
    }
    credentials::table
        .filter(among(credentials::id, &members))
        .filter(credentials::deleted_at.is_null())
        .order((credentials::created_at, credentials::id))
        .load_on(tx)
        .map_err(Error::during("load the credentials of stays"))
}

/// Cards and parents of the workspace that hold this door and are not gone, oldest first, each with its stay there.
/// With `valid_at` only those that can be valid then: children and the door's tenancies are judged by the caller.
///
/// # Errors
/// When the query fails.
pub fn holding(
    tx: &mut Tx<'_>,
    workspace_id: WorkspaceId,
    door: EntranceId,
    valid_at: Option<Timestamp>,
) -> Result<Vec<(Credential, Option<StayId>)>, Error> {
    let mut query = credentials::table
        .inner_join(credential_doors::table.on(credential_doors::credential_id.eq(credentials::id)))
        .filter(credential_doors::entrance_id.eq(door.to_string()))
        .filter(credentials::workspace_id.eq(workspace_id.to_string()))
        .filter(credentials::deleted_at.is_null())
        .order((credentials::created_at, credentials::id))
        .select((credentials::all_columns, credential_doors::stay_id))
        .into_boxed();
    if let Some(now) = valid_at {
        query = query
            .filter(credentials::ends_at.gt(microseconds(now)))
            .filter(credentials::invalidated_at.is_null())
            .filter(credentials::deleting_at.is_null());
    }
    let rows: Vec<(Credential, OptionalIdColumn<kind::Stay>)> =
        query.load(tx.connection).map_err(Error::during("load a door's credentials"))?;
    Ok(rows.into_iter().map(|(credential, stay)| (credential, stay.into())).collect())
}

/// The doors of cards and parents, in the order in which they were named.
///
/// # Errors
/// When the query fails.
pub fn doors_of(tx: &mut Tx<'_>, ids: &[CredentialId]) -> Result<Vec<CredentialDoor>, Error> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    credential_doors::table
        .filter(among(credential_doors::credential_id, ids))
        .order((credential_doors::credential_id, credential_doors::position))
        .load_on(tx)
        .map_err(Error::during("load credentials' doors"))
}

/// The phones that hold a child of this parent, or this child.
///
/// # Errors
/// When the query fails.
pub fn phones_of(tx: &mut Tx<'_>, id: CredentialId) -> Result<Vec<PhoneId>, Error> {
    let ids: Vec<IdColumn<kind::Phone>> = credentials::table
        .inner_join(endpoints::table.on(credentials::endpoint_id.eq(endpoints::id.nullable())))
        .filter(credentials::id.eq(id.to_string()).or(credentials::parent_id.eq(id.to_string()).assume_not_null()))
        .filter(credentials::deleted_at.is_null())
        .select(endpoints::phone_id)
        .load_on(tx)
        .map_err(Error::during("load a credential's phones"))?;
    Ok(ids.into_iter().map(Into::into).collect())
}

/// A page of the workspace's credentials, oldest first.
///
/// # Errors
/// When the query fails.
pub fn list(tx: &mut Tx<'_>, workspace_id: WorkspaceId, filter: &Filter, page: Page) -> Result<Vec<Credential>, Error> {
    use credentials::{acs_user_id, created_at, id};
    let mut query = credentials::table
        .filter(credentials::workspace_id.eq(workspace_id.to_string()))
        .filter(credentials::deleted_at.is_null())
        .order((created_at, id))
        .limit(page.limit)
        .into_boxed();
    if let Some(system) = filter.acs_system_id {
        query = query.filter(credentials::acs_system_id.eq(system.to_string()));
    }
    if let Some(user) = filter.acs_user_id {
        query = query.filter(acs_user_id.eq(user.to_string()));
    }
    if let Some(identity) = filter.user_identity_id {
        let identity = merged_user_identities::current(tx, workspace_id, identity)?;
        let users = acs_users::table
            .filter(acs_users::user_identity_id.eq(identity.to_string()))
            .select(acs_users::id.nullable());
        query = query.filter(acs_user_id.eq_any(users));
    }
    if let Some(sight) = &filter.sight {
        let systems: Vec<String> = sight.acs_system_ids.iter().map(ToString::to_string).collect();
        let users: Vec<String> = sight.acs_user_ids.iter().map(ToString::to_string).collect();
        query = query.filter(credentials::acs_system_id.nullable().eq_any(systems).or(acs_user_id.eq_any(users)));
    }
    if let Some(is_multi_phone) = filter.is_multi_phone {
        query = query.filter(credentials::is_multi_phone.eq(is_multi_phone));
    }
    if let Some(before) = filter.created_before {
        query = query.filter(created_at.lt(microseconds(before)));
    }
    if let Some(search) = &filter.search {
        let holds = || containing(search);
        let owners = acs_users::table
            .filter(
                lower(acs_users::full_name)
                    .like(holds())
                    .escape('\\')
                    .or(lower(acs_users::email_address).like(holds()).escape('\\'))
                    .or(lower(acs_users::phone_number).like(holds()).escape('\\')),
            )
            .select(acs_users::id.nullable());
        // What a credential is called: its doors. A parent is always called the same.
        let of_doors = || {
            credential_doors::table
                .inner_join(entrances::table.on(entrances::id.eq(credential_doors::entrance_id)))
                .filter(lower(entrances::door_name.nullable()).like(holds()).escape('\\'))
                .select(credential_doors::credential_id)
        };
        let of_media = carriers::table
            .filter(carriers::ended_at.is_null())
            .filter(lower(carriers::serial_number).like(holds()).escape('\\'))
            .select(carriers::credential_id);
        let called = credentials::is_multi_phone
            .eq(false)
            .and(id.eq_any(of_doors()).or(credentials::parent_id.assume_not_null().eq_any(of_doors())));
        query = query.filter(
            lower(id.nullable())
                .like(holds())
                .escape('\\')
                .or(lower(acs_user_id).like(holds()).escape('\\'))
                .or(acs_user_id.eq_any(owners))
                .or(id.eq_any(of_media))
                .or(called),
        );
    }
    if let Some((after_created_at, after_id)) = page.after_columns() {
        query = query.filter(created_at.gt(after_created_at).or(created_at.eq(after_created_at).and(id.gt(after_id))));
    }
    query.load(tx.connection).map_err(Error::during("list credentials"))
}

/// The parents that these parents replace, as far as they are not gone.
///
/// # Errors
/// When the query fails.
pub fn replaced_by(tx: &mut Tx<'_>, successors: &[CredentialId]) -> Result<Vec<Credential>, Error> {
    if successors.is_empty() {
        return Ok(Vec::new());
    }
    credentials::table
        .filter(among(credentials::replaced_by, successors))
        .filter(credentials::deleted_at.is_null())
        .order((credentials::created_at, credentials::id))
        .load_on(tx)
        .map_err(Error::during("load replaced credentials"))
}

/// Every endpoint on which the parent has or had a child.
///
/// # Errors
/// When the query fails.
pub fn endpoints_ever_of(tx: &mut Tx<'_>, parent: CredentialId) -> Result<Vec<EndpointId>, Error> {
    let ids: Vec<OptionalIdColumn<kind::Endpoint>> = credentials::table
        .filter(credentials::parent_id.eq(parent.to_string()))
        .select(credentials::endpoint_id)
        .load_on(tx)
        .map_err(Error::during("load a parent's endpoints"))?;
    Ok(ids.into_iter().filter_map(Into::into).collect())
}

/// Whether the user has any card or parent that is not gone.
///
/// # Errors
/// When the query fails.
pub fn has_any(tx: &mut Tx<'_>, acs_user_id: AcsUserId) -> Result<bool, Error> {
    diesel::select(diesel::dsl::exists(
        credentials::table
            .filter(credentials::acs_user_id.eq(acs_user_id.to_string()))
            .filter(credentials::deleted_at.is_null())
            .select(credentials::id),
    ))
    .get_on(tx)
    .map_err(Error::during("look for a user's credentials"))
}
