//! The rules, one a file, grouped by what they look at.

pub(super) mod app;
mod evidence;
pub(super) mod security;
pub(super) mod spec;
pub(super) mod structure;
pub(super) mod text;

#[cfg(test)]
mod tests;
