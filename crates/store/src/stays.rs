//! Stays and their tenancies.

use diesel::{dsl::max, prelude::*};
use domain::{
    Window,
    id::{AcsSystemId, EntranceId, StayId, kind},
    stay::{Opening, Rank, Tenancy},
};
use jiff::Timestamp;

use crate::{
    Error, Tx,
    among::among,
    column::{IdColumn, OptionalTimeColumn, TimeColumn, microseconds},
    database::RunOn,
    schema::{stays, tenancies},
};

/// A stay at one guest door, as it is stored.
#[derive(Debug, Clone, Queryable)]
pub struct StoredTenancy {
    /// The stay.
    #[diesel(deserialize_as = IdColumn<kind::Stay>)]
    pub stay_id: StayId,
    /// The door.
    #[diesel(deserialize_as = IdColumn<kind::Entrance>)]
    pub entrance_id: EntranceId,
    /// Start by which the stay is ranked.
    #[diesel(deserialize_as = TimeColumn)]
    pub rank_starts_at: Timestamp,
    /// Creation by which stays of one start are ranked.
    #[diesel(deserialize_as = TimeColumn)]
    pub rank_created_at: Timestamp,
    /// Start of the hull of the members' windows.
    #[diesel(deserialize_as = TimeColumn)]
    pub starts_at: Timestamp,
    /// End of the hull of the members' windows.
    #[diesel(deserialize_as = TimeColumn)]
    pub ends_at: Timestamp,
    /// The newest opening of the stay that the lock server confirmed at this door.
    pub opening: Option<Opening>,
    /// When a newer stay took the door over.
    #[diesel(deserialize_as = OptionalTimeColumn)]
    pub lost_at: Option<Timestamp>,
}

impl StoredTenancy {
    /// The stay's place in the door's sequence.
    pub fn rank(&self) -> Rank {
        Rank { starts_at: self.rank_starts_at, created_at: self.rank_created_at, stay: self.stay_id }
    }

    /// The tenancy as the rules see it.
    pub fn tenancy(&self) -> Tenancy {
        Tenancy {
            door: self.entrance_id,
            rank: self.rank(),
            window: Window { starts_at: self.starts_at, ends_at: self.ends_at },
            lost: self.lost_at.is_some(),
        }
    }
}

/// Adds a stay.
///
/// # Errors
/// When the query fails.
pub fn insert(tx: &mut Tx<'_>, acs_system_id: AcsSystemId, rank: &Rank) -> Result<(), Error> {
    diesel::insert_into(stays::table)
        .values((
            stays::id.eq(rank.stay.to_string()),
            stays::acs_system_id.eq(acs_system_id.to_string()),
            stays::starts_at.eq(microseconds(rank.starts_at)),
            stays::created_at.eq(microseconds(rank.created_at)),
        ))
        .execute_on(tx)
        .map_err(Error::during("insert a stay"))?;
    Ok(())
}

/// Adds a tenancy.
///
/// # Errors
/// When the query fails.
pub fn insert_tenancy(tx: &mut Tx<'_>, tenancy: &Tenancy) -> Result<(), Error> {
    diesel::insert_into(tenancies::table)
        .values((
            tenancies::stay_id.eq(tenancy.rank.stay.to_string()),
            tenancies::entrance_id.eq(tenancy.door.to_string()),
            tenancies::rank_starts_at.eq(microseconds(tenancy.rank.starts_at)),
            tenancies::rank_created_at.eq(microseconds(tenancy.rank.created_at)),
            tenancies::starts_at.eq(microseconds(tenancy.window.starts_at)),
            tenancies::ends_at.eq(microseconds(tenancy.window.ends_at)),
            tenancies::opening.eq(None::<Opening>),
            tenancies::lost_at.eq(None::<i64>),
        ))
        .execute_on(tx)
        .map_err(Error::during("insert a tenancy"))?;
    Ok(())
}

/// The tenancies of these doors that end after `now`.
///
/// # Errors
/// When the query fails.
pub fn tenancies_at(tx: &mut Tx<'_>, doors: &[EntranceId], now: Timestamp) -> Result<Vec<StoredTenancy>, Error> {
    let query = tenancies::table
        .filter(tenancies::ends_at.gt(microseconds(now)))
        .order((tenancies::entrance_id, tenancies::stay_id));
    match doors {
        [] => return Ok(Vec::new()),
        // A comparison is found by its type, a list by its text.
        [only] => query.filter(tenancies::entrance_id.eq(only.to_string())).load_on(tx),
        several => query.filter(among(tenancies::entrance_id, several)).load_on(tx),
    }
    .map_err(Error::during("load the tenancies of doors"))
}

/// The tenancies of these doors that end after `now` and share some time with the window, however many others lie ahead.
///
/// # Errors
/// When the query fails.
pub fn tenancies_during(
    tx: &mut Tx<'_>,
    doors: &[EntranceId],
    now: Timestamp,
    window: Window,
) -> Result<Vec<StoredTenancy>, Error> {
    let query = tenancies::table
        .filter(tenancies::ends_at.gt(microseconds(now.max(window.starts_at))))
        .filter(tenancies::starts_at.lt(microseconds(window.ends_at)))
        .order((tenancies::entrance_id, tenancies::stay_id));
    match doors {
        [] => return Ok(Vec::new()),
        // A comparison is found by its type, a list by its text.
        [only] => query.filter(tenancies::entrance_id.eq(only.to_string())).load_on(tx),
        several => query.filter(among(tenancies::entrance_id, several)).load_on(tx),
    }
    .map_err(Error::during("load the tenancies of doors in a window"))
}

/// The tenancies of these stays.
///
/// # Errors
/// When the query fails.
pub fn tenancies_of(tx: &mut Tx<'_>, stay_ids: &[StayId]) -> Result<Vec<StoredTenancy>, Error> {
    if stay_ids.is_empty() {
        return Ok(Vec::new());
    }
    tenancies::table
        .filter(among(tenancies::stay_id, stay_ids))
        .order((tenancies::stay_id, tenancies::entrance_id))
        .load_on(tx)
        .map_err(Error::during("load the tenancies of stays"))
}

/// Sets the hull of the members' windows.
///
/// # Errors
/// When the query fails.
pub fn set_window(tx: &mut Tx<'_>, stay: StayId, door: EntranceId, window: Window) -> Result<(), Error> {
    diesel::update(tenancies::table.find((stay.to_string(), door.to_string())))
        .set((
            tenancies::starts_at.eq(microseconds(window.starts_at)),
            tenancies::ends_at.eq(microseconds(window.ends_at)),
        ))
        .execute_on(tx)
        .map_err(Error::during("widen a tenancy"))?;
    Ok(())
}

/// Gives a stay another start by which it is ranked, at all its doors.
///
/// # Errors
/// When the query fails.
pub fn set_rank_start(tx: &mut Tx<'_>, stay: StayId, starts_at: Timestamp) -> Result<(), Error> {
    diesel::update(stays::table.find(stay.to_string()))
        .set(stays::starts_at.eq(microseconds(starts_at)))
        .execute_on(tx)
        .map_err(Error::during("move a stay"))?;
    diesel::update(tenancies::table.filter(tenancies::stay_id.eq(stay.to_string())))
        .set(tenancies::rank_starts_at.eq(microseconds(starts_at)))
        .execute_on(tx)
        .map_err(Error::during("move the tenancies of a stay"))?;
    Ok(())
}

/// Notes the newest opening of the stay at the door. An older one never replaces a newer.
///
/// # Errors
/// When the query fails.
pub fn set_opening(tx: &mut Tx<'_>, stay: StayId, door: EntranceId, opening: Opening) -> Result<(), Error> {
    diesel::update(tenancies::table.find((stay.to_string(), door.to_string())))
        .filter(tenancies::opening.is_null().or(tenancies::opening.lt(opening).assume_not_null()))
        .set(tenancies::opening.eq(opening))
        .execute_on(tx)
        .map_err(Error::during("note an opening"))?;
    Ok(())
}

/// The newest opening at the door of any stay that comes before `rank`: keys of that rank need a newer one (R4).
///
/// # Errors
/// When the query fails.
pub fn floor(tx: &mut Tx<'_>, door: EntranceId, rank: &Rank) -> Result<Option<Opening>, Error> {
    // Both engines read this from the end of an index, however long the door's history is.
    let newest: Option<Opening> = tenancies::table
        .filter(tenancies::entrance_id.eq(door.to_string()))
        .filter(tenancies::opening.is_not_null())
        .filter(before(microseconds(rank.starts_at), microseconds(rank.created_at), rank.stay.to_string()))
        .select(max(tenancies::opening))
        .get_on(tx)
        .map_err(Error::during("find the newest earlier opening"))?;
    Ok(newest)
}

/// Marks the door as lost to every stay that comes before `rank` and still holds it; answers those stays.
///
/// # Errors
/// When the query fails.
pub fn lose_before(tx: &mut Tx<'_>, door: EntranceId, rank: &Rank, at: Timestamp) -> Result<Vec<StayId>, Error> {
    let losers: Vec<IdColumn<kind::Stay>> = tenancies::table
        .filter(tenancies::entrance_id.eq(door.to_string()))
        .filter(tenancies::ends_at.gt(microseconds(at)))
        .filter(tenancies::lost_at.is_null())
        .filter(before(microseconds(rank.starts_at), microseconds(rank.created_at), rank.stay.to_string()))
        .select(tenancies::stay_id)
        .load_on(tx)
        .map_err(Error::during("find the stays that lose a door"))?;
    let losers: Vec<StayId> = losers.into_iter().map(Into::into).collect();
    lose(tx, door, &losers, at)?;
    Ok(losers)
}

/// Marks the door as lost to these stays.
///
/// # Errors
/// When the query fails.
pub fn lose(tx: &mut Tx<'_>, door: EntranceId, losers: &[StayId], at: Timestamp) -> Result<(), Error> {
    if losers.is_empty() {
        return Ok(());
    }
    diesel::update(
        tenancies::table.filter(tenancies::entrance_id.eq(door.to_string())).filter(among(tenancies::stay_id, losers)),
    )
    .set(tenancies::lost_at.eq(microseconds(at)))
    .execute_on(tx)
    .map_err(Error::during("take a door from stays"))?;
    Ok(())
}

/// Moves the stay to a later place in the sequence of the doors that it still holds.
///
/// # Errors
/// When the query fails.
pub fn move_to(tx: &mut Tx<'_>, stay: StayId, starts_at: Timestamp) -> Result<(), Error> {
    diesel::update(
        tenancies::table.filter(tenancies::stay_id.eq(stay.to_string())).filter(tenancies::lost_at.is_null()),
    )
    .set(tenancies::rank_starts_at.eq(microseconds(starts_at)))
    .execute_on(tx)
    .map_err(Error::during("move a stay"))?;
    Ok(())
}

/// The stays that come after `rank` at the door, were opened there, and have not ended.
///
/// # Errors
/// When the query fails.
pub fn opened_after(tx: &mut Tx<'_>, door: EntranceId, rank: &Rank, now: Timestamp) -> Result<Vec<StayId>, Error> {
    let later: Vec<StoredTenancy> = tenancies::table
        .filter(tenancies::entrance_id.eq(door.to_string()))
        .filter(tenancies::ends_at.gt(microseconds(now)))
        .filter(tenancies::opening.is_not_null())
        .load_on(tx)
        .map_err(Error::during("find later stays"))?;
    Ok(later.into_iter().filter(|tenancy| tenancy.rank() > *rank).map(|tenancy| tenancy.stay_id).collect())
}

/// Rows whose rank comes before this one, as [`Rank`] orders them.
#[diesel::dsl::auto_type(no_type_alias)]
fn before(starts_at: i64, created_at: i64, stay: String) -> _ {
    tenancies::rank_starts_at.lt(starts_at).or(tenancies::rank_starts_at.eq(starts_at).and(
        tenancies::rank_created_at
            .lt(created_at)
            .or(tenancies::rank_created_at.eq(created_at).and(tenancies::stay_id.lt(stay))),
    ))
}
