//! What a lock tells a phone over BLE: the status payload of `spec/visionline.md` 4.2.

use super::{Lock, Verdict};

/// Length of a payload: 17 bytes with a meaning and three reserved ones, which are zero.
pub const PAYLOAD_BYTES: usize = 20;

const FORMAT_STANDARD: u8 = 1;
const SYSTEM_VISIONLINE: u8 = 1;
/// Version 1.12.0 (5) of a lock controller, printed as hex pairs.
const CONTROLLER_FIRMWARE: [u8; 4] = [0x01, 0x12, 0x00, 0x05];
/// Version 2.1 of a BLE module.
const BLE_FIRMWARE: [u8; 2] = [0x02, 0x01];

impl Lock {
    /// The payload that goes with a verdict of this lock. `None` where the vendor has no code: no key was shown, or
    /// one that only carries a list.
    #[must_use]
    pub fn payload(&self, verdict: &Verdict) -> Option<[u8; PAYLOAD_BYTES]> {
        let detail = verdict.detail.code()?;
        let mut payload = [0; PAYLOAD_BYTES];
        payload[0] = FORMAT_STANDARD;
        payload[1] = u8::from(verdict.opened());
        payload[2] = verdict.detail.reason_byte()?;
        payload[3..7].copy_from_slice(&self.number.to_be_bytes());
        payload[7] = match (self.condition.battery_critical, self.condition.battery_low) {
            (true, _) => 2,
            (false, true) => 1,
            (false, false) => 0,
        };
        payload[8] = SYSTEM_VISIONLINE;
        payload[9..11].copy_from_slice(&detail.to_be_bytes());
        payload[11..15].copy_from_slice(&CONTROLLER_FIRMWARE);
        payload[15..17].copy_from_slice(&BLE_FIRMWARE);
        Some(payload)
    }
}
