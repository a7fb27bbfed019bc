//! `man`: the manual pages, from the same table as `--help`.

use std::path::{Path, PathBuf};

use clap::CommandFactory;
use clap_mangen::Man;

use super::{Arguments, Context, Outcome};
use crate::error::{Error, ErrorKind, Result};
use crate::fs;

/// Print the manual page, or write one page a command into a folder
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The folder to write `skillpress.1`, `skillpress-lint.1` and the others into
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

pub(crate) fn run(args: &Args, context: &Context) -> Result<Outcome> {
    let command = command();
    let Some(folder) = &args.out else {
        context.ui.bytes(&page(command)?)?;
        return Ok(Outcome::Clean);
    };
    fs::create_dir_all(folder)?;
    write(command, folder)?;
    context.ui.note(format_args!("wrote the manual pages to {}", folder.display()));
    Ok(Outcome::Clean)
}

/// The commands that have a page: not `help`, which says what the pages say.
fn command() -> clap::Command {
    let mut command = Arguments::command();
    command = command.disable_help_subcommand(true).mut_subcommands(|command| command.disable_help_subcommand(true));
    command.build();
    command
}

/// Writes the pages of a command and of those below it, each under the name by which the page above it refers to it.
fn write(command: clap::Command, folder: &Path) -> Result<()> {
    for below in command.get_subcommands() {
        write(below.clone(), folder)?;
    }
    let name = command.get_display_name().unwrap_or(command.get_name());
    fs::write_atomic(&folder.join(format!("{name}.1")), &page(command)?)
}

fn page(command: clap::Command) -> Result<Vec<u8>> {
    let mut page = Vec::new();
    Man::new(command)
        .render(&mut page)
        .map_err(|error| Error::new(ErrorKind::Io, "cannot make the manual page").because(error))?;
    Ok(page)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_that_another_refers_to_is_written() {
        let folder = tempfile::tempdir().unwrap();
        write(command(), folder.path()).unwrap();
        let mut seen = 0;
        for page in std::fs::read_dir(folder.path()).unwrap() {
            let text = std::fs::read_to_string(page.unwrap().path()).unwrap().replace("\\-", "-");
            for name in text.lines().filter_map(|line| line.strip_suffix("(1)")) {
                assert!(folder.path().join(format!("{name}.1")).exists(), "{name}");
                seen += 1;
            }
        }
        assert!(seen > 20, "{seen}");
    }
}
