//! Shell code in fenced blocks: what an agent copies into a terminal.

mod angle_placeholder;
mod syntax;
mod two_spellings;
mod unpinned_runner;

use super::evidence;
use crate::lint::rule::Rule;

pub(in crate::lint) static RULES: &[&Rule] =
    &[&syntax::RULE, &angle_placeholder::RULE, &two_spellings::RULE, &unpinned_runner::RULE];
