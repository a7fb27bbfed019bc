//! The one integration test binary: every test runs the program itself in a sandbox of its own.

mod architecture;
mod corpus;
mod extract;
mod laws;
mod sandbox;
mod show;
