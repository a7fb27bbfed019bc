//! What was found or would change, in the forms that people and programs read. Values in, text out; [`crate::cli`] prints.

pub mod clients;
pub mod diff;
pub mod findings;
pub mod github;
pub mod json;
pub mod rules;
pub mod sarif;
pub mod text;
