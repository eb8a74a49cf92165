//! The known name that is spelt most like an unknown one.

/// Reads serde's complaint about an unknown key or word, which lists the known ones, each between backticks:
/// the unknown name and the nearest known one. `None` for any other complaint.
pub(super) fn known_name(complaint: &str) -> Option<(String, String)> {
    let listed = complaint.strip_prefix("unknown field ").or_else(|| complaint.strip_prefix("unknown variant "))?;
    let mut names = listed.split('`').skip(1).step_by(2);
    let unknown = names.next()?;
    // Who leaves the unit off a name means that name.
    let effort = |known: &&str| if known.starts_with(unknown) { 0 } else { distance(unknown, known) };
    let nearest = names.min_by_key(effort)?;
    Some((unknown.to_owned(), nearest.to_owned()))
}

/// How many letters must be put in, left out or changed to make one word of the other; case does not count.
fn distance(one: &str, other: &str) -> usize {
    let letters = |word: &str| word.to_lowercase().chars().collect::<Vec<_>>();
    let (one, other) = (letters(one), letters(other));
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (above, letter) in one.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = above + 1;
        for at in 0..other.len() {
            let changed = diagonal + usize::from(*letter != other[at]);
            diagonal = row[at + 1];
            row[at + 1] = changed.min(row[at] + 1).min(diagonal + 1);
        }
    }
    row[other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_distance_counts_letters_put_in_left_out_and_changed() {
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("endPointID", "endpointid"), 0);
    }

    #[test]
    fn the_nearest_name_comes_from_the_complaint() {
        let complaint = "unknown field `takover`, expected one of `media`, `takeover`, `delivery`";
        assert_eq!(known_name(complaint), Some(("takover".into(), "takeover".into())));
        let complaint = "unknown field `max_skew`, expected one of `max_skip`, `max_skew_seconds`";
        assert_eq!(known_name(complaint), Some(("max_skew".into(), "max_skew_seconds".into())));
        assert_eq!(known_name("invalid type: string"), None);
        assert_eq!(known_name("unknown field `x`, there are no fields"), None);
    }
}
