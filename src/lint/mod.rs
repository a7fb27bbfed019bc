//! Checking manifests: rules in, findings out.
//!
//! A pure function of manifests that were read: no input and no output here, only values. [`engine`] runs the rules of
//! [`registry`] over one manifest; a finding is a [`diagnostic::Diagnostic`] with a span. [`finding`] places it in its file,
//! [`folding`] makes one of those that say the same in many files, [`baseline`] leaves out the known ones, [`fixes`] mends. [`anchor`] names files for both
//! the configuration and the baseline.
//! [`clients`] knows what each client makes of a manifest, [`glance`] whether one needs to be looked at before it is installed.

pub mod anchor;
pub mod baseline;
pub mod clients;
pub mod config;
pub mod context;
pub mod diagnostic;
pub mod engine;
pub mod finding;
pub mod fixes;
pub mod folding;
pub mod glance;
pub mod registry;
pub mod rule;
mod secrets;
pub mod set;
pub mod shell;
pub mod suppressions;
pub mod unusual;

#[cfg(test)]
mod laws;
mod rules;

use std::sync::LazyLock;

use config::Settings;
use context::{Context, NoContents};
use diagnostic::Diagnostic;
use engine::Linter;

use crate::manifest::Manifest;

/// What the specification's rules say about a manifest that stands nowhere: the reader's problems and the frontmatter's.
pub fn problems(manifest: &Manifest) -> Vec<Diagnostic> {
    static SPEC: LazyLock<Linter> = LazyLock::new(|| Linter::new(Settings::of_group("spec")));
    let context = Context::new(manifest, None, &NoContents);
    SPEC.check(&context, "").diagnostics
}
