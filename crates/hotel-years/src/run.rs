//! Running stories, and making those that fail short.

use jiff::SignedDuration;

use crate::{
    act::Play,
    promises::Broken,
    story::{self, Step, Weather},
};

/// A story that went well.
#[derive(Debug, Clone, Copy)]
pub struct Passed {
    /// Hotel time that went by.
    pub elapsed: SignedDuration,
    /// Requests that were sent to the lock server.
    pub exchanges: u64,
}

/// A story that did not.
#[derive(Debug, Clone)]
pub struct Failed {
    /// Its seed.
    pub seed: u64,
    /// The steps that were played.
    pub steps: Vec<Step>,
    /// What happened, in words.
    pub told: Vec<String>,
    /// The promise, expected and seen.
    pub broken: Broken,
}

impl std::fmt::Display for Failed {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(formatter, "seed {}", self.seed)?;
        for line in &self.told {
            writeln!(formatter, "  {line}")?;
        }
        write!(formatter, "  broken {}", self.broken)
    }
}

/// Plays the story of a seed.
///
/// # Errors
/// The story, when a promise is broken.
pub fn run(seed: u64, weather: Weather) -> Result<Passed, Box<Failed>> {
    play(seed, weather, &story::tell(seed, weather))
}

/// Plays these steps in the hotel of this seed.
///
/// # Errors
/// The story, when a promise is broken.
pub fn play(seed: u64, weather: Weather, steps: &[Step]) -> Result<Passed, Box<Failed>> {
    let failed = |told: Vec<String>, broken: Broken| Box::new(Failed { seed, steps: steps.to_vec(), told, broken });
    let mut play = Play::new(seed, weather).map_err(|broken| failed(Vec::new(), broken))?;
    for step in steps {
        if let Err(broken) = play.step(*step) {
            return Err(failed(play.told, broken));
        }
    }
    match play.end() {
        Ok(()) => Ok(Passed { elapsed: play.elapsed(), exchanges: play.world.exchanges }),
        Err(broken) => Err(failed(play.told, broken)),
    }
}

/// Leaves out steps as long as the same promise stays broken.
pub fn shrink(failed: Box<Failed>, weather: Weather) -> Box<Failed> {
    let mut best = failed;
    let mut width = best.steps.len().div_ceil(2).max(1);
    loop {
        let mut at = 0;
        let mut shorter = false;
        while at < best.steps.len() {
            let mut steps = best.steps.clone();
            steps.drain(at..(at + width).min(steps.len()));
            match play(best.seed, weather, &steps) {
                Err(found) if found.broken.promise == best.broken.promise => {
                    best = found;
                    shorter = true;
                }
                _ => at += width,
            }
        }
        if width == 1 && !shorter {
            return best;
        }
        width = (width / 2).max(1);
    }
}
