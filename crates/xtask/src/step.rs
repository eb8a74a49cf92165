//! One step of a command: a child process with a name and a wall time.

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Command, ExitStatus, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context, bail};

/// The cargo that runs us, in the workspace's folder.
pub fn cargo(root: &Path) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root);
    command
}

/// Runs a step with its output shown as it comes; an error names the step.
pub fn run(name: &str, mut command: Command) -> anyhow::Result<()> {
    println!("== {name}");
    let (status, elapsed) = timed(|| command.status());
    finish(name, status.with_context(|| starting(name))?, elapsed)
}

/// Like [`run`], and hands every line of the step's standard output to `line` as well.
pub fn run_watching(name: &str, mut command: Command, mut line: impl FnMut(&str)) -> anyhow::Result<()> {
    println!("== {name}");
    let (status, elapsed) = timed(|| {
        let mut child = command.stdout(Stdio::piped()).spawn()?;
        if let Some(output) = child.stdout.take() {
            for text in BufReader::new(output).split(b'\n') {
                let text = text?;
                let text = String::from_utf8_lossy(&text);
                println!("{text}");
                line(&text);
            }
        }
        child.wait()
    });
    finish(name, status.with_context(|| starting(name))?, elapsed)
}

fn finish(name: &str, status: ExitStatus, elapsed: Duration) -> anyhow::Result<()> {
    println!("== {name}: {:.1} s", elapsed.as_secs_f64());
    if !status.success() {
        bail!("{name} failed ({status})");
    }
    Ok(())
}

fn starting(name: &str) -> String {
    format!("cannot run the step \"{name}\"")
}

/// What `work` gave and how long it took.
#[expect(
    clippy::disallowed_methods,
    reason = "the wall time of a step is for the developer to read; nothing decides by it"
)]
pub fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    let result = work();
    (result, start.elapsed())
}
