//! What was found or would change, as people and programs read it.

pub mod diff;
