//! Carriers: one card record each, from the intention to make it until it is gone.

use diesel::{dsl::min, prelude::*};
use domain::{
    Stage, Window,
    id::{AcsSystemId, CarrierId, CredentialId, EntranceId, StayId, kind},
    stay::Opening,
};
use jiff::Timestamp;

use crate::{
    Error, Tx,
    among::among,
    column::{IdColumn, JsonColumn, OptionalJsonColumn, OptionalTimeColumn, TimeColumn, microseconds},
    database::RunOn,
    schema::{carrier_doors, carriers},
};

/// A card record.
#[derive(Debug, Clone, Queryable)]
pub struct Carrier {
    /// Id.
    #[diesel(deserialize_as = IdColumn<kind::Carrier>)]
    pub id: CarrierId,
    /// Site.
    #[diesel(deserialize_as = IdColumn<kind::AcsSystem>)]
    pub acs_system_id: AcsSystemId,
    /// The child or card credential it carries.
    #[diesel(deserialize_as = IdColumn<kind::Credential>)]
    pub credential_id: CredentialId,
    /// Revision of the credential that it carries.
    pub revision: i32,
    stage: String,
    /// How it was asked for: `override`, `join`, `auto_join` or `plain`.
    pub method: String,
    /// The request as it goes to the lock server, JSON; see `engine::issuing`.
    #[diesel(deserialize_as = JsonColumn)]
    pub request: serde_json::Value,
    /// Start of its window.
    #[diesel(deserialize_as = TimeColumn)]
    pub starts_at: Timestamp,
    /// End of its window.
    #[diesel(deserialize_as = TimeColumn)]
    pub ends_at: Timestamp,
    /// Id of the card at the lock server, once known.
    pub card_id: Option<String>,
    /// The lock server's id of the mobile credential, once known.
    pub native_credential_id: Option<String>,
    /// How often the present step was tried.
    pub attempts: i32,
    /// When the worker should look at it next; none when there is nothing to do.
    #[diesel(deserialize_as = OptionalTimeColumn)]
    pub due_at: Option<Timestamp>,
    /// What went wrong last, a JSON object.
    #[diesel(deserialize_as = OptionalJsonColumn)]
    pub last_error: Option<serde_json::Value>,
    /// When it was decided.
    #[diesel(deserialize_as = TimeColumn)]
    pub created_at: Timestamp,
    /// When the lock server confirmed it.
    #[diesel(deserialize_as = OptionalTimeColumn)]
    pub confirmed_at: Option<Timestamp>,
    /// When it was on the phone or card.
    #[diesel(deserialize_as = OptionalTimeColumn)]
    pub delivered_at: Option<Timestamp>,
    /// When it was revoked at the lock server, or given up.
    #[diesel(deserialize_as = OptionalTimeColumn)]
    pub ended_at: Option<Timestamp>,
    /// Until when a card whose outcome is open may still be made.
    #[diesel(deserialize_as = OptionalTimeColumn)]
    pub settles_at: Option<Timestamp>,
    /// Since when the lock server shows another window than the one asked for.
    #[diesel(deserialize_as = OptionalTimeColumn)]
    pub externally_modified_at: Option<Timestamp>,
    /// Serial number of the plastic card that carries it, 16 hex digits.
    pub serial_number: Option<String>,
}

/// A guest door of a carrier.
#[derive(Debug, Clone, Queryable)]
pub struct CarrierDoor {
    /// The carrier.
    #[diesel(deserialize_as = IdColumn<kind::Carrier>)]
    pub carrier_id: CarrierId,
    /// The door.
    #[diesel(deserialize_as = IdColumn<kind::Entrance>)]
    pub entrance_id: EntranceId,
    /// The stay it holds there.
    #[diesel(deserialize_as = IdColumn<kind::Stay>)]
    pub stay_id: StayId,
    /// The stamp it has there, as our opening number.
    pub opening: Opening,
}

/// A carrier to be stored: accepted, due at once.
#[derive(Debug, Clone)]
pub struct NewCarrier {
    /// Id.
    pub id: CarrierId,
    /// Site.
    pub acs_system_id: AcsSystemId,
    /// The child or card credential.
    pub credential_id: CredentialId,
    /// Its revision.
    pub revision: i32,
    /// How it is asked for.
    pub method: &'static str,
    /// The request.
    pub request: serde_json::Value,
    /// Window.
    pub window: Window,
    /// When it was decided.
    pub created_at: Timestamp,
}

impl Carrier {
    /// How far it has come. Text that no version of ours wrote counts as sent: the worker then looks before it acts.
    pub fn stage(&self) -> Stage {
        Stage::parse(&self.stage).unwrap_or(Stage::Sent)
    }
}

/// Adds a carrier.
///
/// # Errors
/// When the query fails.
pub fn insert(tx: &mut Tx<'_>, carrier: &NewCarrier) -> Result<(), Error> {
    diesel::insert_into(carriers::table)
        .values((
            carriers::id.eq(carrier.id.to_string()),
            carriers::acs_system_id.eq(carrier.acs_system_id.to_string()),
            carriers::credential_id.eq(carrier.credential_id.to_string()),
            carriers::revision.eq(carrier.revision),
            carriers::stage.eq(Stage::Accepted.as_str()),
            carriers::method.eq(carrier.method),
            carriers::request.eq(carrier.request.to_string()),
            carriers::starts_at.eq(microseconds(carrier.window.starts_at)),
            carriers::ends_at.eq(microseconds(carrier.window.ends_at)),
            carriers::attempts.eq(0),
            carriers::due_at.eq(microseconds(carrier.created_at)),
            carriers::created_at.eq(microseconds(carrier.created_at)),
        ))
        .execute_on(tx)
        .map_err(Error::during("insert a carrier"))?;
    Ok(())
}

/// Adds a guest door to a carrier.
///
/// # Errors
/// When the query fails.
pub fn insert_door(tx: &mut Tx<'_>, door: &CarrierDoor) -> Result<(), Error> {
    diesel::insert_into(carrier_doors::table)
        .values((
            carrier_doors::carrier_id.eq(door.carrier_id.to_string()),
            carrier_doors::entrance_id.eq(door.entrance_id.to_string()),
            carrier_doors::stay_id.eq(door.stay_id.to_string()),
            carrier_doors::opening.eq(door.opening),
        ))
        .execute_on(tx)
        .map_err(Error::during("insert a carrier's door"))?;
    Ok(())
}

/// A carrier by id.
///
/// # Errors
/// When the query fails or there is none.
pub fn get(tx: &mut Tx<'_>, id: CarrierId) -> Result<Carrier, Error> {
    carriers::table.find(id.to_string()).get_on(tx).map_err(Error::during("get a carrier"))
}

/// A carrier by id, if it is still known.
///
/// # Errors
/// When the query fails.
pub fn find(tx: &mut Tx<'_>, id: CarrierId) -> Result<Option<Carrier>, Error> {
    carriers::table.find(id.to_string()).get_on(tx).optional().map_err(Error::during("find a carrier"))
}

/// All carriers that these credentials have or had, oldest first.
///
/// # Errors
/// When the query fails.
pub fn of_credentials(tx: &mut Tx<'_>, credential_ids: &[CredentialId]) -> Result<Vec<Carrier>, Error> {
    let query = carriers::table.order((carriers::created_at, carriers::id));
    match credential_ids {
        [] => return Ok(Vec::new()),
        // A comparison is found by its type, a list by its text.
        [only] => query.filter(carriers::credential_id.eq(only.to_string())).load_on(tx),
        several => query.filter(among(carriers::credential_id, several)).load_on(tx),
    }
    .map_err(Error::during("load the carriers of credentials"))
}

/// The guest doors of carriers.
///
/// # Errors
/// When the query fails.
pub fn doors_of(tx: &mut Tx<'_>, carrier_ids: &[CarrierId]) -> Result<Vec<CarrierDoor>, Error> {
    if carrier_ids.is_empty() {
        return Ok(Vec::new());
    }
    carrier_doors::table
        .filter(among(carrier_doors::carrier_id, carrier_ids))
        .order((carrier_doors::carrier_id, carrier_doors::entrance_id))
        .load_on(tx)
        .map_err(Error::during("load carriers' doors"))
}

/// Those of these doors for which a create is under way.
///
/// # Errors
/// When the query fails.
pub fn busy_doors(tx: &mut Tx<'_>, doors: &[EntranceId]) -> Result<Vec<EntranceId>, Error> {
    let busy: Vec<IdColumn<kind::Entrance>> = carrier_doors::table
        .inner_join(carriers::table.on(carriers::id.eq(carrier_doors::carrier_id)))
        .filter(among(carrier_doors::entrance_id, doors))
        .filter(carriers::due_at.is_not_null())
        .filter(among(carriers::stage, &[Stage::Accepted.as_str(), Stage::Sent.as_str()]))
        .select(carrier_doors::entrance_id)
        .distinct()
        .load_on(tx)
        .map_err(Error::during("find busy doors"))?;
    Ok(busy.into_iter().map(Into::into).collect())
}

/// The cards at these doors that the lock server holds, or may come to hold, as good ones, with their windows.
///
/// # Errors
/// When the query fails.
pub fn held_at(tx: &mut Tx<'_>, doors: &[EntranceId], now: Timestamp) -> Result<Vec<(CarrierDoor, Window)>, Error> {
    type Row = (CarrierDoor, TimeColumn, TimeColumn);
    let rows: Vec<Row> = carrier_doors::table
        .inner_join(carriers::table.on(carriers::id.eq(carrier_doors::carrier_id)))
        .filter(among(carrier_doors::entrance_id, doors))
        .filter(carriers::ends_at.gt(microseconds(now)))
        .filter(carriers::stage.ne(Stage::RevokedAtServer.as_str()).and(carriers::stage.ne(Stage::Gone.as_str())))
        .select((carrier_doors::all_columns, carriers::starts_at, carriers::ends_at))
        .load_on(tx)
        .map_err(Error::during("find the stays with cards at doors"))?;
    let window =
        |starts_at: TimeColumn, ends_at: TimeColumn| Window { starts_at: starts_at.into(), ends_at: ends_at.into() };
    Ok(rows.into_iter().map(|(held, start, end)| (held, window(start, end))).collect())
}

/// The site's carriers that are due, the longest waiting first.
///
/// # Errors
/// When the query fails.
pub fn due(tx: &mut Tx<'_>, acs_system_id: AcsSystemId, now: Timestamp, limit: i64) -> Result<Vec<Carrier>, Error> {
    carriers::table
        .filter(carriers::acs_system_id.eq(acs_system_id.to_string()))
        .filter(carriers::due_at.is_not_null())
        .filter(carriers::due_at.le(microseconds(now)))
        .order((carriers::due_at, carriers::created_at, carriers::id))
        .limit(limit)
        .load_on(tx)
        .map_err(Error::during("find due carriers"))
}

/// When the site's next carrier is due.
///
/// # Errors
/// When the query fails.
pub fn next_due(tx: &mut Tx<'_>, acs_system_id: AcsSystemId) -> Result<Option<Timestamp>, Error> {
    let next: OptionalTimeColumn = carriers::table
        .filter(carriers::acs_system_id.eq(acs_system_id.to_string()))
        .filter(carriers::due_at.is_not_null())
        .select(min(carriers::due_at))
        .get_on(tx)
        .map_err(Error::during("find the next due carrier"))?;
    Ok(next.into())
}

/// What a step changed; the parts that are none stay as they are.
#[derive(Debug, Clone, Default)]
pub struct Change {
    /// The new stage.
    pub stage: Option<Stage>,
    /// When to look next: inner none for never.
    pub due_at: Option<Option<Timestamp>>,
    /// How often the present step was tried.
    pub attempts: Option<i32>,
    /// What went wrong: inner none to clear it.
    pub last_error: Option<Option<serde_json::Value>>,
    /// Ids at the lock server: of the card, and of the mobile credential.
    pub card: Option<(String, Option<String>)>,
    /// The window the carrier really has, when it was moved.
    pub starts_at: Option<Timestamp>,
    /// When the lock server confirmed it.
    pub confirmed_at: Option<Timestamp>,
    /// When it was delivered.
    pub delivered_at: Option<Timestamp>,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// Until when a card whose outcome is open may still be made.
    pub settles_at: Option<Timestamp>,
    /// Since when the lock server shows another window: inner none when it shows ours again.
    pub externally_modified_at: Option<Option<Timestamp>>,
    /// Serial number of the plastic card that carries it.
    pub serial_number: Option<String>,
}

#[derive(AsChangeset)]
#[diesel(table_name = carriers)]
struct Changes {
    stage: Option<&'static str>,
    due_at: Option<Option<i64>>,
    attempts: Option<i32>,
    last_error: Option<Option<String>>,
    card_id: Option<String>,
    native_credential_id: Option<Option<String>>,
    starts_at: Option<i64>,
    confirmed_at: Option<i64>,
    delivered_at: Option<i64>,
    ended_at: Option<i64>,
    settles_at: Option<i64>,
    externally_modified_at: Option<Option<i64>>,
    serial_number: Option<String>,
}

/// Changes a carrier. A change without any part is refused by the database layer, so give at least one.
///
/// # Errors
/// When the query fails.
pub fn change(tx: &mut Tx<'_>, id: CarrierId, change: Change) -> Result<(), Error> {
    let (card_id, native_credential_id) = change.card.unzip();
    diesel::update(carriers::table.find(id.to_string()))
        .set(Changes {
            stage: change.stage.map(Stage::as_str),
            due_at: change.due_at.map(|due_at| due_at.map(microseconds)),
            attempts: change.attempts,
            last_error: change.last_error.map(|error| error.map(|error| error.to_string())),
            card_id,
            native_credential_id,
            starts_at: change.starts_at.map(microseconds),
            confirmed_at: change.confirmed_at.map(microseconds),
            delivered_at: change.delivered_at.map(microseconds),
            ended_at: change.ended_at.map(microseconds),
            settles_at: change.settles_at.map(microseconds),
            externally_modified_at: change.externally_modified_at.map(|since| since.map(microseconds)),
            serial_number: change.serial_number,
        })
        .execute_on(tx)
        .map_err(Error::during("change a carrier"))?;
    Ok(())
}

/// The carrier with this card at the site; card ids are unique there.
///
/// # Errors
/// When the query fails.
pub fn by_card_id(tx: &mut Tx<'_>, acs_system_id: AcsSystemId, card_id: &str) -> Result<Option<Carrier>, Error> {
    carriers::table
        .filter(carriers::acs_system_id.eq(acs_system_id.to_string()))
        .filter(carriers::card_id.eq(card_id))
        .order((carriers::created_at.desc(), carriers::id.desc()))
        .first(tx.connection)
        .optional()
        .map_err(Error::during("find a card"))
}
