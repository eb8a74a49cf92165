//! What the operator wants to see rise, or not: numbers since the program started.

use std::sync::atomic::{AtomicU64, Ordering};

/// The numbers.
#[derive(Debug, Default)]
pub struct Counts {
    double_booked_doors: AtomicU64,
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
