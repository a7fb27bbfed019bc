//! The one integration test binary: every test runs the program itself in a sandbox of its own.

mod corpus;
mod docs;
mod extract;
mod infer;
mod new;
mod regenerate;
mod render;
mod sandbox;
mod sets;
