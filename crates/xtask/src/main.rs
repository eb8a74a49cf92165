//! The project's own commands, run as `cargo xtask <command>`. They may use whatever tools a developer has; the
//! shipped crates never depend on this one.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command for people: it prints what it does")]

mod bench;
mod outcome;
mod postgres;
mod sdks;
mod step;
mod test;
mod tools;

use std::{path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "cargo xtask", about = "The project's own commands")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Check formatting and lints, then run every test
    Test {
        /// Fail where PostgreSQL, Python, Node.js, openssl or curl is missing, instead of leaving their tests out
        #[arg(long)]
        all: bool,
    },
    /// Run the benchmarks of the server
    Bench,
}

fn main() -> ExitCode {
    let result = match Arguments::parse().command {
        Command::Test { all } => test::run(&workspace_root(), all),
        Command::Bench => bench::run(&workspace_root()),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// The folder of the workspace's `Cargo.toml`.
fn workspace_root() -> PathBuf {
    let mut root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    root.pop();
    root.pop();
    root
}
