//! How commands reach sources: what was typed for one, what fetches, and what is shown meanwhile.

use std::sync::Arc;
use std::time::Duration;

use clap::ValueEnum;

use super::Context;
use super::ui::Ui;
use crate::error::{Error, ErrorKind, Result};
use crate::source::cache::Cache;
use crate::source::locator::{Base, Locator};
use crate::source::tree::Limits;
use crate::source::{Access, EngineName, FetchLimits, Origin, Progress, Source};

/// What fetches.
#[derive(Debug, Clone, Copy, clap::Args)]
pub(crate) struct FetchArgs {
    /// What fetches over http and https
    #[arg(long, value_name = "ENGINE")]
    fetch: Option<EngineArg>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum EngineArg {
    /// This program
    Builtin,
    /// The git program, with its own settings
    Git,
}

impl FetchArgs {
    /// `access` with what was asked for.
    pub(crate) fn on(self, mut access: Access) -> Access {
        match self.fetch {
            Some(EngineArg::Builtin) => access.engine = EngineName::Builtin,
            Some(EngineArg::Git) => access.engine = EngineName::Git,
            None => {}
        }
        access
    }
}

/// How sources are reached from here; the progress of fetches is drawn where that can be seen.
pub(crate) fn access(context: &Context) -> Access {
    let settings = &context.config.source;
    Access {
        cache: context.places.cache().ok().map(Cache::below),
        offline: context.offline,
        engine: settings.fetch,
        fetch: FetchLimits { time: Duration::from_secs(settings.timeout), bytes: settings.max_bytes },
        limits: Limits { bytes: settings.max_skill_bytes, files: settings.max_skill_files, ..Limits::default() },
        credentials: context.places.credentials(),
        progress: Arc::new(draw(context.ui)),
    }
}

fn draw(ui: Ui) -> impl Fn(Progress) + Send + Sync {
    move |progress| {
        if ui.shows_progress() {
            let mib = progress.bytes / (1 << 20);
            let kib = progress.bytes % (1 << 20) * 10 / (1 << 20);
            ui.progress(format_args!("fetching: {} of {} objects, {mib}.{kib} MiB", progress.objects, progress.total));
        }
    }
}

/// Takes what was typed for a source: a configured name or a locator.
pub(crate) fn locator(text: &str, context: &Context) -> Result<Locator> {
    let settings = &context.config.source;
    let text = settings.names.get(text).map_or(text, String::as_str);
    let base = Base { working: &context.places.working, home: context.places.home().ok(), host: &settings.host };
    Locator::parse(text, base)
}

/// How sources are reached, with progress on the terminal while `work` runs.
pub(crate) fn with_access<T>(fetch: FetchArgs, context: &Context, work: impl FnOnce(&Access) -> T) -> T {
    let result = work(&fetch.on(access(context)));
    context.ui.end_progress();
    result
}

/// Asks a source. Where the answer has an error that says so, the cache of it is damaged: it is fetched again, and asked once more.
pub(crate) fn ask<T>(
    origin: &Origin,
    access: &Access,
    ui: Ui,
    question: impl Fn() -> T,
    has_error: impl Fn(&T, fn(&Error) -> bool) -> bool,
) -> T {
    let answer = question();
    if !has_error(&answer, |error| error.kind() == ErrorKind::Damaged) || !Source::forget(origin, access) {
        return answer;
    }
    ui.end_progress();
    ui.note(format_args!("what was fetched from {origin} is damaged; fetching it again"));
    question()
}
