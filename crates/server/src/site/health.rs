//! What the answers of a lock server say about the lock server, and what follows for the work at the site.

use std::time::Duration;

use engine::sites::Condition;
use visionline::{Error, ErrorKind, Setback};

use super::chain;

/// Troubles in a row that make a condition: one alone is shown with the key it befell, and is often gone at once.
const TROUBLES_TO_SHOW: u32 = 2;
/// First pause after nobody answered; doubles with each time.
const FIRST_HOLD: Duration = Duration::from_millis(250);
/// Longest such pause.
const LONGEST_HOLD: Duration = Duration::from_secs(30);

/// What one operation says about the lock server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Health {
    /// It answered as a lock server does; whether it also changed something for us.
    Working { wrote: bool },
    /// No connection was made, or no answer came.
    Unreachable(String),
    /// The operator is not let in.
    LoginRefused(String),
    /// The operator may not do this.
    NotPermitted(String),
    /// It answered with an error of its own, or with something that no lock server says.
    Failing(String),
}

impl Health {
    /// What a failure says.
    pub fn of(error: &Error) -> Self {
        let told = chain(error);
        match &error.kind {
            ErrorKind::Unreachable(_) | ErrorKind::Transient(Setback::AnswerLost(_)) => Self::Unreachable(told),
            ErrorKind::CredentialsWrong(refusal) if refusal.class() == 403 => Self::NotPermitted(told),
            ErrorKind::CredentialsWrong(_) => Self::LoginRefused(told),
            ErrorKind::Refused(refusal) if refusal.class() == 403 => Self::NotPermitted(told),
            ErrorKind::Refused(_) | ErrorKind::Unsendable(_) => Self::Working { wrote: false },
            ErrorKind::Transient(Setback::DiscardNotConfirmed) => Self::Working { wrote: false },
            ErrorKind::Transient(_) => Self::Failing(told),
        }
    }
}

/// The health so far. Forgotten with the process; what the API shows is stored.
#[derive(Debug, Default)]
pub struct Record {
    troubles: u32,
    noted: Option<Condition>,
    is_paused: bool,
    /// Something was not permitted to be changed, so answers to questions prove nothing.
    awaits_write: bool,
    held_until: Duration,
}

impl Record {
    /// Nothing is sent until the program is started with another configuration.
    pub fn is_paused(&self) -> bool {
        self.is_paused
    }

    /// Whether the site is known to be in trouble.
    pub fn is_troubled(&self) -> bool {
        self.noted.as_ref().is_some_and(|noted| *noted != Condition::Working)
    }

    /// How long nothing is to be sent, as of `now` on the monotonic clock.
    pub fn hold(&self, now: Duration) -> Option<Duration> {
        self.held_until.checked_sub(now).filter(|left| !left.is_zero())
    }

    /// Takes in the health of an operation that ended at `now`; answers a condition to note, where it is news.
    /// `spread` is a random number that keeps many sites from coming back at once.
    pub fn learn(&mut self, health: &Health, now: Duration, spread: u64) -> Option<Condition> {
        let condition = match health {
            Health::Working { wrote } => {
                (self.troubles, self.held_until) = (0, Duration::ZERO);
                if self.awaits_write && !wrote {
                    return None;
                }
                self.awaits_write = false;
                Condition::Working
            }
            Health::LoginRefused(why) => {
                self.is_paused = true;
                Condition::LoginRefused(why.clone())
            }
            Health::NotPermitted(why) => {
                self.awaits_write = true;
                Condition::NotPermitted(why.clone())
            }
            Health::Unreachable(why) => {
                self.troubles = self.troubles.saturating_add(1);
                self.held_until = now + pause(self.troubles, spread);
                Condition::Unreachable(why.clone())
            }
            Health::Failing(why) => {
                self.troubles = self.troubles.saturating_add(1);
                Condition::Failing(why.clone())
            }
        };
        let is_passing = matches!(condition, Condition::Unreachable(_) | Condition::Failing(_));
        if is_passing && self.troubles < TROUBLES_TO_SHOW {
            return None;
        }
        let is_news =
            self.noted.as_ref().is_none_or(|noted| std::mem::discriminant(noted) != std::mem::discriminant(&condition));
        if !is_news {
            return None;
        }
        self.noted = Some(condition.clone());
        Some(condition)
    }
}

/// Doubles with each trouble; between half of it and the whole.
fn pause(troubles: u32, spread: u64) -> Duration {
    let whole = FIRST_HOLD.saturating_mul(2_u32.saturating_pow(troubles.saturating_sub(1).min(16))).min(LONGEST_HOLD);
    let permille = 500 + u32::try_from(spread % 501).unwrap_or(0);
    whole / 1_000 * permille
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unreachable() -> Health {
        Health::Unreachable("nobody there".to_owned())
    }

    const READ: Health = Health::Working { wrote: false };
    const WROTE: Health = Health::Working { wrote: true };

    #[test]
    fn one_trouble_is_no_condition_and_two_are() {
        let mut record = Record::default();
        assert_eq!(record.learn(&unreachable(), Duration::ZERO, 0), None);
        assert_eq!(
            record.learn(&unreachable(), Duration::ZERO, 0),
            Some(Condition::Unreachable("nobody there".to_owned()))
        );
        assert_eq!(record.learn(&unreachable(), Duration::ZERO, 0), None, "no news");
        assert!(record.is_troubled());
        assert_eq!(record.learn(&READ, Duration::ZERO, 0), Some(Condition::Working));
        assert!(!record.is_troubled());
        assert_eq!(record.learn(&unreachable(), Duration::ZERO, 0), None, "counted anew");
    }

    #[test]
    fn nothing_is_sent_for_a_while_that_doubles_when_nobody_answers() {
        let mut record = Record::default();
        let start = Duration::from_secs(100);
        let mut holds = Vec::new();
        for _ in 0..9 {
            record.learn(&unreachable(), start, 500);
            holds.push(record.hold(start).unwrap().as_millis());
        }
        assert_eq!(holds, [250, 500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
        assert_eq!(record.hold(start + Duration::from_secs(30)), None);
        record.learn(&unreachable(), start, 0);
        assert_eq!(record.hold(start), Some(Duration::from_secs(15)), "spread over the upper half");
        record.learn(&READ, start, 0);
        assert_eq!(record.hold(start), None);
    }

    #[test]
    fn a_refused_login_pauses_the_site() {
        let mut record = Record::default();
        let refused = Health::LoginRefused("wrong".to_owned());
        assert_eq!(record.learn(&refused, Duration::ZERO, 0), Some(Condition::LoginRefused("wrong".to_owned())));
        assert!(record.is_paused());
    }

    #[test]
    fn a_missing_right_to_change_is_not_mended_by_an_answer_to_a_question() {
        let mut record = Record::default();
        let refused = Health::NotPermitted("no".to_owned());
        assert_eq!(record.learn(&refused, Duration::ZERO, 0), Some(Condition::NotPermitted("no".to_owned())));
        assert_eq!(record.learn(&READ, Duration::ZERO, 0), None);
        assert!(record.is_troubled());
        assert_eq!(record.learn(&WROTE, Duration::ZERO, 0), Some(Condition::Working));
    }
}
