//! Requests by route: how many ended with which status, and how long they took.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use http::StatusCode;

use super::text::Page;

/// Upper ends of the buckets, in microseconds and as the page shows them.
const BUCKETS: [(u64, &str); 12] = [
    (1_000, "0.001"),
    (2_500, "0.0025"),
    (5_000, "0.005"),
    (10_000, "0.01"),
    (25_000, "0.025"),
    (50_000, "0.05"),
    (100_000, "0.1"),
    (250_000, "0.25"),
    (500_000, "0.5"),
    (1_000_000, "1"),
    (5_000_000, "5"),
    (30_000_000, "30"),
];

const TOTAL: &str = "innkeep_requests_total";
const SECONDS: &str = "innkeep_request_seconds";

#[derive(Default)]
struct Series {
    by_status: BTreeMap<u16, u64>,
    /// How many took at most as long as the bucket of the same place.
    buckets: [u64; BUCKETS.len()],
    count: u64,
    sum_us: u64,
}

/// What was counted so far. Only routes of the table have a series of their own, so there are few.
#[derive(Default)]
pub struct Requests(Mutex<BTreeMap<&'static str, Series>>);

impl Requests {
    /// Counts a request in.
    pub fn observe(&self, route: &'static str, status: StatusCode, taken: Duration) {
        let taken_us = u64::try_from(taken.as_micros()).unwrap_or(u64::MAX);
        let mut all = self.lock();
        let series = all.entry(route).or_default();
        *series.by_status.entry(status.as_u16()).or_default() += 1;
        for (bucket, _) in series.buckets.iter_mut().zip(BUCKETS).filter(|(_, (end_us, _))| taken_us <= *end_us) {
            *bucket += 1;
        }
        series.count += 1;
        series.sum_us = series.sum_us.saturating_add(taken_us);
    }

    /// Writes both metrics.
    pub fn show(&self, page: &mut Page) {
        let all = self.lock();
        page.begin(TOTAL, "counter", "Requests by route and status; other: no route of the API.");
        for (route, series) in all.iter() {
            for (status, count) in &series.by_status {
                page.sample(TOTAL, &[("route", route), ("status", &status.to_string())], count);
            }
        }
        page.begin(SECONDS, "histogram", "How long requests took, from their head to the answer.");
        for (route, series) in all.iter() {
            for (count, (_, end)) in series.buckets.iter().zip(BUCKETS) {
                page.sample("innkeep_request_seconds_bucket", &[("route", route), ("le", end)], count);
            }
            page.sample("innkeep_request_seconds_bucket", &[("route", route), ("le", "+Inf")], series.count);
            let sum = Duration::from_micros(series.sum_us).as_secs_f64();
            page.sample("innkeep_request_seconds_sum", &[("route", route)], sum);
            page.sample("innkeep_request_seconds_count", &[("route", route)], series.count);
        }
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<&'static str, Series>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_counts_all_that_took_no_longer() {
        let requests = Requests::default();
        for taken_us in [900, 1_000, 1_001, 60_000_000] {
            requests.observe("/a", StatusCode::OK, Duration::from_micros(taken_us));
        }
        requests.observe("/a", StatusCode::NOT_FOUND, Duration::from_micros(1));
        let mut page = Page::default();
        requests.show(&mut page);
        let text = page.into_text();
        for line in [
            "innkeep_requests_total{route=\"/a\",status=\"200\"} 4",
            "innkeep_requests_total{route=\"/a\",status=\"404\"} 1",
            "innkeep_request_seconds_bucket{route=\"/a\",le=\"0.001\"} 3",
            "innkeep_request_seconds_bucket{route=\"/a\",le=\"0.0025\"} 4",
            "innkeep_request_seconds_bucket{route=\"/a\",le=\"30\"} 4",
            "innkeep_request_seconds_bucket{route=\"/a\",le=\"+Inf\"} 5",
            "innkeep_request_seconds_sum{route=\"/a\"} 60.002902",
            "innkeep_request_seconds_count{route=\"/a\"} 5",
        ] {
            assert!(text.lines().any(|present| present == line), "{line} in\n{text}");
        }
    }
}
