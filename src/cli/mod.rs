//! The command line: one file a command. Arguments become values here, and values become text; nothing below knows about either.

pub mod ui;

mod agents;
mod cache;
mod check;
mod completions;
mod config;
mod discover;
mod extract;
mod import;
mod infer;
mod inspect;
mod install;
mod installed;
mod lifecycle;
mod lint;
mod list;
mod listing;
mod lookup;
mod man;
mod new;
mod outdated;
mod place;
mod regenerate;
mod remove;
mod render;
mod request;
mod rule;
mod search;
mod sets;
mod show;
mod skills;
mod sources;
mod sync;
mod target;
mod update;
mod verify;

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::error::{Error, Result};
use config::Config;
use place::Places;
use ui::{Color, Ui, Verbosity};

/// Reads, writes, checks and installs agent skills (SKILL.md manifests).
#[derive(Debug, Parser)]
#[command(
    name = "skillpress",
    version,
    max_term_width = 100,
    subcommand_required = true,
    arg_required_else_help = true
)]
#[command(
    after_help = "Exit codes: 0 done and clean; 1 findings, drift, or some skills failed; 2 wrong usage, or it could not be done."
)]
struct Arguments {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

/// Options that every command takes.
#[derive(Debug, clap::Args)]
struct Global {
    /// Say only what went wrong
    #[arg(short, long, global = true, conflicts_with = "verbose", help_heading = "Global options")]
    quiet: bool,
    /// Say how things were done
    #[arg(short, long, global = true, help_heading = "Global options")]
    verbose: bool,
    /// When to use colour
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto", help_heading = "Global options")]
    color: Color,
    /// Use nothing from the network
    #[arg(long, global = true, help_heading = "Global options")]
    offline: bool,
    /// Read this configuration file instead of the project's and the user's
    #[arg(long, global = true, value_name = "FILE", help_heading = "Global options")]
    config: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum Command {
    Install(install::Args),
    List(list::Args),
    Outdated(outdated::Args),
    Update(update::Args),
    Remove(remove::Args),
    Verify(verify::Args),
    Sync(sync::Args),
    Agents(agents::Args),
    Search(search::Args),
    Show(show::Args),
    Lint(lint::Args),
    Rule(rule::Args),
    New(new::Args),
    Extract(extract::Args),
    Render(render::Args),
    Regenerate(regenerate::Args),
    Infer(infer::Args),
    Import(import::Args),
    Cache(cache::Args),
    Completions(completions::Args),
    Man(man::Args),
}

/// What a command is given besides its own arguments.
#[derive(Debug)]
struct Context {
    ui: Ui,
    config: Config,
    places: Places,
    offline: bool,
}

/// How a command that could do its job ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    /// Done, and nothing to report: exit code 0.
    Clean,
    /// Done, and something was found, drifted or failed in part: exit code 1.
    Findings,
}

/// Runs one command line and gives its exit code.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let command = Arguments::command().color(color_of_help(&arguments));
    let parsed = command.try_get_matches_from(arguments).and_then(|matches| Arguments::from_arg_matches(&matches));
    let arguments = match parsed {
        Ok(arguments) => arguments,
        Err(error) => {
            // Help and version are printed by the same path as mistakes; clap knows which stream and code each has.
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    let global = &arguments.global;
    let verbosity = match (global.quiet, global.verbose) {
        (true, _) => Verbosity::Quiet,
        (_, true) => Verbosity::Verbose,
        _ => Verbosity::Normal,
    };
    let ui = Ui::new(global.color, verbosity);
    match dispatch(arguments, ui) {
        Ok(Outcome::Clean) => ExitCode::SUCCESS,
        Ok(Outcome::Findings) => ExitCode::from(1),
        Err(error) => {
            ui.error(&error);
            ExitCode::from(2)
        }
    }
}

/// What help and mistakes are to look like, which are printed before arguments are values.
fn color_of_help(arguments: &[OsString]) -> clap::ColorChoice {
    let says = |when: &str| {
        let option = format!("--color={when}");
        arguments.iter().any(|word| *word == *option)
            || arguments.windows(2).any(|words| words[0] == "--color" && words[1] == *when)
    };
    match (says("never"), says("always")) {
        (true, _) => clap::ColorChoice::Never,
        (_, true) => clap::ColorChoice::Always,
        _ => clap::ColorChoice::Auto,
    }
}

fn dispatch(arguments: Arguments, ui: Ui) -> Result<Outcome, Error> {
    let places = Places::of_this_process()?;
    let config = Config::load(arguments.global.config.as_deref(), &places)?;
    let context = Context { ui, config, places, offline: arguments.global.offline };
    match arguments.command {
        Command::Install(args) => install::run(&args, &context),
        Command::List(args) => list::run(&args, &context),
        Command::Outdated(args) => outdated::run(&args, &context),
        Command::Update(args) => update::run(&args, &context),
        Command::Remove(args) => remove::run(&args, &context),
        Command::Verify(args) => verify::run(&args, &context),
        Command::Sync(args) => sync::run(&args, &context),
        Command::Agents(args) => agents::run(&args, &context),
        Command::Search(args) => search::run(&args, &context),
        Command::Show(args) => show::run(&args, &context),
        Command::Lint(args) => lint::run(&args, &context),
        Command::Rule(args) => rule::run(&args, &context),
        Command::New(args) => new::run(&args, &context),
        Command::Extract(args) => extract::run(&args, &context),
        Command::Render(args) => render::run(&args, &context),
        Command::Regenerate(args) => regenerate::run(&args, &context),
        Command::Infer(args) => infer::run(&args, &context),
        Command::Import(args) => import::run(&args, &context),
        Command::Cache(args) => cache::run(&args, &context),
        Command::Completions(args) => completions::run(&args, &context),
        Command::Man(args) => man::run(&args, &context),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_argument_table_is_sound() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn help_has_the_colour_that_is_asked_for() {
        let color = |words: &[&str]| color_of_help(&words.iter().map(OsString::from).collect::<Vec<_>>());
        assert_eq!(color(&["skillpress", "--color", "never", "lint", "--help"]), clap::ColorChoice::Never);
        assert_eq!(color(&["skillpress", "lint", "--color=always", "--hlp"]), clap::ColorChoice::Always);
        assert_eq!(color(&["skillpress", "--help"]), clap::ColorChoice::Auto);
    }
}
