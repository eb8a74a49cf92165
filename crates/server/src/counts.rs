//! What the operator wants to see rise, or not: numbers since the program started.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

/// The numbers. A clone counts on in the same place.
#[derive(Debug, Clone, Default)]
pub struct Counts {
    double_booked_doors: Arc<AtomicU64>,
}

impl Counts {
    /// Guest doors that were asked for while another party was booked there for the same time (design 6).
    pub fn double_booked_doors(&self) -> u64 {
        self.double_booked_doors.load(Ordering::Relaxed)
    }

    /// Adds to [`Self::double_booked_doors`].
    pub fn add_double_booked_doors(&self, doors: usize) {
        self.double_booked_doors.fetch_add(u64::try_from(doors).unwrap_or(0), Ordering::Relaxed);
    }
}
