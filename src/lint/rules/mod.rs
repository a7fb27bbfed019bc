//! The rules, one a file, grouped by what they look at.

mod evidence;
pub(super) mod spec;

#[cfg(test)]
mod tests;
