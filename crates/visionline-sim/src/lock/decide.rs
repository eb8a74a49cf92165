//! The decision of a lock, in the order of `spec/visionline.md` 4.5.
//!
//! Wall times are compared as the lock's civil clock shows them: in the hour that repeats in autumn a key may be
//! refused or accepted twice, as on a real lock that knows no zones.

use jiff::civil::DateTime;

use super::image::{Function, Image, Medium};
use super::verdict::{Detail, Verdict};
use super::{Bolt, Lock, Privacy};
use crate::property::{Category, Takeover};

impl Lock {
    /// Shows an image to the lock while the property's wall clock says `local_now`; the lock adds its own drift.
    /// Changes the lock's memory as the rules say and nothing else.
    pub fn present(&mut self, image: &Image, local_now: DateTime) -> Verdict {
        let lock_clock = self.clock(local_now);
        let detail = self.decide(image, lock_clock);
        let verdict = Verdict { detail, card_id: Some(image.card_id), lock_clock };
        self.record(&verdict);
        verdict
    }

    fn decide(&mut self, image: &Image, time: DateTime) -> Detail {
        // 1
        if image.system_id != self.system_id {
            return Detail::WrongFacility;
        }
        // 2
        match &image.function {
            Function::Cancel(cards) => {
                self.cancelled.retain(|_, end| *end > time);
                self.cancelled.extend(cards.iter().copied());
                return Detail::CancelListTaken;
            }
            Function::StandOpen => {
                self.stands_open = !self.stands_open;
                return Detail::StandOpenSet;
            }
            Function::Guest | Function::Suite | Function::FutureArrival | Function::OneTime | Function::Staff => {}
        }
        // 3
        let Some(welcome) = self.welcome(image) else {
            return Detail::NoAccess;
        };
        // 4
        if self.cancelled.contains_key(&image.card_id) {
            return Detail::Cancelled;
        }
        if self.blocked_groups.contains(&image.user_group) {
            return Detail::GroupBlocked;
        }
        // 5
        if time < image.start {
            return Detail::NotValidYet;
        }
        if time >= image.expire {
            return Detail::Expired;
        }
        // 6: staff keys have no stamp and are never overridden.
        let stamp = match self.category {
            Category::Guest if image.function != Function::Staff => image.stamp_at(self.number),
            _ => None,
        };
        if stamp.is_some_and(|stamp| stamp < self.last_stamp) {
            return match image.medium {
                Medium::Plastic => Detail::OverriddenCard,
                Medium::Phone => Detail::OverriddenPhone,
            };
        }
        // 7
        if image.function == Function::OneTime && self.used_one_time.contains(&image.card_id) {
            return Detail::Expired;
        }
        if image.schedule.is_some_and(|hours| !hours.contains(time.time())) {
            return Detail::OutsideSchedule;
        }
        if self.opening_hours.is_some_and(|hours| !hours.contains(time.time())) {
            return Detail::OutsideOpeningHours;
        }
        let takes_over = stamp.filter(|stamp| *stamp > self.last_stamp);
        // 8
        if let Some(refusal) = self.barred(image) {
            if self.takeover == Takeover::AnyUse {
                self.last_stamp = takes_over.unwrap_or(self.last_stamp);
            }
            return refusal;
        }
        // 9, 10
        self.last_stamp = takes_over.unwrap_or(self.last_stamp);
        match image.function {
            Function::OneTime => {
                self.used_one_time.insert(image.card_id);
                Detail::OneTime
            }
            Function::FutureArrival if takes_over.is_some() => Detail::FutureArrival,
            _ => welcome,
        }
    }

    /// Step 3: how the lock would greet the image if nothing else stands against it; `None` without access.
    fn welcome(&self, image: &Image) -> Option<Detail> {
        if image.function == Function::Staff {
            return self.staff_groups.contains(&image.user_group).then_some(Detail::Staff);
        }
        let by_name = image.common_doors.contains(&self.number);
        let in_interval =
            self.rooms.is_some_and(|rooms| image.guest_doors.iter().any(|door| rooms.contains(door.number)));
        match self.category {
            Category::Guest if image.stamp_at(self.number).is_some() => Some(match image.function {
                Function::Suite if self.suite => Detail::GuestSuite,
                _ => Detail::Guest,
            }),
            // The outer door of a suite lets in whoever has one of its rooms; without a stamp of its own such a key
            // neither overrides anybody here nor is overridden (`spec/visionline.md` 4.6).
            Category::Guest => in_interval.then_some(Detail::GuestSuite),
            Category::Entrance | Category::ElevatorReader => (by_name || in_interval).then_some(Detail::GuestEntrance),
            Category::Common | Category::CommonPms => by_name.then_some(Detail::GuestCommon),
        }
    }

    /// Step 8: what keeps even a valid key out.
    fn barred(&self, image: &Image) -> Option<Detail> {
        if !image.deadbolt_override {
            match self.condition.deadbolt {
                Bolt::Open => {}
                Bolt::Thrown => return Some(Detail::Deadbolt),
                Bolt::ThrownForGuests if image.function == Function::Staff => {}
                Bolt::ThrownForGuests => return Some(Detail::DeadboltForGuests),
                Bolt::Family => return Some(Detail::DeadboltFamily),
            }
            match self.condition.privacy {
                Privacy::Off => {}
                Privacy::On => return Some(Detail::Privacy),
                Privacy::Silent => return Some(Detail::PrivacySilent),
                Privacy::DoNotDisturb => return Some(Detail::DoNotDisturb),
            }
        }
        (self.condition.battery_critical && self.refuses_on_critical_battery).then_some(Detail::Battery)
    }
}
