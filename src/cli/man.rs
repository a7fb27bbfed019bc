//! `man`: the manual pages, from the same table as `--help`.

use std::path::PathBuf;

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
    let mut command = Arguments::command();
    command.build();
    let Some(folder) = &args.out else {
        context.ui.bytes(&page(command)?)?;
        return Ok(Outcome::Clean);
    };
    fs::create_dir_all(folder)?;
    let commands: Vec<clap::Command> =
        command.get_subcommands().filter(|command| command.get_name() != "help").cloned().collect();
    for command in commands {
        let path = folder.join(format!("skillpress-{}.1", command.get_name()));
        fs::write_atomic(&path, &page(command)?)?;
    }
    fs::write_atomic(&folder.join("skillpress.1"), &page(command)?)?;
    context.ui.note(format_args!("wrote the manual pages to {}", folder.display()));
    Ok(Outcome::Clean)
}

fn page(command: clap::Command) -> Result<Vec<u8>> {
    let mut page = Vec::new();
    Man::new(command)
        .render(&mut page)
        .map_err(|error| Error::new(ErrorKind::Io, "cannot make the manual page").because(error))?;
    Ok(page)
}
