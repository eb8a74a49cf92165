//! The command `innkeep`.

use anyhow::Context;
use clap::{Parser, Subcommand};
use innkeep_server::{audit, check_config, demo, doctor, keys, seal, serve, sim};
use tracing_subscriber::EnvFilter;

/// Issues, shares, replaces and revokes hotel room keys on ASSA ABLOY Visionline, compatible with the Seam API.
#[derive(Parser)]
#[command(name = "innkeep", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Demo(demo::command::Arguments),
    Sim(sim::command::Arguments),
    Serve(serve::command::Arguments),
    Keys(keys::command::Arguments),
    SecretKey(seal::command::Arguments),
    CheckConfig(check_config::Arguments),
    Doctor(doctor::command::Arguments),
    Audit(audit::command::Arguments),
}

fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let filter = EnvFilter::try_from_env("INNKEEP_LOG").unwrap_or_else(|_| EnvFilter::new("warn"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("cannot start the asynchronous runtime")?;
    match arguments.command {
        Command::Demo(arguments) => runtime.block_on(demo::command::run(arguments)),
        Command::Sim(arguments) => runtime.block_on(sim::command::run(arguments)),
        Command::Serve(arguments) => runtime.block_on(serve::command::run(arguments)),
        Command::Keys(arguments) => keys::command::run(arguments),
        Command::SecretKey(arguments) => seal::command::run(&arguments),
        Command::CheckConfig(arguments) => check_config::run(arguments),
        Command::Doctor(arguments) => runtime.block_on(doctor::command::run(arguments)),
        Command::Audit(arguments) => audit::command::run(arguments),
    }
}
