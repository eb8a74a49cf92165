//! The text a phone shows for a key (`spec/api.md 4.3`).

/// The longest label, in characters, after substitution.
pub const LABEL_CHARACTERS: usize = 32;

/// What the placeholders stand for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LabelFacts {
    /// Names of the guest rooms, the main room first.
    pub rooms: Vec<String>,
    /// The same rooms' places in the site's room order, in the same sequence.
    pub room_orders: Vec<i32>,
    /// The property's name.
    pub site_name: String,
    /// The credential's id.
    pub credential_id: String,
    /// The site's BLE UUID.
    pub mobile_access_uuid: String,
    /// The user's id at the caller.
    pub user_id: String,
}

/// Fills in the placeholders and cuts the result to [`LABEL_CHARACTERS`] characters. Unknown `%WORDS%` stay as they
/// are.
pub fn fill(template: &str, facts: &LabelFacts) -> String {
    let mut text = String::with_capacity(template.len());
    let mut rest = template;
    while let Some(start) = rest.find('%') {
        text.push_str(&rest[..start]);
        let after = &rest[start + 1..];
        match after.find('%').and_then(|end| placeholder(&after[..end], facts).map(|value| (value, end))) {
            Some((value, end)) => {
                text.push_str(&value);
                rest = &after[end + 1..];
            }
            None => {
                text.push('%');
                rest = after;
            }
        }
    }
    text.push_str(rest);
    text.chars().take(LABEL_CHARACTERS).collect()
}

fn placeholder(name: &str, facts: &LabelFacts) -> Option<String> {
    Some(match name {
        "ROOMNUM" => facts.rooms.first().cloned().unwrap_or_default(),
        "ROOMLIST" => facts.rooms.join(","),
        "ROOMRANGE" => room_range(facts),
        "SITENAME" => facts.site_name.clone(),
        "CARDNUM" => facts.credential_id.clone(),
        "UUID" => facts.mobile_access_uuid.clone(),
        "USERID" => facts.user_id.clone(),
        _ => return None,
    })
}

/// Ranges first, in room order, then the rooms outside any range.
fn room_range(facts: &LabelFacts) -> String {
    let mut rooms: Vec<(i32, &str)> =
        facts.room_orders.iter().copied().zip(facts.rooms.iter().map(String::as_str)).collect();
    rooms.sort_unstable();
    let mut ranges = Vec::new();
    let mut singles = Vec::new();
    for run in rooms.chunk_by(|first, second| second.0 == first.0 + 1) {
        match run {
            [single] => singles.push(single.1.to_owned()),
            [first, .., last] => ranges.push(format!("{}-{}", first.1, last.1)),
            [] => {}
        }
    }
    ranges.extend(singles);
    ranges.join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts() -> LabelFacts {
        LabelFacts {
            rooms: ["102", "101", "103", "205"].map(String::from).to_vec(),
            room_orders: vec![2, 1, 3, 30],
            site_name: "Hôtel Méridien à Strømstad".to_owned(),
            credential_id: "15".to_owned(),
            mobile_access_uuid: "1".to_owned(),
            user_id: "u-7".to_owned(),
        }
    }

    #[test]
    fn every_placeholder_is_filled_in() {
        assert_eq!(fill("%ROOMNUM%", &facts()), "102");
        assert_eq!(fill("%ROOMLIST%", &facts()), "102,101,103,205");
        assert_eq!(fill("%ROOMRANGE%:%UUID%:%CARDNUM%", &facts()), "101-103,205:1:15");
        assert_eq!(fill("%USERID%", &facts()), "u-7");
    }

    #[test]
    fn the_text_is_cut_to_32_characters_not_bytes_after_substitution() {
        let label = fill("%ROOMNUM% - %SITENAME%, welcome", &facts());
        assert_eq!(label, "102 - Hôtel Méridien à Strømstad");
        assert_eq!(label.chars().count(), 32);
    }

    #[test]
    fn unknown_placeholders_and_lone_percent_signs_stay() {
        assert_eq!(fill("100% of %NOTHING% %ROOMNUM%", &facts()), "100% of %NOTHING% 102");
    }

    #[test]
    fn without_a_guest_room_the_room_is_empty() {
        assert_eq!(fill("[%ROOMNUM%|%ROOMRANGE%]", &LabelFacts::default()), "[|]");
    }
}
