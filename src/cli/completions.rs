//! `completions`: what a shell needs to complete skillpress's own command line.

use clap::CommandFactory;
use clap_complete::Shell;

use super::{Arguments, Context, Outcome};
use crate::error::Result;

/// Print the completion script of a shell
///
/// bash reads it from ~/.local/share/bash-completion/completions/skillpress, fish from ~/.config/fish/completions/skillpress.fish, and
/// zsh from a file `_skillpress` in a folder of `fpath`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The shell to complete for
    shell: Shell,
}

pub(crate) fn run(args: &Args, context: &Context) -> Result<Outcome> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Arguments::command(), "skillpress", &mut script);
    context.ui.bytes(&script)?;
    Ok(Outcome::Clean)
}
