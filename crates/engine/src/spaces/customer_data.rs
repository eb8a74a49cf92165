//! What a customer says of a space: address, usual times and zone (`spec/api.md 2.14`).

use jiff::{civil::Time, tz::TimeZone};
use serde_json::{Map, Value, json};

use crate::Error;

/// What is to be changed; outer none stays, inner none clears.
#[derive(Debug, Clone, Default)]
pub struct CustomerData {
    /// Postal address.
    pub address: Option<Option<String>>,
    /// When guests usually arrive, `HH:mm` or `HH:mm:ss`.
    pub default_checkin_time: Option<Option<String>>,
    /// When guests usually leave, `HH:mm` or `HH:mm:ss`.
    pub default_checkout_time: Option<Option<String>>,
    /// IANA name of the time zone.
    pub time_zone: Option<Option<String>>,
}

impl CustomerData {
    /// What is known after the change of what was known before.
    pub(super) fn applied_to(&self, present: &Value) -> Result<Value, Error> {
        let mut known = present.as_object().cloned().unwrap_or_default();
        set(&mut known, "address", self.address.as_ref());
        set(&mut known, "default_checkin_time", self.default_checkin_time.as_ref());
        set(&mut known, "default_checkout_time", self.default_checkout_time.as_ref());
        set(&mut known, "time_zone", self.time_zone.as_ref());
        let times = [
            ("customer_data.default_checkin_time", &self.default_checkin_time),
            ("customer_data.default_checkout_time", &self.default_checkout_time),
        ];
        for (field, given) in times {
            if given.as_ref().and_then(Option::as_deref).is_some_and(|text| !is_time(text)) {
                return Err(Error::invalid(field, "give a time of day such as 15:00 or 15:00:00"));
            }
        }
        if let Some(Some(zone)) = &self.time_zone
            && TimeZone::get(zone).is_err()
        {
            let message = "the time zone is not known here; give an IANA name such as Europe/Stockholm";
            return Err(Error::invalid("customer_data.time_zone", message));
        }
        Ok(Value::Object(known))
    }
}

fn set(known: &mut Map<String, Value>, name: &str, change: Option<&Option<String>>) {
    match change {
        None => {}
        Some(None) => {
            known.remove(name);
        }
        Some(Some(text)) => {
            known.insert(name.to_owned(), json!(text));
        }
    }
}

fn is_time(text: &str) -> bool {
    let colons_stand = text.bytes().enumerate().all(|(index, byte)| (byte == b':') == matches!(index, 2 | 5));
    matches!(text.len(), 5 | 8) && colons_stand && text.parse::<Time>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_day_have_two_or_three_parts() {
        for text in ["00:00", "15:00", "23:59:59"] {
            assert!(is_time(text), "{text}");
        }
        for text in ["", "15", "1500", "24:00", "15:60", "9:00", "15:00:", "15:00Z", "15.00", "15:00:61x", "tt:mm"] {
            assert!(!is_time(text), "{text}");
        }
    }

    #[test]
    fn null_clears_and_what_is_absent_stays() {
        let present = json!({"address": "Street 1", "time_zone": "Europe/Stockholm"});
        let change = CustomerData {
            address: Some(None),
            default_checkin_time: Some(Some("15:00".into())),
            ..CustomerData::default()
        };
        let expected = json!({"time_zone": "Europe/Stockholm", "default_checkin_time": "15:00"});
        assert_eq!(change.applied_to(&present).unwrap(), expected);
    }
}
