//! `cache`: what was fetched, and how to be rid of it.

use clap::Subcommand;

use super::{Context, Outcome};
use crate::error::Result;
use crate::fs;
use crate::install::seal;
use crate::source::cache::Cache;
use crate::words::escape;

/// Show or clean the cache of fetched repositories
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Clone, Copy, Subcommand)]
enum Action {
    /// Print the folder
    Dir,
    /// List the repositories in it
    List {
        /// Print them as JSON
        #[arg(long)]
        json: bool,
    },
    /// Remove all of them; what is needed again is fetched again
    Clean,
}

pub(crate) fn run(args: &Args, context: &Context) -> Result<Outcome> {
    let ui = context.ui;
    let cache = Cache::below(context.places.cache()?);
    match args.action {
        Action::Dir => ui.line(escape(&cache.folder().display().to_string()))?,
        Action::List { json: true } => ui.json(&cache.list()?)?,
        Action::List { json: false } => {
            for one in cache.list()? {
                ui.line(escape(&format!("{:>8} KiB  {}", one.bytes.div_ceil(1024), one.url)))?;
            }
        }
        Action::Clean => {
            let cleaned = cache.clean()?;
            fs::remove_dir_all(&seal::folder(context.places.cache()?))?;
            let kib: u64 = cleaned.iter().map(|one| one.bytes.div_ceil(1024)).sum();
            let what = if cleaned.len() == 1 { "repository" } else { "repositories" };
            ui.note(format_args!("removed {} {what}, {kib} KiB", cleaned.len()));
        }
    }
    Ok(Outcome::Clean)
}
