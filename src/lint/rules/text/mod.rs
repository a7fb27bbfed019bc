//! What was left over: markers, placeholders, damaged characters.

mod control_character;
mod mojibake;
mod placeholder;
mod template_syntax;
mod todo_marker;
mod trailing_space;
mod unused_suppression;

use super::evidence;
use crate::lint::rule::Rule;

pub(in crate::lint) static RULES: &[&Rule] = &[
    &template_syntax::RULE,
    &todo_marker::RULE,
    &placeholder::RULE,
    &control_character::RULE,
    &mojibake::RULE,
    &trailing_space::RULE,
    &unused_suppression::RULE,
];
