//! `hotel-years`: plays stories from seeds and says what they were worth.
#![expect(clippy::print_stdout, reason = "a command speaks on standard output")]

use std::{process::ExitCode, time::Instant};

use clap::Parser;
use hotel_years::{
    program::Kind,
    run,
    story::{Desk, Weather},
};

/// Plays hotel stories and checks the promises of design 2 against simulated locks.
#[derive(Parser)]
#[command(name = "hotel-years")]
struct Command {
    /// One seed.
    #[arg(long, conflicts_with = "seeds")]
    seed: Option<u64>,
    /// Seeds from A up to but not including B.
    #[arg(long, value_name = "A..B", value_parser = range)]
    seeds: Option<(u64, u64)>,
    /// The lock server fails and the program dies now and then.
    #[arg(long, conflicts_with = "planner")]
    foul: bool,
    /// Play with the planner alone, over records in memory instead of engine and database.
    #[arg(long)]
    planner: bool,
    /// The desk books by access grants of reservations, which the planner alone knows nothing of.
    #[arg(long, conflicts_with = "planner")]
    grants: bool,
    /// Show failing stories whole instead of looking for a shorter one.
    #[arg(long)]
    whole: bool,
    /// Begin no story after this many seconds.
    #[arg(long)]
    seconds: Option<u64>,
    /// Stop after this many broken promises.
    #[arg(long, default_value_t = 5)]
    most: usize,
}

fn range(text: &str) -> Result<(u64, u64), String> {
    let (from, to) = text.split_once("..").ok_or("write A..B")?;
    let number = |text: &str| text.parse().map_err(|_| format!("{text} is not a number"));
    Ok((number(from)?, number(to)?))
}

fn main() -> ExitCode {
    let command = Command::parse();
    let kind = if command.planner { Kind::PlannerAlone } else { Kind::Whole };
    let weather = if command.foul { Weather::Foul } else { Weather::Fair };
    let desk = if command.grants { Desk::Reservations } else { Desk::Credentials };
    let (from, to) = match (command.seed, command.seeds) {
        (Some(seed), _) => (seed, seed + 1),
        (None, Some(seeds)) => seeds,
        (None, None) => (0, 1_000),
    };
    #[expect(clippy::disallowed_methods, reason = "how fast it ran is not part of the stories")]
    let started = Instant::now();
    let (mut days, mut exchanges, mut stories, mut failures) = (0.0, 0, 0_u64, 0);
    run::each(from..to, desk, kind, weather, |ended| {
        stories += 1;
        match ended {
            Ok(passed) => {
                days += passed.elapsed.as_secs_f64() / 86_400.0;
                exchanges += passed.exchanges;
            }
            Err(failed) => {
                failures += 1;
                println!("after {stories} stories:");
                let shown = if command.whole { failed } else { run::shrink(failed, desk, kind, weather) };
                println!("{shown}\n");
            }
        }
        failures < command.most && command.seconds.is_none_or(|limit| started.elapsed().as_secs() < limit)
    });
    let seconds = started.elapsed().as_secs_f64();
    println!(
        "{stories} stories, {days:.0} hotel days, {exchanges} exchanges, {failures} broken promises, {seconds:.1} s, {:.0} \
         days per second",
        days / seconds.max(0.001)
    );
    if failures == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
