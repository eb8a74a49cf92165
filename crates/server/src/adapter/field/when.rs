//! Timestamps in the tolerant forms of `spec/api.md` 4.15.

use std::borrow::Cow;

use jiff::{Timestamp, civil::DateTime, tz::Offset};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, de};

/// An instant, or a local time whose zone the site decides. Both have whole microseconds.
///
/// Accepted are RFC 3339 with an offset or `Z`, the same without a zone, a space instead of `T`, and seconds and
/// fraction (up to nine digits, truncated) left out. A date alone is not a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// Given with an offset.
    Instant(Timestamp),
    /// Given without one: UTC, unless the site says otherwise (design 8).
    Local(DateTime),
}

impl When {
    /// Reads a timestamp; `None` if it has none of the accepted forms or names no real time.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut rest = Rest(text.as_bytes());
        let year = rest.number(4)?;
        rest.mark(b"-")?;
        let month = rest.number(2)?;
        rest.mark(b"-")?;
        let day = rest.number(2)?;
        rest.mark(b"Tt ")?;
        let hour = rest.number(2)?;
        rest.mark(b":")?;
        let minute = rest.number(2)?;
        let (mut second, mut microsecond) = (0, 0);
        if rest.mark(b":").is_some() {
            second = rest.number(2)?;
            if rest.mark(b".,").is_some() {
                microsecond = rest.fraction_us()?;
            }
        }
        // RFC 3339 admits a leap second; the calendar here has none.
        let second = if second == 60 { 59 } else { second };
        let small = |number: i32| i8::try_from(number).ok();
        let civil = DateTime::new(
            i16::try_from(year).ok()?,
            small(month)?,
            small(day)?,
            small(hour)?,
            small(minute)?,
            small(second)?,
            microsecond * 1000,
        )
        .ok()?;
        let when = match rest.offset_s()? {
            None => Self::Local(civil),
            Some(offset_s) => Self::Instant(Offset::from_seconds(offset_s).ok()?.to_timestamp(civil).ok()?),
        };
        rest.0.is_empty().then_some(when)
    }

    /// The instant meant, a local time being read in UTC.
    #[must_use]
    pub fn in_utc(self) -> Timestamp {
        match self {
            Self::Instant(instant) => instant,
            // Years are 0 to 9999 here, and only the last hours of 9999 have no instant.
            Self::Local(civil) => Offset::UTC.to_timestamp(civil).unwrap_or(Timestamp::MAX),
        }
    }
}

/// The part of a text that has not been read.
struct Rest<'a>(&'a [u8]);

impl Rest<'_> {
    /// Reads one of these characters.
    fn mark(&mut self, accepted: &[u8]) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        accepted.contains(first).then(|| {
            self.0 = rest;
            *first
        })
    }

    /// Reads exactly `count` digits.
    fn number(&mut self, count: usize) -> Option<i32> {
        let (digits, rest) = self.0.split_at_checked(count)?;
        let mut number = 0;
        for digit in digits {
            number = number * 10 + i32::from(digit.is_ascii_digit().then(|| digit - b'0')?);
        }
        self.0 = rest;
        Some(number)
    }

    /// Reads one to nine digits after the decimal sign, keeping six.
    fn fraction_us(&mut self) -> Option<i32> {
        let length = self.0.iter().take_while(|byte| byte.is_ascii_digit()).count();
        if !(1..=9).contains(&length) {
            return None;
        }
        let nanosecond = self.number(length)? * 10_i32.pow(9 - u32::try_from(length).ok()?);
        Some(nanosecond / 1000)
    }

    /// Reads the zone at the end: `Some(None)` without one.
    fn offset_s(&mut self) -> Option<Option<i32>> {
        if self.0.is_empty() {
            return Some(None);
        }
        let sign = match self.mark(b"Zz+-")? {
            b'+' => 1,
            b'-' => -1,
            _ => return Some(Some(0)),
        };
        let hours = self.number(2)?;
        let minutes = match (self.mark(b":"), self.0.is_empty()) {
            (None, true) => 0,
            _ => self.number(2)?,
        };
        (hours < 24 && minutes < 60).then_some(Some(sign * (hours * 3600 + minutes * 60)))
    }
}

impl<'de> Deserialize<'de> for When {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<'_, str>::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| de::Error::custom("Invalid datetime"))
    }
}

impl JsonSchema for When {
    fn schema_name() -> Cow<'static, str> {
        "When".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "string", "format": "date-time"})
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn instant(text: &str) -> When {
        When::Instant(text.parse().unwrap())
    }

    fn local(text: &str) -> When {
        When::Local(text.parse().unwrap())
    }

    #[test]
    fn every_published_form_is_accepted() {
        for (text, expected) in [
            ("2023-01-01T10:40:00Z", instant("2023-01-01T10:40:00Z")),
            ("2023-01-01T10:40:00.000Z", instant("2023-01-01T10:40:00Z")),
            ("2023-01-01t10:40z", instant("2023-01-01T10:40:00Z")),
            ("2023-01-01T10:40:00+02:00", instant("2023-01-01T08:40:00Z")),
            ("2023-01-01 10:40:00-0530", instant("2023-01-01T16:10:00Z")),
            ("2023-01-01T10:40:00-00", instant("2023-01-01T10:40:00Z")),
            ("2023-01-01 10:40:00.000", local("2023-01-01T10:40:00")),
            ("2023-01-01T10:40", local("2023-01-01T10:40:00")),
            ("2023-01-01T10:40:05,25", local("2023-01-01T10:40:05.25")),
            ("2023-01-01T10:40:00.123456789Z", instant("2023-01-01T10:40:00.123456Z")),
            ("2016-12-31T23:59:60Z", instant("2016-12-31T23:59:59Z")),
        ] {
            assert_eq!(When::parse(text), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_names_no_time_is_refused() {
        for text in [
            "",
            "2023-01-01",
            "2023-01-01T",
            "2023-01-01T10",
            "2023-02-30T10:00:00Z",
            "2023-13-01T10:00:00Z",
            "2023-01-01T24:00:00Z",
            "2023-01-01T10:40:00.",
            "2023-01-01T10:40:00.1234567890",
            "2023-01-01T10:40:00+1",
            "2023-01-01T10:40:00+25:00",
            "2023-01-01T10:40:00 Z",
            "2023-01-01T10:40:00Zx",
            "20230101T104000Z",
            "2023-1-1T10:40:00Z",
            " 2023-01-01T10:40:00Z",
            "tomorrow",
            "9999-12-31T23:59:59-23:59",
            "２023-01-01T10:40",
        ] {
            assert_eq!(When::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_time_without_a_zone_is_utc_unless_the_site_decides() {
        let expected: Timestamp = "2023-01-01T10:40:00Z".parse().unwrap();
        assert_eq!(When::parse("2023-01-01 10:40:00.000").unwrap().in_utc(), expected);
        assert_eq!(When::parse("2023-01-01T11:40:00+01:00").unwrap().in_utc(), expected);
    }

    proptest! {
        #[test]
        fn no_text_makes_the_parser_panic(text in "[0-9TtZz:., +-]{0,40}|\\PC{0,40}") {
            let _ = When::parse(&text).map(When::in_utc);
        }

        #[test]
        fn an_instant_survives_being_written_and_read(microsecond in 0_i64..250_000_000_000_000_000) {
            let instant = Timestamp::from_microsecond(microsecond).unwrap();
            prop_assert_eq!(When::parse(&instant.to_string()), Some(When::Instant(instant)));
        }
    }
}
