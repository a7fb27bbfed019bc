//! The one integration test binary: every test runs the program itself in a sandbox of its own.

mod corpus;
mod damage;
mod extract;
mod import;
mod sandbox;
