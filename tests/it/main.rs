//! The one integration test binary: every test runs the program itself in a sandbox of its own.

#![allow(
    unreachable_pub,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::disallowed_methods,
    clippy::print_stderr,
    reason = "tests write their own fixtures, say what they skip, and fail by panicking"
)]

mod architecture;
mod corpus;
mod damage;
mod docs;
mod edits;
mod extract;
mod hostile;
mod import;
mod infer;
mod install;
mod laws;
mod lifecycle;
mod lint;
mod network;
mod new;
mod odd;
mod regenerate;
mod render;
mod rendered;
mod sandbox;
mod sarif;
mod server;
mod sets;
mod show;
mod together;
mod trouble;
