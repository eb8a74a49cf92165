//! Points in time as people write them.

use jiff::civil::{DateTime, Weekday};

/// How a language writes a point in time.
#[derive(Debug)]
pub struct Calendar {
    /// From Monday on.
    pub weekdays: [&'static str; 7],
    /// From January on.
    pub months: [&'static str; 12],
    /// With `{weekday}`, `{day}`, `{month}`, `{year}` and `{time}`.
    pub pattern: &'static str,
}

/// A point in time in the words of a language.
pub fn written(calendar: &Calendar, time: DateTime) -> String {
    let month = usize::try_from(time.month()).ok().and_then(|month| calendar.months.get(month.wrapping_sub(1)));
    calendar
        .pattern
        .replace("{weekday}", calendar.weekdays[weekday(time.weekday())])
        .replace("{day}", &time.day().to_string())
        .replace("{month}", month.copied().unwrap_or_default())
        .replace("{year}", &time.year().to_string())
        .replace("{time}", &format!("{:02}:{:02}", time.hour(), time.minute()))
}

fn weekday(weekday: Weekday) -> usize {
    match weekday {
        Weekday::Monday => 0,
        Weekday::Tuesday => 1,
        Weekday::Wednesday => 2,
        Weekday::Thursday => 3,
        Weekday::Friday => 4,
        Weekday::Saturday => 5,
        Weekday::Sunday => 6,
    }
}

#[cfg(test)]
mod tests {
    use super::super::Words;

    #[test]
    fn a_point_in_time_is_written_as_people_write_it_in_the_hotels_zone() {
        let instant: jiff::Timestamp = "2026-02-28T23:05:00Z".parse().unwrap();
        let zone = jiff::tz::TimeZone::get("Europe/Stockholm").unwrap();
        let time = zone.to_datetime(instant);
        for (language, expected) in [
            ("en", "Sunday 1 March 2026, 00:05"),
            ("de", "Sonntag, 1. März 2026, 00:05 Uhr"),
            ("fr", "dimanche 1 mars 2026 à 00:05"),
            ("es", "domingo, 1 de marzo de 2026, 00:05"),
            ("sv", "söndag 1 mars 2026 kl. 00:05"),
        ] {
            assert_eq!(super::written(&Words::wanted(language).calendar, time), expected);
        }
    }
}
