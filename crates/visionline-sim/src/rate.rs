//! A limit on requests, for clients that want to see how they bear one (`spec/visionline.md` 7, row 25).

use jiff::Timestamp;

/// Seconds over which requests are counted.
const WINDOW_SECONDS: i64 = 60;

/// The requests of the present minute.
#[derive(Clone, Debug, Default)]
pub(crate) struct Rate {
    since: Option<Timestamp>,
    count: u32,
}

impl Rate {
    /// Counts a request; if it is one too many, tells after how many seconds the next minute begins.
    pub(crate) fn excess(&mut self, now: Timestamp, limit: Option<u32>) -> Option<i64> {
        let limit = limit?;
        let age = |since: Timestamp| now.as_second() - since.as_second();
        let since = match self.since.filter(|since| (0..WINDOW_SECONDS).contains(&age(*since))) {
            Some(since) => since,
            None => {
                self.count = 0;
                *self.since.insert(now)
            }
        };
        self.count = self.count.saturating_add(1);
        (self.count > limit).then(|| WINDOW_SECONDS - age(since))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::SignedDuration;

    #[test]
    fn the_request_over_the_limit_waits_for_the_next_minute() {
        let noon = Timestamp::constant(1_763_114_400, 0);
        let mut rate = Rate::default();
        let after = |seconds| noon + SignedDuration::from_secs(seconds);
        assert_eq!(rate.excess(noon, Some(2)), None);
        assert_eq!(rate.excess(after(10), Some(2)), None);
        assert_eq!(rate.excess(after(20), Some(2)), Some(40));
        assert_eq!(rate.excess(after(60), Some(2)), None);
        assert_eq!(rate.excess(after(61), None), None);
    }
}
