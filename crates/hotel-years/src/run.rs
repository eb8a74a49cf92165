//! Running stories, and making those that fail short.

use std::{
    num::NonZero,
    ops::Range,
    sync::{
        Mutex,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread,
};

use jiff::SignedDuration;

use crate::{
    act::Play,
    program::Kind,
    promises::Broken,
    story::{self, Desk, Step, Weather},
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
pub fn run(seed: u64, desk: Desk, kind: Kind, weather: Weather) -> Result<Passed, Box<Failed>> {
    play(seed, desk, kind, weather, &story::tell(seed, desk, weather))
}

/// Plays these steps in the hotel of this seed.
///
/// # Errors
/// The story, when a promise is broken.
pub fn play(seed: u64, desk: Desk, kind: Kind, weather: Weather, steps: &[Step]) -> Result<Passed, Box<Failed>> {
    let failed = |told: Vec<String>, broken: Broken| Box::new(Failed { seed, steps: steps.to_vec(), told, broken });
    let mut play = Play::new(seed, desk, kind, weather).map_err(|broken| failed(Vec::new(), broken))?;
    for step in steps {
        if let Err(broken) = play.step(*step) {
            return Err(failed(play.told_with_cards(), broken));
        }
    }
    match play.end() {
        Ok(()) => Ok(Passed { elapsed: play.elapsed(), exchanges: play.world.exchanges }),
        Err(broken) => Err(failed(play.told_with_cards(), broken)),
    }
}

/// Leaves out steps as long as the same promise stays broken.
pub fn shrink(failed: Box<Failed>, desk: Desk, kind: Kind, weather: Weather) -> Box<Failed> {
    let mut best = failed;
    let mut width = best.steps.len().div_ceil(2).max(1);
    loop {
        let mut at = 0;
        let mut shorter = false;
        while at < best.steps.len() {
            let mut steps = best.steps.clone();
            steps.drain(at..(at + width).min(steps.len()));
            match play(best.seed, desk, kind, weather, &steps) {
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

/// Plays the stories of many seeds, one at a time on each core. `told` hears of each in the order in which they end,
/// and answers whether to go on.
pub fn each(
    seeds: Range<u64>,
    desk: Desk,
    kind: Kind,
    weather: Weather,
    told: impl FnMut(Result<Passed, Box<Failed>>) -> bool + Send,
) {
    let next = AtomicU64::new(seeds.start);
    let is_over = AtomicBool::new(false);
    let told = Mutex::new(told);
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    thread::scope(|scope| {
        for _ in 0..cores {
            scope.spawn(|| {
                while !is_over.load(Ordering::Relaxed) {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= seeds.end {
                        break;
                    }
                    let ended = run(seed, desk, kind, weather);
                    let Ok(mut told) = told.lock() else { break };
                    if !is_over.load(Ordering::Relaxed) && !told(ended) {
                        is_over.store(true, Ordering::Relaxed);
                    }
                }
            });
        }
    });
}
