//! Where workers are wanted.

use domain::id::AcsSystemId;
use store::{
    Tx,
    connections::{self, Connection},
    systems::{self, AcsSystem, VISIONLINE},
};

use crate::Error;

/// A hotel that may be worked.
#[derive(Debug, Clone)]
pub struct Posting {
    /// The hotel.
    pub system: AcsSystem,
    /// How it is reached, where it was connected through a page.
    pub connection: Option<Connection>,
}

impl Posting {
    /// Changes when the hotel is connected again.
    #[must_use]
    pub fn revision(&self) -> i64 {
        self.connection.as_ref().map_or(0, |connection| connection.revision)
    }
}

/// All hotels that are there, whatever their workspace.
///
/// # Errors
/// When storage fails.
pub fn postings(tx: &mut Tx<'_>) -> Result<Vec<Posting>, Error> {
    let hotels = systems::of_kind(tx, VISIONLINE)?;
    let ids: Vec<AcsSystemId> = hotels.iter().map(|system| system.id).collect();
    let mut ways = connections::of(tx, &ids)?;
    Ok(hotels
        .into_iter()
        .map(|system| {
            let place = ways.iter().position(|way| way.acs_system_id == system.id);
            Posting { connection: place.map(|place| ways.swap_remove(place)), system }
        })
        .collect())
}
