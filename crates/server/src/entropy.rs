//! The machine's random source: the one place that asks it.

/// Fresh bytes that nobody can guess.
///
/// # Panics
/// When the operating system has no random source; nothing safe could be done without one.
pub fn bytes<const LENGTH: usize>() -> [u8; LENGTH] {
    let mut bytes = [0; LENGTH];
    #[expect(clippy::disallowed_methods, reason = "the shell's only question to the machine's random source")]
    getrandom::fill(&mut bytes).expect("the operating system provides randomness");
    bytes
}

/// A seed for what must not repeat but need not be secret.
pub fn seed() -> u64 {
    u64::from_le_bytes(bytes())
}
