//! What an rfid48 card can hold (`spec/visionline.md` 6).

use super::super::refusal::Refusal;

const LONGEST_RUN: usize = 33;
const MOST_SINGLES: usize = 7;
const MOST_COMMON_DOORS: usize = 28;

/// Refuses doors that do not fit: one run of consecutive guest doors, some singles, some common doors.
pub(super) fn check(guest_doors: &[u32], common_doors: &[u32]) -> Result<(), Refusal> {
    if common_doors.len() > MOST_COMMON_DOORS {
        let count = common_doors.len();
        return Err(Refusal::CardFormat(format!("rfid48 holds {MOST_COMMON_DOORS} common doors, not {count}")));
    }
    let mut sorted = guest_doors.to_vec();
    sorted.sort_unstable();
    let runs = sorted.chunk_by(|one, next| one.checked_add(1) == Some(*next));
    let run = runs.map(<[u32]>::len).max().unwrap_or(0).min(LONGEST_RUN);
    let singles = guest_doors.len() - run;
    if singles > MOST_SINGLES {
        return Err(Refusal::CardFormat(format!(
            "rfid48 holds a run of {LONGEST_RUN} guest doors and {MOST_SINGLES} more, not {run} and {singles}"
        )));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_of_33_and_7_more_fit_and_one_door_more_does_not() {
        let mut doors: Vec<u32> = (101..134).chain((200..214).step_by(2)).collect();
        assert_eq!(doors.len(), 40);
        assert!(check(&doors, &[]).is_ok());
        doors.push(300);
        assert!(matches!(check(&doors, &[]), Err(Refusal::CardFormat(_))));
    }

    #[test]
    fn a_longer_run_uses_up_the_additional_doors() {
        assert!(check(&(1..=40).collect::<Vec<_>>(), &[]).is_ok());
        assert!(check(&(1..=41).collect::<Vec<_>>(), &[]).is_err());
    }

    #[test]
    fn twenty_eight_common_doors_fit() {
        assert!(check(&[], &(1..=28).collect::<Vec<_>>()).is_ok());
        assert!(check(&[], &(1..=29).collect::<Vec<_>>()).is_err());
    }
}
